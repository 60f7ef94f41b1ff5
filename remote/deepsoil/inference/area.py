"""The area of a prediction: what the region covers of it, and its size. Shapes are EPSG:4326 unless said.

What a polygon must be in itself (closed, in degrees, not crossing itself or the date line) is checked where a
specification arrives, in ``contract.area``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import ground_m, lonlat_to_pixel

LONGEST_HOURS = 12.0
"""A prediction that would take longer than this is refused before it begins."""

_EDGE_DEGREES = 0.01  # a straight line in degrees is curved in a projection
_NOTEWORTHY_SHARE = 1e-3


@dataclass(frozen=True)
class Coverage:
    """inside: the part of the area that the region covers; outside_share: the share of the area that it does not."""

    inside: shapely.Geometry
    outside_share: float

    @property
    def is_partial(self) -> bool:
        """Whether the part outside is large enough to be told."""
        return self.outside_share >= _NOTEWORTHY_SHARE


def cover(requested: shapely.Geometry, footprint: shapely.Geometry) -> Coverage | None:
    """What the region's footprint covers of an outline; None where that is nothing."""
    inside = _polygons(requested.intersection(footprint))
    if inside.is_empty:
        return None
    return Coverage(inside, max(0.0, 1.0 - area_m2(inside) / area_m2(requested)))


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


def check_size(outlines: Sequence[shapely.Geometry], days: int, seconds_per_pixel_day: float) -> None:
    """Refuse fields that would keep this computer busy too long; ``area_too_large`` says how large they may be.

    ``seconds_per_pixel_day``: for all depths that are asked for.
    """
    pixels = sum(map(grid_pixels, outlines))
    hours = pixels * days * seconds_per_pixel_day / 3600
    if hours <= LONGEST_HOURS:
        return
    largest_km2 = sum(map(area_m2, outlines)) / 1e6 * LONGEST_HOURS / hours
    dates = "one date" if days == 1 else f"{days} dates"
    raise DeepSoilError("area_too_large", "The area has {pixels:,.0f} million pixels; for {dates} this computer "
                        "would need about {hours:,.0f} hours.",
                        "Choose an area of at most {largest_km2:,.0f} km², or fewer dates, or one depth.", "area",
                        pixels=pixels / 1e6, dates=dates, hours=hours, largest_km2=largest_km2)


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a geometry: two that merely touch have points and lines in common."""
    return shapely.union_all([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])
