"""Which dock areas the lower corners of QGIS's window belong to while a wide panel lies below the map."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow

_SIDES = {Qt.Corner.BottomLeftCorner: Qt.DockWidgetArea.LeftDockWidgetArea,
          Qt.Corner.BottomRightCorner: Qt.DockWidgetArea.RightDockWidgetArea}


class LowerCorners:
    """While the panel is open, the docks at the sides keep their whole height, and the panel only the map's width: a
    legend of which half is hidden cannot be read. With the panel, the user's own corners come back.
    """

    def __init__(self, window: QMainWindow, panel: QDockWidget) -> None:
        self._window, self._panel = window, panel
        self._before: dict[Qt.Corner, Qt.DockWidgetArea] = {}

    def opened(self) -> None:
        """To be called when the panel is about to be shown."""
        if not self._before and not self._panel.isFloating():
            self._before = {corner: self._window.corner(corner) for corner in _SIDES}
            for corner, area in _SIDES.items():
                self._window.setCorner(corner, area)

    def closed(self) -> None:
        """To be called when the panel is no longer there."""
        for corner, area in self._before.items():
            self._window.setCorner(corner, area)
        self._before = {}
