"""Picks a field at a click on the map: its outline comes from a public data set of field boundaries."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .. import preferences
from ..engine.client import EngineClient
from ..map.area import GeoJson, geometry_from
from ..map.point_tool import PointTool
from ..text.formatting import plain_error


class OutlinePicker(QObject):
    """``picked(outline)``, or ``said(text, warning)`` with what to do or what went wrong; ``ended`` when the tool is no
    longer in hand.
    """

    picked = pyqtSignal(dict)
    said = pyqtSignal(str, bool)
    ended = pyqtSignal()

    def __init__(self, client: EngineClient, canvas: QgsMapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._tool = PointTool(canvas)
        self._tool.picked.connect(self._ask)
        self._tool.ended.connect(self.ended)
        self._serial = 0

    def begin(self) -> None:
        self._serial += 1
        self._tool.begin()
        self.said.emit(self.tr("Click into the field. Its outline is fetched from a public data set (USDA)."), False)

    def end(self) -> None:
        self._tool.end()

    def close(self) -> None:
        """Leave nothing on the map."""
        self._tool.end()
        self._tool.deleteLater()

    def _ask(self, longitude: float, latitude: float) -> None:
        self._serial += 1
        serial = self._serial
        self.said.emit(self.tr("Looking for the field …"), False)
        params: dict[str, Any] = {"area": {"type": "Point", "coordinates": [longitude, latitude]}}
        if preferences.archives_offline():
            params["offline"] = True
        self._client.call("field_outlines", params, lambda found: self._came(serial, found, longitude, latitude),
                          lambda error: self._refused(serial, error), owner=self)

    def _came(self, serial: int, found: dict[str, Any], longitude: float, latitude: float) -> None:
        if serial != self._serial:
            return
        point = QgsGeometry.fromPointXY(QgsPointXY(longitude, latitude))
        there: list[tuple[float, GeoJson]] = []
        for feature in found.get("features") or ():
            outline = feature.get("geometry")
            if outline and (shape := geometry_from(outline)).contains(point):
                there.append((shape.area(), outline))
        if not there:
            self.said.emit(self.tr("No outline of a field is known here. Draw it instead."), True)
            return
        self.said.emit("", False)
        self.picked.emit(min(there, key=lambda one: one[0])[1])

    def _refused(self, serial: int, error: dict[str, Any]) -> None:
        if serial == self._serial:
            self.said.emit(plain_error(error), True)
