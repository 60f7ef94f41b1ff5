"""What the panel is about: a field of the dock or of a job, or a place, with what is known of its water. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...contract import LOCAL
from ...jobs.map_request import MapRequest
from ...jobs.water import Entry, field_names
from ...text.formatting import number_text
from .plan import Event, Plan, applications_of, events_of

GeoJson = dict[str, Any]
LOG = "log"


@dataclass(frozen=True)
class Subject:
    """``key``: the name under which its water and its plan are kept. ``area`` (GeoJSON geometry) or ``place``
    (longitude, latitude). ``region``: id, None for whichever covers it. ``common``: what is said of all fields it
    belongs to, where ``entry`` says nothing. ``readings``: as in the options of a prediction."""

    key: str
    area: GeoJson | None = None
    place: tuple[float, float] | None = None
    region: str | None = None
    host: str = LOCAL
    entry: Entry = field(default_factory=dict)
    common: Entry = field(default_factory=dict)
    readings: dict[str, Any] | None = None

    @property
    def same_field(self) -> tuple[Any, ...]:
        """Equal for two that only differ in what is known."""
        return self.key, self.area, self.place, self.region, self.host

    @property
    def geometry(self) -> GeoJson | None:
        return self.area if self.place is None else {"type": "Point", "coordinates": list(self.place)}

    @property
    def known(self) -> Entry:
        """Own words, else those for all fields."""
        found = {**self.common, **self.entry}
        if "crop" in self.entry and "planted" not in self.entry:
            found.pop("planted", None)
        return found

    @property
    def irrigation_kind(self) -> str:
        return str((self.known.get("irrigation") or {}).get("type") or "")

    def plan(self, planned: Iterable[Event]) -> Plan:
        """The log, and what is planned, as one."""
        known, log = self.known, self.known.get("irrigation") or {}
        given = events_of(log.get("applications") or (), True) if log.get("type") == LOG else ()
        taken = {event.day for event in given}
        both = (*given, *(event for event in planned if event.day not in taken))
        return Plan(tuple(sorted(both, key=lambda event: event.day)), known.get("root_depth_cm"),
                    known.get("allowed_depletion"))

    def entry_with(self, plan: Plan) -> Entry:
        """What is to be kept of the field after a change."""
        entry = {name: value for name, value in self.entry.items()
                 if name not in ("root_depth_cm", "allowed_depletion")}
        if plan.roots_cm is not None:
            entry["root_depth_cm"] = plan.roots_cm
        if plan.allowed is not None:
            entry["allowed_depletion"] = plan.allowed
        if plan.given:
            entry["irrigation"] = {"type": LOG, "applications": applications_of(plan.given)}
        elif self.irrigation_kind == LOG:
            entry.pop("irrigation", None)
        return entry

    def with_entry(self, entry: Entry) -> Subject:
        return replace(self, entry=entry)

    def management(self, entry: Entry) -> Entry | None:
        """For ``what_if``."""
        found = {**self.common, **entry}
        if "crop" in entry and "planted" not in entry:
            found.pop("planted", None)
        return found or None


def of_request(request: MapRequest, name: str = "") -> Subject | None:
    """The dock's field; of several the one called ``name``, else the first. None without an area."""
    if request.area is None:
        return None
    names = field_names(request.area)
    readings = request.readings.document()
    common = dict(request.water.get(request.name) or {})
    if not names:
        return Subject(request.name, request.area, None, request.region, request.host, common,
                       readings=readings)
    chosen = name if name in names else names[0]
    area = next(feature["geometry"] for feature in request.area["features"]
                if str(feature["properties"]["name"]) == chosen)
    own = dict(request.water.get(chosen) or {})
    return Subject(chosen, area, None, request.region, request.host, own, {} if chosen == request.name else common,
                   readings)


def of_job(specification: Mapping[str, Any], host: str, water: Mapping[str, Entry], name: str = "") -> Subject | None:
    """The field of a job that made maps: what is known of it now, else what the job was told. None without an area."""
    area = specification.get("area")
    if not isinstance(area, dict):
        return None
    told = {str(entry.get("field") or specification.get("name") or ""):
            {key: value for key, value in entry.items() if key != "field"}
            for entry in (specification.get("options") or {}).get("management") or ()}
    found = of_request(MapRequest(str(specification.get("name") or ""), area, region=specification.get("region"),
                                  host=host, water={**told, **water}), name)
    return found and replace(found, readings=(specification.get("options") or {}).get("readings"))


def of_place(longitude: float, latitude: float, host: str, water: Mapping[str, Entry],
             readings: dict[str, Any] | None = None) -> Subject:
    """A place of its own, whatever field it is in."""
    key = f"{number_text(latitude, 5)}°, {number_text(longitude, 5)}°"
    return Subject(key, None, (longitude, latitude), None, host, dict(water.get(key) or {}),
                   readings=readings)
