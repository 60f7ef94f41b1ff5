"""The one look of each quantity: soil moisture has the same colours for all depths, every field and every day, 0.05 to
0.45 m³/m³, the water of the root zone those of `looks`.

Never stretched to a map's own range, so that two maps can be compared by eye. The stops run from brown by a pale
middle to blue-green in steps of equal CIELAB difference (about 20), and stay apart under the three kinds of colour
blindness. What is drier or wetter than the scale has a colour of its own, outside the ramp.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsLayerTreeLayer,
    QgsMapLayerLegendUtils,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP
from qgis.PyQt.QtGui import QColor

from ..text.quantities import M3_M3
from ..text.translate import tr
from . import layer_tree, looks

SOIL_MOISTURE = looks.Look(
    M3_M3, looks.stops((0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45)), (0.05, 0.15, 0.25, 0.35, 0.45),
    0.00005, 2, 0.15, (looks.WETTER, QT_TRANSLATE_NOOP("@default", "above {0} · saturated")),
    (looks.DRIER, QT_TRANSLATE_NOOP("@default", "below {0} · very dry")))


def look_of(layer: QgsRasterLayer) -> looks.Look:
    """Of what the layer shows."""
    return looks.WATER.get(layer_tree.what_of_layer(layer), SOIL_MOISTURE)


def renderer_of(layer: QgsRasterLayer, look: looks.Look | None = None) -> QgsSingleBandPseudoColorRenderer:
    """The renderer for band 1 of ``layer``."""
    look = look or look_of(layer)
    stops = [(value, colour, look.text(value)) for value, colour in look.stops]
    least, most = look.stops[0][0], look.stops[-1][0]
    if look.below is not None:
        colour, text = look.below
        stops.insert(0, (least - look.half_step, colour, tr(text).format(look.text(least))))
    colour, text = look.above
    stops.append((most + look.half_step, colour, tr(text).format(look.text(most))))
    return fixed_renderer(layer, 1, stops, least, most)


def is_own(layer: QgsRasterLayer) -> bool:
    """Whether a layer has the look of `renderer_of`, whatever its numbers are labelled with."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsSingleBandPseudoColorRenderer) or renderer.shader() is None:
        return False
    return _stops_of(renderer) == _stops_of(renderer_of(layer))


def _stops_of(renderer: QgsSingleBandPseudoColorRenderer) -> list[tuple[float, str]]:
    ramp = renderer.shader().rasterShaderFunction()
    return [(round(item.value, 6), item.color.name()) for item in ramp.colorRampItemList()]


def fixed_renderer(layer: QgsRasterLayer, band: int, stops: Sequence[tuple[float, str, str]], least: float,
                   most: float, between: Qgis.ShaderInterpolationMethod = Qgis.ShaderInterpolationMethod.Linear,
                   ) -> QgsSingleBandPseudoColorRenderer:
    """A renderer with fixed stops (value, colour, label), shown as a scale from ``least`` to ``most``.

    It needs no statistics, so setting it reads no pixel. ``between``: discrete stops end the class of their colour.
    """
    ramp = QgsColorRampShader(stops[0][0], stops[-1][0], None, between)
    ramp.setColorRampItemList([QgsColorRampShader.ColorRampItem(value, QColor(colour), label)
                               for value, colour, label in stops])
    ramp.setClip(False)  # beyond the first and the last item their colours go on
    rows = QgsColorRampLegendNodeSettings()
    rows.setUseContinuousLegend(False)
    ramp.setLegendSettings(rows)
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)

    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader)
    renderer.setClassificationMin(least)
    renderer.setClassificationMax(most)
    return renderer


def apply(layer: QgsRasterLayer, look: looks.Look | None = None) -> None:
    """Give the layer the fixed ramp, and pixels that stay what they are: no smoothing pretends finer detail."""
    layer.setRenderer(renderer_of(layer, look))
    pixels = layer.resampleFilter()
    if pixels is not None:
        pixels.setZoomedInResampler(None)
        pixels.setZoomedOutResampler(None)


def shorten_legend(node: QgsLayerTreeLayer, synthetic: bool, look: looks.Look | None = None) -> None:
    """A few rows, the most on top, under a heading with the unit; the other stops only shape the colours.

    Held by the layer tree's node, and so by the project.
    """
    look = look or look_of(node.layer())
    first = 1 if look.below is None else 2  # row 0 is the heading; then what lies below the scale
    rows = [first + index for index, (value, _) in enumerate(look.stops) if value in look.in_legend]
    rows = [*range(1, first), *rows, first + len(look.stops)]
    show_legend(node, rows[::-1], look.unit_text, synthetic)


def show_legend(node: QgsLayerTreeLayer, rows: Sequence[int], heading: str, synthetic: bool) -> None:
    """These rows of a legend, from the top down, under a heading that says where the data is synthetic."""
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, [0, *rows])
    QgsMapLayerLegendUtils.setLegendNodeUserLabel(
        node, 0, tr("{0} · synthetic data").format(heading) if synthetic else heading)
