"""SWIM3's own hydraulic functions, for comparison with APSIM: retention and conductivity from LL15, DUL and SAT.

SWIM3 does not use van Genuchten curves. Retention is a cubic Hermite spline of θ over log10 of the suction through
SAT at 1 cm, DUL, LL15 at 15,000 cm and 0 at 6e6 cm; conductivity is the sum of two powers of θ / SAT. Written from the
mathematics of the published model. Two departures, both counted (`Swim3Soils.bent`, `Swim3Soils.above_ks`): where the
spline rises with suction between DUL and oven dryness (sands), its slopes are limited; K is capped at Ks, because a DUL
near LL15 would give values orders of magnitude above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import retention
from deepsoil.soil.retention import DUL_SUCTION_CM, VanGenuchten

Array = NDArray[np.float64]

SATURATED_SUCTION_CM = 1.0
LL15_SUCTION_CM = 15_000.0
OVEN_DRY_SUCTION_CM = 6e6
LARGEST_DUL_SUCTION_CM = 1000.0  # APSIM's own bound of PSIDul
KDUL_RANGE_MM_PER_DAY = (1e-4, 10.0)  # above 10 mm/day APSIM refuses
MACRO_SHARE_AT_DUL = 1.0 / 99.0  # share of the conductivity at DUL that is due to macropores
VAPOUR_CM_PER_DAY = 7.28e-9 * 24.0
VAPOUR_FILLED = 0.93
VAPOUR_PER_CM = 7.26e-7


@dataclass(frozen=True)
class Swim3Options:
    """PSIDul as a suction in cm (the one at which DUL is taken), KDul in mm/day, and vapour conductivity (VC).

    APSIM takes one PSIDul and one KDul for a profile. kdul None: K of Mualem at DUL, within APSIM's bounds, of each
    soil; give a number for layered columns to be compared with APSIM.
    """

    dul_suction_cm: float = DUL_SUCTION_CM
    kdul_mm_per_day: float | None = None
    vapour: bool = False

    def __post_init__(self) -> None:
        if not SATURATED_SUCTION_CM < self.dul_suction_cm <= LARGEST_DUL_SUCTION_CM:
            raise DeepSoilError(
                "bad_option",
                "SWIM3 takes DUL at a suction between 1 and {largest_dul_suction_cm:g} cm,"
                " not {dul_suction_cm:g}.",
                "",
                "dul_suction_cm",
                largest_dul_suction_cm=LARGEST_DUL_SUCTION_CM, dul_suction_cm=self.dul_suction_cm)
        low, high = KDUL_RANGE_MM_PER_DAY
        if self.kdul_mm_per_day is not None and not low <= self.kdul_mm_per_day <= high:
            raise DeepSoilError(
                "bad_option",
                "SWIM3 takes a KDul between {low:g} and {high:g} mm/day, not {kdul_mm_per_day:g}.",
                "",
                "kdul_mm_per_day",
                low=low, high=high, kdul_mm_per_day=self.kdul_mm_per_day)


@dataclass(frozen=True)
class Swim3Soils:
    """M soils with SWIM3's parameters, arrays (M,): θ in m³/m³, conductivities in cm/day, the suction of DUL in cm.

    Needs 0 < LL15 < DUL < SAT; raises DeepSoilError ``bad_soil``. Call `soils[:, None]` to broadcast over suctions.
    """

    saturated: Array
    drained_upper_limit: Array
    lower_limit_15bar: Array
    ks_cm_per_day: Array
    kdul_cm_per_day: Array
    dul_suction_cm: float = DUL_SUCTION_CM
    vapour: bool = False

    def __post_init__(self) -> None:
        ordered = (self.drained_upper_limit < self.saturated) & (self.lower_limit_15bar < self.drained_upper_limit)
        if not (ordered & (self.lower_limit_15bar > 0.0) & (self.ks_cm_per_day > 0.0)).all():
            raise DeepSoilError(
                "bad_soil", "A soil for SWIM3 does not have 0 < LL15 < DUL < SAT and Ks > 0.", "", "params"
            )

    def _knots(self) -> tuple[Array, list[Array], list[Array], NDArray[np.bool_]]:
        """log10 of the knots' suctions, θ and slopes at the knots, and the soils whose slopes had to be limited."""
        at = np.log10([SATURATED_SUCTION_CM, self.dul_suction_cm, LL15_SUCTION_CM, OVEN_DRY_SUCTION_CM])
        values = [self.saturated, self.drained_upper_limit, self.lower_limit_15bar, np.zeros_like(self.saturated)]
        d = [(values[k + 1] - values[k]) / (at[k + 1] - at[k]) for k in range(3)]
        slopes = [np.zeros_like(d[0]), 0.5 * (d[0] + d[1]), 0.5 * (d[1] + d[2]), d[2]]
        # SWIM3's rule for its first interval, where the slope at saturation is 0
        slopes[1] = np.where(slopes[1] / d[0] >= 2.0, 3.0 * d[0], slopes[1])
        bent = np.zeros(d[0].shape, bool)
        for k in (1, 2):
            a, b = slopes[k] / d[k], slopes[k + 1] / d[k]
            rises = _rises(a, b)
            scale = np.where(rises, 3.0 / np.hypot(a, b), 1.0)
            slopes[k], slopes[k + 1] = slopes[k] * scale, slopes[k + 1] * scale
            bent |= rises
        return at, values, slopes, bent

    @property
    def bent(self) -> NDArray[np.bool_]:
        """Soils whose spline rises with suction in SWIM3, but not here."""
        return self._knots()[3]

    @property
    def above_ks(self) -> NDArray[np.bool_]:
        """Soils whose K exceeds Ks in SWIM3, but not here."""
        return np.asarray(self._powers()[1] > self.ks_cm_per_day, np.bool_)

    def theta(self, suction_cm: Array) -> Array:
        """Water content at suctions in cm; shapes broadcast against the soils."""
        at, values, slopes, _ = self._knots()
        x = np.log10(np.clip(suction_cm, SATURATED_SUCTION_CM, OVEN_DRY_SUCTION_CM))
        result = np.zeros(np.broadcast_shapes(x.shape, self.saturated.shape))
        for k in range(3):
            width = at[k + 1] - at[k]
            t = np.clip((x - at[k]) / width, 0.0, 1.0)
            cubic = (
                values[k] * (1.0 + 2.0 * t) * (1.0 - t) ** 2
                + slopes[k] * width * t * (1.0 - t) ** 2
                + values[k + 1] * t * t * (3.0 - 2.0 * t)
                + slopes[k + 1] * width * t * t * (t - 1.0)
            )
            result = np.where(x >= at[k], cubic, result)
        return result

    def _powers(self) -> tuple[Array, Array, Array, Array]:
        """Exponent and saturated K of the micropores, exponent and saturated K of the macropores."""
        wet = self.drained_upper_limit / self.saturated
        decay = np.log(LL15_SUCTION_CM / self.dul_suction_cm) / np.log(
            self.drained_upper_limit / self.lower_limit_15bar
        )
        micro = 2.0 * decay + 3.0
        at_dul = np.minimum(0.99 * self.kdul_cm_per_day, self.ks_cm_per_day)
        micro_ks = at_dul / wet**micro
        macro_ks = np.maximum(self.ks_cm_per_day - micro_ks, 0.0)
        with np.errstate(divide="ignore"):
            macro = np.log(at_dul * MACRO_SHARE_AT_DUL / macro_ks) / np.log(wet)
        return micro, micro_ks, np.where(macro_ks > 0.0, macro, 1.0), macro_ks

    def conductivity(self, suction_cm: Array) -> Array:
        """Conductivity in cm/day at suctions in cm; shapes broadcast against the soils."""
        water = self.theta(suction_cm)
        share = water / self.saturated
        micro, micro_ks, macro, macro_ks = self._powers()
        k = np.minimum(micro_ks * share**micro + macro_ks * share**macro, self.ks_cm_per_day)
        if self.vapour:
            filled = self.saturated / VAPOUR_FILLED - water
            k = k + VAPOUR_CM_PER_DAY * filled * np.exp(-VAPOUR_PER_CM * np.asarray(suction_cm))
        return k

    def __getitem__(self, index: Any) -> Swim3Soils:
        return Swim3Soils(
            self.saturated[index],
            self.drained_upper_limit[index],
            self.lower_limit_15bar[index],
            self.ks_cm_per_day[index],
            self.kdul_cm_per_day[index],
            self.dul_suction_cm,
            self.vapour,
        )


