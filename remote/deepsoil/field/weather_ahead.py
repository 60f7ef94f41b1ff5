"""The weather of the days after a date: what the region has of them, and after that what is usual and no rain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.weather import NEEDED, last_day, weather_at
from deepsoil.soil.forcing import Forcing

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]

_YEAR_DAYS = 365.2425
_AROUND_DAYS = 7
_RECENT_DAYS = 14


@dataclass(frozen=True)
class WeatherAhead:
    """forcing (P, T); the first ``known`` days are those of the region, the others are usual, without rain."""

    forcing: Forcing
    known: int


def weather_ahead(store: Store, longitudes: Array, latitudes: Array, day: np.datetime64, days: int) -> WeatherAhead:
    """The ``days`` after ``day`` at positions in degrees (P,).

    Raises what `weather_at` raises.
    """
    known = int(np.clip((last_day(store) - day).astype(int), 0, days))
    parts = [weather_at(store, longitudes, latitudes, day + 1, day + known)[1]] if known else []
    if known < days:
        first = max(store.coarse(name).dates[0] for name in NEEDED)
        dates, past = weather_at(store, longitudes, latitudes, first, day)
        parts.append(usual(past, dates, day + np.arange(known + 1, days + 1)))
    return WeatherAhead(Forcing(*(np.concatenate([getattr(part, name) for part in parts], axis=1)
                                  for name in NEEDED)), known)


def usual(past: Forcing, dates: NDArray[np.datetime64], ahead: NDArray[np.datetime64]) -> Forcing:
    """Of the days ``ahead`` (T,): the mean evapotranspiration and temperature of these days of the year in the
    ``past`` (P, n) of ``dates`` (n,), a week to either side; of the last two weeks where there is no such. No rain.
    """
    def mean(values: Array) -> Array:
        return np.stack([values[:, some].mean(axis=1) for some in chosen], axis=1)

    since = (ahead[:, None] - dates[None, :]).astype(int)
    apart = np.abs((since + _YEAR_DAYS / 2) % _YEAR_DAYS - _YEAR_DAYS / 2)
    seasons = (apart <= _AROUND_DAYS) & (since > _YEAR_DAYS / 2)
    recent = np.arange(dates.size) >= dates.size - _RECENT_DAYS
    chosen = [season if season.any() else recent for season in seasons]
    return Forcing(np.zeros((len(past.pet), ahead.size)), mean(past.pet), mean(past.temperature))
