"""A field or a place that is asked about: its ground, and what readings say of it, as in a prediction by columns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management
from deepsoil.contract.options import PredictOptions
from deepsoil.depths import DEPTHS
from deepsoil.field import uncertainty
from deepsoil.field.analysis import Usable
from deepsoil.field.ground import ground_of, shares_of
from deepsoil.field.series import column_at
from deepsoil.field.what_if import Ground
from deepsoil.grid import distance_km
from deepsoil.inference.area import Coverage
from deepsoil.inference.field_water import ManagedField
from deepsoil.inference.fields import Field, Fields, cover_fields
from deepsoil.kinds.column_readings import Told, column_readings, conditioned
from deepsoil.stations.gathered import NEAR_KM

if TYPE_CHECKING:
    from typing import Any

    from deepsoil.contract.readings import Readings
    from deepsoil.field.checkpoints import States
    from deepsoil.kinds.column_readings import Array
    from deepsoil.store.store import Store

MOST_COLUMNS = 128

_PIXEL_DEGREES = 1.5e-4
"""Half a pixel round a place: what is known of its water is known of a reading there."""
_WEEKS_DAYS = 28


class FieldQuestion:
    """`column_readings.Request` of one field, or of a place, at the end of one day."""

    def __init__(self, store: Store, outline: shapely.Geometry, day: date, management: Management | None,
                 readings: Readings | None, fields: Fields, ground: Ground) -> None:
        self.store, self.days, self.fields, self.ground = store, [day], fields, ground
        self.depths_cm = list(DEPTHS)
        self.options = PredictOptions(method="column", readings=readings, products=[],
                                      management=[] if management is None else [management])
        self.managed = [ManagedField(outline, management or Management())]
        self.readings: Usable | None = column_readings(self)

    @classmethod
    def of_area(cls, store: Store, area: dict[str, Any], day: date, management: Management | None,
                readings: Readings | None) -> FieldQuestion:
        """DeepSoilError ``area_outside``, ``no_soil``, ``area_too_large``, and as `gather`."""
        covered = cover_fields(area, store.footprint(), store.title).inside
        outline = shapely.union_all([one.coverage.inside for one in covered]) if len(covered) > 1 else \
            covered[0].coverage.inside
        found = ground_of(store, outline)
        shares = shares_of(found, outline)
        if not shares.any():
            raise DeepSoilError("no_soil", "The region '{title}' has no soil in this area.",
                                "Choose a field on land inside the region.", "area", title=store.title)
        if len(found.columns) > MOST_COLUMNS:
            raise DeepSoilError("area_too_large", "The area has {count} different soils, which are too many to be "
                                "asked about at once.", "Choose one field of it.", "area", count=len(found.columns))
        ground = Ground.of(found.columns, shares)
        return cls(store, outline, day, management, readings, _one(outline), ground)

    @classmethod
    def of_place(cls, store: Store, longitude: float, latitude: float, day: date, management: Management | None,
                 readings: Readings | None) -> FieldQuestion:
        """DeepSoilError ``no_soil``, and as `gather`."""
        outline = shapely.Point(longitude, latitude).buffer(_PIXEL_DEGREES)
        ground = Ground.whole(column_at(store, longitude, latitude), np.ones(1))
        return cls(store, outline, day, management, readings, _one(outline), ground)

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude, degrees."""
        west, south, east, north = self.managed[0].outline.bounds
        return (west + east) / 2, (south + north) / 2

    def scores(self, told: Told, states: States) -> Array:
        """The scores (E, P) of the members, after the readings. DeepSoilError as the simulation."""
        z = uncertainty.draw(uncertainty.MEMBERS)
        found = conditioned(self, told, z, states)
        return z if found is None else found.z

    def readings_used(self) -> dict[str, Any] | None:
        """Count, sensors and last day of the readings that the answer rests on; None where none were asked for."""
        if self.options.readings is None:
            return None
        if self.readings is None or not len(self.readings.gathered):
            return {"count": 0, "sensors": 0, "last": None}
        some, gathered = self.readings.of_day(self.days[0]), self.readings.gathered
        last = None if not some.size else str(np.datetime64(int(gathered.days[some].max()), "D"))
        return {"count": int(some.size), "sensors": len({gathered.names[n] for n in some}), "last": last}

    def problems(self) -> list[DeepSoilError]:
        """What is to be told of the readings."""
        return [] if self.readings is None else self.readings.gathered.warnings

    def station(self) -> dict[str, Any] | None:
        """Name and distance of the nearest station of the region that measured in the weeks up to the day."""
        stations = self.store.stations()
        if not len(stations):
            return None
        day = np.datetime64(self.days[0], "D")
        weeks = (stations.dates > day - _WEEKS_DAYS) & (stations.dates <= day)
        measured = np.isfinite(stations.theta[:, :, weeks]).any(axis=(1, 2))
        km = np.where(measured, distance_km(*self.middle, stations.longitudes, stations.latitudes), np.inf)
        nearest = int(np.argmin(km))
        if km[nearest] > NEAR_KM:
            return None
        return {"station": stations.ids[nearest], "name": stations.names[nearest], "km": round(float(km[nearest]), 1)}


def _one(outline: shapely.Geometry) -> Fields:
    return Fields([Field(None, None, Coverage(outline, 0.0))], [])
