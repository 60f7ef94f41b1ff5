"""Times as the contract writes them: ISO 8601 with a zone. Pure: no clock."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

# The forms that every Python from 3.9 on reads; "Z" is replaced there.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?(Z|[+-]\d\d:\d\d)")


def is_time(value: Any) -> bool:
    """Whether a value is a time with a zone, which any clock of the world can show."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return dt.MINYEAR < moment.year < dt.MAXYEAR


def checked_time(value: str) -> str:
    """The value. ValueError if it is no time."""
    if not is_time(value):
        raise ValueError("it is not a time with a zone, such as 2023-07-15T10:00:00Z")
    return value
