"""Residuals on the map: a point for each reading, brown where the map is too dry, blue-green where it is too wet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsMarkerSymbol,
    QgsPointXY,
    QgsProject,
    QgsRendererRange,
    QgsVectorLayer,
)

from ...text.translate import tr
from ..difference_steps import difference_steps

_MARK = "deepsoil/survey"
_FIELDS = "&".join(("field=sensor:string", "field=date:string", "field=depth_cm:double", "field=map_depth_cm:integer",
                    "field=observed:double", "field=predicted:double", "field=residual:double"))


def show_residuals(project: QgsProject, points: Sequence[Mapping[str, Any]], name: str) -> QgsVectorLayer:
    """A layer with the points on top of the layer tree; the one that was there goes."""
    remove_residuals(project)
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{_FIELDS}", tr("Map minus readings: {0}").format(name), "memory")
    layer.setCustomProperty(_MARK, True)
    layer.setCustomProperty("skipMemoryLayersCheck", 1)  # nothing is lost with it: the panel makes it again
    features = []
    for one in points:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(one["longitude"], one["latitude"])))
        feature.setAttributes([one["sensor"], one["date"], one["depth_cm"], one["map_depth_cm"], one["observed"],
                               one["predicted"], round(one["predicted"] - one["observed"], 4)])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.setReadOnly(True)
    layer.setRenderer(_renderer())
    layer.updateExtents()
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)
    return layer


def remove_residuals(project: QgsProject) -> None:
    project.removeMapLayers([layer_id for layer_id, layer in project.mapLayers().items()
                             if layer.customProperty(_MARK)])


def has_residuals(project: QgsProject) -> bool:
    return any(layer.customProperty(_MARK) for layer in project.mapLayers().values())


def _renderer() -> QgsGraduatedSymbolRenderer:
    ranges = []
    for low, high, colour, text in difference_steps():
        symbol = QgsMarkerSymbol.createSimple({"name": "circle", "color": colour, "size": "2.6",
                                               "outline_color": "#333333", "outline_width": "0.2"})
        ranges.append(QgsRendererRange(low, high, symbol, text))
    return QgsGraduatedSymbolRenderer("residual", ranges)
