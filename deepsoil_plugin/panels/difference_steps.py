"""The colours of a map minus what was measured: brown where it is too dry, blue-green where too wet. Pure."""

from __future__ import annotations

from ..text.translate import tr
from ..text.units import theta_text, theta_unit

# ColorBrewer BrBG with fixed limits in m³/m³, so that two comparisons can be compared by eye.
_STEPS = ((-1.0, -0.08, "#8c510a"), (-0.08, -0.04, "#d8b365"), (-0.04, -0.02, "#f6e8c3"), (-0.02, 0.02, "#f5f5f5"),
          (0.02, 0.04, "#c7eae5"), (0.04, 0.08, "#5ab4ac"), (0.08, 1.0, "#01665e"))


def difference_steps() -> list[tuple[float, float, str, str]]:
    """From where to where in m³/m³, the colour, and what a legend says of it in the user's unit."""
    return [(low, high, colour, _text(low, high)) for low, high, colour in _STEPS]


def difference_colour(difference: float) -> str:
    """The colour of a difference in m³/m³."""
    return next((colour for _, high, colour in _STEPS if difference < high), _STEPS[-1][2])


def _text(low: float, high: float) -> str:
    if low == _STEPS[0][0]:
        return tr("drier by more than {0} {1}").format(theta_text(-high, 2), theta_unit())
    if high == _STEPS[-1][1]:
        return tr("wetter by more than {0} {1}").format(theta_text(low, 2), theta_unit())
    return f"{theta_text(low, 2)} – {theta_text(high, 2)}"
