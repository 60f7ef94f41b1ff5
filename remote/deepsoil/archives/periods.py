"""Periods of some days that begin anew with every year, so that a new day changes no piece of earlier days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta


def first_day(day: date, length: int) -> date:
    """The first day of the period of ``length`` days that a day lies in."""
    return day - timedelta(days=(day.timetuple().tm_yday - 1) % length)


def periods(start: date, end: date, length: int) -> Iterator[tuple[date, date]]:
    """The (first, last) days of the periods from the one with ``start`` to the one with ``end``.

    The last period of a year is shorter.
    """
    first = first_day(start, length)
    while first <= end:
        last = min(first + timedelta(days=length - 1), date(first.year, 12, 31))
        yield first, last
        first = last + timedelta(days=1)


def label(first: date) -> str:
    """The name of the period that begins on a day: ``2023-145``, the year and the day of it."""
    return f"{first:%Y-%j}"
