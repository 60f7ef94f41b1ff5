"""What the pixel panel must know of a place before it asks: its region, the host, and the water of its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsGeometry, QgsPointXY

from ..contract import LOCAL
from ..jobs.map_request import MapRequest
from ..map.area import geometry_from, is_several


@dataclass(frozen=True)
class Place:
    """``region``: as the engine's ``regions`` tells it, of ``host``. ``management``: what is known of the field that
    holds the place, as in the options of a prediction; None outside the request's area. ``day``: that of the request.
    """

    longitude: float
    latitude: float
    region: Mapping[str, Any]
    host: str = LOCAL
    management: Mapping[str, Any] | None = None
    day: dt.date | None = None

    @property
    def position(self) -> list[float]:
        return [self.longitude, self.latitude]


def find_place(components: Any, longitude: float, latitude: float) -> Place | None:
    """None where no region that the dock knows has data."""
    dock = components.dock.request
    region = region_at(dock.data.regions, dock.data.wanted, longitude, latitude)
    if region is None:
        return None
    request = dock.request()
    return Place(longitude, latitude, region, dock.host.host_id, management_at(request, longitude, latitude),
                 dt.date.fromisoformat(request.start))


def region_at(regions: Sequence[Mapping[str, Any]], chosen: str | None, longitude: float, latitude: float,
              ) -> Mapping[str, Any] | None:
    """The region that has a place: the chosen one (its id), if it has it, else the first that does."""
    point = QgsGeometry.fromPointXY(QgsPointXY(longitude, latitude))
    having = [region for region in regions if not region.get("problem") and region.get("footprint")
              and geometry_from(region["footprint"]).contains(point)]
    return next((region for region in having if region["id"] == chosen), next(iter(having), None))


def management_at(request: MapRequest, longitude: float, latitude: float) -> Mapping[str, Any] | None:
    """What a request says of the field that holds a place."""
    if request.area is None:
        return None
    point = QgsGeometry.fromPointXY(QgsPointXY(longitude, latitude))
    features = request.area["features"] if is_several(request.area) else [{"geometry": request.area}]
    holding = [feature for feature in features if geometry_from(feature["geometry"]).contains(point)]
    if not holding:
        return None
    name = str((holding[0].get("properties") or {}).get("name") or "")
    entries = {str(entry.get("field") or ""): entry for entry in request.management}
    found = entries.get(name) or entries.get("")
    return None if found is None else {key: value for key, value in found.items() if key != "field"}
