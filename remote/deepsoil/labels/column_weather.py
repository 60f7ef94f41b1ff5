"""The weather of a store for the soil columns: one grid, one calendar, short gaps filled, long ones refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.features import day_of_year
from deepsoil.inputs.short_gaps import LONGEST_GAP_DAYS, fill_short_gaps
from deepsoil.inputs.upsample import weights
from deepsoil.soil.forcing import Forcing
from deepsoil.store.series import CoarseSeries, Days
from deepsoil.store.store import Store

NEEDED = ("precipitation", "pet", "temperature")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ColumnWeather:
    """Weather of the F cells with data, out of ny × nx cells in row order.

    dates (T,); longitudes (nx,), latitudes (ny,) cell centres; forcing (F, T); row_of_cell (ny * nx,) row of
    ``forcing``, -1 for a cell without weather; filled: cell-days of each channel that were filled.
    """

    dates: Days
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    forcing: Forcing
    row_of_cell: NDArray[np.int32]
    filled: dict[str, int]

    @property
    def day_of_year(self) -> NDArray[np.int64]:
        return day_of_year(self.dates)

    @property
    def latitude_of_row(self) -> NDArray[np.float64]:
        """Latitude (F,) of the cell of each row of ``forcing``."""
        cells = np.flatnonzero(self.row_of_cell >= 0)
        return self.latitudes[cells // self.longitudes.size]


def read_weather(store: Store) -> ColumnWeather:
    """The weather of the days that all needed channels cover, on the grid of precipitation.

    A cell that has no value of a channel on any day has no weather. Raises ``channel_missing``, ``no_weather`` (no
    common day, or no cell with weather), ``weather_gap`` (a gap of more than 3 days; channel, cell and dates named)
    and ``bad_weather`` (impossible values).
    """
    lacking = [name for name in NEEDED if name not in store.channels()]
    if lacking:
        raise DeepSoilError("channel_missing", "The region {title!r} has no {lacking}, which the "
                            "simulation of soil columns needs.", "Add it to the recipe and ingest again.", "region",
                            title=store.title, lacking=' and no '.join(lacking))
    series = {name: store.coarse(name) for name in NEEDED}
    grid = series["precipitation"]
    periods = [_covered(one) for one in series.values()]
    first, last = max(begin for begin, _ in periods), min(end for _, end in periods)
    if first > last:
        raise DeepSoilError("no_weather", "The weather channels of the region {title!r} have no day in common.",
                            "Check the dates of their sources.", "region",
                            title=store.title)
    dates = np.arange(first, last + 1)
    values, filled = {}, {}
    has_weather = np.ones(grid.latitudes.size * grid.longitudes.size, bool)
    for name, one in series.items():
        start = int((first - one.dates[0]).astype(int))
        days = one.values[start:start + dates.size].astype(np.float64)
        known, filled[name] = _without_gaps(name, days, one, dates)
        known = _on_grid(known, one, grid)
        values[name] = known.reshape(dates.size, -1).T
        has_weather &= np.isfinite(values[name]).all(axis=1)
    if not has_weather.any():
        raise DeepSoilError("no_weather", "No weather cell of the region {title!r} has {needed}.",
                            "Check the sources of its weather.", "region",
                            title=store.title, needed=', '.join(NEEDED))
    rows = np.full(has_weather.size, -1, np.int32)
    rows[has_weather] = np.arange(has_weather.sum())
    return ColumnWeather(dates, grid.longitudes, grid.latitudes, _forcing(values, has_weather, dates), rows, filled)


def _covered(series: CoarseSeries) -> tuple[np.datetime64, np.datetime64]:
    """First and last day with any value that was observed: labels rest on no forecast."""
    days = series.dates[series.real()]
    if not days.size:
        return series.dates[-1], series.dates[0] - 1
    return days[0], days[-1]


def _without_gaps(name: str, values: Array, series: CoarseSeries, dates: Days) -> tuple[Array, int]:
    """Values (T, ny, nx) with short gaps filled, and their number; a cell without any value remains NaN."""
    missing = np.isnan(values)
    holes = (missing & ~missing.all(axis=0)).reshape(len(values), -1)
    for cell in np.flatnonzero(holes.any(axis=0)):
        _refuse_long(name, ~holes[:, cell], int(cell), series, dates)
    values, filled = fill_short_gaps(name, values, edges=True)
    return values, int(filled.sum())


def _refuse_long(name: str, known: NDArray[np.bool_], cell: int, series: CoarseSeries, dates: Days) -> None:
    """DeepSoilError ``weather_gap`` for the first run of more than ``LONGEST_GAP_DAYS`` unknown days."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~known, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    long = np.flatnonzero(ends - starts > LONGEST_GAP_DAYS)
    if not long.size:
        return
    row, column = divmod(cell, series.longitudes.size)
    begin, end = dates[starts[long[0]]], dates[ends[long[0]] - 1]
    raise DeepSoilError(
        "weather_gap", "{channel} has {gaps} of more than {longest_gap_days} days in the weather cell at "
        "{longitude:.3f}, {latitude:.3f}. The first is {days} days long, from {first} to {last}.",
        "Only gaps of up to {longest_gap_days} days are filled. Add another source to the recipe, or shorten its "
        "dates, and ingest again.", "region",
        channel=CHANNELS[name].title, gaps=f"{long.size} gaps" if long.size > 1 else "a gap",
        longitude=float(series.longitudes[column]), latitude=float(series.latitudes[row]),
        days=int((end - begin).astype(int)) + 1, first=begin, last=end,
        longest_gap_days=LONGEST_GAP_DAYS)


def _on_grid(values: Array, have: CoarseSeries, want: CoarseSeries) -> Array:
    """Fields (T, ny, nx) on another grid, bilinear; a cell without values gives its weight to its neighbours."""
    if have.same_grid(want):
        return values
    rows, columns = weights(have.latitudes, want.latitudes), weights(have.longitudes, want.longitudes)
    known = np.isfinite(values)
    share = rows @ known.astype(np.float64) @ columns.T
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(share > 0, rows @ np.where(known, values, 0.0) @ columns.T / share, np.nan))


def _forcing(values: dict[str, Array], has_weather: NDArray[np.bool_], dates: Days) -> Forcing:
    try:
        return Forcing(*(values[name][has_weather] for name in NEEDED))
    except DeepSoilError as error:
        raise DeepSoilError(error.code, "{message_text}", "{hint_text} Day 1 is {dates}; weather series are the "
                            "cells with weather, row by row from the north-west.", "region",
                            message_text=error.message, hint_text=error.hint, dates=dates[0]) from error
