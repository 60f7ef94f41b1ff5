"""Numbers in the unit that the user chose in the options. What is kept and computed stays as the files have it."""

from __future__ import annotations

from .. import preferences
from .formatting import number_text
from .quantities import M3_M3, MM, Shown, shown_in
from .translate import tr


def chosen(unit: str = M3_M3) -> Shown:
    """How values of a file's unit are shown now."""
    return shown_in(unit, preferences.soil_unit(), preferences.water_unit())


def unit_text(shown: Shown) -> str:
    """The unit in the user's language."""
    return {"mm/day": tr("mm/day"), "in/day": tr("in/day")}.get(shown.unit, shown.unit)


def value_text(value: float, decimals: int, shown: Shown) -> str:
    """A value of the file's unit as it is shown, without the unit. ``decimals``: in the file's unit."""
    return number_text(value * shown.factor, max(0, decimals + shown.decimals))


def theta_text(theta: float, decimals: int = 3) -> str:
    """Soil moisture in m³/m³, or a difference, as it is shown, without the unit."""
    return value_text(theta, decimals, chosen())


def theta_unit() -> str:
    """The unit of soil moisture."""
    return chosen().unit


def water_text(mm: float, decimals: int = 0, unit: str = MM) -> str:
    """A height of water in mm, or ``mm/day``, as it is shown, with its unit."""
    shown = chosen(unit)
    return f"{value_text(mm, decimals, shown)} {unit_text(shown)}"
