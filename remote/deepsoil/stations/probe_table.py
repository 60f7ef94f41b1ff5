"""Readings of own probes from a CSV file → daily means (UTC) as the contract has them. Nothing is guessed.

One row is one time. Columns are known by their names, in any case: ``date`` or ``time``; ``sensor``; ``longitude`` and
``latitude`` in degrees; ``depth_cm``; and the water content, in one column (``theta``, ``vwc``, ``soil_moisture``,
``value``) or in one a depth (``20 cm``, ``vwc_20cm``). Its unit is asked for, unless the column's name has it
(``vwc [%]``). Separator and decimal sign are seen from the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import LARGEST_THETA, MOST_READINGS, Reading
from deepsoil.stations.numbers import decimal

Unit = Literal["percent", "m3m3"]

UNITS: dict[Unit, float] = {"percent": 0.01, "m3m3": 1.0}
MISSING = (-9999.0, -9999.9, -999.0, -999.9, -99.0, -99.9)
"""Numbers that loggers write where there is no value."""

_NO_VALUE = ("", "na", "n/a", "nan", "null", "none", "-", "--", "nodata")
_NAMES = {
    "time": ("date", "time", "datetime", "timestamp", "day", "date_time", "timestamp_utc"),
    "sensor": ("sensor", "probe", "station", "name", "id", "sensor_id", "logger"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "latitude": ("latitude", "lat"),
    "depth": ("depth_cm", "depth"),
}
_VALUE = ("theta", "vwc", "soil_moisture", "moisture", "value", "reading", "water_content")
_DEPTH_IN_NAME = re.compile(r"(\d+(?:[.,]\d+)?)\s*_?cm(?![a-z0-9])")


@dataclass(frozen=True)
class ProbeFile:
    """What the file itself may not say: the unit, one place (longitude, latitude in degrees), one depth in cm."""

    unit: Unit | None = None
    place: tuple[float, float] | None = None
    depth_cm: float | None = None


@dataclass(frozen=True)
class _Column:
    """A column of water contents: its number, the factor to m³/m³ and its depth in cm, None if another column has it.
    """

    number: int
    factor: float
    depth_cm: float | None


def read_probes(path: Path, given: ProbeFile) -> list[Reading]:
    """The daily means of a file. Times without a zone are UTC; a day is a UTC day.

    DeepSoilError ``readings_invalid`` names the row and says what to do: a unit that nothing says, a value that no
    soil can hold, no place or depth, a date that is none, a day with two unlike values.
    """
    rows = _rows(path)
    head = [name.strip().lower() for name in rows[0][1]]
    columns = {role: next((n for n, name in enumerate(head) if _bare(name) in names), None)
               for role, names in _NAMES.items()}
    if columns["time"] is None:
        raise _wrong(path, "The file {file} has no column with the date.",
                     "Name it date or time. The columns are: {columns}.",
                     columns=", ".join(head))
    values = list(_value_columns(head, columns["depth"], given, path))
    found: list[dict[str, Any]] = []
    for row, cells in rows[1:]:
        found.extend(_of_row(cells, row, columns, values, given, path))
    if not found:
        raise _wrong(path, "The file {file} has no reading.",
                     "Every cell of a water content is empty or marks a missing value.")
    return _daily(found, path)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers from 1; the first is the head."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252", errors="replace")
    except OSError as error:
        raise _wrong(path, "The file {file} cannot be read: {error}.",
                     "Check the path.", error=error.strerror or error) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=first.count)
    rows = [(number, cells) for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=separator), 1)
            if any(cell.strip() for cell in cells)]
    if len(rows) < 2:
        raise _wrong(path, "The file {file} has no rows of readings.",
                     "The first row names the columns, each other row is one time.")
    return rows


def _bare(name: str) -> str:
    """A column's name without its unit in brackets."""
    return re.sub(r"\s*[\[(].*?[\])]\s*", "", name).strip().replace(" ", "_")


def _value_columns(head: list[str], depth_column: int | None, given: ProbeFile, path: Path) -> Iterator[_Column]:
    candidates = []
    for number, name in enumerate(head):
        depth = _DEPTH_IN_NAME.search(name)
        bare = re.sub(r"_?(m3_?m3|m3/m3|percent|pct|%)$", "", _bare(name))
        if bare in _VALUE or (depth and _bare(name) not in _NAMES["depth"] and "temp" not in name):
            candidates.append((number, name, None if depth is None else float(depth[1].replace(",", "."))))
    if not candidates:
        raise _wrong(path, "The file {file} has no column with the water content.",
                     "Name it theta or vwc, or by its depth: 20 cm. The columns are: {columns}.",
                     columns=", ".join(head))
    for number, name, depth_cm in candidates:
        said: Unit | None = "percent" if "%" in name or "percent" in name or "pct" in name else \
            "m3m3" if re.search(r"m3.?m3|m³.?m|cm3.?cm3", name) else None
        if said and given.unit and said != given.unit:
            raise _wrong(path, "The file {file} says another unit in column '{name}' than was given.",
                         "Give the unit of the file.",
                         name=name)
        unit = said or given.unit
        if unit is None:
            raise _wrong(path, "The file {file} does not say the unit of column '{name}'.",
                         "Say it: percent, or m3m3 for m³/m³.",
                         name=name)
        if depth_cm is None and depth_column is None and given.depth_cm is None:
            raise _wrong(path, "The file {file} does not say the depth of column '{name}'.",
                         "Add a column depth_cm, name the column by its depth (20 cm), or give one depth for the file.",
                         name=name)
        yield _Column(number, UNITS[unit], depth_cm if depth_cm is not None or depth_column is not None
                      else given.depth_cm)


