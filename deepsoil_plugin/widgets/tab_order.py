"""Where Tab goes in QGIS's window.

There the docks come after the locator in the status bar, which keeps Tab for itself: by Tab nobody gets past it, and so
to no dock (seen in QGIS 3.40).
"""

from __future__ import annotations

from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QApplication, QWidget

_BY_TAB = (Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.WheelFocus)


class TabAfter(QObject):
    """From ``before`` Tab goes on to what is in ``part``, in the order that it has there."""

    def __init__(self, before: QWidget, part: QWidget) -> None:
        super().__init__(part)
        self._before, self._part = before, part
        QApplication.instance().focusChanged.connect(self._focus_changed)
        self.arrange()

    def close(self) -> None:
        QApplication.instance().focusChanged.disconnect(self._focus_changed)

    def arrange(self) -> None:
        """Anew, since what was made meanwhile stands at the end of the window's chain."""
        previous = self._before
        for widget in stops(self._before, self._part):
            QWidget.setTabOrder(previous, widget)
            previous = widget

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._part.isAncestorOf(new) and not (old is not None and self._part.isAncestorOf(old)):
            self.arrange()


def stops(before: QWidget, part: QWidget) -> list[QWidget]:
    """What can have the focus in a part of a window, in the order of Tab from ``before`` on, which is no part of it."""
    found, widget = [], before.nextInFocusChain()
    while widget is not None and widget is not before:
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        if takes_focus and part.isAncestorOf(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def first_stop(before: QWidget, part: QWidget) -> QWidget | None:
    """What Tab reaches first in a part that is seen."""
    return next((widget for widget in stops(before, part) if widget.isVisible() and widget.isEnabled()
                 and widget.focusPolicy() in _BY_TAB), None)
