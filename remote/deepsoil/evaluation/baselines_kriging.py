"""Ordinary and regression kriging of the other stations of a day. Pure.

Every station is predicted with a variogram and a trend in which its own record has no part. The weights depend only on
which stations have a value, so they are solved once for each such set and not once a day. (pykrige and gstools solve
one field at a time, and fit the variogram to the day; with a few stations that is noise. A test compares the weights
with pykrige's.)

Regression kriging: a trend of the stations' lasting differences with covariates of the place (soil, elevation, cover),
by ridge regression whose penalty is chosen by leaving one station out; ordinary kriging of what remains. With fewer
than ``FEWEST_STATIONS`` other stations, or where no trend predicts stations better than their mean, it is ordinary
kriging. Hengl et al. (2004), doi:10.1016/j.geoderma.2003.08.018.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.variogram import FEWEST_STATIONS, Variogram, fit_variogram

Values = NDArray[np.floating]
Distances = NDArray[np.float64]

NEAREST = 24
"""No more than so many of the nearest stations are used."""
_PENALTIES = np.geomspace(0.03, 30.0, 10)
_SETS_AT_ONCE = 256
_ROUNDS = 10


def ordinary_kriging(theta: Values, distance_km: Distances) -> Values:
    """θ (S, T) of each station from the others of the day; NaN where there are none."""
    return regression_kriging(theta, distance_km, np.empty((len(theta), 0)))


def regression_kriging(theta: Values, distance_km: Distances, covariates: NDArray[np.float64]) -> Values:
    """As `ordinary_kriging`, with a trend of covariates (S, P); one with NaN at a station in use is left out."""
    predicted = np.full(theta.shape, np.nan, np.float64)
    observed = theta.astype(np.float64)
    reporting = np.asarray(np.isfinite(observed).any(1))
    for station in range(len(theta)):
        order = np.argsort(distance_km[station], kind="stable")
        others = order[(order != station) & reporting[order]][:NEAREST]
        if not others.size:
            continue
        trend = _trend(observed[others], covariates[others], covariates[station])
        residuals = observed[others] - trend[:-1, None]
        among = distance_km[np.ix_(others, others)]
        variogram = fit_variogram(residuals, among)
        predicted[station] = _krige(residuals, variogram, among, distance_km[station, others]) + trend[-1]
    return predicted.astype(theta.dtype)


def weights(variogram: Variogram, among_km: Distances, to_km: Distances, present: NDArray[np.bool_]) -> Values:
    """Weights (sets, S) of ordinary kriging for sets of ``present`` stations (sets, S); each row sums to 1.

    among_km (S, S), to_km (S,). Solves [gamma 1; 1 0] [w; mu] = [gamma0; 1], absent stations taken out.
    """
    sets, count = present.shape
    gamma = variogram(among_km)
    np.fill_diagonal(gamma, 0.0)
    matrix = np.zeros((sets, count + 1, count + 1))
    both = present[:, :, None] & present[:, None, :]
    matrix[:, :count, :count] = np.where(both, gamma, 0.0)
    matrix[:, :count, count] = matrix[:, count, :count] = present
    absent = np.nonzero(~present)
    matrix[absent[0], absent[1], absent[1]] = 1.0
    right = np.concatenate([np.where(present, variogram(to_km), 0.0), np.ones((sets, 1))], 1)
    return np.linalg.solve(matrix, right[:, :, None])[:, :count, 0]


def _krige(values: Values, variogram: Variogram, among_km: Distances, to_km: Distances) -> Values:
    """Values (T,) at a place from stations (S, T)."""
    predicted = np.full(values.shape[1], np.nan)
    known = np.isfinite(values)
    some = np.flatnonzero(known.any(0))
    if not some.size:
        return predicted
    present, which = np.unique(known[:, some].T, axis=0, return_inverse=True)
    solved = np.concatenate([weights(variogram, among_km, to_km, present[first:first + _SETS_AT_ONCE])
                             for first in range(0, len(present), _SETS_AT_ONCE)])
    predicted[some] = (solved[which.ravel()].T * np.where(known, values, 0.0)[:, some]).sum(0)
    return predicted


def _trend(theta: Values, covariates: NDArray[np.float64], here: NDArray[np.float64]) -> Values:
    """What the covariates say of each station's lasting difference from the others (S,), and of the place ``here``
    last (S + 1,); zeros where they say nothing."""
    none = np.zeros(len(theta) + 1)
    every = np.vstack([covariates, here])
    use = np.asarray(np.isfinite(every).all(0))
    use[use] &= covariates[:, use].std(0) > 0
    if len(theta) < FEWEST_STATIONS or not use.any():
        return none
    middle, spread = covariates[:, use].mean(0), covariates[:, use].std(0)
    # A place far outside what the stations span gets no more than twice their spread.
    x = np.clip((every[:, use] - middle) / spread, -2.0, 2.0)
    level = _levels(theta)
    y = level - level.mean()
    best, coefficients = float(np.square(y * len(y) / (len(y) - 1)).sum()), np.zeros(x.shape[1])
    inside = x[:-1] - x[:-1].mean(0)
    for penalty in _PENALTIES * len(y):
        inverse = np.linalg.inv(inside.T @ inside + penalty * np.eye(inside.shape[1]))
        hat = inside @ inverse @ inside.T + 1.0 / len(y)
        left_out = (y - hat @ y) / (1.0 - np.diag(hat))
        error = float(np.square(left_out).sum())
        if error < best:
            best, coefficients = error, inverse @ inside.T @ y
    return np.asarray((x - x[:-1].mean(0)) @ coefficients)


def _levels(theta: Values) -> Values:
    """Each station's lasting difference (S,): θ = level of the station + state of the day, by least squares."""
    known = np.isfinite(theta)
    values = np.where(known, theta, 0.0)
    level = np.zeros(len(theta))
    for _ in range(_ROUNDS):
        day = (values - known * level[:, None]).sum(0) / np.maximum(known.sum(0), 1)
        level = (values - known * day).sum(1) / np.maximum(known.sum(1), 1)
        level -= level.mean()
    return level
