"""Readings of own probes from a CSV file → daily means (UTC) as the contract has them. Nothing is guessed.

One row is one time. Columns are known by their names, in any case, or by what is said of them: ``date`` or ``time``;
``sensor``; ``longitude`` and ``latitude`` in degrees; ``depth_cm``; and the water content, in one column (``theta``,
``vwc``, ``soil_moisture``, ``value``) or in one a depth (``20 cm``, ``vwc_20cm``). Its unit is asked for, unless the
column's name has it (``vwc [%]``). Separator and decimal sign are seen from the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.contract.readings import LARGEST_THETA, MOST_READINGS, Reading
from deepsoil.stations.delimited import Table, read_table, wrong
from deepsoil.stations.numbers import decimal
from deepsoil.stations.probe_columns import UNITS, Columns, Order, ProbeFile, Role, ValueColumn, columns_of

MISSING = (-9999.0, -9999.9, -999.0, -999.9, -99.0, -99.9, 9999999.0)
"""Numbers that loggers write where there is no value."""

_NO_VALUE = ("", "na", "n/a", "nan", "null", "none", "-", "--", "nodata")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}")
_NUMBERS_DATE = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(.*)$")


@dataclass(frozen=True)
class Found:
    """What a table has: daily readings; (row, error) of what is refused; how many cells have no value."""

    readings: list[Reading]
    refused: list[tuple[int, DeepSoilError]]
    missing: int


@dataclass(frozen=True)
class _Value:
    """One value of a row, θ in m³/m³; ``timed``: its date has a time."""

    sensor: str
    depth_cm: float
    date: dt.date
    longitude: float
    latitude: float
    theta: float
    timed: bool
    row: int


def read_probes(path: Path, given: ProbeFile) -> list[Reading]:
    """The daily means of a file. Times without a zone are UTC unless ``given`` says otherwise; a day is a UTC day.

    DeepSoilError ``readings_invalid`` names the row and says what to do: a unit that nothing says, a value that no
    soil can hold, no place or depth, a date that is none, a day with two unlike values.
    """
    table = read_table(path, given.separator, given.decimal)
    columns = columns_of(table.head, given)
    check_columns(table, columns, given)
    found = find_readings(table, columns, given)
    if found.refused:
        raise found.refused[0][1]
    if not found.readings:
        raise wrong(path.name, "The file {file} has no reading.",
                    "Every cell of a water content is empty or marks a missing value.")
    return found.readings


def check_columns(table: Table, columns: Columns, given: ProbeFile) -> None:
    """DeepSoilError ``readings_invalid`` where the columns lack something that every row needs."""
    listed = ", ".join(table.head)
    if columns.roles["time"] is None:
        raise wrong(table.name, "The file {file} has no column with the date.",
                    "Name it date or time. The columns are: {columns}.", columns=listed)
    if not columns.values:
        raise wrong(table.name, "The file {file} has no column with the water content.",
                    "Name it theta or vwc, or by its depth: 20 cm. The columns are: {columns}.", columns=listed)
    for column in columns.values:
        name = table.head[column.number]
        if column.named and given.unit and column.named != given.unit:
            raise wrong(table.name, "The file {file} says another unit in column '{name}' than was given.",
                        "Give the unit of the file.", name=name)
        if column.unit is None:
            raise wrong(table.name, "The file {file} does not say the unit of column '{name}'.",
                        "Say it: percent, or m3m3 for m³/m³.", name=name)
        if column.depth_cm is None and columns.roles["depth"] is None:
            raise wrong(table.name, "The file {file} does not say the depth of column '{name}'.",
                        "Add a column depth_cm, name the column by its depth (20 cm), or give one depth for the file.",
                        name=name)


def find_readings(table: Table, columns: Columns, given: ProbeFile) -> Found:
    """What the rows of a table have, whose columns say all that is needed. DeepSoilError: too many readings."""
    values: list[_Value] = []
    refused: list[tuple[int, DeepSoilError]] = []
    missing = 0
    for row, cells in table.rows:
        for column in columns.values:
            text = _cell(cells, column.number)
            number = decimal(text)
            if text.lower() in _NO_VALUE or number in MISSING:
                missing += 1
                continue
            try:
                values.append(_value(table, cells, row, columns, column, given))
            except DeepSoilError as error:
                refused.append((row, error))
    readings, unlike = _daily(values, table)
    return Found(readings, sorted([*refused, *unlike], key=lambda one: one[0]), missing)


def _cell(cells: Sequence[str], number: int | None) -> str:
    return cells[number].strip() if number is not None and number < len(cells) else ""


def _value(table: Table, cells: Sequence[str], row: int, columns: Columns, column: ValueColumn, given: ProbeFile,
           ) -> _Value:
    def number_in(role: Role, instead: float | None, hint: str) -> float:
        text = _cell(cells, columns.roles[role])
        value = decimal(text) if text else instead
        if value is None:
            raise wrong(table.name, "The file {file} has no {role} in row {row}.", hint, role=role, row=row)
        return value

    text = _cell(cells, column.number)
    value = decimal(text)
    if value is None or (given.decimal and {",": ".", ".": ","}[given.decimal] in text):
        raise wrong(table.name, "The file {file} has '{text}' in row {row}, where a number is expected.",
                    "Correct it, or leave the cell empty.", text=text[:40], row=row)
    assert column.unit is not None
    theta = value * UNITS[column.unit]
    if not 0.0 < theta <= LARGEST_THETA:
        hint = "It is per cent, it seems: say so with the unit." if column.unit == "m3m3" and 1.0 < value <= 80.0 \
            else "Correct it, or leave the cell empty."
        raise wrong(table.name, "The file {file} has {value:g} in row {row}, which is {theta:.3g} m³/m³. No soil "
                    "holds that.", hint, value=value, row=row, theta=theta)
    where = "Add columns longitude and latitude in degrees, or give one place for the file."
    place = given.place or (None, None)
    depth_cm = column.depth_cm if column.depth_cm is not None else \
        number_in("depth", given.depth_cm, "Fill the column, or give one depth for the file.")
    day, timed = _day(_cell(cells, columns.roles["time"]), row, table, given)
    longitude, latitude = number_in("longitude", place[0], where), number_in("latitude", place[1], where)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90 and 0 <= depth_cm <= 150):
        raise wrong(table.name, "The file {file} has a place or a depth in row {row} that cannot be used.",
                    "Longitude, latitude in degrees, depth in cm from 0 to 150.", row=row)
    sensor = _cell(cells, columns.roles["sensor"]) or given.sensor or Path(table.name).stem
    return _Value(sensor, depth_cm, day, longitude, latitude, theta, timed, row)


def as_iso(text: str, order: Order) -> str:
    """A date of numbers, with or without a time, as ``2023-07-12…``; any other text as it is."""
    parts = _NUMBERS_DATE.match(text)
    if parts is None:
        return text
    numbers = dict(zip(order, parts.groups()[:3], strict=True))
    year = numbers["y"] if len(numbers["y"]) == 4 else f"20{numbers['y']:0>2}"
    return f"{year}-{numbers['m']:0>2}-{numbers['d']:0>2}{parts[4]}"


def _day(text: str, row: int, table: Table, given: ProbeFile) -> tuple[dt.date, bool]:
    """The UTC day of a date or time, and whether it had a time."""
    try:
        said = as_iso(text, given.order) if given.order else text
        if not _ISO.match(said):
            raise ValueError("pandas would guess which of the numbers is the month")
        stamp = pd.Timestamp(said.replace(" UTC", "Z"))
        timed = len(said) > len("2023-07-12")
        if stamp.tzinfo:
            stamp = stamp.tz_convert("UTC")
        elif timed and given.zone_min:
            stamp -= pd.Timedelta(minutes=given.zone_min)
        return stamp.date(), timed
    except (ValueError, OverflowError) as error:
        raise wrong(table.name, "The file {file} has '{text}' in row {row}, where a date is expected.",
                    "Write dates as 2023-07-12 and times as 2023-07-12T14:00, in UTC or with their zone (+02:00).",
                    text=text[:40], row=row) from error


def needs_zone(table: Table, columns: Columns, order: Order | None) -> bool:
    """Whether some time has neither a zone nor is a mere date."""
    return any(_bare_time(text, order) for text in _times(table, columns))


def needs_order(table: Table, columns: Columns) -> bool:
    """Whether some date is in numbers whose order its form does not say."""
    return any(_NUMBERS_DATE.match(text) and not _ISO.match(text) for text in _times(table, columns))


def _times(table: Table, columns: Columns) -> Iterator[str]:
    return (_cell(cells, columns.roles["time"]) for _, cells in table.rows)


def _bare_time(text: str, order: Order | None) -> bool:
    said = as_iso(text, order or "ymd")
    if not re.match(r"^\d{4}-\d{2}-\d{2}[T ]+\d", said):
        return False
    return re.search(r"(Z|UTC|[+\-]\d{2}:?\d{2})\s*$", said[10:]) is None


def _daily(values: Sequence[_Value], table: Table) -> tuple[list[Reading], list[tuple[int, DeepSoilError]]]:
    """Daily means, and the days that have two unlike values without times."""
    days: dict[tuple[str, float, dt.date, float, float], list[_Value]] = {}
    for one in values:
        days.setdefault((one.sensor, one.depth_cm, one.date, one.longitude, one.latitude), []).append(one)
    if len(days) > MOST_READINGS:
        raise wrong(table.name, "The file {file} has {count:,} days of readings; {most:,} is the most.",
                    "Give a shorter period.", count=len(days), most=MOST_READINGS)
    readings, unlike = [], []
    for (sensor, depth_cm, day, longitude, latitude), same in days.items():
        untimed = [one for one in same if not one.timed]
        if len({one.theta for one in untimed}) > 1:
            unlike.append((untimed[0].row, wrong(
                table.name, "The file {file} has two unlike values of {sensor} at {depth_cm:g} cm on {day}: "
                "rows {first} and {second}.", "Keep the right one, or give times.", sensor=sensor, depth_cm=depth_cm,
                day=day, first=untimed[0].row, second=untimed[1].row)))
            continue
        readings.append(Reading(longitude=longitude, latitude=latitude, depth_cm=depth_cm, date=day,
                                sensor=sensor[:LONGEST_NAME], theta=sum(one.theta for one in same) / len(same)))
    return readings, unlike
