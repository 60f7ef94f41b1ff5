"""The true soil curves of the sample region: as far from the pedotransfer as measured ones are. No I/O.

Sizes are those of 288 samples of the Oklahoma MesoSoil data base (Scott et al. 2013) against Rosetta 3 by texture:
water content at 33 kPa, at 1500 kPa and at saturation, and the logarithm of the saturated conductivity, mean and
standard deviation. The curves themselves are SWIM3's splines, not van Genuchten's.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy.optimize import brentq

from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta

# Of θ at 33 kPa, θ at 1500 kPa, θ at saturation (m³/m³), log10 of Ks.
_MEAN = np.array([-0.042, -0.015, -0.035, 0.0])
_SPREAD = np.array([0.045, 0.036, 0.037, 0.55])
_CORRELATION = np.array([[1.0, 0.69, -0.14, 0.0], [0.69, 1.0, -0.33, 0.0], [-0.14, -0.33, 1.0, 0.0],
                         [0.0, 0.0, 0.0, 1.0]])
_LEAST_RANGE = 0.03         # between 1500 kPa, 33 kPa and saturation
_LEAST_WILTING = 0.015
_RESIDUAL_SHARE = 0.5       # of θ at 1500 kPa, at most
_N_RANGE = (1.02, 6.0)


def true_soils(guess: VanGenuchten, size: float, rng: Generator) -> VanGenuchten:
    """Curves (N,) that differ from a pedotransfer's as measured ones do, ``size`` times as much.

    Each goes through the drawn water contents at 33 kPa (330 cm), 1500 kPa and saturation.
    """
    factor = np.linalg.cholesky(_CORRELATION)
    draws = size * (_MEAN + _SPREAD * (rng.standard_normal((guess.shape[0], 4)) @ factor.T))
    wilting = np.maximum(theta(LL15_SUCTION_CM, guess) + draws[:, 1], _LEAST_WILTING)
    capacity = np.maximum(theta(DUL_SUCTION_CM, guess) + draws[:, 0], wilting + _LEAST_RANGE)
    saturated = np.maximum(guess.theta_s + draws[:, 2], capacity + _LEAST_RANGE)
    residual = np.minimum(guess.theta_r, _RESIDUAL_SHARE * wilting)
    n, alpha = np.array([_through(*row) for row in zip(residual, saturated, capacity, wilting, strict=True)]).T
    return VanGenuchten(residual, saturated, alpha, n, guess.ks_cm_per_day * 10 ** draws[:, 3],
                        guess.k0_cm_per_day, guess.mualem_l)


def _through(residual: float, saturated: float, capacity: float, wilting: float) -> tuple[float, float]:
    """(n, alpha in 1/cm) of the curve through θ at 33 kPa and, as nearly as the range of n allows, at 1500 kPa."""
    wet, dry = ((value - residual) / (saturated - residual) for value in (capacity, wilting))

    def alpha(n: float) -> float:
        return float((wet ** (-1 / (1 - 1 / n)) - 1) ** (1 / n) / DUL_SUCTION_CM)

    def excess(n: float) -> float:
        return float((1 + (alpha(n) * LL15_SUCTION_CM) ** n) ** -(1 - 1 / n) - dry)

    low, high = _N_RANGE
    if excess(low) * excess(high) > 0:
        n = low if abs(excess(low)) < abs(excess(high)) else high
    else:
        n = float(brentq(excess, low, high))
    return n, alpha(n)


