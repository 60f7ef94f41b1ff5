"""The legend of a report's map in the unit that is wanted; colours and values of the map stay what they are."""

from __future__ import annotations

from qgis.core import QgsLayerTreeLayer, QgsMapLayerLegendUtils, QgsRasterLayer

from ..map import style
from ..text.formatting import number_text
from .wishes import INCHES

_DECIMALS = {INCHES: 1, f"{INCHES}/day": 2}


def relabel(layer: QgsRasterLayer, node: QgsLayerTreeLayer, unit: str, factor: float) -> None:
    """Write the legend of a product's layer in ``unit``, in which its values are ``factor`` times as large."""
    look = style.look_of(layer)
    if factor == 1.0:
        return
    ramp = layer.renderer().shader().rasterShaderFunction()
    least, most = look.stops[0][0], look.stops[-1][0]
    items = ramp.colorRampItemList()
    for item in items:
        value = min(max(item.value, least), most)  # what lies outside is told by the end of the scale
        item.label = item.label.replace(number_text(value, look.decimals),
                                        number_text(value * factor, _DECIMALS.get(unit, 0)))
    ramp.setColorRampItemList(items)
    QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, 0, unit)
