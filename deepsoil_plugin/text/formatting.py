"""Numbers, times and errors in the user's words. Pure apart from the translator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication, QLocale

from .dates import period_text

ACRES_PER_HA = 2.471053814671653
_SECOND_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50)


def tr(text: str) -> str:
    return QCoreApplication.translate("DeepSoil", text)


def area_text(area_ha: float) -> str:
    """``64.2 ha · 158.6 ac``."""
    acres = area_ha * ACRES_PER_HA
    decimals = 2 if area_ha < 1 else 1 if area_ha < 10_000 else 0
    locale = QLocale()
    return f"{locale.toString(area_ha, 'f', decimals)} ha · {locale.toString(acres, 'f', decimals)} ac"


def duration_text(seconds: float) -> str:
    """``about 4 seconds``: never more exact than an estimate is."""
    if seconds < 55:
        step = min(_SECOND_STEPS, key=lambda choice: abs(choice - seconds))
        return tr("about 1 second") if step == 1 else tr("about {0} seconds").format(step)
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("about 1 minute") if minutes <= 1 else tr("about {0} minutes").format(minutes)
    return tr("about {0} hours").format(round(seconds / 3600))


def left_text(seconds: float) -> str:
    """``4 s left``, short enough for a row of the list."""
    if seconds < 60:
        return tr("{0} s left").format(max(1, round(seconds)))
    if seconds < 90 * 60:
        return tr("{0} min left").format(round(seconds / 60))
    return tr("{0} h left").format(round(seconds / 3600))


def size_text(count: float) -> str:
    for unit, divisor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= divisor:
            return f"{count / divisor:.1f} {unit}"
    return f"{count:.0f} B"





def time_text(utc: Any) -> str:
    """``21 Nov 2023 14:05`` in local time of a time that the engine wrote; empty where it is none."""
    try:
        local = dt.datetime.fromisoformat(str(utc).replace("Z", "+00:00")).astimezone()
    except ValueError:
        return ""
    return f"{period_text(local.date(), local.date())} {local:%H:%M}"


def plain_error(error: Mapping[str, Any]) -> str:
    """What happened and what to do, in one line."""
    return " ".join(str(error[key]) for key in ("message", "hint") if error.get(key))
