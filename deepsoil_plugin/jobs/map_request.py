"""What the user asks for, as data: kept with the project, turned into a job specification."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..contract import LOCAL, LONGEST_NAME, SCHEMA
from ..contract_check import problem
from ..depths import depths_cm, known_models
from ..text.quantities import FOR_PLANTS, WATER
from ..text.translate import tr
from .methods import COLUMN, METHODS, NETWORK
from .readings import KnownReadings
from .refill import REFILL, RefillWish
from .water import Entry, kept, management

Geometry = dict[str, Any]
_AREAS = ("PolygonArea", "MultiPolygonArea", "FieldsArea")


@dataclass(frozen=True)
class MapRequest:
    """``area``: GeoJSON in EPSG:4326: a geometry, or a collection of named fields. ``region`` None: whichever covers
    the area. Dates are ISO. ``water``: what is known of fields by their name, those of other areas too. ``method``:
    see ``methods``; soil columns use no models. ``products``: maps of the root zone's water (``quantities.WATER``)
    beside soil moisture, which only soil columns make. ``refill``: how the water to refill is counted.

    ``host``: where it is to run, with the ``resources`` that a task gets there; both belong
    to the user, not to the project, and are not kept with it.
    """

    name: str = ""
    area: Geometry | None = None
    start: str = ""
    end: str | None = None
    depths_cm: tuple[int, ...] = field(default_factory=depths_cm)
    models: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    host: str = LOCAL
    resources: Mapping[str, Any] | None = None
    water: Mapping[str, Entry] = field(default_factory=dict)
    method: str = NETWORK
    readings: KnownReadings = field(default_factory=KnownReadings)
    products: tuple[str, ...] = ()
    refill: RefillWish = field(default_factory=RefillWish)

    def last_day(self) -> str:
        return self.end or self.start

    @property
    def management(self) -> list[Entry]:
        """What is known of the water and soil of this area's fields. Networks know no measured soil."""
        entries = management(self.water, self.area, self.name)
        if self.method == NETWORK:
            entries = [{name: value for name, value in entry.items() if name != "soil"} for entry in entries]
        return [entry for entry in entries if entry.keys() - {"field"}]

    def specification(self, job_id: str, threads: int | None = None) -> dict[str, Any]:
        """The job specification of the contract."""
        document: dict[str, Any] = {
            "schema": SCHEMA, "id": job_id, "kind": "predict",
            "name": (self.name.strip() or tr("Field"))[:LONGEST_NAME],
            "area": self.area, "dates": {"start": self.start, "end": self.last_day()},
            "depths_cm": list(self.depths_cm),
            "models": {depth: model for depth, model in self.models.items()
                       if int(depth) in self.depths_cm and self.method == NETWORK},
            "output": {"crs": "utm", "resolution_m": 30}, "options": {"threads": threads} if threads else {},
        }
        if self.method != NETWORK:
            document["options"]["method"] = self.method
            if REFILL in self.products:
                document["options"] |= {"products": self.refill.products(self.products), **self.refill.options()}
            elif self.products:
                document["options"]["products"] = list(self.products)
        if self.method != NETWORK or (self.area or {}).get("type") == "FeatureCollection":
            document["options"]["field_table"] = True
        if self.management:
            document["options"]["management"] = self.management
        if (readings := self.readings.document()) is not None:
            document["options"]["readings"] = readings
        if self.region:
            document["region"] = self.region
        if self.resources:
            document["resources"] = dict(self.resources)
        return document

    def with_water_of(self, specification: Mapping[str, Any]) -> MapRequest:
        """The field and days of a job, by soil columns with the water for the plants; all else stays as it stands."""
        start, end = specification["dates"]["start"], specification["dates"]["end"]
        return replace(self, name=specification["name"], area=specification["area"], start=start,
                       end=end if end != start else None, depths_cm=tuple(specification["depths_cm"]), region=None,
                       method=COLUMN, products=tuple(dict.fromkeys((*self.products, *FOR_PLANTS))))

    def to_dict(self) -> dict[str, Any]:
        document = {**asdict(self), "depths_cm": list(self.depths_cm), "models": dict(self.models),
                    "water": {name: dict(entry) for name, entry in self.water.items()},
                    "readings": self.readings.to_dict(), "products": list(self.products),
                    "refill": self.refill.to_dict()}
        del document["host"], document["resources"]
        return document

    @classmethod
    def from_dict(cls, document: Any) -> MapRequest:
        """The request in a project file; what cannot be read is as if it had never been chosen."""
        if not isinstance(document, Mapping):
            return cls()
        request = cls()
        name, area, region = document.get("name"), document.get("area"), document.get("region")
        if isinstance(name, str):
            request = replace(request, name=name[:LONGEST_NAME])
        if isinstance(area, dict) and any(problem(area, kind) is None for kind in _AREAS):
            request = replace(request, area=area)
        if isinstance(region, str):
            request = replace(request, region=region)
        if start := _day(document.get("start")):
            end = _day(document.get("end"))
            request = replace(request, start=start, end=end if end and end >= start else None)
        depths = document.get("depths_cm")
        if isinstance(depths, list):
            request = replace(request, depths_cm=tuple(depth for depth in depths_cm() if depth in depths))
        models = document.get("models")
        if isinstance(models, dict):
            request = replace(request, models=known_models(models))
        if document.get("method") in METHODS:
            request = replace(request, method=document["method"])
        products = document.get("products")
        if isinstance(products, list):
            request = replace(request, products=tuple(name for name in WATER if name in products))
        return replace(request, water=kept(document.get("water")), refill=RefillWish.from_dict(document.get("refill")),
                       readings=KnownReadings.from_dict(document.get("readings")))


def new_id() -> str:
    """Made before a job is sent, so that sending it twice gives one job."""
    return uuid.uuid4().hex


def _day(text: Any) -> str | None:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        return None
