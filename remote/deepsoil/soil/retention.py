"""van Genuchten-Mualem hydraulics in numpy: θ(suction), its inverse in log space, K, capacity, DUL and LL15.

Suction is ≥ 0 in cm everywhere. The inverse never computes a power of a small number: near residual water
content ψ reaches 1e12 cm and more, so it is computed as ln ψ and clipped (paper Eqs. 3 and 18).
The torch version for the loss is `training.suction`; the solver's kernel has its own tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

MINIMUM_SUCTION_CM = 1.0
MAXIMUM_SUCTION_CM = 15_000.0  # 1.5 MPa: higher suction is irrelevant for plants and for the loss
DUL_SUCTION_CM = 336.5  # 33 kPa
LL15_SUCTION_CM = 15_000.0
AIR_DRY_SUCTION_CM = 1e6
MUALEM_L = 0.5

KS, K0, L = 4, 5, 6  # of `VanGenuchten.stacked`
MINIMUM_RANGE = 0.05  # of theta_s - theta_r
MINIMUM_VG_N = 1.05


@dataclass(frozen=True)
class VanGenuchten:
    """Parameters of one or many soils: float64 arrays of one shape, indexable like an array.

    theta_r, theta_s in m³/m³; vg_alpha_per_cm in 1/cm; vg_n > 1; ks_cm_per_day in cm/day. k0_cm_per_day: matching
    point of the unsaturated conductivity (NaN: Ks); mualem_l: exponent of Se in it.
    """

    theta_r: Array
    theta_s: Array
    vg_alpha_per_cm: Array
    vg_n: Array
    ks_cm_per_day: Array
    k0_cm_per_day: Array = field(default_factory=lambda: np.array(np.nan))
    mualem_l: Array = field(default_factory=lambda: np.array(MUALEM_L))

    def __post_init__(self) -> None:
        values = list(np.broadcast_arrays(*(np.asarray(getattr(self, f.name), np.float64) for f in fields(self))))
        values[K0] = np.where(np.isnan(values[K0]), values[KS], values[K0])
        for one, value in zip(fields(self), values, strict=True):
            object.__setattr__(self, one.name, value)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.theta_r.shape

    def __len__(self) -> int:
        return len(self.theta_r)

    def arrays(self) -> Iterator[Array]:
        """The seven arrays in the order of the fields."""
        return (getattr(self, f.name) for f in fields(self))

    def __getitem__(self, index: Any) -> VanGenuchten:
        return VanGenuchten(*(a[index] for a in self.arrays()))

    def stacked(self) -> Array:
        """All parameters as one array (..., 7)."""
        return np.stack(list(self.arrays()), axis=-1)

    def is_valid(self) -> NDArray[np.bool_]:
        """Where the parameters are valid: 0 ≤ theta_r < theta_s ≤ 1, alpha and Ks positive and finite, n ≥ 1.05.

        With n closer to 1, K drops to almost 0 just below saturation and the suction of dry soil overflows.
        """
        with np.errstate(invalid="ignore"):
            finite = np.isfinite(self.stacked()).all(axis=-1)
            ordered = (self.theta_r >= 0.0) & (self.theta_r < self.theta_s) & (self.theta_s <= 1.0)
            positive = (self.vg_alpha_per_cm > 0.0) & (self.ks_cm_per_day > 0.0) & (self.k0_cm_per_day > 0.0)
            return np.asarray(finite & ordered & positive & (self.vg_n >= MINIMUM_VG_N), np.bool_)

    def bounded(self) -> VanGenuchten:
        """The same soils with theta_s - theta_r ≥ 0.05 (theta_r gives way) and n ≥ 1.05."""
        theta_r = np.minimum(self.theta_r, self.theta_s - MINIMUM_RANGE)
        return replace(self, theta_r=theta_r, vg_n=np.maximum(self.vg_n, MINIMUM_VG_N))

    def without_matching_point(self) -> VanGenuchten:
        """The same soils with Mualem's conductivity from Ks and l = 0.5."""
        return VanGenuchten(self.theta_r, self.theta_s, self.vg_alpha_per_cm, self.vg_n, self.ks_cm_per_day)


def saturation(suction_cm: ArrayLike, soil: VanGenuchten) -> Array:
    """Effective saturation Se in 0-1 at a suction in cm (≤ 0 is saturated), Eq. 11; shapes broadcast."""
    suction = np.asarray(suction_cm, np.float64)
    with np.errstate(divide="ignore", over="ignore"):
        log_term = soil.vg_n * np.log(np.maximum(suction, 0.0) * soil.vg_alpha_per_cm)
    return np.exp(-(1.0 - 1.0 / soil.vg_n) * np.logaddexp(0.0, log_term))


def theta(suction_cm: ArrayLike, soil: VanGenuchten) -> Array:
    """Water content m³/m³ at a suction in cm (Eq. 11); shapes broadcast."""
    return soil.theta_r + (soil.theta_s - soil.theta_r) * saturation(suction_cm, soil)


