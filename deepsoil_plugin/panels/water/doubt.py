"""Why a recommendation is unsure: what is not known of the field, readings it rests on, whether it was verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...jobs.methods import COLUMN
from ...text import units
from ...text.translate import tr

OLD_READING_DAYS = 7
"""From this age on the last reading is named as a reason for a wide interval."""


@dataclass(frozen=True)
class Used:
    """The readings that an answer rests on; ``age_days`` of the last one, None where none could be used."""

    count: int
    age_days: int | None


@dataclass(frozen=True)
class Verified:
    """How the same method did at the nearest station in the same weeks; ``mae`` m³/m³ on a day at ``depth_cm``, None
    where it was not compared."""

    name: str
    km: float
    mae: float | None = None
    depth_cm: int = 0


@dataclass(frozen=True)
class Known:
    """What is known of the field: what is not makes the interval wide. ``used``: None where no readings were asked for.
    ``verified``: None where no station is near."""

    crop: bool = False
    irrigation: bool = False
    used: Used | None = None
    verified: Verified | None = None


def used_of(answer: dict[str, Any], day: dt.date) -> Used | None:
    """Of an answer of ``what_if`` about a day."""
    readings = answer.get("readings")
    if readings is None:
        return None
    last = readings["last"]
    return Used(int(readings["count"]), None if last is None else (day - dt.date.fromisoformat(last)).days)


def verified_of(jobs: Iterable[dict[str, Any]], region: str, host: str, answer: dict[str, Any]) -> Verified | None:
    """What the newest maps by soil columns of the region say of the nearest station, else the station of the answer."""
    for job in sorted(jobs, key=lambda one: str(one.get("created") or ""), reverse=True):
        asked = job.get("specification") or {}
        if job.get("kind") != "predict" or (job.get("region"), job.get("host")) != (region, host) or \
                (asked.get("options") or {}).get("method") != COLUMN:
            continue
        for warning in job.get("warnings") or ():
            values = warning.get("values") or {}
            if warning.get("code") == "verified_near" and {"name", "km", "mae", "depth"} <= values.keys():
                return Verified(str(values["name"]), float(values["km"]), float(values["mae"]), int(values["depth"]))
    station = answer.get("station")
    return None if station is None else Verified(str(station["name"]), float(station["km"]))


def reasons(known: Known, weather_ends: bool) -> str:
    """Why the interval is wide."""
    used = known.used
    of_readings = tr("no reading is used") if used is None else \
        tr("none of the readings says anything of this day") if used.age_days is None else \
        tr("no reading in %n day(s)", None, used.age_days) if used.age_days >= OLD_READING_DAYS else ""
    why = [of_readings,
           "" if known.irrigation else tr("irrigation before is not known"),
           "" if known.crop else tr("the crop is not known"),
           tr("the weather is not forecast so far") if weather_ends else ""]
    named = [reason for reason in why if reason] or [tr("soil and roots are known from maps only")]
    return tr("interval wide because {0}").format(", ".join(named))


def verified_text(verified: Verified | None) -> str:
    """Whether anybody has measured how good this is."""
    if verified is None:
        return tr("not verified here: no station within 50 km")
    if verified.mae is None:
        text = tr("not compared yet with the nearest station, {0}, {1} km away: map the field with soil columns")
        return text.format(verified.name, f"{verified.km:.0f}")
    return tr("at the station {0}, {1} km away, soil moisture at {2} cm was off by {3} {4} on a day").format(
        verified.name, f"{verified.km:.0f}", verified.depth_cm, units.theta_text(verified.mae), units.theta_unit())
