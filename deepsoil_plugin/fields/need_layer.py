"""The fields of a job on the map, coloured by their need for water."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate

from ..map import layer_tree
from ..text.dates import day_text
from ..text.translate import tr
from .columns import level_text
from .looks import COLOURS
from .rows import EDGES, HIGH, LEVELS, LOW, MEDIUM, UNKNOWN

_OUTLINE = "#3b3b3b"
_OPACITY = 0.8


def opened(path: str, zones: bool = False) -> QgsVectorLayer | None:
    """The layer of a table's file, or of the file of zones, styled; None where it cannot be opened. In any thread."""
    layer = QgsVectorLayer(path, tr("Zones of need") if zones else tr("Need for water"), "ogr")
    if not layer.isValid():
        return None
    dress(layer, '"need_class"' if zones else _EXPRESSION)
    return layer


def dress(layer: QgsVectorLayer, expression: str) -> None:
    """Colours by class of need, titles for the attributes, and a name for the style."""
    classes = [QgsRendererCategory(level, QgsFillSymbol.createSimple(
        {"color": COLOURS[level], "outline_color": _OUTLINE, "outline_width": "0.4"}), level_text(level))
        for level in LEVELS]
    layer.setRenderer(QgsCategorizedSymbolRenderer(expression, classes))
    for name, title in _titles().items():
        if (index := layer.fields().indexOf(name)) >= 0:
            layer.setFieldAlias(index, title)
    layer.setDisplayExpression('"name"' if layer.fields().indexOf("name") >= 0 else '"field"')
    layer.setOpacity(_OPACITY)
    manager = layer.styleManager()
    manager.renameStyle(manager.currentStyle(), tr("Need for water"))


def of_job(project: QgsProject, job_id: str) -> QgsVectorLayer | None:
    """The layer of a job's fields that stands in the project."""
    return next((layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)
                 and layer.customProperty(layer_tree.NEED) == job_id and layer.fields().indexOf("zone") < 0), None)


def show(project: QgsProject, layer: QgsVectorLayer, job_id: str, day: str) -> None:
    """Put a layer on top of its job's maps, else on top of the layer tree."""
    layer.setCustomProperty(layer_tree.NEED, job_id)
    date = QDate.fromString(day, "yyyy-MM-dd")
    if date.isValid():
        layer.setName(" · ".join((layer.name(), day_text(date.toPyDate()))))
    group: QgsLayerTreeGroup = layer_tree.group_of_job(project, job_id) or project.layerTreeRoot()
    project.addMapLayer(layer, False)
    group.insertLayer(0, layer)


_EXPRESSION = (f"CASE WHEN \"need\" IS NULL THEN '{UNKNOWN}' WHEN \"need\" >= {EDGES[1]} THEN '{HIGH}' "
               f"WHEN \"need\" >= {EDGES[0]} THEN '{MEDIUM}' ELSE '{LOW}' END")


def _titles() -> dict[str, str]:
    return {"number": tr("Number"), "name": tr("Field"), "day": tr("Day"), "area_ha": tr("Area (ha)"),
            "need": tr("Need (share of the limit)"), "refill_mm": tr("Water to refill (mm)"),
            "depletion_mm": tr("Depletion (mm)"), "limit_mm": tr("Limit of depletion (mm)"),
            "available_percent": tr("Available water (%)"), "days_to_limit": tr("Days until the limit"),
            "below_share": tr("Share beyond the limit"), "limit_day": tr("Day of the limit"),
            "problem": tr("Why there are no figures"), "field": tr("Field"), "zone": tr("Zone"),
            "zones": tr("Zones of the field"), "need_class": tr("Need")}
