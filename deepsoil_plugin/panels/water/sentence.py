"""What to do, in one sentence with its reasons and its doubt, made from the values of an answer. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QDate, QLocale

from ...text.dates import day_month_text
from ...text.translate import tr
from .amounts import Unit, amount
from .doubt import Known, reasons, verified_text
from .plan import Event

RAIN_MM = 1.0
"""Less is no rain that anybody would wait for."""

WIDE_MM, WIDE_SHARE = 10.0, 0.5
"""The interval is called wide from this width on, and from this share of the refill."""


@dataclass(frozen=True)
class Facts:
    """The values that the sentence is made of. refill: mean, lower, upper in mm; now_mm: depletion on ``day``, None
    where it is not known; rain_mm: of each day ahead; the first ``known_days`` have the region's weather, of which
    those from ``forecast_from`` on are foreseen."""

    day: dt.date
    days: int
    limit_mm: float
    reached: dt.date | None
    earliest: dt.date | None
    latest: dt.date | None
    refill: tuple[float, float, float]
    now_mm: float | None
    rain_mm: tuple[float, ...]
    known_days: int
    forecast_from: dt.date | None
    planned_mm: float = 0.0

    @classmethod
    def of(cls, day: dt.date, answer: dict[str, Any], events: Sequence[Event]) -> Facts:
        """Of an answer of ``what_if`` about these events ahead; those count that come before the refill."""
        need, past = answer["need"], answer.get("past") or {}
        refill = need["refill_mm"]
        reached = _day(need["day"])
        planned_mm = sum(event.mm for event in events if reached is None or event.day <= reached)
        now = ((past.get("depletion_mm") or {}).get("mean") or [None])[-1]
        return cls(day, len(answer["dates"]), float(need["limit_mm"]), reached, _day(need["earliest"]),
                   _day(need["latest"]), (refill["mean"], refill["lower"], refill["upper"]), now,
                   tuple(float(mm or 0.0) for mm in answer["precipitation_mm"]), int(answer["weather_known_days"]),
                   _day(answer.get("forecast_from")), planned_mm)

    @property
    def last(self) -> dt.date:
        return self.day + dt.timedelta(days=self.days)

    @property
    def below_already(self) -> bool:
        """Whether the limit was reached before anything that is still to come."""
        return self.now_mm is not None and self.now_mm >= self.limit_mm and self.reached is not None


def sentence(facts: Facts, known: Known, unit: Unit = "mm", target: float = 1.0) -> str:
    """``Refill 22 mm by Thursday 17 Jul (18 to 27); no rain forecast; interval wide because …``. ``target``: the share
    of the available water up to which is refilled.
    """
    up_to = tr("up to {0} % of the available water").format(round(100 * target)) if target < 1 else ""
    parts = [_what(facts, unit), up_to, _when(facts), _rain(facts, unit), _doubt(facts, known),
             verified_text(known.verified)]
    words = "; ".join(part for part in parts if part)
    return f"{words}."


def _what(facts: Facts, unit: Unit) -> str:
    mean, lower, upper = (amount(mm, unit) for mm in facts.refill)
    after = " " + tr("after the {0} planned").format(amount(facts.planned_mm, unit, named=True)) if facts.planned_mm \
        else ""
    if facts.below_already:
        return tr("Refill {0} now ({1} to {2}){3}: more than the limit of {4} is used").format(
            _named(mean, unit), lower, upper, after, amount(facts.limit_mm, unit, named=True))
    if facts.reached is not None:
        return tr("Refill {0} by {1} ({2} to {3}){4}").format(_named(mean, unit), _weekday(facts.reached), lower, upper,
                                                             after)
    return tr("No irrigation needed until {0}{1}: {2} ({3} to {4}) will be lacking, the limit is {5}").format(
        _weekday(facts.last), after, _named(mean, unit), lower, upper, amount(facts.limit_mm, unit, named=True))


def _when(facts: Facts) -> str:
    """How sure the day is."""
    if facts.below_already or facts.earliest is None:
        return ""
    if facts.reached is None:
        return tr("in one case of twenty it is reached on {0}").format(day_month_text(facts.earliest))
    if facts.latest is None:
        return tr("limit reached on {0} at the earliest, perhaps after {1}").format(
            day_month_text(facts.earliest), day_month_text(facts.last))
    if facts.earliest == facts.latest:
        return ""
    return tr("limit reached between {0} and {1}").format(day_month_text(facts.earliest), day_month_text(facts.latest))


def _rain(facts: Facts, unit: Unit) -> str:
    """Of the days until the limit is reached, which are in the figures already; and where the forecast ends."""
    until = facts.reached or facts.last
    days = max(1, (until - facts.day).days)
    if facts.known_days == 0:
        return tr("no forecast: usual weather without rain")
    counted = min(days, facts.known_days)
    rain = sum(facts.rain_mm[:counted])
    foreseen = facts.forecast_from is not None and facts.forecast_from <= facts.day + dt.timedelta(days=counted)
    if rain < RAIN_MM:
        words = tr("no rain forecast") if foreseen else tr("no rain")
    else:
        words = tr("{0} of rain forecast, already counted") if foreseen else tr("{0} of rain, already counted")
        words = words.format(amount(rain, unit, named=True))
    end = day_month_text(facts.day + dt.timedelta(days=facts.known_days))
    if facts.known_days < days:
        return tr("{0} until {1}, after that usual weather without rain").format(words, end)
    if foreseen and facts.known_days < facts.days:
        return tr("{0}, the forecast ends on {1}").format(words, end)
    return words


def _doubt(facts: Facts, known: Known) -> str:
    """Why the interval is wide; empty where it is not."""
    mean, lower, upper = facts.refill
    if upper - lower < max(WIDE_MM, WIDE_SHARE * mean):
        return ""
    until = facts.reached or facts.last
    return reasons(known, facts.known_days < (until - facts.day).days)


def _named(text: str, unit: Unit) -> str:
    return f"{text} {unit}"


def _weekday(day: dt.date) -> str:
    """``Thursday 17 Jul``."""
    name = QLocale().toString(QDate(day.year, day.month, day.day), "dddd")
    return f"{name} {day_month_text(day)}"


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