def _of_row(cells: list[str], row: int, columns: dict[str, int | None], values: Sequence[_Column], given: ProbeFile,
            path: Path) -> Iterator[dict[str, Any]]:
    def cell(number: int | None) -> str:
        return cells[number].strip() if number is not None and number < len(cells) else ""

    def number_in(role: str, instead: float | None, hint: str) -> float:
        text = cell(columns[role])
        value = decimal(text) if text else instead
        if value is None:
            raise _wrong(path, "The file {file} has no {role} in row {row}.", hint, role=role, row=row)
        return value

    for column in values:
        text = cell(column.number)
        if text.lower() in _NO_VALUE:
            continue
        value = decimal(text)
        if value is None:
            raise _wrong(path, "The file {file} has '{text}' in row {row}, where a number is expected.",
                         "Correct it, or leave the cell empty.", text=text[:40], row=row)
        if value in MISSING:
            continue
        theta = value * column.factor
        if not 0.0 < theta <= LARGEST_THETA:
            hint = "It is per cent, it seems: say so with the unit." if column.factor == 1.0 and 1.0 < value <= 80.0 \
                else "Correct it, or leave the cell empty."
            raise _wrong(path, "The file {file} has {value:g} in row {row}, which is {theta:.3g} m³/m³. No soil "
                         "holds that.", hint, value=value, row=row, theta=theta)
        place = given.place or (None, None)
        where = "Add columns longitude and latitude in degrees, or give one place for the file."
        depth_cm = column.depth_cm if column.depth_cm is not None else \
            number_in("depth", given.depth_cm, "Fill the column, or give one depth for the file.")
        day, timed = _day(cell(columns["time"]), row, path)
        yield {"longitude": number_in("longitude", place[0], where), "latitude": number_in("latitude", place[1], where),
               "depth_cm": depth_cm, "sensor": cell(columns["sensor"]) or path.stem, "date": day, "theta": theta,
               "timed": timed, "row": row}


def _day(text: str, row: int, path: Path) -> tuple[Any, bool]:
    """The UTC day of an ISO date or time, and whether it had a time."""
    try:
        if not re.match(r"^\d{4}-\d{2}-\d{2}", text):
            raise ValueError("pandas would guess which of the numbers is the month")
        stamp = pd.Timestamp(text.replace(" UTC", "Z"))
        return (stamp.tz_convert("UTC") if stamp.tzinfo else stamp).date(), len(text) > len("2023-07-12")
    except (ValueError, OverflowError) as error:
        raise _wrong(path, "The file {file} has '{text}' in row {row}, where a date is expected.",
                     "Write dates as 2023-07-12 and times as 2023-07-12T14:00, in UTC or with their zone (+02:00).",
                     text=text[:40], row=row) from error


def _daily(found: list[dict[str, Any]], path: Path) -> list[Reading]:
    days: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for one in found:
        key = tuple(one[name] for name in ("sensor", "depth_cm", "date", "longitude", "latitude"))
        days.setdefault(key, []).append(one)
    if len(days) > MOST_READINGS:
        raise _wrong(path, "The file {file} has {count:,} days of readings; {most:,} is the most.",
                     "Give a shorter period.",
                     count=len(days), most=MOST_READINGS)
    readings = []
    for (sensor, depth_cm, day, longitude, latitude), same in days.items():
        untimed = [one for one in same if not one["timed"]]
        if len({one["theta"] for one in untimed}) > 1:
            raise _wrong(path, "The file {file} has two unlike values of {sensor} at {depth_cm:g} cm on {day}: "
                         "rows {first} and {second}.", "Keep the right one, or give times.", sensor=sensor,
                         depth_cm=depth_cm, day=day, first=untimed[0]["row"], second=untimed[1]["row"])
        try:
            readings.append(Reading(longitude=longitude, latitude=latitude, depth_cm=depth_cm, date=day, sensor=sensor,
                                    theta=sum(one["theta"] for one in same) / len(same)))
        except ValueError as error:
            raise _wrong(path, "The file {file} has a place or a depth in row {row} that cannot be used.",
                         "Longitude, latitude in degrees, depth in cm from 0 to 150.", row=same[0]["row"]) from error
    return readings


def _wrong(path: Path, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("readings_invalid", message, hint, "options.readings", file=path.name, **values)
