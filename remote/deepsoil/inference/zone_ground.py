"""The ground of a field for zones: how much of each pixel lies in it, and the outlines of zones cut to the field."""

from __future__ import annotations

import numpy as np
import pyproj
import rasterio.features
import scipy.ndimage
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from shapely.geometry import shape

from deepsoil.inference.target import Target

Array = NDArray[np.float64]

_REACH_PIXELS = 1.5
"""So far a pixel on the edge, whose middle is outside, looks for its value."""
_LEAST_M2 = 1e-3  # less is a rounding


def areas_inside(target: Target) -> Array:
    """(H, W) m² of every pixel of a product that lies in its outline, in the plane of its CRS."""
    size, where = target.resolution_m, (target.height, target.width)
    edge = rasterio.features.rasterize([(target.outline.boundary, 1)], where, transform=target.transform,
                                       all_touched=True, dtype=np.uint8).astype(bool)
    middle = rasterio.features.rasterize([(target.outline, 1)], where, transform=target.transform,
                                         dtype=np.uint8).astype(bool)
    areas = np.where(middle, size**2, 0.0)
    rows, columns = np.nonzero(edge)
    left, top = target.left_m + size * columns, target.top_m - size * rows
    areas[edge] = shapely.area(shapely.intersection(target.outline, shapely.box(left, top - size, left + size, top)))
    return areas


def filled_to_the_edge(values: Array, target: Target) -> Array:
    """(H, W): pixels whose middle is outside, and which have no value, take that of the nearest pixel beside them."""
    known = np.isfinite(values)
    if not known.any():
        return values
    away, (rows, columns) = scipy.ndimage.distance_transform_edt(~known, return_indices=True)
    edge = ~known & ~target.mask(Window(0, 0, target.width, target.height)) & (away <= _REACH_PIXELS)
    return np.where(edge, values[rows, columns], values)


def outlines(numbers: NDArray[np.int32], target: Target) -> dict[int, shapely.Geometry]:
    """By number the outline of every zone (H, W, 0: none) in degrees (EPSG:4326), cut to the field's."""
    found: dict[int, list[shapely.Geometry]] = {}
    for geometry, number in rasterio.features.shapes(numbers, numbers > 0, connectivity=4, transform=target.transform):
        found.setdefault(int(number), []).append(shape(geometry))
    to_degrees = pyproj.Transformer.from_crs(target.epsg, 4326, always_xy=True)

    def transform(points: Array) -> Array:
        return np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))

    cut = {number: shapely.intersection(shapely.union_all(parts), target.outline) for number, parts in found.items()}
    return {number: shapely.transform(_polygons(one), transform) for number, one in sorted(cut.items())}


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """Without the lines and points that a cut may leave."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > _LEAST_M2]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
