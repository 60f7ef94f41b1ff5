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

BLOCK_DAYS = 16
"""With a lag, so many days rest on the same sightings."""

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


def daily_ndvi(days: NDArray[np.integer], ndvi: Array, expected: Array, other_years: bool = True,
               lag_days: int | None = None) -> Array | None:
    """NDVI (T,) of every day, or None with fewer than three usable sightings.

    days (n,): day number of each sighting, ascending, 0 = the first day of ``expected``; it may lie outside. expected
    (T,): NDVI by the phenology; beyond its ends that of the nearest day of the same season. other_years: whether
    sightings say anything of other times than their own; not where another crop stands every year. lag_days: a day
    knows the sightings of so many days after it (and of its block of `BLOCK_DAYS`), NaN where those are too few; all
    sightings if omitted.
    """
    covariance = _covariance(days.astype(np.float64), days.astype(np.float64), other_years)
    found = np.full(expected.size, np.nan)
    block = expected.size if lag_days is None else BLOCK_DAYS
    for begin in range(0, expected.size, block):
        wanted = np.arange(begin, min(begin + block, expected.size))
        known = days if lag_days is None else days[days < begin + block + lag_days]
        good = np.flatnonzero(without_clouds(known, ndvi[:known.size]))
        if good.size < FEWEST_SIGHTINGS:
            continue
        difference = ndvi[good] - expected[_same_season(days[good], expected.size)]
        weights = cho_solve(cho_factor(covariance[np.ix_(good, good)] + SENSOR**2 * np.eye(good.size)), difference)
        shared = _covariance(wanted.astype(np.float64), days[good].astype(np.float64), other_years)
        # not by BLAS: the last bits of a day must not depend on how many days there are
        found[wanted] = np.clip(expected[wanted] + np.einsum("ts,s->t", shared, weights), 0.0, 1.0)
    return found if np.isfinite(found).any() else None


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
