"""Picks one point on the map, as longitude and latitude."""

from __future__ import annotations

from qgis.core import QgsCsException, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QCursor, QKeyEvent

from .area import to_wgs84

_DIGITS = 6  # of a degree: about 0.1 m


class PointTool(QgsMapTool):
    """``picked(longitude, latitude)`` in degrees at a left click; Esc, a right click or another tool ends it:
    ``ended``. The tool that was there before comes back. With ``stays`` one can go on picking.
    """

    picked = pyqtSignal(float, float)
    ended = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, stays: bool = False) -> None:
        super().__init__(canvas)
        self._stays = stays
        self._before: QgsMapTool | None = None
        self.setCursor(QCursor(Qt.CursorShape.CrossCursor))

    def begin(self) -> None:
        """Take the map until a point is picked."""
        if self.canvas().mapTool() is not self:
            self._before = self.canvas().mapTool()
            self.canvas().setMapTool(self)
        self.canvas().setFocus()

    def end(self) -> None:
        """Give the map back."""
        if self.canvas().mapTool() is not self:
            return
        if self._before is not None:
            self.canvas().setMapTool(self._before)
        else:
            self.canvas().unsetMapTool(self)

    def deactivate(self) -> None:
        super().deactivate()
        self.ended.emit()

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left:
            self._pick(event.mapPoint())
        if not (left and self._stays):
            self.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end()
            event.ignore()

    def _pick(self, point: QgsPointXY) -> None:
        try:
            there = to_wgs84(self.canvas().mapSettings().destinationCrs()).transform(point)
        except QgsCsException:
            return
        self.picked.emit(round(there.x(), _DIGITS), round(there.y(), _DIGITS))
