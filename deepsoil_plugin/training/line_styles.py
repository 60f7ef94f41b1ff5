"""Lines that are told apart: colours for the colour-blind, then the same ones dashed and dotted."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ..widgets.plot_colours import PlotColours, contrast, mix

# Okabe and Ito's colours; yellow, which is lost on white, is left out.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
_LEAST_CONTRAST = 2.2  # of a line two pixels wide


def pen_of(number: int, colours: PlotColours) -> tuple[QColor, Qt.PenStyle]:
    """Colour and style of the line of a number; seen on the theme's background, light or dark."""
    pure = QColor(_COLOURS[number % len(_COLOURS)])
    colour, share = pure, 0.0
    while contrast(colour, colours.background) < _LEAST_CONTRAST and share < 1.0:
        share += 0.1
        colour = mix(pure, colours.text, share)
    return colour, _STYLES[number // len(_COLOURS) % len(_STYLES)]
