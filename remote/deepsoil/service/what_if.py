"""The method about irrigation of the next days: the field is simulated once, and then asked again and again."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.irrigation_maps import Refill
from deepsoil.contract.management import LARGEST_APPLICATION_MM
from deepsoil.service.asked import Asked, Question
from deepsoil.service.series import foreseen, known_management, known_readings, position, water
from deepsoil.service.values import parsed_day, rounded

if TYPE_CHECKING:
    from pathlib import Path

    from deepsoil.field.what_if import FieldWater, Grown, Need, Prepared
    from deepsoil.store.store import Store

USUAL_DAYS, MOST_DAYS, MOST_BEFORE = 7, 30, 120
STAGES = ("initial", "development", "middle", "late")
_KEPT = 4
_LOOK_S = 0.1

Where = dict[str, Any]
"""What decides the field at the end of its day, by the names of parameters."""


@dataclass(frozen=True)
class _Known:
    """A field that was asked about."""

    store: Store
    prepared: Prepared
    about: dict[str, Any]
    """Of the answer: what does not depend on the water ahead."""


class WhatIf:
    """Answers ``what_if``, and keeps the fields that were asked about last, each at the end of its day."""

    def __init__(self, home: Path, emit: Callable[..., None] = lambda event, **content: None) -> None:
        """``emit(event, **content)`` sends how far a simulation is."""
        self._home = home
        self._asked = Asked(emit)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Known] = OrderedDict()

    def cancel(self, asking: str) -> dict[str, Any]:
        """Have the question with this name answered by the error ``cancelled``."""
        self._asked.cancel(asking)
        return {}

    def answer(self, store: Store, day: str, place: Sequence[Any] | None, area: dict[str, Any] | None,
               events: Sequence[Any] | None, days: int | None, management: dict[str, Any] | None,
               before: int | None = None, readings: dict[str, Any] | None = None, asking: str | None = None,
               refill: dict[str, Any] | None = None) -> dict[str, Any]:
        """The water of a place or a field on the days after ``day``, as JSON; with ``before`` also on that day and on
        so many days before it. ``readings``: as in the options of a prediction. ``asking``: name for `cancel`.
        ``refill``: its ``target`` as the options of a prediction have it.

        Raises ``params_invalid``, ``no_soil``, ``area_too_large``, ``cancelled``, what `gather` and `what_if.prepare`
        raise.
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
        target = _target(refill)
        first = parsed_day("day", day)
        given = _millimetres(events or [], first, ahead)
        where = {"day": day, "place": place, "area": area, "days": ahead, "management": management,
                 "readings": readings, "before": before or 0}
        with self._asked.under(asking) as question:
            known = self._known(store, first, where, question)
        prepared = known.prepared
        document = {**_document(prepared, *prepared.answer(given, target)), **known.about}
        document["past"] = None if before is None else {
            "dates": [str(one) for one in prepared.past.dates], **water(prepared.past),
            "precipitation_mm": rounded(prepared.past_precipitation, 2)}
        return document

    def _known(self, store: Store, day: dt.date, where: Where, question: Question) -> _Known:
        key = json.dumps(where, sort_keys=True)
        while not self._lock.acquire(timeout=_LOOK_S):  # two questions about one field must not simulate it twice
            question.stop_if_cancelled()
        try:
            kept = self._kept.get(key)
            if kept is None or kept.store is not store:  # a store that changed is opened anew
                self._kept[key] = kept = self._simulated(store, day, where, question)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept
        finally:
            self._lock.release()

    def _simulated(self, store: Store, day: dt.date, where: Where, question: Question) -> _Known:
        from deepsoil.contract.area import check_area
        from deepsoil.field.state_cache import states_in
        from deepsoil.field.what_if import prepare
        from deepsoil.kinds.field_question import FieldQuestion

        question.progress(0.0, 1.0, "")
        management, readings = known_management(where["management"]), known_readings(where["readings"])
        if where["area"] is None:
            field = FieldQuestion.of_place(store, *position(where["place"]), day, management, readings)
        else:
            check_area(where["area"])
            field = FieldQuestion.of_area(store, where["area"], day, management, readings)
        states = states_in(self._home)
        z = field.scores(question, states)
        prepared = prepare(store, field.ground, day, where["days"], management, states, z, where["before"],
                           question.step)
        ahead = [day + dt.timedelta(days=number + 1) for number in range(where["days"])]
        return _Known(store, prepared, {"forecast_from": foreseen(store, ahead), "readings": field.readings_used(),
                                        "warnings": [one.to_dict() for one in field.problems()],
                                        "station": field.station()})


def _target(refill: dict[str, Any] | None) -> float:
    """DeepSoilError ``params_invalid``."""
    try:
        return Refill.model_validate_json(json.dumps(refill or {})).target
    except ValidationError as error:
        raise DeepSoilError("params_invalid", "What is said of the refill cannot be used.",
                            "Give the target, from 0.1 to 1.", "refill") from error


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
