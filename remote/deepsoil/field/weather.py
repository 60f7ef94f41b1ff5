"""The daily weather of the simulated field: interpolated to positions, as the networks' input is.

One series for a position instead of one for each of the four cells around it: a field of some hundred metres then
costs a quarter of the columns. Between cells the rain of a storm is smoothed by that, as it is for the networks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.short_gaps import LONGEST_GAP_DAYS, fill_short_gaps
from deepsoil.inputs.upsample import neighbours
from deepsoil.soil.forcing import Forcing
from deepsoil.store.series import CoarseSeries, Days

if TYPE_CHECKING:
    from deepsoil.store.store import Store

NEEDED = ("precipitation", "pet", "temperature")

Array = NDArray[np.float64]


def weather_at(store: Store, longitudes: Array, latitudes: Array, first: np.datetime64, last: np.datetime64,
               ) -> tuple[Days, Forcing]:
    """Days (T,) from ``first``, or from the first day with weather where that is later, to ``last``; forcing (P, T).

    Gaps of up to 3 days are filled: temperature and reference evapotranspiration linearly, no rain. Raises
    ``channel_missing``, ``no_weather`` (``last`` is not covered) and ``weather_gap``.
    """
    lacking = [name for name in NEEDED if name not in store.channels()]
    if lacking:
        raise DeepSoilError("channel_missing", "The region {title!r} has no {lacking}, which the simulation of soil "
                            "columns needs.", "Add it to the recipe and ingest again.", "region",
                            title=store.title, lacking=" and no ".join(lacking))
    series = [store.coarse(name) for name in NEEDED]
    begin, end = max(one.dates[0] for one in series), min(one.dates[-1] for one in series)
    if not begin <= last <= end:
        raise no_weather(store.title, last, begin, end)
    dates = np.arange(max(first, begin), last + 1)
    values = []
    for name, one in zip(NEEDED, series, strict=True):
        start = int((dates[0] - one.dates[0]).astype(int))
        daily = _interpolated(one, slice(start, start + dates.size), longitudes, latitudes)
        values.append(_without_gaps(name, daily, dates, store.title))
    return dates, Forcing(*values)


def no_weather(title: str, day: np.datetime64, first: np.datetime64, last: np.datetime64) -> DeepSoilError:
    """Of a day that is not from ``first`` to ``last``, the days with weather."""
    return DeepSoilError("no_weather", "The region {title!r} has no weather for {day}.",
                         "Its weather covers {first} to {last}.", "dates", title=title, day=day, first=first, last=last)


def last_day(store: Store) -> np.datetime64:
    """The last with all the weather that is needed."""
    return min(store.coarse(name).dates[-1] for name in NEEDED)


def _interpolated(series: CoarseSeries, days: slice, longitudes: Array, latitudes: Array) -> Array:
    """(P, T) bilinear; a cell without a value has no weight."""
    column, right = neighbours(series.longitudes, longitudes)
    row, lower = neighbours(series.latitudes, latitudes)
    total, weight = np.zeros((2, longitudes.size, days.stop - days.start))
    for down, by_row in ((0, 1 - lower), (1, lower)):
        for across, by_column in ((0, 1 - right), (1, right)):
            share = (by_row * by_column)[:, None]
            if not share.any():
                continue
            found = series.values[days, np.minimum(row + down, len(series.latitudes) - 1),
                                  np.minimum(column + across, len(series.longitudes) - 1)].T.astype(np.float64)
            known = np.isfinite(found)
            total += share * np.where(known, found, 0.0)
            weight += share * known
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(weight > 0, total / weight, np.nan))


def _without_gaps(name: str, values: Array, dates: Days, title: str) -> Array:
    filled = fill_short_gaps(name, values.T, edges=True)[0].T
    for missing in np.isnan(filled[np.isnan(filled).any(axis=1)]):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(np.int8)))
        gap = int((edges[1::2] - edges[::2]).argmax())
        raise DeepSoilError("weather_gap", "The region {title!r} has no {channel} from {first} to {last}; a gap of "
                            "more than {longest} days cannot be filled.", "Complete the weather of the region, or "
                            "choose a later date: the simulation begins {history} days before it.", "dates",
                            title=title, channel=name, first=dates[edges[::2][gap]],
                            last=dates[edges[1::2][gap] - 1], longest=LONGEST_GAP_DAYS, history=HISTORY_DAYS)
    return np.ascontiguousarray(filled)


HISTORY_DAYS = 365
"""Simulated before the first day that is asked for, after a spin-up of a year more."""
