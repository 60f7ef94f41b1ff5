"""The plot's colours, taken from the theme that QGIS wears, light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.PyQt.QtGui import QColor, QPalette

_RAIN = QColor("#5b93c7")  # seen on white and on black
_GIVEN = QColor("#1f9e89")
_LEAST_CONTRAST = 3.0      # WCAG 2 for lines and signs
LEAST_TEXT_CONTRAST = 4.5  # and for text
_FAINT = (0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05)


@dataclass(frozen=True)
class PlotColours:
    background: QColor
    text: QColor        # axes, and what was observed
    hint: QColor        # remarks, as faint as can be read
    faint: QColor       # baselines, the 1:1 line, the pointer's line
    grid: QColor
    accent: QColor      # what was predicted
    band: QColor        # its 90 % interval
    rain: QColor
    given: QColor       # irrigation


def plot_colours(palette: QPalette) -> PlotColours:
    background = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    grounds = (background, palette.color(QPalette.ColorRole.Window))  # of the plot, and of its key
    accent = _seen(palette.color(QPalette.ColorRole.Highlight), text, grounds)
    return PlotColours(background, text, faint_text(text, background), mix(text, background, 0.45),
                       mix(text, background, 0.85), accent, mix(accent, background, 0.7), _seen(_RAIN, text, grounds),
                       _seen(_GIVEN, text, grounds))


def _seen(colour: QColor, text: QColor, grounds: Sequence[QColor]) -> QColor:
    """A pale colour would be lost as a line: it is drawn nearer to that of the text until it is seen."""
    mixtures = (mix(colour, text, share / 10) for share in range(10))
    return next((one for one in mixtures
                 if min(contrast(one, ground) for ground in grounds) >= _LEAST_CONTRAST), text)


def faint_text(text: QColor, ground: QColor) -> QColor:
    """The mixture of both that is nearest to the ground and can still be read."""
    mixtures = (mix(text, ground, share) for share in _FAINT)
    return next((faint for faint in mixtures if contrast(faint, ground) >= LEAST_TEXT_CONTRAST), text)


def mix(colour: QColor, other: QColor, share: float) -> QColor:
    """``colour`` with this share of ``other`` in it."""
    parts = zip(colour.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio of WCAG 2, 1 to 21."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
