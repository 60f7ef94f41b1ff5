"""The weather of the next days, hour by hour in UTC: the file of one issue, and its days as another source has them.

A file is NetCDF: ``hour`` (T, hours since 1970-01-01, the beginning of each, consecutive), ``lat``, ``lon``; in the
hour's unit ``precipitation`` (mm of the hour), ``temperature`` (degC), ``vpd`` (kPa) and, where the outlook has it,
``pet`` (mm of the hour, grass); the attribute ``issued`` (ISO, UTC). Hours, not days, because days end at different
hours: those of gridMET at 07 UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyet
import xarray as xr
from numpy.typing import NDArray

from deepsoil.channels import WEATHER
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic
from deepsoil.store.series import Days

LEAD_DAYS = 7
"""A forecast reaches so many days beyond the day of its issue."""
LEAST_HOURS = 18
"""Of a day; fewer do not make one."""
SUMS = frozenset({"precipitation", "pet"})
_UNITS = {"precipitation": "mm", "temperature": "degC", "vpd": "kPa", "pet": "mm"}

Fields = Mapping[str, NDArray[np.float32]]
Daily = tuple[Days, dict[str, NDArray[np.float32]]]
"""Days (D,), and by channel (D, ny, nx)."""


@dataclass(frozen=True)
class Hours:
    """One issue: ``hours`` (T,) datetime64[h], their beginnings, consecutive; values (T, ny, nx), NaN missing."""

    issued: datetime
    hours: NDArray[np.datetime64]
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    values: Fields

    def daily(self, day_ends_utc: int) -> Daily:
        """The days (D,) of which enough hours are there, and by channel (D, ny, nx), NaN where there are too few.

        pet is by Hargreaves from the warmest and coldest hour where the outlook has none (FAO-56 eq. 52).
        """
        of_hour = (self.hours - np.timedelta64(day_ends_utc, "h")).astype("datetime64[D]")
        last = np.datetime64(self.issued.date()) + LEAD_DAYS
        days, first = np.unique(of_hour, return_index=True)
        edges = [*first, of_hour.size]
        found = {name: np.stack([_day(name, values[start:end]) for start, end in pairwise(edges)])
                 for name, values in self.values.items()}
        if "pet" not in found:
            found["pet"] = self._hargreaves(days, edges)
        known = np.stack([np.isfinite(values).any(axis=(1, 2)) for values in found.values()]).any(axis=0)
        kept = known & (days <= last)
        return days[kept], {name: values[kept] for name, values in found.items()}

    def _hargreaves(self, days: Days, edges: Sequence[int]) -> NDArray[np.float32]:
        warm = np.full((days.size, *self.values["temperature"].shape[1:]), np.nan)
        cold = warm.copy()
        for number, (start, end) in enumerate(pairwise(edges)):
            part = self.values["temperature"][start:end]
            enough = np.isfinite(part).sum(axis=0) >= LEAST_HOURS
            warm[number] = np.where(enough, np.max(np.nan_to_num(part, nan=-np.inf), axis=0), np.nan)
            cold[number] = np.where(enough, np.min(np.nan_to_num(part, nan=np.inf), axis=0), np.nan)
        result = np.full(warm.shape, np.nan, np.float32)
        index = pd.DatetimeIndex(days)
        for row, latitude in enumerate(self.latitudes):
            for column in range(self.longitudes.size):
                high, low = (pd.Series(values[:, row, column], index) for values in (warm, cold))
                result[:, row, column] = pyet.hargreaves(tmean=(high + low) / 2, tmax=high, tmin=low,
                                                         lat=float(np.radians(latitude)))
        return result


def _day(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum or the mean of a day's hours (T, ny, nx), NaN where there are too few."""
    count = np.isfinite(values).sum(axis=0)
    total = np.nansum(values, axis=0, dtype=np.float64)
    whole = total if name in SUMS else total / np.maximum(count, 1)
    return np.where(count >= LEAST_HOURS, whole, np.nan).astype(np.float32)


def merged(issues: Sequence[Hours]) -> Hours:
    """Hour by hour the newest issue that has it; issues of other places than the newest are left out.

    So the hours of today that have passed, which today's issue no longer has, come from that of yesterday.
    """
    newest, *older = sorted(issues, key=lambda one: one.issued, reverse=True)
    same = [newest, *(one for one in older if np.array_equal(one.longitudes, newest.longitudes)
                      and np.array_equal(one.latitudes, newest.latitudes))]
    hours = np.arange(min(one.hours[0] for one in same), max(one.hours[-1] for one in same) + 1)
    values = {}
    for name in newest.values:
        whole = np.full((hours.size, newest.latitudes.size, newest.longitudes.size), np.nan, np.float32)
        for one in reversed(same):
            if name in one.values:
                at = (one.hours - hours[0]).astype(int)
                whole[at] = np.where(np.isfinite(one.values[name]), one.values[name], whole[at])
        values[name] = whole
    return Hours(newest.issued, hours, newest.longitudes, newest.latitudes, values)


def write(path: Path, outlook: Hours, title: str, source: str) -> None:
    """Write the file of an issue, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset = xr.Dataset(
        {name: (("hour", "lat", "lon"), values.astype(np.float32), {"units": _UNITS[name]})
         for name, values in outlook.values.items()},
        coords={"hour": ("hour", outlook.hours.astype("datetime64[h]").astype(np.int64),
                         {"units": "hours since 1970-01-01 00:00:00"}),
                "lat": ("lat", outlook.latitudes, {"units": "degrees_north"}),
                "lon": ("lon", outlook.longitudes, {"units": "degrees_east"})},
        attrs={"title": title, "source": source, "issued": outlook.issued.astimezone(UTC).isoformat()})
    with atomic.replacing_path(path) as draft:
        dataset.to_netcdf(draft, engine="h5netcdf")


def read(path: Path, field: str) -> Hours:
    """The file of an issue. Raises DeepSoilError ``source_invalid``."""
    try:
        with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as dataset:
            hours = np.asarray(dataset["hour"], np.int64).astype("datetime64[h]")
            if not hours.size or (np.diff(hours) != np.timedelta64(1, "h")).any():
                raise ValueError("its hours are not consecutive")
            values = {name: np.asarray(dataset[name].transpose("hour", "lat", "lon"), np.float32)
                      for name in WEATHER if name in dataset}
            if "temperature" not in values:
                raise ValueError("it has no temperature")
            wrong = [name for name in values if dataset[name].attrs.get("units") != _UNITS[name]]
            if wrong:
                raise ValueError(f"the unit of {wrong[0]} is not {_UNITS[wrong[0]]}")
            return Hours(datetime.fromisoformat(str(dataset.attrs["issued"])), hours,
                         np.asarray(dataset["lon"], np.float64), np.asarray(dataset["lat"], np.float64), values)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as an outlook: {error}.",
                            "Check that the file is whole, or fetch it again.", field,
                            file=path.name, error=error) from error


def issued_on(outlook: Hours) -> date:
    """The day of the issue in UTC."""
    return outlook.issued.astimezone(UTC).date()
