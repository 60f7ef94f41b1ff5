"""The grid of a product: a metric CRS, pixels on multiples of the resolution, and which of them lie in the area."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyproj
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window as Block

from deepsoil.contract.errors import DeepSoilError
from deepsoil.inference.area import bent

BLOCK_PIXELS = 2048


@dataclass(frozen=True)
class Target:
    """A product's raster: ``epsg``, pixel size in m, upper left corner in m, size in pixels, outline in its CRS.

    every_touched   the outline is so small that no pixel has its centre inside: every pixel it touches counts
    """

    epsg: int
    resolution_m: float
    left_m: float
    top_m: float
    width: int
    height: int
    outline: shapely.Geometry
    every_touched: bool

    @classmethod
    def of(cls, area: shapely.Geometry, crs: str = "utm", resolution_m: float = 30.0) -> Target:
        """The grid for an area in degrees; ``crs`` is ``utm`` or ``EPSG:n``. Raises ``crs_invalid``."""
        epsg = utm_epsg(area.centroid.x, area.centroid.y) if crs == "utm" else int(crs.removeprefix("EPSG:"))
        outline = _project(area, _metric_crs(epsg))
        left, bottom, right, top = outline.bounds
        first_column, last_column = math.floor(left / resolution_m), math.ceil(right / resolution_m)
        first_row, last_row = math.floor(bottom / resolution_m), math.ceil(top / resolution_m)
        grid = (first_column * resolution_m, last_row * resolution_m,
                max(1, last_column - first_column), max(1, last_row - first_row))
        by_centre = cls(epsg, resolution_m, *grid, outline, False)
        if any(by_centre.mask(block).any() for block in by_centre.blocks()):
            return by_centre
        return cls(epsg, resolution_m, *grid, outline, True)

    @property
    def transform(self) -> Affine:
        return Affine(self.resolution_m, 0.0, self.left_m, 0.0, -self.resolution_m, self.top_m)

    @property
    def raw_bytes(self) -> int:
        """Size of the raster, uncompressed, at 16 bits a pixel."""
        return 2 * self.width * self.height

    def blocks(self) -> Iterator[Block]:
        """The raster in pieces that fit into memory, row by row."""
        for row in range(0, self.height, BLOCK_PIXELS):
            for column in range(0, self.width, BLOCK_PIXELS):
                yield Block(column, row, min(BLOCK_PIXELS, self.width - column), min(BLOCK_PIXELS, self.height - row))

    def block_transform(self, block: Block) -> Affine:
        size = self.resolution_m
        return Affine(size, 0.0, self.left_m + size * block.col_off, 0.0, -size, self.top_m - size * block.row_off)

    def block_bounds(self, block: Block) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of a block in m."""
        left, top = self.left_m + self.resolution_m * block.col_off, self.top_m - self.resolution_m * block.row_off
        return left, top - self.resolution_m * block.height, left + self.resolution_m * block.width, top

    def mask(self, block: Block) -> NDArray[np.bool_]:
        """(H, W) of a block: pixels whose centre lies in the outline."""
        inside = rasterio.features.rasterize([(self.outline, 1)], out_shape=(block.height, block.width), fill=0,
                                             transform=self.block_transform(block), all_touched=self.every_touched,
                                             dtype=np.uint8)
        return inside.astype(bool)


def utm_epsg(longitude: float, latitude: float) -> int:
    """EPSG code of the UTM zone (WGS 84) of a position in degrees."""
    zone = min(60, int((longitude + 180) // 6) + 1)
    return (32600 if latitude >= 0 else 32700) + zone


def _metric_crs(epsg: int) -> pyproj.CRS:
    try:
        crs = pyproj.CRS.from_epsg(epsg)
    except pyproj.exceptions.CRSError as error:
        raise DeepSoilError("crs_invalid", "EPSG:{epsg} is not a known coordinate system.",
                            "Choose 'utm', or another EPSG code.", "output.crs",
                            epsg=epsg) from error
    if not crs.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        raise DeepSoilError("crs_invalid", "EPSG:{epsg} ({name}) is not in metres.",
                            "Choose 'utm', or a projected coordinate system in metres.", "output.crs",
                            epsg=epsg, name=crs.name)
    return crs


def _project(area: shapely.Geometry, crs: pyproj.CRS) -> shapely.Geometry:
    transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def transform(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    projected = shapely.transform(bent(area), transform)
    if not np.isfinite(projected.bounds).all():
        raise DeepSoilError("crs_invalid", "The area is too far from where {name} can be used.",
                            "Choose 'utm', or a coordinate system made for that part of the world.", "output.crs",
                            name=crs.name)
    return projected
