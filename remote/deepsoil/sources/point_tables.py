"""Tables of readings at points (CSV, CSV.gz, Parquet), and daily values at points as fields on a coarse grid.

A day is a UTC day. Readings in local time are converted first: a zone with summer time ("US/Central") and a fixed
offset ("-06:00") differ, and the recipe says which one a file uses. A table of days, without times, is taken as it is:
its values are those of the day that is written, wherever that day begins.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import distance_km
from deepsoil.sources.recipe_parts import Time
from deepsoil.stations.readings import spacing
from deepsoil.store.series import Days

Spread = Literal["median", "mean", "nearest", "inverse_distance"]

_POWER = 2.0


@dataclass(frozen=True)
class TimeAxis:
    """Time in a file: the column, the zone (IANA name or fixed offset), the meaning of a stamp, and its format.

    ``stamp`` = "end": a reading belongs to the interval before its stamp, so midnight belongs to the day before.
    """

    column: str
    zone: str = "UTC"
    stamp: Literal["start", "end"] = "start"
    format: str | None = None

    @classmethod
    def of(cls, time: Time) -> TimeAxis:
        """From the settings of a recipe."""
        return cls(time.column, time.zone, time.stamp, time.format)


def read_table(path: Path, field: str) -> pd.DataFrame:
    """A CSV (also compressed) or Parquet file, unchanged. Raises DeepSoilError ``source_invalid``."""
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True, low_memory=False)
    except (ValueError, OSError, EOFError, pd.errors.ParserError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as a table: {error}.",
                            "Check that the file is whole.", field,
                            file=path.name, error=error) from error


def read_readings(path: Path, columns: Sequence[str], time: TimeAxis, field: str) -> pd.DataFrame:
    """Columns of a file as float64 over a sorted UTC index (start of each reading), without repeated times.

    Text that is not a number becomes NaN. Raises DeepSoilError ``source_invalid`` naming the file and the fault.
    """
    table = read_table(path, field)
    if time.column not in table.columns and table.index.name == time.column:
        table = table.reset_index()
    absent = [name for name in (time.column, *columns) if name not in table.columns]
    if absent:
        raise DeepSoilError("source_invalid", "{file} has no column {absent}.",
                            "It has: {columns}.", field,
                            file=path.name, absent=", ".join(map(repr, absent)),
                            columns=", ".join(map(str, table.columns)))
    index = _utc(table[time.column], time, path, field)
    values = table[list(dict.fromkeys(columns))].apply(pd.to_numeric, errors="coerce").astype(np.float64)
    values.index = index
    values = values[values.index.notna()]
    values = values[~values.index.duplicated(keep="first")].sort_index()
    if time.stamp == "end" and len(values) > 1:
        values.index = values.index - spacing(values.index)
    return values


def spread(points: Sequence[pd.Series], longitudes: NDArray[np.float64], latitudes: NDArray[np.float64],
           method: Spread, cells: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
           ) -> tuple[Days, NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Daily values at S points as fields: dates (T,), longitudes (nx,), latitudes (ny,), values (T, ny, nx).

    ``median`` and ``mean`` give one cell at the middle of the points; ``nearest`` and ``inverse_distance`` fill the
    ``cells`` = (longitudes, latitudes) from the points with data on the day.
    """
    table = pd.concat(points, axis=1).sort_index()
    table = table.reindex(pd.date_range(table.index[0], table.index[-1], freq="D"))
    days = table.index.to_numpy().astype("datetime64[D]")
    values = table.to_numpy(np.float64)
    if cells is None or method in ("median", "mean"):
        one = table.median(axis=1) if method == "median" else table.mean(axis=1)
        return (days, np.array([longitudes.mean()]), np.array([latitudes.mean()]),
                one.to_numpy(np.float32)[:, None, None])
    lon, lat = cells
    distance = np.maximum(distance_km(lon[None, :, None], lat[:, None, None], longitudes, latitudes), 0.01)
    known = np.isfinite(values)
    fields = np.full((len(days), lat.size, lon.size), np.nan, np.float32)
    for day in np.flatnonzero(known.any(axis=1)):
        here = known[day]
        if method == "nearest":
            fields[day] = values[day, here][np.argmin(distance[..., here], axis=-1)]
        else:
            weight = distance[..., here] ** -_POWER
            fields[day] = (weight @ values[day, here]) / weight.sum(axis=-1)
    return days, lon, lat, fields


def _utc(stamps: pd.Series, time: TimeAxis, path: Path, field: str) -> pd.DatetimeIndex:
    """Time stamps as UTC without zone; NaT if a local time does not exist (start of summer time). Days stay.

    If a local time occurs twice (end of summer time) the order in the file decides, else it is standard time.
    """
    with warnings.catch_warnings():  # unreadable times are handled below
        warnings.simplefilter("ignore", UserWarning)
        parsed = pd.to_datetime(stamps, format=time.format, errors="coerce")
    if parsed.isna().mean() > 0.5:
        raise DeepSoilError("source_invalid", "{file}: the column {column!r} does not hold times "
                            "(its first entry: {first}).",
                            "Give the column that does, or its format.", field,
                            file=path.name, column=time.column, first=stamps.iloc[0] if len(stamps) else "none")
    index = pd.DatetimeIndex(parsed)
    if (index.dropna() == index.dropna().normalize()).all():  # east of Greenwich midnight is the day before in UTC
        return index.tz_localize(None)
    if index.tz is not None:
        return index.tz_convert("UTC").tz_localize(None)
    try:
        if time.zone[:1] in "+-":
            return index - pd.Timedelta(f"{time.zone[0]}{time.zone[1:]}:00")
        try:
            local = index.tz_localize(time.zone, ambiguous="infer", nonexistent="NaT")
        except ValueError:  # the repeated hour occurs only once
            local = index.tz_localize(time.zone, ambiguous=np.zeros(len(index), bool), nonexistent="NaT")
        return local.tz_convert("UTC").tz_localize(None)
    except (ValueError, KeyError, OSError) as error:
        raise DeepSoilError("recipe_invalid", "{zone!r} is not a time zone.",
                            'Give a name such as "UTC" or "US/Central", or a fixed offset such as "-06:00".',
                            field,
                            zone=time.zone) from error
