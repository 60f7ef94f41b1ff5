"""The variogram of a few stations, pooled over days. Pure.

With two to ten stations the pairs of one day say nothing about a variogram. So the half mean square of the differences
of each pair is taken over all days that both stations have (the geometry is the same every day), and one exponential
model is fitted to these, by non-negative least squares weighted with the number of days:

    gamma(h) = nugget + sill (1 - exp(-h / range))

Cressie (1993), Statistics for Spatial Data, sections 2.4 and 2.6; pooling over times: Sterk & Stein (1997), Soil Sci.
Soc. Am. J. 61, 232-239. Where fewer than ``FEWEST_STATIONS`` stations have pairs, or differences do
not grow with distance, all is nugget: every station counts alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Values = NDArray[np.floating]
Distances = NDArray[np.float64]

FEWEST_STATIONS = 4
_RANGES = 25
_LEAST_NUGGET = 0.01  # share of the whole; keeps the equations solvable for two sensors at one place


@dataclass(frozen=True)
class Variogram:
    """nugget and sill in (m³/m³)², range_km (the e-folding distance); ``sill`` 0: no dependence on distance."""

    nugget: float
    sill: float
    range_km: float

    def __call__(self, distance_km: Distances) -> Distances:
        """gamma of distances; 0 at the distance 0 of a station from itself is the caller's matter."""
        return np.asarray(self.nugget + self.sill * -np.expm1(-distance_km / self.range_km))


PURE_NUGGET = Variogram(1.0, 0.0, 1.0)


def fit_variogram(theta: Values, distance_km: Distances) -> Variogram:
    """The variogram of stations θ (S, T) at distances (S, S); ``PURE_NUGGET`` where none can be told."""
    first, second = np.triu_indices(len(theta), 1)
    difference = theta[first] - theta[second]
    days = np.isfinite(difference).sum(1)
    there = days > 0
    if np.unique(np.concatenate([first[there], second[there]])).size < FEWEST_STATIONS:
        return PURE_NUGGET
    half = np.nansum(difference[there].astype(np.float64) ** 2, axis=1) / (2 * days[there])
    h, weight = distance_km[first[there], second[there]], np.sqrt(days[there])
    apart = h[h > 0]
    if not apart.size or half.max() <= 0:
        return PURE_NUGGET
    best, error = PURE_NUGGET, np.inf
    for range_km in np.geomspace(apart.min() / 3, apart.max(), _RANGES):
        design = np.column_stack([np.ones(h.size), -np.expm1(-h / range_km)])
        (nugget, sill), misfit = nnls(design * weight[:, None], half * weight)
        if misfit < error and sill > 0:
            best, error = Variogram(max(float(nugget), _LEAST_NUGGET * float(nugget + sill)), float(sill),
                                    float(range_km)), misfit
    flat = np.sqrt((weight**2 * (half - np.average(half, weights=weight**2)) ** 2).sum())
    return best if error < flat else PURE_NUGGET
