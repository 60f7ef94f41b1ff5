"""A table of dates and water, from a file or a spreadsheet, becomes an irrigation log. Pure; says which line is wrong.

Columns are separated as `pasted_table` says. Other columns than the date and the water are passed over.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import LARGEST_APPLICATION_MM, MOST_APPLICATIONS, Application, IrrigationLog
from deepsoil.soil.pasted_table import cells_of, lines_of, number, separator_of

MM_PER_INCH = 25.4
LARGEST_TEXT = 1_000_000
"""Characters."""

_DATES = frozenset({"date", "day", "fecha", "dia", "día", "datum"})
_UNITS = {"mm": 1.0, "in": MM_PER_INCH, "inch": MM_PER_INCH, "inches": MM_PER_INCH}
_UNIT_IN_NAME = re.compile(r"(?:^|[\s_(\[/])(mm|in|inch|inches)[)\]]?$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?$")
_LOCAL = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$")


@dataclass(frozen=True)
class _Row:
    line: int
    date: str
    water: str


def read_log(text: str, unit: str | None = None) -> IrrigationLog:
    """The log in a table. ``unit``: of a table without a line of names (``mm``, ``in``); None: it must have one.

    DeepSoilError ``irrigation_log_invalid`` with the line and what would be right.
    """
    if len(text) > LARGEST_TEXT:
        raise _log_error("The irrigation log is longer than {most:,} characters.",
                         "Give the dates and the water alone.", most=LARGEST_TEXT)
    lines = lines_of(text)
    if not lines:
        raise _log_error("The irrigation log is empty.", "Give a line for each day with water, e.g. 2023-07-04;25.")
    separator = separator_of(lines[0][1])
    rows, factor = _rows(lines, separator, unit)
    if len(rows) > MOST_APPLICATIONS:
        raise _log_error("The irrigation log has {count:,} lines; {most:,} is the most.", "Leave early years out.",
                         count=len(rows), most=MOST_APPLICATIONS)
    days = _days(rows)
    given: dict[dt.date, tuple[int, float]] = {}
    for row, day in zip(rows, days, strict=True):
        mm = factor * _number(row, separator)
        _check(row, mm)
        if day in given:
            raise _log_error("Lines {first} and {line} both have water on {day}.",
                             "Add them up: one line for each day.",
                             first=given[day][0], line=row.line, day=day)
        given[day] = (row.line, mm)
    return IrrigationLog(type="log", applications=[Application(date=day, mm=round(mm, 2))
                                                   for day, (_, mm) in sorted(given.items()) if mm >= 0.005])


def checked_unit(unit: str | None) -> str | None:
    """A unit that `read_log` takes. DeepSoilError ``params_invalid``."""
    if unit is not None and unit not in _UNITS:
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            "unit", name="unit", expected="mm or in")
    return unit


def _rows(lines: Sequence[tuple[int, str]], separator: str, unit: str | None) -> tuple[list[_Row], float]:
    """Lines with a date, and mm for one unit of their water."""
    cells = cells_of(lines, separator)
    names = [name.lower() for name in cells[0][1]]
    dates = [place for place, name in enumerate(names) if name in _DATES]
    waters = [(place, found) for place, name in enumerate(names) if (found := _unit(name)) is not None]
    if dates and len(waters) > 1:
        raise _log_error("The irrigation log has two columns of water: {names}.", "Keep one of them.",
                         names=", ".join(cells[0][1][place] for place, _ in waters))
    if dates and waters:
        date_at, (water_at, factor), cells = dates[0], waters[0], cells[1:]
    elif dates or any(character.isalpha() for character in "".join(names)):
        raise _log_error("The first line of the irrigation log does not name a date and its water: {line}.",
                         "Name the columns date and mm (or in, for inches), e.g. date;mm.", line=lines[0][1][:60])
    elif unit is None:
        raise _log_error("The irrigation log does not say in which unit its water is.",
                         "Name the columns in the first line: date;mm, or date;in for inches.")
    else:
        date_at, water_at, factor = 0, 1, _UNITS[unit]
    rows = []
    for line, row in cells:
        if len(row) > (len(names) if dates else 2) and (separator == "," or not dates):
            raise _log_error("Line {line} of the irrigation log has too many columns: {text}.", "Where numbers have a "
                             "decimal comma, put semicolons between the columns.", line=line, text=",".join(row)[:60])
        if len(row) <= max(date_at, water_at):
            raise _log_error("Line {line} of the irrigation log has no water.",
                             "Give a date and an amount in each line.", line=line)
        rows.append(_Row(line, row[date_at], row[water_at]))
    return rows, factor


def _unit(name: str) -> float | None:
    """mm for one unit of a column with this name; None where it is no column of water."""
    found = _UNIT_IN_NAME.search(name)
    return _UNITS[found.group(1)] if found else None


def _days(rows: Sequence[_Row]) -> list[dt.date]:
    """ISO, or day and month in the order that the whole table shows; DeepSoilError where it shows none."""
    local = [_LOCAL.match(row.date) for row in rows]
    dotted = any(found is not None and found.group(2) == "." for found in local)
    first_is_month = [found is not None and int(found.group(3)) > 12 for found in local]
    first_is_day = [found is not None and int(found.group(1)) > 12 for found in local]
    if any(first_is_day) and any(first_is_month):
        one, other = first_is_day.index(True), first_is_month.index(True)
        raise _log_error("The dates of the irrigation log are not of one kind: {one} and {other}.",
                         "Write them as YYYY-MM-DD.", one=rows[one].date, other=rows[other].date)
    days = []
    for row, found in zip(rows, local, strict=True):
        iso = _ISO.match(row.date)
        try:
            if iso is not None:
                days.append(dt.date(*map(int, iso.groups())))
                continue
            if found is None:
                raise ValueError
            first, second, year = int(found.group(1)), int(found.group(3)), int(found.group(4))
            if not (any(first_is_day) or any(first_is_month) or dotted or first == second):
                raise _log_error("Line {line} of the irrigation log: {text} may be two different days.",
                                 "Write dates as YYYY-MM-DD.", line=row.line, text=row.date)
            day, month = (second, first) if any(first_is_month) else (first, second)
            days.append(dt.date(year, month, day))
        except ValueError:
            raise _log_error("Line {line} of the irrigation log: '{text}' is not a date.", "Write dates as YYYY-MM-DD.",
                             line=row.line, text=row.date[:40]) from None
    return days


def _number(row: _Row, separator: str) -> float:
    value = number(row.water.replace(" ", ""), separator)
    if math.isnan(value):
        raise _log_error("Line {line} of the irrigation log: '{text}' is not an amount of water.",
                         "Give a number, e.g. 25.4 or 25,4.", line=row.line, text=row.water[:40])
    return value


def _check(row: _Row, mm: float) -> None:
    if mm < 0:
        raise _log_error("Line {line} of the irrigation log: the water on {day} is negative ({mm:g} mm).",
                         "Give what reached the field, or leave the line out.", line=row.line, day=row.date, mm=mm)
    if mm > LARGEST_APPLICATION_MM:
        raise _log_error("Line {line} of the irrigation log: {mm:g} mm on {day} is more than {most:g} mm, which no "
                         "field takes in a day.", "Check the unit: 25 mm are 25 litres on a square metre.",
                         line=row.line, day=row.date, mm=mm, most=LARGEST_APPLICATION_MM)


def _log_error(message: str, hint: str, /, **values: object) -> DeepSoilError:
    return DeepSoilError("irrigation_log_invalid", message, hint, "irrigation", **values)
