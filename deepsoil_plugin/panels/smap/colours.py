"""The fixed ramp of soil moisture for cells: the same colours as on the map. Pure."""

from __future__ import annotations

from itertools import pairwise

from qgis.PyQt.QtGui import QColor

from ...map.style import SOIL_MOISTURE
from ...widgets.plot_colours import contrast, mix

_DARK, _BRIGHT = QColor("#1c2327"), QColor("#ffffff")


def theta_colour(theta: float) -> QColor:
    """Of a value in m³/m³."""
    stops = SOIL_MOISTURE.stops
    if theta < stops[0][0] and SOIL_MOISTURE.below is not None:
        return QColor(SOIL_MOISTURE.below[0])
    for (low, colour), (high, other) in pairwise(stops):
        if theta <= high:
            return mix(QColor(colour), QColor(other), (theta - low) / (high - low))
    return QColor(SOIL_MOISTURE.above[0])


def text_on(ground: QColor) -> QColor:
    """Dark or bright, what is read better."""
    return max((_DARK, _BRIGHT), key=lambda colour: contrast(colour, ground))


def theta_classes() -> list[tuple[float, float, QColor, str]]:
    """From where to where in m³/m³, the colour and what a legend says, from dry to wet."""
    stops, look = SOIL_MOISTURE.stops, SOIL_MOISTURE
    classes = [(low, high, theta_colour((low + high) / 2), f"{look.text(low)} – {look.text(high)}")
               for (low, _), (high, _) in pairwise(stops)]
    first, last = stops[0][0], stops[-1][0]
    return [(-1.0, first, theta_colour(first - 0.01), f"< {look.text(first)}"), *classes,
            (last, 2.0, theta_colour(last + 0.01), f"> {look.text(last)}")]
