"""The small tables of a store: daily fields, how settled their days are, what was foreseen of them, and stations."""

from __future__ import annotations

from pathlib import Path

import zarr

from deepsoil.store import arrays
from deepsoil.store.series import CoarseSeries, Forecasts, Stations, Status


def read_coarse(path: Path, group: zarr.Group) -> CoarseSeries:
    """The daily fields of a channel's group. Raises ``store_corrupt``."""
    days, lon, lat, values = (arrays.read_table(path, group, name)
                              for name in ("days", "longitudes", "latitudes", "values"))
    return CoarseSeries(days.astype("datetime64[D]"), lon, lat, values, day_ends(path, group),
                        _status(path, group, days.size))


def write_coarse(group: zarr.Group, channel: str, series: CoarseSeries) -> None:
    """Write the daily fields of a channel below the group of a store."""
    inner = group.require_group(f"coarse/{channel}")
    inner.attrs["day_ends_utc"] = series.day_ends_utc
    arrays.write_table(inner, "values", series.values)
    arrays.write_table(inner, "days", series.dates.astype("int64").astype("int32"))
    arrays.write_table(inner, "longitudes", series.longitudes)
    arrays.write_table(inner, "latitudes", series.latitudes)
    if series.status is not None:
        arrays.write_table(inner, "status", series.status)


def read_forecasts(path: Path, group: zarr.Group) -> Forecasts:
    """What was foreseen of a channel. Raises ``store_corrupt``."""
    issued, days, values = (arrays.read_table(path, group, name) for name in ("issued", "days", "values"))
    if not len(issued) == len(days) == len(values):
        raise arrays.corrupt(path, f"the tables of {group.path} differ in length")
    return Forecasts(issued.astype("datetime64[D]"), days.astype("datetime64[D]"), values)


def read_stations(path: Path, group: zarr.Group) -> Stations:
    """The stations of a region. Raises ``store_corrupt``."""
    table = {name: arrays.read_table(path, group, name)
             for name in ("longitudes", "latitudes", "depths_cm", "days", "theta")}
    temperature, rejected = (arrays.read_table(path, group, name) if name in group else None
                             for name in ("soil_temperature", "rejected"))
    with arrays.guarded(path, "stations"):
        return Stations(list(group.attrs["ids"]), list(group.attrs["names"]), list(group.attrs["networks"]),
                        table["longitudes"], table["latitudes"], table["depths_cm"],
                        table["days"].astype("datetime64[D]"), table["theta"], temperature, rejected,
                        day_ends(path, group), list(group.attrs["irrigated"]) if "irrigated" in group.attrs else None)


def day_ends(path: Path, group: zarr.Group) -> int:
    """Hours from UTC midnight to the end of the days of a group."""
    found = group.attrs.get("day_ends_utc", 0)
    if not isinstance(found, int) or abs(found) >= 24:
        raise arrays.corrupt(path, f"its days end at {found!r}, which is no hour")
    return found


def _status(path: Path, group: zarr.Group, days: int) -> Status | None:
    """Of the days of a channel; None in a store that does not say it."""
    if "status" not in group:
        return None
    found = arrays.read_table(path, group, "status")
    if found.shape != (days,):
        raise arrays.corrupt(path, f"{group.path} has a status of {found.size} days, and {days} days")
    return found.astype("uint8")
