"""The method about irrigation of the next days: the field is simulated once, and then asked again and again."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import LARGEST_APPLICATION_MM
from deepsoil.service.series import foreseen, known_management, position, water
from deepsoil.service.values import parsed_day, rounded

if TYPE_CHECKING:
    from pathlib import Path

    from deepsoil.field.ground import Columns
    from deepsoil.field.what_if import FieldWater, Grown, Need, Prepared
    from deepsoil.store.store import Store

USUAL_DAYS, MOST_DAYS, MOST_BEFORE = 7, 30, 120
STAGES = ("initial", "development", "middle", "late")
MOST_COLUMNS = 128
TOGETHER = 8
"""So many soils stand for a field: what is asked for are means over it, and its interval is wider than what that
changes (``tests/engine/test_what_if.py``)."""
_KEPT = 4


class WhatIf:
    """Answers ``what_if``, and keeps the fields that were asked about last, each at the end of its day."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Store, Prepared]] = OrderedDict()

    def answer(self, store: Store, day: str, place: Sequence[Any] | None, area: dict[str, Any] | None,
               events: Sequence[Any] | None, days: int | None, management: dict[str, Any] | None,
               before: int | None = None) -> dict[str, Any]:
        """The water of a place or a field on the days after ``day``, as JSON; with ``before`` also on that day and on
        so many days before it.

        Raises ``params_invalid``, ``no_soil``, ``area_too_large``, and what `what_if.prepare` raises.
        """
        if (place is None) == (area is None):
            raise DeepSoilError("params_invalid", "Either a place or an area is needed.", "Give one of the two.",
                                "place")
        ahead = USUAL_DAYS if days is None else days
        if not 1 <= ahead <= MOST_DAYS:
            raise DeepSoilError("params_invalid", "{days} days cannot be looked ahead.",
                                "Ask for 1 to {most} days.", "days", days=ahead, most=MOST_DAYS)
        if before is not None and not 0 <= before <= MOST_BEFORE:
            raise DeepSoilError("params_invalid", "{days} days cannot be looked back.",
                                "Ask for 0 to {most} days.", "before", days=before, most=MOST_BEFORE)
        first = parsed_day("day", day)
        given = _millimetres(events or [], first, ahead)
        prepared = self._prepared(store, first, place, area, ahead, management, before or 0)
        document = _document(prepared, *prepared.answer(given))
        document["forecast_from"] = foreseen(store, [first + dt.timedelta(days=n + 1) for n in range(ahead)])
        document["past"] = None if before is None else {
            "dates": [str(one) for one in prepared.past.dates], **water(prepared.past),
            "precipitation_mm": rounded(prepared.past_precipitation, 2)}
        return document

    def _prepared(self, store: Store, day: dt.date, place: Sequence[Any] | None, area: dict[str, Any] | None,
                  days: int, management: dict[str, Any] | None, before: int) -> Prepared:
        key = json.dumps([str(day), place, area, days, management, before], sort_keys=True)
        with self._lock:  # two questions about one field must not simulate it twice
            kept = self._kept.get(key)
            if kept is None or kept[0] is not store:  # a store that changed is opened anew
                self._kept[key] = kept = (store, self._simulated(store, day, place, area, days, management,
                                                                 before))
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept[1]

    def _simulated(self, store: Store, day: dt.date, place: Sequence[Any] | None, area: dict[str, Any] | None,
                   days: int, management: dict[str, Any] | None, before: int) -> Prepared:
        from deepsoil.contract.area import check_area
        from deepsoil.field.series import column_at
        from deepsoil.field.state_cache import states_in
        from deepsoil.field.what_if import prepare

        known = known_management(management)
        if area is None:
            columns, shares = column_at(store, *position(place or ())), np.ones(1)
        else:
            check_area(area)
            columns, shares = _of_area(store, area)
        return prepare(store, columns, shares, day, days, known, states_in(self._home), before=before)


def _of_area(store: Store, area: dict[str, Any]) -> tuple[Columns, NDArray[np.float64]]:
    """The columns of a field, and the share of each. DeepSoilError ``no_soil``, ``area_too_large``."""
    from deepsoil.areas import together
    from deepsoil.field import alike
    from deepsoil.field.ground import ground_of

    ground = ground_of(store, together(area))
    columns = ground.columns
    if not len(columns):
        raise DeepSoilError("no_soil", "The region '{title}' has no soil in this area.",
                            "Choose a field on land inside the region.", "area", title=store.title)
    if len(columns) > MOST_COLUMNS:
        raise DeepSoilError("area_too_large", "The area has {count} different soils, which are too many to be asked "
                            "about at once.", "Choose one field of it.", "area", count=len(columns))
    number = ground.column_of_pixel[ground.column_of_pixel >= 0]
    counts = np.bincount(number, minlength=len(columns)).astype(np.float64)
    return alike.together(columns, counts / counts.sum(), TOGETHER)


def _millimetres(events: Sequence[Any], day: dt.date, days: int) -> NDArray[np.float64]:
    """(T,) of the days after ``day``. DeepSoilError ``params_invalid``."""
    given = np.zeros(days)
    for number, event in enumerate(events):
        field = f"events.{number}"
        amount = event.get("mm") if isinstance(event, dict) else None
        if not isinstance(amount, int | float) or isinstance(amount, bool) or not isinstance(event.get("date"), str) \
                or not 0 <= amount <= LARGEST_APPLICATION_MM:
            raise DeepSoilError("params_invalid", "An irrigation cannot be used.", "Give {{date, mm}}, with 0 to "
                                "{most:g} mm.", field, most=LARGEST_APPLICATION_MM)
        after = (parsed_day(f"{field}.date", event["date"]) - day).days
        if not 1 <= after <= days:
            raise DeepSoilError("params_invalid", "The irrigation of {date} is not on one of the days ahead.",
                                "They are {first} to {last}; earlier irrigation belongs into the log of the field.",
                                field, date=event["date"], first=day + dt.timedelta(days=1),
                                last=day + dt.timedelta(days=days))
        given[after - 1] += amount
    if given.max() > LARGEST_APPLICATION_MM:
        raise DeepSoilError("params_invalid", "A day has {mm:g} mm of irrigation.", "Give at most {most:g} mm a day.",
                            "events", mm=given.max(), most=LARGEST_APPLICATION_MM)
    return given


def _document(prepared: Prepared, found: FieldWater, need: Need) -> dict[str, Any]:
    return {"members": prepared.members, "dates": [str(day) for day in found.dates], **water(found),
            "precipitation_mm": rounded(prepared.precipitation, 2), "weather_known_days": prepared.known,
            "need": _need(need), "crop": _crop(prepared.grown)}


def _crop(grown: Grown) -> dict[str, Any]:
    stage = None if grown.stage is None else "none" if grown.stage < 0 else STAGES[grown.stage]
    return {"root_depth_cm": round(grown.root_depth_cm), "allowed_depletion": round(grown.allowed, 3), "stage": stage}


def _need(need: Need) -> dict[str, Any]:
    mean, lower, upper = (round(value, 1) for value in need.refill)
    return {"limit_mm": round(need.limit_mm, 1),
            **{name: None if day is None else str(day) for name, day in
               (("day", need.day), ("earliest", need.earliest), ("latest", need.latest))},
            "refill_mm": {"mean": mean, "lower": lower, "upper": upper}}
