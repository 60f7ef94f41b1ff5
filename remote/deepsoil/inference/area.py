"""The area of a prediction against the region that is to cover it, and its size. Shapes are EPSG:4326 unless said.

What a polygon must be in itself (closed, in degrees, not crossing itself or the date line) is checked where a
specification arrives, in ``contract.area``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import ground_m, lonlat_to_pixel

LONGEST_HOURS = 12.0
"""A prediction that would take this computer longer is refused before it begins."""

_GEOD = pyproj.Geod(ellps="WGS84")
_EDGE_DEGREES = 0.01  # long edges are bent: a straight line in degrees is none in a projection
_NOTEWORTHY_SHARE = 1e-3
_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True)
class Coverage:
    """inside: the part of the area that the region covers; outside_share: the share of the area that it does not."""

    inside: shapely.Geometry
    outside_share: float

    def warning(self, region: str) -> DeepSoilError | None:
        """What to tell the user about the part that stays empty; None where that is nothing worth a word."""
        if self.outside_share < _NOTEWORTHY_SHARE:
            return None
        return DeepSoilError("area_partly_outside",
                             "{value} % of the area lies outside the region "
                             "'{region}' and will stay empty in the map.",
                             "Move the area if that part matters.", "area",
                             value=max(1, round(100 * self.outside_share)), region=region)


def cover(area: dict[str, Any], footprint: dict[str, Any], region: str) -> Coverage:
    """What the region's footprint covers of an area (GeoJSON). ``area_outside`` where that is nothing."""
    requested, covered = shape(area), shape(footprint)
    inside = _polygons(requested.intersection(covered))
    if inside.is_empty:
        raise outside(area, {region: footprint})
    return Coverage(inside, max(0.0, 1.0 - area_m2(inside) / area_m2(requested)))


def outside(area: dict[str, Any], footprints: dict[str, dict[str, Any]]) -> DeepSoilError:
    """The error for an area outside all ``footprints`` (by name of the region): which is nearest, and how far."""
    requested = shape(area)
    distances = {name: _distance_and_direction(requested, shape(footprint))
                 for name, footprint in footprints.items()}
    name = min(distances, key=lambda key: distances[key][0])
    distance_m, direction = distances[name]
    what = f"the region '{name}'" if len(distances) == 1 else "every region"
    nearest = "It" if len(distances) == 1 else f"The nearest, '{name}',"
    return DeepSoilError("area_outside", "The area lies outside {what}. {nearest} begins {length} to "
                         "the {direction}.",
                         "Move the area into the region's outline, or add a region that covers it.", "area",
                         what=what, nearest=nearest, length=_length(distance_m), direction=direction)


def area_m2(geometry: shapely.Geometry) -> float:
    """True area on the WGS 84 ellipsoid, holes left out."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return sum(abs(_GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(part))[0]) for part in polygons)


def grid_pixels(geometry: shapely.Geometry) -> float:
    """Number of pixels of the grid in a geometry, from its true area."""
    return area_m2(geometry) / float(ground_m(geometry.centroid.y)) ** 2


def to_pixels(geometry: shapely.Geometry) -> shapely.Geometry:
    """The geometry in fractional global pixels (column, row)."""
    def transform(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(lonlat_to_pixel(points[:, 0], points[:, 1]))

    return shapely.transform(bent(geometry), transform)


def bent(geometry: shapely.Geometry) -> shapely.Geometry:
    """The geometry with corners on its long edges, ready for a projection."""
    return shapely.segmentize(geometry, _EDGE_DEGREES)


def check_size(area: dict[str, Any], days: int, seconds_per_pixel_day: float) -> None:
    """Refuse an area that would keep this computer busy too long; ``area_too_large`` says how large it may be.

    ``seconds_per_pixel_day``: for all depths that are asked for.
    """
    requested = shape(area)
    pixels = grid_pixels(requested)
    hours = pixels * days * seconds_per_pixel_day / 3600
    if hours <= LONGEST_HOURS:
        return
    largest_km2 = area_m2(requested) / 1e6 * LONGEST_HOURS / hours
    dates = "one date" if days == 1 else f"{days} dates"
    raise DeepSoilError("area_too_large", "The area has {pixels:,.0f} million pixels; for {dates} this computer "
                        "would need about {hours:,.0f} hours.",
                        "Choose an area of at most {largest_km2:,.0f} km², or fewer dates, or one depth.", "area",
                        pixels=pixels / 1e6, dates=dates, hours=hours, largest_km2=largest_km2)


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a geometry: two that merely touch have points and lines in common."""
    return shapely.union_all([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def _distance_and_direction(area: shapely.Geometry, footprint: shapely.Geometry) -> tuple[float, str]:
    """(m, compass direction) from the area to the footprint."""
    here, there = shapely.get_parts(shapely.get_point(shapely.shortest_line(area, footprint), [0, 1]))
    azimuth, _, distance_m = _GEOD.inv(here.x, here.y, there.x, there.y)
    if distance_m == 0:  # they touch
        azimuth, _, _ = _GEOD.inv(area.centroid.x, area.centroid.y, footprint.centroid.x, footprint.centroid.y)
    return float(distance_m), _DIRECTIONS[round(azimuth / 45) % 8]


def _length(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 995 else f"{metres / 1000:,.0f} km"
