"""A daily course of NDVI from a few sightings: clouds refused, smooth in time, gaps filled by season. Pure.

The difference of the sightings from the NDVI that the phenology expects is a Gaussian process of time (Rasmussen and
Williams 2006, equation 2.25; for gaps in series of leaf area: Belda et al. 2020, Environmental Modelling & Software
127:104666): a level, a part that returns every year, and a part of the year itself. Near a sighting its value
counts, in a gap what the same season showed in other years, and without either the phenology.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from deepsoil.soil.climate import YEAR_DAYS

Array = NDArray[np.float64]

FEWEST_SIGHTINGS = 3
CLOUD_NDVI = 0.08
"""Bare soil has about 0.15; lower values are cloud, snow, water or a fill."""
CLOUD_DROP = 0.2
"""A value this far below the line between its neighbours is a cloud's."""
CLOUD_NEIGHBOURS_DAYS = 60

# standard deviations of NDVI: level of a place, season of a place, single year, sensor
LEVEL, SEASON, YEAR, SENSOR = 0.07, 0.10, 0.08, 0.03
MEMORY_DAYS = 20.0
SEASON_DAYS = 30.0


def without_clouds(days: NDArray[np.integer], ndvi: Array) -> NDArray[np.bool_]:
    """Which sightings (n,) are used; ``days`` ascending. Refused are missing and impossible values and sudden drops."""
    with np.errstate(invalid="ignore"):
        good = (ndvi >= CLOUD_NDVI) & (ndvi <= 1.0)
    while True:
        used = np.flatnonzero(good)
        if used.size < 3:
            return good
        t, v = days[used].astype(np.float64), ndvi[used]
        near = t[2:] - t[:-2] <= CLOUD_NEIGHBOURS_DAYS
        line = v[:-2] + (v[2:] - v[:-2]) * (t[1:-1] - t[:-2]) / np.maximum(t[2:] - t[:-2], 1.0)
        drop = np.where(near, line - v[1:-1], 0.0)
        worst = int(drop.argmax())
        if drop[worst] <= CLOUD_DROP:
            return good
        good[used[worst + 1]] = False


def daily_ndvi(days: NDArray[np.integer], ndvi: Array, expected: Array, other_years: bool = True) -> Array | None:
    """NDVI (T,) of every day, or None with fewer than three usable sightings.

    days (n,): day number of each sighting, ascending, 0 = the first day of ``expected``; it may lie outside. expected
    (T,): NDVI by the phenology; beyond its ends that of the nearest day of the same season. other_years: whether
    sightings say anything of other times than their own; not where another crop stands every year.
    """
    good = without_clouds(days, ndvi)
    if good.sum() < FEWEST_SIGHTINGS:
        return None
    seen, wanted = days[good].astype(np.float64), np.arange(expected.size, dtype=np.float64)
    difference = ndvi[good] - expected[_same_season(days[good], expected.size)]
    inner = _covariance(seen, seen, other_years) + SENSOR**2 * np.eye(seen.size)
    weights = cho_solve(cho_factor(inner), difference)
    return np.clip(expected + _covariance(wanted, seen, other_years) @ weights, 0.0, 1.0)


def _covariance(a: Array, b: Array, other_years: bool) -> Array:
    apart = a[:, None] - b[None, :]
    if not other_years:
        return np.asarray((LEVEL**2 + SEASON**2 + YEAR**2) * np.exp(-0.5 * (apart / MEMORY_DAYS) ** 2))
    width = np.sin(np.pi * SEASON_DAYS / YEAR_DAYS)
    season = np.exp(-0.5 * (np.sin(np.pi * apart / YEAR_DAYS) / width) ** 2)
    return np.asarray(LEVEL**2 + SEASON**2 * season + YEAR**2 * np.exp(-0.5 * (apart / MEMORY_DAYS) ** 2))


def _same_season(days: NDArray[np.integer], length: int) -> NDArray[np.int64]:
    """Day numbers inside 0 … length - 1 of the same season, or the end where the series is shorter than a year."""
    moved = days.astype(np.int64)
    if length > 366:
        moved = np.where(moved < 0, moved + 365 * -(moved // 365), moved)
        moved = np.where(moved >= length, moved - 365 * ((moved - length) // 365 + 1), moved)
    return np.clip(moved, 0, length - 1)
