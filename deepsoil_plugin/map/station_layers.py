"""The stations of a region as points that can be clicked: whatever tool merely looks at the map picks them.

The points live in memory; their GeoJSON goes along with the layer in the project, so that they are there again when
the project is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.gui import QgsMapToolIdentify, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor, QMouseEvent
from qgis.PyQt.QtWidgets import QToolTip

from ..contract import LOCAL
from ..text.plain import html_expression, tip_text
from . import layer_tree
from .steady_view import MarkedPlace, SteadyView, place_of

_GEOJSON = "deepsoil/geojson"
_FIELDS = "&".join(f"field={name}:string" for name in ("id", "name", "network", "depths", "first", "last"))
_REACH_PX = 10


class StationLayers(QObject):
    """Station points of the regions. ``stationPicked(region id, properties)``: the user clicked on one; its properties
    as the engine tells them, and the ``host`` that has the region.
    """

    stationPicked = pyqtSignal(str, dict)

    def __init__(self, iface: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._project = QgsProject.instance()
        self._canvas = iface.mapCanvas()
        self._press: QPoint | None = None
        self._canvas.viewport().installEventFilter(self)
        self._mark = MarkedPlace(self._canvas)
        self._view = SteadyView(self._canvas, self._mark)
        self._project.readProject.connect(self._refill_all)
        self._refill_all()  # for a project that was opened before

    def close(self) -> None:
        """Let go of the canvas and the project: the plugin is being unloaded."""
        self._canvas.viewport().removeEventFilter(self)
        self._view.close()
        self._mark.close()
        self._project.readProject.disconnect(self._refill_all)

    def show(self, region: Mapping[str, Any], geojson: Mapping[str, Any], host: str = LOCAL) -> QgsVectorLayer:
        """The region's point layer, made or brought up to date: on top of its newest group, else of the layer tree.

        ``host``: the one that has the region.
        """
        node = layer_tree.station_node(self._project, region["id"])
        text = json.dumps(geojson)
        if node is not None:
            layer = node.layer()
            layer.setCustomProperty(layer_tree.HOST, host)
            if layer.customProperty(_GEOJSON) != text:
                layer.setCustomProperty(_GEOJSON, text)
                refill(layer)
            return layer
        layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{_FIELDS}", self.tr("Stations"), "memory")
        layer.setCustomProperty(layer_tree.STATIONS, region["id"])
        layer.setCustomProperty(layer_tree.HOST, host)
        layer.setCustomProperty(_GEOJSON, text)
        layer.setCustomProperty("skipMemoryLayersCheck", 1)  # nothing is lost with it: QGIS need not ask
        layer.setReadOnly(True)
        refill(layer)
        _dress(layer)
        self._project.addMapLayer(layer, False)
        root = self._project.layerTreeRoot()
        group = next((group for group in layer_tree.groups(self._project)
                      if group.customProperty(layer_tree.REGION) == region["id"]), root)
        group.insertLayer(0, layer).setExpanded(False)
        return layer

    def remove(self, region_id: str) -> None:
        node = layer_tree.station_node(self._project, region_id)
        if node is not None:
            self._project.removeMapLayer(node.layerId())

    def mark(self, region_id: str, station_id: str) -> None:
        """Draw a ring round a station; until ``unmark`` the map keeps its scale when its size changes."""
        node = layer_tree.station_node(self._project, region_id)
        place = place_of(_features(node.layer().customProperty(_GEOJSON)), station_id) if node is not None else None
        if place is None:
            self._mark.clear()
            return
        self._view.switch(True)
        self._mark.put(place)

    def unmark(self) -> None:
        self._mark.clear()
        self._view.switch(False)

    def station_at(self, position: QPointF) -> tuple[str, dict[str, Any]] | None:
        """Region and properties of the visible station nearest to a position on the canvas (pixels), if one is near."""
        nearest, found = float(_REACH_PX), None
        to_pixels = self._canvas.getCoordinateTransform()
        for layer in self._canvas.layers():
            region = layer.customProperty(layer_tree.STATIONS)
            if not region:
                continue
            to_map = QgsCoordinateTransform(layer.crs(), self._canvas.mapSettings().destinationCrs(), self._project)
            for feature in _features(layer.customProperty(_GEOJSON)):
                try:
                    point = to_pixels.transform(to_map.transform(QgsPointXY(*feature["geometry"]["coordinates"][:2])))
                except QgsCsException:
                    continue
                distance = max(abs(point.x() - position.x()), abs(point.y() - position.y()))
                if distance <= nearest:
                    at_host = {"host": str(layer.customProperty(layer_tree.HOST) or LOCAL)}
                    nearest, found = distance, (str(region), feature["properties"] | at_host)
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watches clicks and the pointer on the map; takes nothing away from the map tool."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._press = _position(event).toPoint()
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            press, self._press = self._press, None
            release = _position(event)
            is_click = press is not None and (release.toPoint() - press).manhattanLength() < 4
            if is_click and self._only_looking() and (station := self.station_at(release)):
                # After the map tool has had the click: opening the panel changes the size of the map.
                QTimer.singleShot(0, lambda: self.stationPicked.emit(*station))
        elif (kind == QEvent.Type.MouseMove and event.buttons() == Qt.MouseButton.NoButton and self._only_looking()
              and (station := self.station_at(_position(event)))):
            name = station[1].get("name") or station[1]["id"]
            QToolTip.showText(self._canvas.viewport().mapToGlobal(_position(event).toPoint()),
                              tip_text(self.tr("{0}: click to compare with the model").format(name)),
                              self._canvas.viewport())
        return False

    def _only_looking(self) -> bool:
        """Whether a click means nothing else: not while something is drawn, measured or edited."""
        tool = self._canvas.mapTool()
        if tool is None or isinstance(tool, (QgsMapToolPan, QgsMapToolIdentify)):
            return True
        # QGIS's selection tool has no class in Python; its action is the one of the toolbar.
        return tool.action() is not None and tool.action() == self._iface.actionSelect()

    def _refill_all(self) -> None:
        for layer in self._project.mapLayers().values():
            ours = layer.customProperty(layer_tree.STATIONS) and layer.customProperty(_GEOJSON)
            if ours and not layer.featureCount():
                refill(layer)


@lru_cache(maxsize=16)
def _features(text: str) -> list[dict[str, Any]]:
    """Parsed once, not at every movement of the pointer."""
    return list(json.loads(text)["features"])


def refill(layer: QgsVectorLayer) -> None:
    """Write the points into the layer anew, from the GeoJSON that it carries."""
    provider = layer.dataProvider()
    provider.truncate()
    features = []
    for source in _features(layer.customProperty(_GEOJSON)):
        properties = source["properties"]
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(*source["geometry"]["coordinates"][:2])))
        depths = ", ".join(str(depth) for depth in properties.get("depths_cm") or ())
        feature.setAttributes([str(properties["id"]), properties.get("name") or "", properties.get("network") or "",
                               depths, properties.get("first_date") or "", properties.get("last_date") or ""])
        features.append(feature)
    provider.addFeatures(features)
    layer.updateExtents()
    layer.triggerRepaint()


def _position(event: QMouseEvent) -> QPointF:
    """Where the pointer is; Qt 6 has another name for it."""
    return event.position() if hasattr(event, "position") else event.localPos()


def _dress(layer: QgsVectorLayer) -> None:
    """White discs with a dark rim and centre, named beside: seen on the dry and on the wet end of the ramp."""
    dark, white = QColor("#1c2327"), QColor("#ffffff")
    disc = QgsSimpleMarkerSymbolLayer(Qgis.MarkerShape.Circle, 4.0, color=white, strokeColor=dark)
    disc.setStrokeWidth(0.5)
    centre = QgsSimpleMarkerSymbolLayer(Qgis.MarkerShape.Circle, 1.5, color=dark, strokeColor=dark)
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, disc)
    symbol.appendSymbolLayer(centre)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))

    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setColor(white)
    text = QgsTextFormat()
    text.setFont(QgsApplication.font())
    text.setSize(9)
    text.setColor(dark)
    text.setBuffer(halo)
    labels = QgsPalLayerSettings()
    labels.fieldName = "name"
    labels.placement = Qgis.LabelPlacement.OrderedPositionsAroundPoint
    labels.offsetType = Qgis.LabelOffsetType.FromSymbolBounds
    labels.dist = 0.8
    labels.distUnits = QgsUnitTypes.RenderUnit.RenderMillimeters
    labels.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)
    name, network, depths = (html_expression(field) for field in ("name", "network", "depths"))
    layer.setMapTipTemplate(f"<b>[% {name} %]</b><br>[% {network} %], [% {depths} %] cm")
    layer.setDisplayExpression("name")