def _rises(a: Array, b: Array) -> NDArray[np.bool_]:
    """Where a cubic with end slopes a and b, as multiples of its secant, is not monotone (Fritsch and Carlson 1980)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = a - (2.0 * a + b - 3.0) ** 2 / (3.0 * (a + b - 2.0)) < 0.0
    return (a + b > 2.0) & (2.0 * a + b > 3.0) & (a + 2.0 * b > 3.0) & beyond


def swim3_soils(soils: VanGenuchten, options: Swim3Options | None = None) -> Swim3Soils:
    """SWIM3's soils for van Genuchten soils (M,): SAT, DUL and LL15 with APSIM's gaps, Ks, KDul = K(DUL) in bounds."""
    chosen = Swim3Options() if options is None else options
    limits = retention.water_limits(soils, chosen.dul_suction_cm)
    low, high = (0.1 * k for k in KDUL_RANGE_MM_PER_DAY)
    if chosen.kdul_mm_per_day is None:
        suction = retention.suction(limits.drained_upper_limit, soils)
        kdul = np.clip(retention.conductivity(suction, soils), low, high)
    else:
        kdul = np.full(soils.shape, 0.1 * chosen.kdul_mm_per_day)
    return Swim3Soils(
        limits.saturated,
        limits.drained_upper_limit,
        limits.lower_limit_15bar,
        np.array(soils.ks_cm_per_day),
        kdul,
        chosen.dul_suction_cm,
        chosen.vapour,
    )


class Swim3Hydraulics:
    """`Hydraulics` (see `tables`) of SWIM3 soils (M,)."""

    def __init__(self, soils: Swim3Soils) -> None:
        self._soils = soils[:, None]

    def theta(self, suction_cm: Array) -> Array:
        return self._soils.theta(suction_cm)

    def conductivity(self, suction_cm: Array) -> Array:
        return self._soils.conductivity(suction_cm)
