"""The formulas of every computed channel, the same for training and for prediction. Pure.

Prediction (``weather_fields``, ``stack``) applies them to the fields and maps of a store, training
(``training.patches``) to the site that it has drawn. Terrain and the memory of the weather have separate files;
they are part of this list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.inputs.slope import northness, slope_aspect
from deepsoil.inputs.water_memory import memory

Array = NDArray[np.float32]

DAYS_A_YEAR = 365.25
CALENDAR: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {"season_sin": np.sin, "season_cos": np.cos}
"""Calendar channel → function of the angle of the day in the year."""


@dataclass(frozen=True)
class RunningSums:
    """Daily values with their sums over time, so that any window of days costs one subtraction.

    sums (T + 1, …) float64 with missing days as 0; gaps (T + 1, …) int32 counts the missing days.
    """

    sums: NDArray[np.float64]
    gaps: NDArray[np.int32]

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> RunningSums:
        """From daily values (T, …), NaN missing."""
        missing = np.isnan(values)
        before = ((1, 0), *((0, 0),) * (values.ndim - 1))
        sums = np.pad(np.cumsum(np.where(missing, 0.0, values), axis=0, dtype=np.float64), before)
        return cls(sums, np.pad(np.cumsum(missing, axis=0, dtype=np.int32), before))

    def total(self, last: int, days: int) -> Array:
        """Sum (…) of the ``days`` days that end with day number ``last``; NaN if one of them is missing."""
        total = self.sums[last + 1] - self.sums[last + 1 - days]
        return np.where(self.gaps[last + 1] > self.gaps[last + 1 - days], np.nan, total).astype(np.float32)

    def totals(self, days: int) -> Array:
        """``total`` of every day (T, …); NaN for the first ones, whose window begins before the series."""
        totals = np.full((len(self.sums) - 1, *self.sums.shape[1:]), np.nan, np.float32)
        if len(totals) >= days:
            whole = self.gaps[days:] == self.gaps[:-days]
            totals[days - 1:] = np.where(whole, self.sums[days:] - self.sums[:-days], np.nan)
        return totals


def difference(sums: Sequence[Array]) -> Array:
    """The value of a ``sum`` channel from the sums of its sources: the only one, or the first minus the second."""
    return sums[0] if len(sums) == 1 else sums[0] - sums[1]


def season(channel: str, day_of_year: int | NDArray[np.integer]) -> Array:
    """A calendar channel on days of the year (1 = first of January), any shape."""
    angle = 2.0 * math.pi * np.asarray(day_of_year, np.float64) / DAYS_A_YEAR
    return CALENDAR[channel](angle).astype(np.float32)


def day_of_year(dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """1 on the first of January; of dates (T,)."""
    days = dates.astype("datetime64[D]")
    return (days - days.astype("datetime64[Y]")).astype(np.int64) + 1


def weather_features(daily: Mapping[str, Array], dates: NDArray[np.datetime64]) -> dict[str, Array]:
    """Every channel computed from the weather of one site: each (T,), NaN where unknown.

    ``daily`` has coarse channels (T,) in their units, without gaps in ``dates`` (T,). ValueError for less than the one
    year that the memory needs.
    """
    features = dict(daily)
    sums = {name: RunningSums.of(values) for name, values in daily.items()}
    for channel in CHANNELS.values():
        if channel.kind == "sum" and set(channel.sources) <= set(daily):
            features[channel.name] = difference([sums[name].totals(channel.days) for name in channel.sources])
        elif channel.kind == "calendar":
            features[channel.name] = season(channel.name, day_of_year(dates))
    past = memory(*(daily[name][:, None] for name in ("precipitation", "pet", "temperature")))
    return features | {name: values[:, 0] for name, values in past.items()}


def terrain_features(elevation: Array, ground_m: NDArray[np.float64] | float) -> dict[str, Array]:
    """Slope and aspect in degrees and northness of elevations (…, H, W) in m; see ``slope``."""
    slope, aspect = slope_aspect(elevation, ground_m)
    return {"slope": slope, "aspect": aspect, "northness": northness(slope, aspect)}


def class_lookup(channel: str) -> Array:
    """(256,) value of a ``class`` channel for every code of its map: 1, 0, or NaN for code 0, which means missing."""
    shown = np.zeros(256, np.float32)
    shown[list(CHANNELS[channel].codes)] = 1.0
    shown[0] = np.nan
    return shown
