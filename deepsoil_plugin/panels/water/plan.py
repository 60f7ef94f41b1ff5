"""Irrigation on single days, given or planned, with the crop's own figures, and the steps back and forth. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...contract import LARGEST_APPLICATION_MM, MOST_APPLICATIONS

LEAST_MM = 1.0
_MOST_STEPS = 200


@dataclass(frozen=True)
class Event:
    """Water of one day, mm. ``logged``: it was given, and is in the field's log; else it is planned."""

    day: dt.date
    mm: float
    logged: bool = False


@dataclass(frozen=True)
class Plan:
    """Events by day, one a day; depth of the roots in cm and share of the water that may be used, None: the crop's."""

    events: tuple[Event, ...] = ()
    roots_cm: float | None = None
    allowed: float | None = None

    def at(self, day: dt.date) -> Event | None:
        return next((event for event in self.events if event.day == day), None)

    @property
    def given(self) -> tuple[Event, ...]:
        """Those of the field's log."""
        return tuple(event for event in self.events if event.logged)

    @property
    def planned(self) -> tuple[Event, ...]:
        return tuple(event for event in self.events if not event.logged)

    def ahead(self, day: dt.date, days: int) -> tuple[Event, ...]:
        """Those on the ``days`` after a day."""
        return tuple(event for event in self.events if 1 <= (event.day - day).days <= days)

    def resized(self, day: dt.date, mm: float, logged: bool = False) -> Plan:
        """With this water on a day, in whole mm; ``logged``: of an event that is not there yet."""
        return self.exactly(day, max(round(mm), LEAST_MM), logged)

    def exactly(self, day: dt.date, mm: float, logged: bool = False) -> Plan:
        """As `resized`, with an amount that was typed."""
        before = self.at(day)
        mm = float(min(max(mm, 0.1), LARGEST_APPLICATION_MM))
        return self.without(day)._and(Event(day, mm, logged if before is None else before.logged))

    def moved(self, day: dt.date, to: dt.date) -> Plan:
        """With the water of a day on another; what is there already is added. Planned water is not put into the log by
        this, nor the other way round: then the plan stays as it is."""
        event, there = self.at(day), self.at(to)
        if event is None or day == to or (there is not None and there.logged != event.logged):
            return self
        mm = min(event.mm + (there.mm if there is not None else 0.0), LARGEST_APPLICATION_MM)
        return self.without(day).without(to)._and(Event(to, mm, event.logged))

    def without(self, day: dt.date) -> Plan:
        return replace(self, events=tuple(event for event in self.events if event.day != day))

    def _and(self, event: Event) -> Plan:
        if len(self.events) >= MOST_APPLICATIONS:
            return self
        return replace(self, events=tuple(sorted((*self.events, event), key=lambda one: one.day)))


class History:
    """A plan, and those before and after it."""

    def __init__(self) -> None:
        self.now = Plan()
        self._before: list[Plan] = []
        self._after: list[Plan] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def begin(self, plan: Plan) -> None:
        """Another field: nothing to take back."""
        self.now, self._before, self._after = plan, [], []

    def put(self, plan: Plan) -> None:
        if plan != self.now:
            self._before = [*self._before[-_MOST_STEPS:], self.now]
            self.now, self._after = plan, []

    def undo(self) -> None:
        if self._before:
            self._after.append(self.now)
            self.now = self._before.pop()

    def redo(self) -> None:
        if self._after:
            self._before.append(self.now)
            self.now = self._after.pop()


def events_of(applications: Iterable[Mapping[str, Any]], logged: bool) -> tuple[Event, ...]:
    """Of applications as the contract has them."""
    return tuple(sorted((Event(dt.date.fromisoformat(one["date"]), float(one["mm"]), logged) for one in applications),
                        key=lambda event: event.day))


def applications_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    """As the contract has them."""
    return [{"date": event.day.isoformat(), "mm": event.mm} for event in events]
