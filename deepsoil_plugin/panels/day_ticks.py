"""Which days a time axis names, and how. Pure: days are whole numbers since 1970-01-01."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from ..text.dates import day_text

_FIRST = dt.date(1970, 1, 1)
# Days of the month that are named, the densest first; then months.
_OF_MONTH = (tuple(range(1, 32)), tuple(range(1, 31, 2)), (1, 6, 11, 16, 21, 26), (1, 8, 15, 22), (1, 15), (1,))
_OF_YEAR = ((1, 4, 7, 10), (1, 7), (1,))


def day_ticks(first: float, last: float, most: int) -> list[int]:
    """Days from first to last to be named: as many as fit, never more than ``most`` (at least two)."""
    days = range(math.ceil(first), math.floor(last) + 1)
    dates = [_FIRST + dt.timedelta(days=day) for day in days]
    choices = [[day for day, date in zip(days, dates, strict=True) if date.day in named] for named in _OF_MONTH]
    choices += [[day for day, date in zip(days, dates, strict=True) if date.day == 1 and date.month in named]
                for named in _OF_YEAR]
    return next((choice for choice in choices if len(choice) <= max(2, most)), [])


def day_labels(days: Sequence[int]) -> list[str]:
    """``15 Jul``, and below it the year where it is the first of its year that is named. ``days`` ascend."""
    labels: list[str] = []
    year = 0
    for day in days:
        date = _FIRST + dt.timedelta(days=day)
        words = day_text(date).rsplit(" ", 1)
        labels.append(words[0] if date.year == year else "\n".join(words))
        year = date.year
    return labels
