"""The one grid: Web Mercator quadkeys of 14 characters, tiles of 64 × 64 pixels.

A pixel is addressed by its global column and row (column 0 at 180° W, row 0 at the northern edge of
Web Mercator). It is "nominal 30 m": 38.2185 m times the cosine of the latitude on the ground.
Width comes before height, columns before rows. No I/O lives here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 14
COARSE_LEVEL = 12
TILE = 64
WORLD_PIXELS = TILE * 2**LEVEL
HALF_WORLD_M = math.pi * 6378137.0
PIXEL_M = 2 * HALF_WORLD_M / WORLD_PIXELS
MAX_LATITUDE = 85.0511287798066
EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE = 111.32
"""Of latitude, and of longitude on the equator."""

Affine = tuple[float, float, float, float, float, float]


def quadkey(tile_column: int, tile_row: int, level: int = LEVEL) -> str:
    """Quadkey of a tile, one digit 0-3 a level (Bing Maps tile system)."""
    digits = []
    for bit in range(level - 1, -1, -1):
        digits.append(str(((tile_column >> bit) & 1) + 2 * ((tile_row >> bit) & 1)))
    return "".join(digits)


def tile_of_quadkey(key: str) -> tuple[int, int, int]:
    """(tile column, tile row, level) of a quadkey. ValueError for anything but digits 0-3."""
    column = row = 0
    for digit in key:
        if digit not in "0123":
            raise ValueError(f"{key!r} is not a quadkey: only the digits 0 to 3 may occur")
        column = 2 * column + int(digit) % 2
        row = 2 * row + int(digit) // 2
    return column, row, len(key)


def ground_m(latitude: ArrayLike) -> NDArray[np.float64]:
    """True ground size of a pixel in m at a latitude in degrees."""
    return PIXEL_M * np.cos(np.radians(np.asarray(latitude, dtype=np.float64)))


def distance_km(longitude_a: ArrayLike, latitude_a: ArrayLike, longitude_b: ArrayLike,
                latitude_b: ArrayLike) -> NDArray[np.float64]:
    """Great-circle distance in km between positions in degrees (haversine, sphere of 6371 km); shapes broadcast."""
    lon_a, lat_a, lon_b, lat_b = (np.radians(np.asarray(values, np.float64))
                                  for values in (longitude_a, latitude_a, longitude_b, latitude_b))
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


def lonlat_to_pixel(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fractional global (column, row) of WGS 84 positions in degrees; integer part = the pixel."""
    lat = np.clip(np.asarray(latitude, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE)
    column = (np.asarray(longitude, dtype=np.float64) + 180.0) / 360.0 * WORLD_PIXELS
    row = (0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * math.pi)) * WORLD_PIXELS
    return column, row


def pixel_to_lonlat(column: ArrayLike, row: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(longitude, latitude) in degrees of fractional global pixels; add 0.5 for a pixel's centre."""
    longitude = np.asarray(column, dtype=np.float64) / WORLD_PIXELS * 360.0 - 180.0
    northing = 2 * math.pi * (0.5 - np.asarray(row, dtype=np.float64) / WORLD_PIXELS)
    return longitude, np.degrees(np.arctan(np.sinh(northing)))


@dataclass(frozen=True)
class Window:
    """A rectangle of global pixels."""

    column: int
    row: int
    width: int
    height: int

    @classmethod
    def around(cls, west: float, south: float, east: float, north: float) -> Window:
        """The smallest window that covers a WGS 84 box in degrees."""
        columns, rows = lonlat_to_pixel([west, east], [north, south])
        left, top = math.floor(columns[0]), math.floor(rows[0])
        return cls(left, top, max(1, math.ceil(columns[1]) - left), max(1, math.ceil(rows[1]) - top))

    @property
    def right(self) -> int:
        return self.column + self.width

    @property
    def bottom(self) -> int:
        return self.row + self.height

    @property
    def shape(self) -> tuple[int, int]:
        """numpy shape (height, width)."""
        return self.height, self.width

    @property
    def affine(self) -> Affine:
        """GDAL-order-free affine (a, b, c, d, e, f) from pixel to EPSG:3857 metres, as rasterio takes it."""
        return (PIXEL_M, 0.0, self.column * PIXEL_M - HALF_WORLD_M, 0.0, -PIXEL_M, HALF_WORLD_M - self.row * PIXEL_M)

    @property
    def bounds_lonlat(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        lon, lat = pixel_to_lonlat([self.column, self.right], [self.bottom, self.row])
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def pad(self, pixels: int) -> Window:
        return Window(self.column - pixels, self.row - pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    def align(self, multiple: int) -> Window:
        """The smallest window whose edges are multiples of ``multiple`` and that covers this one."""
        left, top = self.column // multiple * multiple, self.row // multiple * multiple
        right, bottom = -(-self.right // multiple) * multiple, -(-self.bottom // multiple) * multiple
        return Window(left, top, right - left, bottom - top)

    def intersect(self, other: Window) -> Window | None:
        left, top = max(self.column, other.column), max(self.row, other.row)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        if right <= left or bottom <= top:
            return None
        return Window(left, top, right - left, bottom - top)

    def contains(self, other: Window) -> bool:
        return (self.column <= other.column and self.row <= other.row
                and self.right >= other.right and self.bottom >= other.bottom)

    def slices_in(self, outer: Window) -> tuple[slice, slice]:
        """(row slice, column slice) of this window inside an array that holds ``outer``."""
        top, left = self.row - outer.row, self.column - outer.column
        return slice(top, top + self.height), slice(left, left + self.width)

    def tiles(self) -> Iterator[tuple[int, int]]:
        """(tile column, tile row) of every tile touched, in row order."""
        for tile_row in range(self.row // TILE, -(-self.bottom // TILE)):
            for tile_column in range(self.column // TILE, -(-self.right // TILE)):
                yield tile_column, tile_row

    def lonlat_centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(longitudes of the columns, latitudes of the rows) at pixel centres, degrees."""
        columns = self.column + np.arange(self.width) + 0.5
        rows = self.row + np.arange(self.height) + 0.5
        return pixel_to_lonlat(columns, self.row)[0], pixel_to_lonlat(self.column, rows)[1]

    def ground_m(self) -> NDArray[np.float64]:
        """True ground size in m of the pixels of each row, (H, 1)."""
        return ground_m(self.lonlat_centres()[1])[:, None]

    def to_dict(self) -> dict[str, int]:
        return {"column": self.column, "row": self.row, "width": self.width, "height": self.height}


def enclosing(windows: Sequence[Window]) -> Window:
    """The smallest window that holds all of some, which must not be none."""
    left, top = min(one.column for one in windows), min(one.row for one in windows)
    return Window(left, top, max(one.right for one in windows) - left, max(one.bottom for one in windows) - top)
