"""Made rasters that the local servers cut windows out of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine
from pyproj import Transformer
from rasterio.io import MemoryFile


@dataclass(frozen=True)
class Raster:
    """values (H, W), rows from the north; ``west`` and ``north`` are its outer edges in units of the CRS."""

    values: np.ndarray
    west: float
    north: float
    step: float
    crs: str = "EPSG:5070"
    nodata: float | None = None

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], make, *, step: float = 30.0, crs: str = "EPSG:5070",
               dtype: str = "uint8", nodata: float | None = None, offset: tuple[float, float] = (0.0, 0.0),
               beyond: int = 40) -> Raster:
        """A raster over ``bounds`` (degrees) and some pixels beyond, of values ``make(longitude, latitude)``.

        ``offset`` moves the grid's origin off whole multiples of the step.
        """
        box = Transformer.from_crs(4326, crs, always_xy=True).transform_bounds(*bounds, densify_pts=21)
        west, north = (np.floor(box[0] / step) - beyond) * step + offset[0], (
            np.ceil(box[3] / step) + beyond) * step + offset[1]
        columns, rows = (int(size) for size in ((box[2] - west) // step + beyond, (north - box[1]) // step + beyond))
        x, y = np.meshgrid(west + step * (np.arange(columns) + 0.5), north - step * (np.arange(rows) + 0.5))
        lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
        return cls(np.asarray(make(lon, lat)).astype(dtype), float(west), float(north), step, crs, nodata)

    @property
    def east(self) -> float:
        return self.west + self.values.shape[1] * self.step

    @property
    def south(self) -> float:
        return self.north - self.values.shape[0] * self.step

    def cut(self, west: float, south: float, east: float, north: float, **profile: object) -> bytes:
        """The window as a GeoTIFF; where it leaves the raster, there are fewer rows and columns."""
        left, right = max(round((west - self.west) / self.step), 0), round((east - self.west) / self.step)
        top, bottom = max(round((self.north - north) / self.step), 0), round((self.north - south) / self.step)
        values = self.values[top:bottom, left:right]
        transform = Affine(self.step, 0, self.west + left * self.step, 0, -self.step, self.north - top * self.step)
        return geotiff(values, transform, **{"crs": self.crs, "nodata": self.nodata, **profile})

    def at(self, longitudes: np.ndarray, latitudes: np.ndarray) -> np.ndarray:
        """The values under points."""
        x, y = Transformer.from_crs(4326, self.crs, always_xy=True).transform(longitudes, latitudes)
        return self.values[((self.north - np.asarray(y)) // self.step).astype(int),
                           ((np.asarray(x) - self.west) // self.step).astype(int)]


def geotiff(values: np.ndarray, transform: Affine, **profile: object) -> bytes:
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
                         transform=transform, **profile) as out:
            out.write(values, 1)
        return memory.read()
