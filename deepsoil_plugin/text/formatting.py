"""Numbers, times and errors as the user reads them, in QGIS's language and number format."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import QLocale, QTime

from .dates import day_text
from .translate import error_hint, error_message, tr

ACRES_PER_HA = 2.471053814671653
_SECOND_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50)


def number_text(value: float, decimals: int = 0) -> str:
    """A number with the decimal sign of the user's language."""
    return str(QLocale().toString(float(value), "f", decimals))


def number_from(text: str) -> float | None:
    """The number that a text is, with either decimal sign; None where it is none."""
    value, understood = QLocale(QLocale.Language.C).toDouble(text.strip().replace(",", ".").replace("−", "-"))
    return value if understood and math.isfinite(value) else None


def area_text(area_ha: float) -> str:
    """``64.2 ha · 158.6 ac``."""
    acres = area_ha * ACRES_PER_HA
    decimals = 2 if area_ha < 1 else 1 if area_ha < 10_000 else 0
    return f"{number_text(area_ha, decimals)} ha · {number_text(acres, decimals)} ac"


def fields_text(count: int, area_ha: float) -> str:
    """``78 fields, 1,234 ha · 3,049 ac``."""
    return tr("%n field(s), {0}", None, count).format(area_text(area_ha))


def duration_text(seconds: float) -> str:
    """``about 4 seconds``: never more exact than an estimate is."""
    if seconds < 55:
        step = min(_SECOND_STEPS, key=lambda choice: abs(choice - seconds))
        return tr("about %n second(s)", None, step)
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("about %n minute(s)", None, max(1, minutes))
    return tr("about %n hour(s)", None, round(seconds / 3600))


def left_text(seconds: float) -> str:
    """``4 s left``, short enough for a row of the list."""
    if seconds < 60:
        return tr("{0} s left").format(max(1, round(seconds)))
    if seconds < 90 * 60:
        return tr("{0} min left").format(round(seconds / 60))
    return tr("{0} h left").format(round(seconds / 3600))


def size_text(count: float, decimals: int = 1) -> str:
    """``1.5 GB`` for a number of bytes."""
    for unit, divisor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= divisor:
            return f"{number_text(count / divisor, decimals)} {unit}"
    return f"{count:.0f} B"


def time_text(utc: Any) -> str:
    """``21 Nov 2023 14:05`` in local time of a time that the engine wrote; empty where it is none."""
    try:
        local = dt.datetime.fromisoformat(str(utc).replace("Z", "+00:00")).astimezone()
    except ValueError:
        return ""
    return f"{day_text(local.date())} {QTime(local.hour, local.minute).toString('HH:mm')}"


def plain_error(error: Mapping[str, Any]) -> str:
    """What happened and what to do, in one line."""
    return " ".join(text for text in (error_message(error), error_hint(error)) if text)


def warnings_text(warnings: Sequence[Mapping[str, Any]]) -> str:
    """What is to be known of a job that can run all the same: a line each."""
    return "\n".join(plain_error(warning) for warning in warnings)
