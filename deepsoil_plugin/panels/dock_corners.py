"""Which dock areas the lower corners of QGIS's window belong to while a wide panel lies below the map."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow

_SIDES = {Qt.Corner.BottomLeftCorner: Qt.DockWidgetArea.LeftDockWidgetArea,
          Qt.Corner.BottomRightCorner: Qt.DockWidgetArea.RightDockWidgetArea}


class LowerCorners:
    """While a panel is open, the docks at the sides keep their full height and the panels only the map's width, so that
    no legend is cut off. When the last panel closes, the user's own corners are restored.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._open: set[int] = set()
        self._before: dict[Qt.Corner, Qt.DockWidgetArea] = {}

    def opened(self, panel: QDockWidget) -> None:
        """To be called when a panel is about to be shown."""
        if panel.isFloating():
            return
        self._open.add(id(panel))
        if not self._before:
            self._before = {corner: self._window.corner(corner) for corner in _SIDES}
            for corner, area in _SIDES.items():
                self._window.setCorner(corner, area)

    def closed(self, panel: QDockWidget) -> None:
        """To be called when a panel has been closed."""
        self._open.discard(id(panel))
        if not self._open:
            for corner, area in self._before.items():
                self._window.setCorner(corner, area)
            self._before = {}
