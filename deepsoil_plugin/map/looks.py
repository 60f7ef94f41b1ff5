"""How each quantity is drawn: fixed stops, so that two maps can be compared by eye. Pure.

Water of the root zone has the colours of soil moisture, brown for dry and blue-green for wet, each on its own scale;
drainage, which is a flow, has blues of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from ..text import units
from ..text.quantities import Shown

DRY_TO_WET = ("#7d4a12", "#b0772a", "#d1a75d", "#e7ce98", "#f4ecd4", "#aedacd", "#57b2ab", "#197d86", "#0a5570")
DRIER, WETTER = "#3a1f05", "#1b2a8c"
"""Outside the scale of soil moisture."""

Stops = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Look:
    """``below`` and ``above`` are English source texts.

    unit: of the files. stops: values, rising, and colours; the colours between are mixed. in_legend: the values of the
    stops that the legend names. half_step: half of the steps in which products come. widest: the last half-width of the
    90 % interval that is told apart. below, above: colour and text of what lies outside the stops. shown: how its
    values are shown; None: as the user chose.
    """

    unit: str
    stops: Stops
    in_legend: tuple[float, ...]
    half_step: float
    decimals: int
    widest: float
    above: tuple[str, str]
    below: tuple[str, str] | None = None
    shown: Shown | None = None

    @property
    def more_is_drier(self) -> bool:
        """Whether a larger value means less water in the soil: its ramp is the other way round."""
        return self.above[0] == DRIER

    @property
    def unit_text(self) -> str:
        """The unit that is shown, in the user's language."""
        return units.unit_text(self.shown or units.chosen(self.unit))

    def text(self, value: float, more: int = 0) -> str:
        """A value in the unit that is shown; ``more``: decimals beside those of the legend."""
        return units.value_text(value, self.decimals + more, self.shown or units.chosen(self.unit))


def stops(values: Sequence[float], colours: Sequence[str] = DRY_TO_WET) -> Stops:
    """A colour for each value."""
    return tuple(zip(values, colours, strict=True))


_STEP = 0.1
_ABOVE = QT_TRANSLATE_NOOP("@default", "above {0}")
_ROOT_ZONE_MM = tuple(25.0 * number for number in range(9))
_REFILL_MM = tuple(10.0 * number for number in range(9))
_PERCENT = tuple(12.5 * number for number in range(9))

WATER: dict[str, Look] = {
    "available_mm": Look("mm", stops(_ROOT_ZONE_MM), _ROOT_ZONE_MM[::2], _STEP / 2, 0, 100.0, (WETTER, _ABOVE)),
    "available_percent": Look("%", stops(_PERCENT), _PERCENT[::2], _STEP / 2, 0, 100.0, (
        WETTER, QT_TRANSLATE_NOOP("@default", "above {0} · above field capacity"))),
    "depletion_mm": Look("mm", stops(_ROOT_ZONE_MM, DRY_TO_WET[::-1]), _ROOT_ZONE_MM[::2], _STEP / 2, 0, 100.0,
                         (DRIER, _ABOVE)),
    "refill_mm": Look("mm", stops(_REFILL_MM, DRY_TO_WET[::-1]), _REFILL_MM[::2], _STEP / 2, 0, 50.0, (DRIER, _ABOVE)),
    "drainage_mm": Look("mm/day", stops(
        (0.0, 0.5, 1.0, 2.0, 5.0, 10.0), ("#f7fbff", "#d6e6f4", "#abd0e6", "#6aaed6", "#2979b9", "#084a91")),
        (0.0, 0.5, 1.0, 2.0, 5.0, 10.0), _STEP / 2, 1, 2.5, ("#08204a", _ABOVE)),
}
"""By the name in ``options.products``."""
