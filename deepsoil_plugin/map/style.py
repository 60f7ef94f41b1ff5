"""The one look of soil moisture: the same colours for all depths, every field and every day, 0.05 to 0.45 m³/m³.

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
from qgis.PyQt.QtGui import QColor

from ..text.formatting import number_text
from ..text.translate import tr

UNIT = "m³/m³"
DRIEST, WETTEST = 0.05, 0.45
STOPS: tuple[tuple[float, str], ...] = (
    (0.05, "#7d4a12"), (0.10, "#b0772a"), (0.15, "#d1a75d"), (0.20, "#e7ce98"), (0.25, "#f4ecd4"),
    (0.30, "#aedacd"), (0.35, "#57b2ab"), (0.40, "#197d86"), (0.45, "#0a5570"),
)
BELOW, ABOVE = "#3a1f05", "#1b2a8c"
_IN_LEGEND = (0.05, 0.15, 0.25, 0.35, 0.45)
HALF_STEP = 0.00005  # products come in steps of 0.0001: between the last value inside and the first outside


def soil_moisture_renderer(layer: QgsRasterLayer) -> QgsSingleBandPseudoColorRenderer:
    """The renderer for band 1 of ``layer``."""
    stops = [(DRIEST - HALF_STEP, BELOW, tr("below {0} · very dry").format(number_text(DRIEST, 2))),
             *((value, colour, number_text(value, 2)) for value, colour in STOPS),
             (WETTEST + HALF_STEP, ABOVE, tr("above {0} · saturated").format(number_text(WETTEST, 2)))]
    return fixed_renderer(layer, 1, stops, DRIEST, WETTEST)


def fixed_renderer(layer: QgsRasterLayer, band: int, stops: Sequence[tuple[float, str, str]], least: float,
                   most: float) -> QgsSingleBandPseudoColorRenderer:
    """A renderer with fixed stops (value, colour, label), shown as a scale from ``least`` to ``most``.

    It needs no statistics, so setting it reads no pixel.
    """
    ramp = QgsColorRampShader(stops[0][0], stops[-1][0], None, Qgis.ShaderInterpolationMethod.Linear)
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


def apply(layer: QgsRasterLayer) -> None:
    """Give the layer the fixed ramp, and pixels that stay what they are: no smoothing pretends finer detail."""
    layer.setRenderer(soil_moisture_renderer(layer))
    pixels = layer.resampleFilter()
    if pixels is not None:
        pixels.setZoomedInResampler(None)
        pixels.setZoomedOutResampler(None)


def shorten_legend(node: QgsLayerTreeLayer, synthetic: bool) -> None:
    """Seven rows, wet above dry, under a heading with the unit; the other stops only shape the colours.

    Held by the layer tree's node, and so by the project.
    """
    shown = [1 + len(STOPS) + 1]  # row 0 is the heading, 1 what lies below the scale, the last what lies above
    shown += [2 + index for index, (value, _) in reversed(list(enumerate(STOPS))) if value in _IN_LEGEND]
    show_legend(node, [*shown, 1], UNIT, synthetic)


def show_legend(node: QgsLayerTreeLayer, rows: Sequence[int], heading: str, synthetic: bool) -> None:
    """These rows of a legend, from the top down, under a heading that says where the data is synthetic."""
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, [0, *rows])
    QgsMapLayerLegendUtils.setLegendNodeUserLabel(
        node, 0, tr("{0} · synthetic data").format(heading) if synthetic else heading)