def suction(
    water_content: ArrayLike,
    soil: VanGenuchten,
    minimum_cm: float = MINIMUM_SUCTION_CM,
    maximum_cm: float = MAXIMUM_SUCTION_CM,
) -> Array:
    """Suction in cm at a water content, clipped to [minimum_cm, maximum_cm] (Eqs. 3 and 18, in log space).

    At or below theta_r it is the maximum, at or above theta_s the minimum; NaN stays NaN.
    """
    water = np.asarray(water_content, np.float64)
    span = soil.theta_s - soil.theta_r
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x = np.log(span / np.maximum(water - soil.theta_r, 0.0)) * soil.vg_n / (soil.vg_n - 1.0)
        # ln(e^x - 1) / n, which neither overflows when dry nor loses the precision of θs - θ when wet
        log_suction = np.where(x > 0.0, x + np.log(-np.expm1(-x)), -np.inf) / soil.vg_n - np.log(soil.vg_alpha_per_cm)
        log_suction = np.where(np.isposinf(x), np.inf, log_suction)
        result = np.exp(np.clip(log_suction, np.log(minimum_cm), np.log(maximum_cm)))
    result = np.clip(result, minimum_cm, maximum_cm)
    return np.where(np.isnan(water) | np.isnan(span), np.nan, result)


def pf(water_content: ArrayLike, soil: VanGenuchten) -> Array:
    """pF = log10 of the suction in cm, within the default bounds of `suction`."""
    return np.log10(suction(water_content, soil))


def conductivity(suction_cm: ArrayLike, soil: VanGenuchten) -> Array:
    """Hydraulic conductivity in cm/day at a suction in cm (Mualem, Eq. 12).

    Where K0 is not Ks, K0 and L describe the unsaturated soil, and K rises from them to Ks within 40 cm of saturation:
    K = K_unsaturated^(1 - R) Ks^R (Schaap and van Genuchten 2006, Vadose Zone J. 5:27, Eqs. 15 and 18).
    """
    psi = np.maximum(np.asarray(suction_cm, np.float64), 0.0)
    unsaturated = _mualem(psi, soil)
    share = np.where(soil.k0_cm_per_day == soil.ks_cm_per_day, 0.0, _macropore_share(psi))
    with np.errstate(divide="ignore"):
        return np.where(share > 0.0, unsaturated ** (1.0 - share) * soil.ks_cm_per_day**share, unsaturated)


def _macropore_share(suction_cm: Array) -> Array:
    """R of Schaap and van Genuchten (2006): 1 at saturation, 0 from 40 cm; two straight lines that meet at 4 cm."""
    far = 0.25 * (40.0 - suction_cm) / 36.0
    near = 1.0 - 0.75 * suction_cm / 4.0
    return np.where(suction_cm < 4.0, near, np.maximum(far, 0.0))


def _mualem(suction_cm: Array, soil: VanGenuchten) -> Array:
    m = 1.0 - 1.0 / soil.vg_n
    se = saturation(suction_cm, soil)
    with np.errstate(divide="ignore", over="ignore"):
        log_term = soil.vg_n * np.log(suction_cm * soil.vg_alpha_per_cm)
        # 1 - Se^(1/m) = t / (1 + t) with t = (αψ)^n; 1 - that^m without cancellation in dry soil
        log_ratio = -np.logaddexp(0.0, -log_term)
    return soil.k0_cm_per_day * se**soil.mualem_l * np.expm1(m * log_ratio) ** 2


def capacity(suction_cm: ArrayLike, soil: VanGenuchten) -> Array:
    """-dθ/dψ in 1/cm at a suction in cm; 0 where saturated."""
    m = 1.0 - 1.0 / soil.vg_n
    psi = np.asarray(suction_cm, np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log_term = soil.vg_n * np.log(np.maximum(psi, 0.0) * soil.vg_alpha_per_cm)
        filled = np.exp(-np.logaddexp(0.0, -log_term))
        slope = (soil.theta_s - soil.theta_r) * saturation(psi, soil) * m * soil.vg_n * filled / psi
    return np.where(psi > 0.0, slope, 0.0)


@dataclass(frozen=True)
class WaterLimits:
    """SAT > DUL > LL15 > AirDry in m³/m³, with the gaps that a simulator needs."""

    saturated: Array
    drained_upper_limit: Array
    lower_limit_15bar: Array
    air_dry: Array


def water_limits(
    soil: VanGenuchten, dul_suction_cm: float = DUL_SUCTION_CM, gap: float = 0.02, air_dry_gap: float = 0.005
) -> WaterLimits:
    """SAT, DUL (33 kPa), LL15 (1.5 MPa) and AirDry (1e6 cm).

    Pure sand has DUL - LL15 = 8e-5 and LL15 - theta_r = 3e-10: the order is strict, but simulators fail.
    So DUL ≤ SAT - gap, LL15 ≤ DUL - gap, AirDry ≤ LL15 - air_dry_gap, AirDry ≥ 0.
    """
    saturated = soil.theta_s
    dul = np.minimum(theta(dul_suction_cm, soil), saturated - gap)
    ll15 = np.minimum(theta(LL15_SUCTION_CM, soil), dul - gap)
    air_dry = np.maximum(np.minimum(theta(AIR_DRY_SUCTION_CM, soil), ll15 - air_dry_gap), 0.0)
    return WaterLimits(saturated, dul, ll15, air_dry)
