"""The look of how sure a map is: the half-width of the 90 % interval, from 0 to 0.15 m³/m³, the same for every map of
soil moisture; for the water of the root zone to another widest value (`looks`).

One hue that grows darker with the doubt, and none of the colours of soil moisture: the two are never taken for each
other. Only the style of a layer changes; its file, its name, its place and its time stay.
"""

from __future__ import annotations

from qgis.core import QgsLayerTreeLayer, QgsRasterLayer, QgsSingleBandPseudoColorRenderer

from ..text.translate import tr
from . import style
from .looks import Look

BAND = 2
STOPS: tuple[tuple[float, str], ...] = (
    (0.0, "#fcfbfd"), (0.2, "#dadaeb"), (0.4, "#b3a5d3"), (0.6, "#8f6fbd"), (0.8, "#6b3fa0"), (1.0, "#44207a"))
"""Share of the widest half-width, and colour."""
ABOVE = "#240046"


def has_interval(layer: QgsRasterLayer) -> bool:
    """Whether the map has a second band with half-widths."""
    return layer.bandCount() >= BAND


def is_shown(layer: QgsRasterLayer) -> bool:
    """Whether the layer shows how sure it is."""
    renderer = layer.renderer()
    return renderer is not None and renderer.type() == "singlebandpseudocolor" and renderer.inputBand() == BAND


def show(layer: QgsRasterLayer, node: QgsLayerTreeLayer | None, interval: bool) -> None:
    """Show how sure the map is, or its values. ``node``: of the layer, for the legend."""
    layer.setRenderer(_renderer(layer) if interval else style.renderer_of(layer))
    if node is not None:
        synthetic = layer.customProperty("deepsoil/synthetic") == "yes"
        if interval:
            _shorten_legend(node, synthetic)
        else:
            style.shorten_legend(node, synthetic)
    layer.emitStyleChanged()
    layer.triggerRepaint()


def _renderer(layer: QgsRasterLayer) -> QgsSingleBandPseudoColorRenderer:
    """The renderer for band 2 of ``layer``."""
    look = style.look_of(layer)
    stops = [(share * look.widest, colour, _label(share * look.widest, look)) for share, colour in STOPS]
    above = tr("over ± {0} · hardly known").format(look.text(look.widest))
    stops.append((look.widest + look.half_step, ABOVE, above))
    return style.fixed_renderer(layer, BAND, stops, 0.0, look.widest)


def _label(value: float, look: Look) -> str:
    text = look.text(value)
    return tr("± {0} · exact").format(text) if value == 0 else f"± {text}"


def _shorten_legend(node: QgsLayerTreeLayer, synthetic: bool) -> None:
    """Every stop under a heading with the unit, sure above unsure. Row 0 is the heading."""
    unit = style.look_of(node.layer()).unit_text
    style.show_legend(node, range(1, len(STOPS) + 2), tr("90 % interval, {0}").format(unit), synthetic)
