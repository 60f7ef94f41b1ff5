"""What a map shows, and what that is called: soil moisture at a depth, or the water of the root zone.

``what`` is a depth in cm as text (``5``), or the name of a map of the root zone as ``options.products`` has it; empty
where it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """``Soil moisture 5 cm``, ``Depletion (mm)``."""
    if what == "available_mm":
        return tr("Available water (mm)")
    if what == "available_percent":
        return tr("Available water (%)")
    if what == "depletion_mm":
        return tr("Depletion (mm)")
    if what == "refill_mm":
        return tr("Water to refill (mm)")
    if what == "drainage_mm":
        return tr("Drainage (mm/day)")
    return tr("Soil moisture {0} cm").format(what)


def file_stem(what: str, day: str) -> str:
    """How the names of the engine's files begin; ``day`` is ISO."""
    return f"{what}_{day}" if what in WATER else f"soil_moisture_{int(what):02d}cm_{day}"
