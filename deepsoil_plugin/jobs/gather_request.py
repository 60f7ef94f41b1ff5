"""What is to be fetched from public archives for a field, as data, and what its plan says in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract import LOCAL, LONGEST_NAME, SCHEMA
from ..text.dates import day_text
from ..text.formatting import duration_text, plain_error, size_text
from ..text.translate import tr

Plan = Mapping[str, Any]
_OLD_AFTER_DAYS = 2  # daily weather is published with a day's delay


@dataclass(frozen=True)
class GatherRequest:
    """``area``: GeoJSON in EPSG:4326. Dates are ISO; empty: the engine's own. ``off``: archives that are not asked;
    ``agreed``: those whose terms the user has agreed to. ``folder`` and ``title``: empty for those that the engine
    suggests.
    """

    area: Mapping[str, Any]
    name: str = ""
    start: str = ""
    end: str = ""
    folder: str = ""
    title: str = ""
    off: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    offline: bool = False
    host: str = LOCAL

    def plan_parameters(self) -> dict[str, Any]:
        """Of the method ``gather_plan``."""
        asked: dict[str, Any] = {"area": dict(self.area), **host_parameters(self.host), "off": list(self.off),
                                 "agreed": list(self.agreed)}
        return {**asked, "start": self.start, "end": self.end} if self.start and self.end else asked

    def specification(self, job_id: str) -> dict[str, Any]:
        """The job specification of the contract."""
        options: dict[str, Any] = {"off": list(self.off), "agreed": list(self.agreed), "offline": self.offline}
        if self.folder:
            options["folder"] = self.folder
        if self.title:
            options["title"] = self.title[:LONGEST_NAME]
        document = {"schema": SCHEMA, "id": job_id, "kind": "gather", "name": job_name(self.title or self.name),
                    "area": dict(self.area), "options": options}
        if self.start and self.end:
            document["dates"] = {"start": self.start, "end": self.end}
        return document


def update_specification(job_id: str, region: Mapping[str, Any], off: Sequence[str], agreed: Sequence[str],
                         offline: bool) -> dict[str, Any]:
    """The job that brings a gathered region up to today."""
    return {"schema": SCHEMA, "id": job_id, "kind": "gather", "name": job_name(str(region["name"])),
            "region": region["id"], "options": {"update": True, "off": list(off), "agreed": list(agreed),
                                                "offline": offline}}


def job_name(title: str) -> str:
    return (title.strip() or tr("Field"))[:LONGEST_NAME]


def host_parameters(host: str) -> dict[str, str]:
    """What a call has to say so that a host answers it."""
    return {} if host == LOCAL else {"host": host}


def used(plan: Plan) -> list[dict[str, Any]]:
    """The archives that would be asked for something."""
    return [archive for archive in plan.get("archives") or () if archive.get("used_for") and archive.get("pieces")]


def cost_text(plan: Plan) -> str:
    """``about 40 MB, 2 minutes, from 9 archives``; empty where the plan has no archive to ask."""
    count = len(used(plan))
    if not count or plan.get("bytes") is None or plan.get("seconds") is None:
        return ""
    return tr("{0}, {1}, from %n archive(s)", None, count).format(size_text(plan["bytes"], 0),
                                                                 duration_text(plan["seconds"]))


def problem_text(plan: Plan) -> str:
    """Why nothing can be fetched; empty where nothing prevents it."""
    problems = plan.get("problems") or ()
    return plain_error(problems[0]) if problems else ""


def need_title(need: str) -> str:
    """What a region needs, in words."""
    return {"elevation": tr("elevation"), "soil": tr("soil"), "soil_refined": tr("soil in more detail"),
            "land_cover": tr("land cover"), "koppen": tr("climate zone"), "weather": tr("weather"),
            "stations": tr("stations"),
            "ndvi": tr("green leaves (NDVI)"), "lai": tr("leaf area"), "smap": tr("SMAP soil moisture"),
            "crops": tr("crops"), "outlook": tr("weather of the next days")}.get(need, need)


def without_text(plan: Plan) -> str:
    """What the region will lack, a line each."""
    return "\n".join(tr("{0}: {1}").format(need_title(one["need"]), plain_error(one["problem"]))
                     for one in plan.get("without") or ())


def near_text(plan: Plan) -> str:
    """That a region takes the field in, or that another is made beside those that are there; empty: none touches it."""
    if plan.get("extends"):
        return tr("The region {0} takes this field in: it keeps its name and its data, and gets what it lacks for both "
                  "fields.").format(plan["extends"])
    names = ", ".join(str(name) for name in plan.get("near") or ())
    return tr("This makes another region beside {0}, which stays as it is. What is the same is not fetched "
              "again.").format(names) if names else ""


def last_known_day(region: Mapping[str, Any] | None) -> dt.date | None:
    """The last day of a region that is no forecast; None where it has no day, or there is no region."""
    if region is None:
        return None
    if forecast := region.get("forecast_from"):
        return dt.date.fromisoformat(forecast) - dt.timedelta(days=1)
    return dt.date.fromisoformat(region["last_date"]) if region.get("last_date") else None


def is_old(region: Mapping[str, Any] | None, today: dt.date) -> bool:
    """Whether a gathered region ends before what the archives should have by now."""
    if not region or not region.get("gathered") or (last := last_known_day(region)) is None:
        return False
    return (today - last).days > _OLD_AFTER_DAYS


def until_text(region: Mapping[str, Any]) -> str:
    """``Data until 3 Jul 2026.``"""
    last = last_known_day(region)
    return tr("Data until {0}.").format(day_text(last)) if last else ""


def fitted(specification: Mapping[str, Any], first: dt.date, last: dt.date) -> dict[str, Any]:
    """A request for maps whose days lie where a region has data; those outside are moved to its first or last day."""
    def inside(day: str) -> str:
        return min(max(dt.date.fromisoformat(day), first), last).isoformat()

    return {**specification, "dates": {name: inside(day) for name, day in specification["dates"].items()}}
