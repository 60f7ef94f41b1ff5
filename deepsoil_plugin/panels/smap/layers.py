"""SMAP's cells as layers of QGIS: SMAP, the means of the map, and the difference, with the same attributes each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from qgis.core import (
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsGraduatedSymbolRenderer,
    QgsLayerTreeGroup,
    QgsProject,
    QgsProperty,
    QgsRectangle,
    QgsRendererRange,
    QgsSymbolLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ...text.dates import day_text
from ...text.translate import tr
from ..difference_steps import difference_steps
from .colours import theta_classes
from .comparison import FLAGGED, Comparison

_MARK = "deepsoil/smap"
_FIELDS = "&".join(("field=cell:integer", "field=date:string", "field=smap:double", "field=map:double",
                    "field=difference:double", "field=flag:string", "field=share:double", "field=scored:integer"))
_RIM = "#5a646a"
_STROKE = f"if(\"flag\" = '{FLAGGED}', 'dash', 'solid')"


def show_cells(project: QgsProject, comparison: Comparison, day: dt.date | None, name: str) -> list[QgsVectorLayer]:
    """A group on top of the layer tree; the one that was there goes. ``day`` None: the mean of the days.

    ``flag`` is ``recommended``, ``flagged`` or ``none``; the rim of a flagged cell is dashed. Values are m³/m³.
    """
    remove_cells(project)
    when = tr("mean of the days") if day is None else day_text(day)
    group = project.layerTreeRoot().insertGroup(0, tr("SMAP beside {0}, {1}").format(name, when))
    group.setCustomProperty(_MARK, True)
    layers = []
    for number, (title, field, renderer) in enumerate((
            (tr("SMAP"), "smap", _theta_renderer), (tr("Map, mean of the cells"), "map", _theta_renderer),
            (tr("Map − SMAP"), "difference", _difference_renderer))):
        layer = _layer(comparison, day, title, field, renderer)
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setExpanded(False)
        node.setItemVisibilityChecked(number == 0)
        layers.append(layer)
    return layers


def remove_cells(project: QgsProject) -> None:
    project.removeMapLayers([layer_id for layer_id, layer in project.mapLayers().items()
                             if layer.customProperty(_MARK)])
    for group in project.layerTreeRoot().findGroups(True):
        if group.customProperty(_MARK) and isinstance(group.parent(), QgsLayerTreeGroup):
            group.parent().removeChildNode(group)


def _layer(comparison: Comparison, day: dt.date | None, title: str, field: str,
           renderer: Callable[[str], QgsGraduatedSymbolRenderer]) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:4326&{_FIELDS}", title, "memory")
    layer.setCustomProperty(_MARK, True)
    layer.setCustomProperty("skipMemoryLayersCheck", 1)  # nothing is lost with it: the panel makes it again
    features = []
    for number, (cell, values) in enumerate(zip(comparison.cells, comparison.values(day), strict=True), 1):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(
            QgsRectangle(cell["west"], cell["south"], cell["east"], cell["north"])))
        difference = None if values.difference is None else round(values.difference, 4)
        feature.setAttributes([number, "" if day is None else day.isoformat(), values.smap, values.map, difference,
                               values.flag, cell["share"], int(cell["scored"])])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.setReadOnly(True)
    layer.setRenderer(renderer(field))
    layer.setOpacity(0.8)
    layer.updateExtents()
    return layer


def _theta_renderer(field: str) -> QgsGraduatedSymbolRenderer:
    return QgsGraduatedSymbolRenderer(field, [QgsRendererRange(low, high, _symbol(colour), text)
                                              for low, high, colour, text in theta_classes()])


def _difference_renderer(field: str) -> QgsGraduatedSymbolRenderer:
    return QgsGraduatedSymbolRenderer(field, [QgsRendererRange(low, high, _symbol(QColor(colour)), text)
                                              for low, high, colour, text in difference_steps()])


def _symbol(colour: QColor) -> QgsFillSymbol:
    symbol = QgsFillSymbol.createSimple({"color": colour.name(), "outline_color": _RIM, "outline_width": "0.4"})
    symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertyStrokeStyle,
                                                 QgsProperty.fromExpression(_STROKE))
    return symbol
