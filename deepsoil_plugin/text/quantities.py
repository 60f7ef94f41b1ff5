"""What a map shows, and what that is called: soil moisture at a depth, or the water of the root zone.

``what`` is a depth in cm as text (``5``), or the name of a map of the root zone as ``options.products`` has it; empty
where it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .translate import tr

WATER = ("available_mm", "available_percent", "depletion_mm", "refill_mm", "drainage_mm")
"""The maps of the root zone's water, in the order in which they are offered and stand in the layer tree."""

UNITS = {"available_mm": "mm", "available_percent": "%", "depletion_mm": "mm", "refill_mm": "mm",
         "drainage_mm": "mm/day"}
"""As the files have them."""

FOR_PLANTS = ("available_percent", "available_mm")
"""What plants can take up, the one that says more first."""

_BELOW_ALL_DEPTHS = 1_000


def what_of(output: Mapping[str, Any]) -> str:
    """What an output of a job shows: maps of the root zone have no depth and are known by the beginning of their name.
    """
    if output.get("depth_cm") is not None:
        return str(output["depth_cm"])
    return next((name for name in WATER if str(output.get("name", "")).startswith(f"{name}_")), "")


def order(what: str) -> int:
    """From the surface down, then the water of the root zone."""
    return _BELOW_ALL_DEPTHS + WATER.index(what) if what in WATER else int(what or 0)


def title(what: str) -> str:
    """``Soil moisture 5 cm``, ``Depletion``; the unit is the user's choice, and stands elsewhere."""
    if what == "available_mm":
        return tr("Available water")
    if what == "available_percent":
        return tr("Available water (%)")
    if what == "depletion_mm":
        return tr("Depletion")
    if what == "refill_mm":
        return tr("Water to refill")
    if what == "drainage_mm":
        return tr("Drainage")
    return tr("Soil moisture {0} cm").format(what)


def file_stem(what: str, day: str) -> str:
    """How the names of the engine's files begin; ``day`` is ISO."""
    return f"{what}_{day}" if what in WATER else f"soil_moisture_{int(what):02d}cm_{day}"


M3_M3, PERCENT, MM, INCHES = "m3/m3", "%", "mm", "in"
M3_M3_SIGN = "m³/m³"
SOIL_UNITS = (M3_M3, PERCENT, MM, INCHES)
"""In which soil moisture can be shown: as a share of the volume, or as the water in a layer of soil, mm in 10 cm or
inches in a foot."""
WATER_UNITS = (MM, INCHES)
"""In which a height of water can be shown."""

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Shown:
    """How values are shown. unit: with sign, not translated. factor: by what the file's values are multiplied.
    decimals: how many more than in the file's unit say as much.
    """

    unit: str
    factor: float
    decimals: int


def written(unit: str) -> str:
    """A unit in files: plain characters."""
    return M3_M3 if unit == M3_M3_SIGN else unit


def sign(unit: str) -> str:
    """A unit of files as it is read."""
    return M3_M3_SIGN if unit == M3_M3 else unit


def shown_in(unit: str, soil: str, water: str) -> Shown:
    """How values of a file's unit (``m3/m3``, ``mm``, ``mm/day``, ``%``) are shown to who chose these units.

    1 m³/m³ is 100 mm in 10 cm of soil, and 12 inches in a foot. Per cent of available water stay what they are.
    """
    if unit == M3_M3:
        return {PERCENT: Shown("%", 100.0, -2), MM: Shown("mm/10 cm", 100.0, -2),
                INCHES: Shown("in/ft", 12.0, -1)}.get(soil, Shown(M3_M3_SIGN, 1.0, 0))
    if water == INCHES and unit.startswith(MM):
        return Shown(unit.replace(MM, INCHES), 1.0 / MM_PER_INCH, 1)
    return Shown(unit, 1.0, 0)
