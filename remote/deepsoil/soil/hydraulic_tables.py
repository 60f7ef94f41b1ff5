"""Hydraulic functions as tables for the solver: θ, K, matric flux potential and suction over a transformed suction.

The solver's unknown is u with suction = S0·sinh(u) for u ≥ 0 (logarithmic when dry, linear when wet, after Ross
1990) and pressure = -S0·u for u < 0 (saturated). Each function is a cubic Hermite polynomial per cell of u, built
from exact values and slopes, so a lookup costs a few multiplications, its derivative is that of the same
polynomial, and any retention model can be used. Relative error of the cubics: below 1e-6.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil import retention
from deepsoil.soil.retention import VanGenuchten

Array = NDArray[np.float64]

S0_CM = 0.5
SMOOTHED_BELOW_CM = 1.0
MAXIMUM_SUCTION_CM = 1e6
CELLS = 256
U_MAXIMUM = float(np.arcsinh(MAXIMUM_SUCTION_CM / S0_CM))
CELLS_PER_U = CELLS / U_MAXIMUM
LEAST_FALL = 1e-7
"""Of θ, m³/m³ for each u: a steep curve (n > 5) is at its residual water to the last digit, and its suction would have
no say in the balance. Water that is held there by adsorption falls with the logarithm of suction too, by far more
(Fayer and Simmons 1995, Water Resour. Res. 31:1233)."""


class Hydraulics(Protocol):
    """Hydraulic functions of M soils; each takes suctions (S,) in cm and returns (M, S)."""

    def theta(self, suction_cm: Array) -> Array: ...

    def conductivity(self, suction_cm: Array) -> Array: ...


class VanGenuchtenHydraulics:
    """`Hydraulics` of van Genuchten-Mualem soils (M,)."""

    def __init__(self, soils: VanGenuchten) -> None:
        self._soils = soils[:, None]

    def theta(self, suction_cm: Array) -> Array:
        return retention.theta(suction_cm, self._soils)

    def conductivity(self, suction_cm: Array) -> Array:
        return retention.conductivity(suction_cm, self._soils)


def _slopes(values: Array, step: float) -> Array:
    """Slopes of fourth order at the nodes, limited so that the cubics stay monotone (Fritsch and Carlson)."""
    slopes = np.empty_like(values)
    slopes[:, 2:-2] = (8.0 * (values[:, 3:-1] - values[:, 1:-3]) - (values[:, 4:] - values[:, :-4])) / (12.0 * step)
    secant = np.diff(values, axis=1) / step
    slopes[:, 1], slopes[:, -2] = (values[:, 2] - values[:, 0]) / (2 * step), secant[:, -1]
    slopes[:, 0], slopes[:, -1] = secant[:, 0], secant[:, -1]
    left = np.concatenate([secant[:, :1], secant], axis=1)
    right = np.concatenate([secant, secant[:, -1:]], axis=1)
    limit = 3.0 * np.minimum(np.abs(left), np.abs(right))
    return np.clip(slopes, -limit, limit)


def _cubics(values: Array, slopes: Array, step: float) -> Array:
    """Coefficients c0..c3 in the cell's own coordinate t in 0-1, shape (M, cells, 4)."""
    a, b = values[:, :-1], values[:, 1:]
    p, q = slopes[:, :-1] * step, slopes[:, 1:] * step
    return np.stack([a, p, 3.0 * (b - a) - 2.0 * p - q, 2.0 * (a - b) + p + q], axis=-1)


def _smooth_conductivity(hydraulics: Hydraulics, suction_cm: Array) -> Array:
    """K (M, S), below 1 cm of suction a cubic that leaves Ks with slope 0.

    For n < 2 van Genuchten-Mualem K falls from Ks with infinite slope: clays lose half of it within 0.1 mm. That is
    an artefact of the formula (Vogel et al. 2001), and no scheme converges across it; water content is not touched.
    """
    edge = SMOOTHED_BELOW_CM
    saturated, low, at_edge, high = hydraulics.conductivity(np.array([0.0, 0.999 * edge, edge, 1.001 * edge])).T
    slope = np.maximum((high - low) / 0.002, 3.0 * (at_edge - saturated))  # times the edge; both ≤ 0
    t = np.minimum(suction_cm / edge, 1.0)
    rise, tail = t * t * (3.0 - 2.0 * t), t * t * (t - 1.0)
    cubic = saturated[:, None] + (at_edge - saturated)[:, None] * rise + slope[:, None] * tail
    return np.where(suction_cm < edge, cubic, hydraulics.conductivity(suction_cm))


def build_tables(hydraulics: Hydraulics) -> Array:
    """Tables of all soils, shape (M, CELLS, 4, 4), C-contiguous: coefficients 0-3 of the cubics in every cell.

    Last axis: θ (m³/m³), K (cm/day), matric flux potential φ (cm²/day), suction (cm).

    φ(u) is the integral of K over the potential from MAXIMUM_SUCTION_CM, by Gauss-Legendre in every cell.
    """
    u = np.linspace(0.0, U_MAXIMUM, CELLS + 1)
    step = u[1]
    points, weights = np.polynomial.legendre.leggauss(5)
    inner = u[:-1, None] + 0.5 * step * (points + 1.0)
    k_inner = _smooth_conductivity(hydraulics, (S0_CM * np.sinh(inner)).ravel())
    k_inner = k_inner.reshape(len(k_inner), *inner.shape)
    integrals = 0.5 * step * (k_inner * (S0_CM * np.cosh(inner)) * weights).sum(axis=-1)
    phi = np.zeros((len(k_inner), CELLS + 1))
    phi[:, :-1] = np.cumsum(integrals[:, ::-1], axis=1)[:, ::-1]

    suction = S0_CM * np.sinh(u)
    water, k = hydraulics.theta(suction) - LEAST_FALL * u, _smooth_conductivity(hydraulics, suction)
    phi_slopes = -k * (S0_CM * np.cosh(u))
    suctions = np.broadcast_to(suction, water.shape)
    suction_slopes = np.broadcast_to(S0_CM * np.cosh(u), water.shape)
    parts = [
        _cubics(water, _slopes(water, step), step),
        _cubics(k, _slopes(k, step), step),
        _cubics(phi, phi_slopes, step),
        _cubics(suctions, suction_slopes, step),
    ]
    return np.ascontiguousarray(np.stack(parts, axis=-1))


def to_u(suction_cm: Array | float) -> Array:
    """Transformed suction of a suction in cm (negative: pressure)."""
    s = np.asarray(suction_cm, np.float64)
    return np.where(s > 0.0, np.arcsinh(np.maximum(s, 0.0) / S0_CM), s / S0_CM)
