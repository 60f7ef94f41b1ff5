"""The series of the last weeks at the middle of a field, as the report draws it: asked of the engine, as arrays.

θ in m³/m³, water in mm a day, days as ``datetime64[D]``; NaN is a gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

import numpy as np

from ..contract import LOCAL
from ..text.translate import tr

BEFORE_DAYS, AFTER_DAYS = 27, 7

Ask = Callable[[str, dict[str, Any], Callable[[], None]], Any]
"""Asks the engine a method with parameters; `AskError` with the reason where there is no answer. The last argument is
called while it is waited for; what it raises ends the waiting.
"""


class AskError(Exception):
    """The engine did not answer, or refused; the text says why."""


@dataclass(frozen=True)
class Series:
    """mean, lower, upper: by depth in cm; no depth in the last two without an interval. irrigation_mm: None where it
    is not known.
    """

    days: np.ndarray
    rain_mm: np.ndarray
    irrigation_mm: np.ndarray | None
    mean: Mapping[int, np.ndarray]
    lower: Mapping[int, np.ndarray] = dataclass_field(default_factory=dict)
    upper: Mapping[int, np.ndarray] = dataclass_field(default_factory=dict)
    forecast_from: dt.date | None = None


def parameters(job: Mapping[str, Any], place: tuple[float, float], field: str, day: dt.date) -> dict[str, Any]:
    """Of the method ``series`` for a place in a field of a job. AskError where the job does not say enough."""
    specification = job.get("specification") or {}
    if not specification.get("region"):
        raise AskError(tr("The request of this map is not known on this computer."))
    options = specification.get("options") or {}
    first, last = day - dt.timedelta(days=BEFORE_DAYS), day + dt.timedelta(days=AFTER_DAYS)
    asked: dict[str, Any] = {
        "region": specification["region"], "place": list(place), "start": first.isoformat(), "end": last.isoformat(),
        "method": options.get("method") or "network"}
    if job.get("host") and job["host"] != LOCAL:
        asked["host"] = job["host"]
    if entry := entry_of(options.get("management") or (), field):
        asked["management"] = entry
    return asked


def entry_of(management: Sequence[Mapping[str, Any]], field: str) -> dict[str, Any]:
    """What is said of the water and crop of a field: its own entry, and for the rest that of all fields."""
    of_all, own = ({key: value for one in management if one.get("field") == name for key, value in one.items()
                    if key != "field" and value is not None} for name in (None, field))
    return {**of_all, **own}


def series_of(ask: Ask, job: Mapping[str, Any], place: tuple[float, float], field: str, day: dt.date,
              check: Callable[[], None]) -> Series:
    """The series up to some days after ``day``, as far as the region has weather. AskError with the reason.

    ``place``: longitude and latitude, degrees.
    """
    wanted = parameters(job, place, field, day)
    try:
        answer = ask("series", wanted, check)
    except AskError:  # the region's weather may end before
        answer = ask("series", {**wanted, "end": day.isoformat()}, check)
    options = (job.get("specification") or {}).get("options") or {}
    try:
        return from_answer(answer, entry_of(options.get("management") or (), field))
    except (KeyError, TypeError, ValueError) as error:
        raise AskError(tr("The engine's answer cannot be read.")) from error


def from_answer(answer: Mapping[str, Any], entry: Mapping[str, Any]) -> Series:
    """The engine's answer; the irrigation of a log where the engine computes none."""
    days = np.asarray(answer["dates"], dtype="datetime64[D]")
    edges: dict[str, dict[int, np.ndarray]] = {"mean": {}, "lower": {}, "upper": {}}
    for depth, band in answer["depths"].items():
        for edge, found in edges.items():
            values = _numbers(band[edge])
            if edge == "mean" or np.isfinite(values).any():
                found[int(float(depth))] = values
    given = answer.get("irrigation_mm")
    first = answer.get("forecast_from")
    return Series(days, _numbers(answer["precipitation_mm"]),
                  _numbers(given["mean"]) if given else _from_log(days, entry), edges["mean"], edges["lower"],
                  edges["upper"], dt.date.fromisoformat(first) if first else None)


def _from_log(days: np.ndarray, entry: Mapping[str, Any]) -> np.ndarray | None:
    irrigation = entry.get("irrigation") or {}
    if irrigation.get("type") == "rainfed":
        return np.zeros(len(days))
    if irrigation.get("type") != "log":
        return None
    given = np.zeros(len(days))
    for one in irrigation.get("applications") or ():
        given[days == np.datetime64(one["date"], "D")] += float(one["mm"])
    return given


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values])
