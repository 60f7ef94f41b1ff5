"""Areas on the ground, in EPSG:4326: their true size, and how far apart two of them are."""

from __future__ import annotations

from typing import Any

import pyproj
import shapely
from shapely.geometry import shape

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import named_outlines
from deepsoil.contract.text import Text

_GEOD = pyproj.Geod(ellps="WGS84")
_NEAR_M = 5000.0
"""A field this near to a region may only have been drawn a little beside it; one farther away is another place."""
_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def area_m2(geometry: shapely.Geometry) -> float:
    """True area on the WGS 84 ellipsoid, holes left out."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(abs(_GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(part))[0]) for part in polygons)


def together(area: dict[str, Any]) -> shapely.Geometry:
    """One geometry of an area (GeoJSON, valid), which may be several fields that overlap."""
    return shapely.union_all([shapely.force_2d(shape(geometry)) for _, geometry in named_outlines(area)])


def outside(area: dict[str, Any], footprints: dict[str, dict[str, Any]]) -> DeepSoilError:
    """The error for an area outside all ``footprints`` (by name of the region): which is nearest, and how far."""
    requested = together(area)
    distances = {name: _distance_and_direction(requested, shape(footprint))
                 for name, footprint in footprints.items()}
    name = min(distances, key=lambda key: distances[key][0])
    distance_m, direction = distances[name]
    values = {"region": name, "distance": _length(distance_m), "direction": direction}
    if distance_m <= _NEAR_M:
        return DeepSoilError("area_outside", "The area lies outside the region '{region}', which begins {distance} to "
                             "the {direction}.", "Draw it inside the region, or add a region that covers it.", "area",
                             **values)
    what = Text("this field") if len(named_outlines(area)) == 1 else Text("these fields")
    return DeepSoilError("area_outside", "There is no data for {what}: the nearest region, '{region}', begins "
                         "{distance} to the {direction}.", "Add a region that covers the place, or choose a field "
                         "inside a region.", "area", what=what, **values)


def _distance_and_direction(area: shapely.Geometry, footprint: shapely.Geometry) -> tuple[float, str]:
    """(m, compass direction) from the area to the footprint."""
    here, there = shapely.get_parts(shapely.get_point(shapely.shortest_line(area, footprint), [0, 1]))
    azimuth, _, distance_m = _GEOD.inv(here.x, here.y, there.x, there.y)
    if distance_m == 0:  # they touch
        azimuth, _, _ = _GEOD.inv(area.centroid.x, area.centroid.y, footprint.centroid.x, footprint.centroid.y)
    return float(distance_m), _DIRECTIONS[round(azimuth / 45) % 8]


def _length(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 995 else f"{metres / 1000:,.0f} km"
