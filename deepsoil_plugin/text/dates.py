"""Dates as the user reads them, and what groups and layers are called in the layer tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QDate, QLocale

from . import quantities
from .translate import tr


def day_text(day: dt.date) -> str:
    """``15 Jul 2023``, with the month in QGIS's language."""
    return _in_words(day, "d MMM yyyy")


def day_month_text(day: dt.date) -> str:
    """``15 Jul``."""
    return _in_words(day, "d MMM")


def period_text(first: dt.date, last: dt.date) -> str:
    """``15 Jul 2023``, ``1 – 31 Aug 2023``, ``15 Jul – 31 Aug 2023`` or ``20 Dec 2023 – 4 Jan 2024``."""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day_text(last)}"
    if first.year == last.year:
        return f"{day_month_text(first)} – {day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def dates_of(summary: Mapping[str, Any]) -> tuple[dt.date, dt.date] | None:
    """First and last day of a job: those of the request, else those of its outputs."""
    asked = (summary.get("specification") or {}).get("dates")
    if asked:
        return dt.date.fromisoformat(asked["start"]), dt.date.fromisoformat(asked["end"])
    days = sorted(output["date"] for output in summary.get("outputs") or () if output.get("date"))
    return (dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1])) if days else None


def synthetic_text() -> str:
    """The word that marks maps made from invented data."""
    return tr("synthetic")


def group_name(summary: Mapping[str, Any], synthetic: bool) -> str:
    """``North quarter · 15 Jul 2023``, and the word synthetic where the covariates are."""
    parts = [summary.get("name") or tr("Soil moisture")]
    if dates := dates_of(summary):
        parts.append(period_text(*dates))
    if synthetic:
        parts.append(synthetic_text())
    return " · ".join(parts)


def layer_name(what: str, day: dt.date, several_days: bool) -> str:
    """``Soil moisture 5 cm``; where the group holds many days, ``5 cm · 15 Jul 2023``. ``what``: see ``quantities``."""
    if not several_days:
        return quantities.title(what)
    return f"{quantities.title(what) if what in quantities.WATER else f'{what} cm'} · {day_text(day)}"


def _in_words(day: dt.date, form: str) -> str:
    return str(QLocale().toString(QDate(day.year, day.month, day.day), form))
