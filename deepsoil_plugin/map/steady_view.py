"""Keeps what is looked at while a panel takes room from the map: the scale, and a place that is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsVertexMarker
from qgis.PyQt.QtCore import QEvent, QObject, QTimer
from qgis.PyQt.QtGui import QColor

from .area import wgs84

_RIM = QColor("#1c2327")
_RING = QColor("#ffd23f")
_CLOSING_MS = 1000  # QGIS gives the room of a panel back some turns of its event loop after the panel was closed
_SIZE_PX, _RING_PX, _RIM_PX = 22, 3, 6


class MarkedPlace:
    """A yellow ring with a dark rim round a place on the map, whatever the map's CRS becomes."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._place: QgsPointXY | None = None
        self._rings: list[QgsVertexMarker] = []
        canvas.destinationCrsChanged.connect(self._draw)
        QgsProject.instance().cleared.connect(self.clear)

    def close(self) -> None:
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        QgsProject.instance().cleared.disconnect(self.clear)
        self.clear()

    def put(self, coordinates: Sequence[float]) -> None:
        """Mark longitude and latitude, and nothing else."""
        self._place = QgsPointXY(*coordinates[:2])
        self._draw()

    def clear(self) -> None:
        self._place = None
        self._draw()

    @property
    def on_map(self) -> QgsPointXY | None:
        """In the map's CRS; None while nothing is marked."""
        return self._rings[0].center() if self._rings else None

    def _draw(self) -> None:
        for ring in self._rings:
            self._canvas.scene().removeItem(ring)
        self._rings = []
        if self._place is None:
            return
        to_map = QgsCoordinateTransform(wgs84(), self._canvas.mapSettings().destinationCrs(), QgsProject.instance())
        try:
            point = to_map.transform(self._place)
        except QgsCsException:
            return
        for colour, width in ((_RIM, _RIM_PX), (_RING, _RING_PX)):
            ring = QgsVertexMarker(self._canvas)
            ring.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            ring.setIconSize(_SIZE_PX)
            ring.setPenWidth(width)
            ring.setColor(colour)
            ring.setCenter(point)
            self._rings.append(ring)


class SteadyView(QObject):
    """While it is on, the map's scale stays when the map gets another size, and a marked place that is seen stays seen.

    QGIS itself keeps the extent, so that the scale jumps when a panel opens below the map.
    """

    def __init__(self, canvas: QgsMapCanvas, mark: MarkedPlace) -> None:
        super().__init__(canvas)
        self._canvas, self._mark = canvas, mark
        self._on = self._locked = self._seen = False
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(_CLOSING_MS)
        self._end.timeout.connect(self._off)
        canvas.viewport().installEventFilter(self)

    def close(self) -> None:
        self._canvas.viewport().removeEventFilter(self)
        self._end.stop()
        self._release()

    def switch(self, on: bool) -> None:
        """Off only when QGIS has given the room of the panel back to the map."""
        if on:
            self._on = True
            self._end.stop()
        else:
            self._end.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Before the map takes its new size."""
        if event.type() == QEvent.Type.Resize and self._on and not self._locked and not self._canvas.scaleLocked():
            point = self._mark.on_map
            self._seen = point is not None and self._canvas.extent().contains(point)
            self._locked = True
            self._lock(True)
            QTimer.singleShot(0, self._release)
        return False

    def _off(self) -> None:
        self._on = False

    def _release(self) -> None:
        if not self._locked:
            return
        self._locked = False
        self._lock(False)
        point = self._mark.on_map
        if self._seen and point is not None and not self._canvas.extent().contains(point):
            self._canvas.setCenter(point)
            self._canvas.refresh()

    def _lock(self, on: bool) -> None:
        """Without a word: QGIS's own button shows what the user has chosen."""
        before = self._canvas.blockSignals(True)
        self._canvas.setScaleLocked(on)
        self._canvas.blockSignals(before)


def place_of(features: Sequence[Mapping[str, Any]], ident: str) -> Sequence[float] | None:
    """Longitude and latitude of a station in the features of its layer."""
    return next((feature["geometry"]["coordinates"] for feature in features
                 if str(feature["properties"]["id"]) == ident), None)
