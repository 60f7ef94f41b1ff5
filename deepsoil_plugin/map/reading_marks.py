"""The places of a request's readings on the map: a small mark each, whatever the map's CRS becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsVertexMarker
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QColor

from .area import wgs84

_FILL, _RIM = QColor("#ffd23f"), QColor("#1c2327")
_MOST = 500
_SIZE_PX = 9


class ReadingMarks(QObject):
    """A yellow disc with a dark rim for each place: neither a colour of the map's ramp nor that of stations."""

    def __init__(self, canvas: QgsMapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._places: list[tuple[float, float]] = []
        self._marks: list[QgsVertexMarker] = []
        canvas.destinationCrsChanged.connect(self._draw)

    @property
    def places(self) -> list[tuple[float, float]]:
        """Longitude and latitude of what is shown."""
        return list(self._places)

    def show_readings(self, values: Sequence[Mapping[str, Any]]) -> None:
        """Mark the places of readings, each once."""
        places = list(dict.fromkeys((float(one["longitude"]), float(one["latitude"])) for one in values))[:_MOST]
        if places != self._places:
            self._places = places
            self._draw()

    def remove(self) -> None:
        """Take all off the map for good."""
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        self._clear()

    def _clear(self) -> None:
        for mark in self._marks:
            self._canvas.scene().removeItem(mark)
        self._marks = []

    def _draw(self) -> None:
        self._clear()
        to_map = QgsCoordinateTransform(wgs84(), self._canvas.mapSettings().destinationCrs(), QgsProject.instance())
        for place in self._places:
            try:
                point = to_map.transform(QgsPointXY(*place))
            except QgsCsException:
                continue
            mark = QgsVertexMarker(self._canvas)
            mark.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            mark.setIconSize(_SIZE_PX)
            mark.setPenWidth(2)
            mark.setColor(_RIM)
            mark.setFillColor(_FILL)
            mark.setCenter(point)
            self._marks.append(mark)
