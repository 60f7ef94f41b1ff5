"""Baselines from the other stations of a day, by distance. Pure.

Observations are θ (S, T), NaN missing; ``distance_km`` is (S, S). A station is never predicted from itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]
Distances = NDArray[np.float64]

POWER = 2.0
CLOSEST_KM = 0.001
"""Sensors closer than this weigh as if they were so far apart: two in one pit have no distance."""


def nearest_station(theta: Values, distance_km: Distances) -> Values:
    """The nearest other station that has a value on the day."""
    predicted = np.full_like(theta, np.nan)
    for station in range(len(theta)):
        for other in np.argsort(distance_km[station], kind="stable"):
            if other != station:
                free = np.isnan(predicted[station])
                predicted[station, free] = theta[other, free]
    return predicted


def inverse_distance(theta: Values, distance_km: Distances, power: float = POWER) -> Values:
    """Mean of the other stations of the day, weighted by distance to the minus ``power`` (Shepard 1968)."""
    weights = np.maximum(distance_km, CLOSEST_KM) ** -power
    np.fill_diagonal(weights, 0.0)
    known = np.isfinite(theta)
    sums = weights @ np.where(known, theta, 0.0)
    total = weights @ known
    return np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0).astype(theta.dtype)


def week_and_change(theta: Values, lag_days: int) -> Values:
    """θ(t - lag) of the station, plus the mean change since then of the other stations that have both days."""
    predicted = np.full_like(theta, np.nan)
    change = theta[:, lag_days:] - theta[:, :-lag_days]
    known = np.isfinite(change)
    values = np.where(known, change, 0.0)
    others = known.sum(0) - known
    mean = np.divide(values.sum(0) - values, others, out=np.full(values.shape, np.nan), where=others > 0)
    predicted[:, lag_days:] = theta[:, :-lag_days] + mean
    return predicted
