"""The assumptions of the soil columns besides soil and weather, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.hydraulic_tables import MAXIMUM_SUCTION_CM, Hydraulics, VanGenuchtenHydraulics
from deepsoil.soil.integrate import CONTROL_VALUES
from deepsoil.soil.periods import BOTTOM_KINDS, BottomKind
from deepsoil.soil.profile import DEFAULT_PROFILE, Profile
from deepsoil.soil.retention import DUL_SUCTION_CM, VanGenuchten
from deepsoil.soil.swim3 import Swim3Hydraulics, Swim3Options, swim3_soils

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ColumnSettings:
    """Assumptions of a simulation besides soil and weather. The defaults are the documented ones.

    bottom: ``free`` drainage (unit gradient), ``potential`` (bottom_suction_cm, a water table where 0) or ``closed``.
    Over a closed base, of soils with any n from 1.05 to 10 and any alpha from 0.001 to 0.5 /cm, 2 in 800 did not
    converge in two years of storms (`ColumnResult.failed`); no texture of Rosetta fails.
    rain_hours: hours from 00:00 over which a day's rain is spread. theta: ``mean`` of the day or at its ``end``.
    hydraulics: van Genuchten-Mualem, or SWIM3's curves with the options `swim3` (see `soil.swim3`).
    matching_point: unsaturated conductivity from the soils' K0 and L instead of Ks and l = 0.5.
    root_stress: uptake falls from 1,000 to 15,000 cm of suction linearly in suction or in its logarithm.
    snow: degree-day snow store before infiltration; snow on the ground also stops evaporation.
    """

    profile: Profile = field(default_factory=lambda: DEFAULT_PROFILE)
    hydraulics: Literal["van_genuchten", "swim3"] = "van_genuchten"
    matching_point: bool = False
    swim3: Swim3Options = field(default_factory=Swim3Options)
    bottom: BottomKind = "free"
    bottom_suction_cm: float = 0.0
    surface_dry_cm: float = 15_000.0
    initial_suction_cm: float = DUL_SUCTION_CM
    root_stress: Literal["linear", "logarithmic"] = "linear"
    rain_hours: float = 24.0
    snow: bool = True
    theta: Literal["mean", "end"] = "mean"
    maximum_step_hours: float = 6.0
    water_per_step_cm: float = 0.5
    newton_tolerance: float = 0.1
    order: int = 2

    def __post_init__(self) -> None:
        limits = {
            "rain_hours": (0.5, 24.0),
            "bottom_suction_cm": (-1e4, MAXIMUM_SUCTION_CM),
            "surface_dry_cm": (1e3, MAXIMUM_SUCTION_CM),
            "initial_suction_cm": (0.0, MAXIMUM_SUCTION_CM),
            "maximum_step_hours": (1e-3, 24.0),
            "water_per_step_cm": (1e-3, 10.0),
            "newton_tolerance": (1e-10, 1.0),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise DeepSoilError("bad_option", "{name} must lie between {low:g} and {high:g}.", "", name,
                                    name=name, low=low, high=high)
        choices = {
            "bottom": tuple(BOTTOM_KINDS),
            "theta": ("mean", "end"),
            "root_stress": ("linear", "logarithmic"),
            "hydraulics": ("van_genuchten", "swim3"),
            "order": (1, 2),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise DeepSoilError("bad_option", "{name} must be one of {allowed}.", "", name,
                                    name=name, allowed=', '.join(map(str, allowed)))

    def curves(self, soils: VanGenuchten) -> Hydraulics:
        """The hydraulic functions of soils (M,)."""
        if self.hydraulics == "swim3":
            return Swim3Hydraulics(swim3_soils(soils, self.swim3))
        return VanGenuchtenHydraulics(soils if self.matching_point else soils.without_matching_point())

    def control(self) -> Array:
        control = np.zeros(CONTROL_VALUES)
        control[:] = (self.maximum_step_hours / 24.0, 1e-7, self.water_per_step_cm, self.newton_tolerance, self.order)
        return control

    def segments(self) -> Array:
        """Parts of the day (parts, 3): duration in days, and rates of rain and demand per unit of the day's amount.

        The demand falls between 06:00 and 18:00.
        """
        edges = np.unique([0.0, 0.25, 0.75, 1.0, self.rain_hours / 24.0])
        middle = 0.5 * (edges[1:] + edges[:-1])
        rain = np.where(middle < self.rain_hours / 24.0, 24.0 / self.rain_hours, 0.0)
        demand = np.where((middle > 0.25) & (middle < 0.75), 2.0, 0.0)
        return np.stack([np.diff(edges), rain, demand], axis=1)


DEFAULT_SETTINGS = ColumnSettings()
"""Of the bare solver."""

LAND_SETTINGS = ColumnSettings(matching_point=True, rain_hours=6.0)
"""Of columns that stand for real ground: labels, training tables and the simulated field.

Chosen on two real places (resources/training/RESULTS.md). Rain over a whole day never runs off; at the gauge of
Ashland Bottoms, Kansas, 2021 to 2023, rain fell in 8 hours of a wet day, and 4 hours of even rain would have its
intensity (both weighted by rain).
"""
