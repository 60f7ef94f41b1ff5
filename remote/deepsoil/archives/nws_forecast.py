"""The raw forecast of a grid cell of the National Weather Service, by the hour. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives.outlook import implausible
from deepsoil.archives.outlook_checks import hours_of as checked
from deepsoil.archives.outlook_checks import vapour_pressure_deficit
from deepsoil.sources import units
from deepsoil.sources.outlook_hours import Hours

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_LONGEST_HOURS = 24 * 30

Layer = tuple[NDArray[np.datetime64], NDArray[np.int64], NDArray[np.float64]]


def hours_of(document: Mapping[str, Any], title: str, address: str, longitude: float, latitude: float,
             today: date) -> Hours:
    """The issue that an answer of ``/gridpoints`` holds. DeepSoilError ``archive_implausible``."""
    try:
        found = document["properties"]
        issued = datetime.fromisoformat(found["updateTime"]).astimezone(UTC)
        layers = {name: layer(found[given], wanted) for name, given, wanted in (
            ("temperature", "temperature", "degC"), ("humidity", "relativeHumidity", "%"),
            ("precipitation", "quantitativePrecipitation", "mm"))}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise implausible(title, address, f"it is not what a grid cell answers ({error})") from error
    begin = min(starts[0] for starts, _, _ in layers.values())
    end = max(starts[-1] + lengths[-1] for starts, lengths, _ in layers.values())
    size = int((end - begin).astype(int))
    if size > _LONGEST_HOURS:
        raise implausible(title, address, f"it has {size} hours")
    by_hour = {name: spread(one, begin, size, total=name == "precipitation") for name, one in layers.items()}
    humidity = by_hour.pop("humidity")
    by_hour["vpd"] = vapour_pressure_deficit(by_hour["temperature"], humidity)
    return checked(title, address, issued, begin, by_hour, longitude, latitude, today)


def layer(part: Mapping[str, Any], wanted: str) -> Layer:
    """Beginnings (N,) datetime64[h], lengths (N,) in hours and values (N,) in the unit ``wanted``, in order of time.

    ValueError for what is no layer: no values, another unit, a duration that is none, times that overlap.
    """
    unit = str(part.get("uom", "")).rpartition(":")[2]
    if units.canonical(unit) not in units.accepted(wanted):
        raise ValueError(f"a layer is in {unit!r}, not in {wanted}")
    rows = []
    for one in part["values"]:
        begin, _, duration = str(one["validTime"]).partition("/")
        value = np.nan if one["value"] is None else float(one["value"])
        moment = datetime.fromisoformat(begin).astimezone(UTC).replace(tzinfo=None)
        rows.append((np.datetime64(moment, "h"), length_hours(duration), value))
    if not rows:
        raise ValueError("a layer has no values")
    rows.sort(key=lambda row: row[0])
    starts, lengths = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int64)
    if (starts[1:] < starts[:-1] + lengths[:-1]).any():
        raise ValueError("the times of a layer overlap")
    return starts, lengths, units.convert(np.array([row[2] for row in rows]), unit, wanted)


def length_hours(duration: str) -> int:
    """Whole hours of an ISO 8601 duration, at least 1. ValueError for another text, and for months and years."""
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ValueError(f"{duration!r} is no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return max(1, round(168 * weeks + 24 * days + hours + minutes / 60 + seconds / 3600))


def spread(one: Layer, begin: np.datetime64, size: int, *, total: bool) -> NDArray[np.float64]:
    """(size,) by the hour from ``begin`` on, NaN where nothing is said; a ``total`` is divided among its hours."""
    values = np.full(size, np.nan)
    for start, length, value in zip(*one, strict=True):
        first = int((start - begin).astype(int))
        values[first:first + length] = value / length if total else value
    return values
