"""The look of a map relative to its field: where it is drier or wetter than the field's mean, as far as that is known.

Differences within the half-width of the 90 % interval are shown as none: a map that knows each value to ± 0.06 m³/m³
says nothing of a field whose tenths differ by 0.002. Five classes, grey for none; brown and blue-green stay apart under
the three kinds of colour blindness.
"""

from __future__ import annotations

import math

from qgis.core import Qgis, QgsLayerTreeLayer, QgsRasterLayer, QgsSingleBandPseudoColorRenderer

from ..text.translate import tr
from . import style
from .field_figures import FieldFigures
from .looks import Look

_FAR_DRIER, _DRIER, _NONE, _WETTER, _FAR_WETTER = "#7d4a12", "#d1a75d", "#cfcfcf", "#57b2ab", "#0a5570"
_ROWS = 5
_STEPS_WITHOUT_INTERVAL = 0.05  # of the look's scale


def show(layer: QgsRasterLayer, node: QgsLayerTreeLayer | None, figures: FieldFigures) -> None:
    """Show the differences from the field's mean. ``node``: of the layer, for the legend."""
    look = style.look_of(layer)
    layer.setRenderer(_renderer(layer, look, figures))
    if node is not None:
        synthetic = layer.customProperty("deepsoil/synthetic") == "yes"
        heading = tr("from the mean {0}, {1}").format(look.text(figures.mean, 1), look.unit_text)
        style.show_legend(node, range(_ROWS, 0, -1), heading, synthetic)
    layer.emitStyleChanged()
    layer.triggerRepaint()


def pattern_text(figures: FieldFigures, look: Look) -> str:
    """What the map says of differences within the field, where that is nothing; empty where it says something."""
    if not figures.half_width or figures.told > 0:
        return ""
    spread = look.text(figures.p90 - figures.p10, 2)
    return tr("No pattern is known: the field's driest and wettest tenths differ by {0} {2}, and each value is known "
              "to ± {1} {2}.").format(spread, look.text(figures.half_width, 1), look.unit_text)


def _renderer(layer: QgsRasterLayer, look: Look, figures: FieldFigures) -> QgsSingleBandPseudoColorRenderer:
    known = figures.half_width > 0
    near = figures.half_width if known else _STEPS_WITHOUT_INTERVAL * (look.stops[-1][0] - look.stops[0][0])
    text, far = (look.text(times * near, 1) for times in (1, 2))
    none = tr("no known difference (± {0})") if known else tr("within ± {0} · not judged: no interval")
    stops = [(figures.mean - 2 * near, _FAR_DRIER, tr("drier by over {0}").format(far)),
             (figures.mean - near, _DRIER, tr("drier by {0} to {1}").format(text, far)),
             (figures.mean + near, _NONE, none.format(text)),
             (figures.mean + 2 * near, _WETTER, tr("wetter by {0} to {1}").format(text, far)),
             (math.inf, _FAR_WETTER, tr("wetter by over {0}").format(far))]
    if look.more_is_drier:
        colours = [colour for _, colour, _ in stops][::-1]
        labels = [label for _, _, label in stops][::-1]
        stops = [(value, colour, label) for (value, _, _), colour, label in zip(stops, colours, labels, strict=True)]
    return style.fixed_renderer(layer, 1, stops, figures.mean - 2 * near, figures.mean + 2 * near,
                                Qgis.ShaderInterpolationMethod.Discrete)
