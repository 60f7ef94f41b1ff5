"""The pixel grid of a remote raster: which whole pixels lie over an area, so that nothing is resampled. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pyproj import Transformer

from deepsoil.archives.archive import Bounds
from deepsoil.contract.errors import DeepSoilError

MARGIN_PIXELS = 4
"""Around what is needed: interpolation looks at neighbours, some servers give a row less than was asked for, and a
window of 1 × 1 pixels is a damaged file at SoilWeb."""


@dataclass(frozen=True)
class Box:
    """A window of whole pixels in the CRS of its grid.

    west, south, east, north   edges of the window, in units of the CRS
    width, height              pixels
    needed                     (west, south, east, north) that must be in the answer, without the margin
    """

    west: float
    south: float
    east: float
    north: float
    width: int
    height: int
    needed: Bounds


@dataclass(frozen=True)
class Grid:
    """A grid of columns × rows pixels; ``west`` and ``north`` are the outer edges of its first pixel.

    crs      as pyproj takes it, such as ``EPSG:5070``
    step     side of a pixel in units of the CRS, the same both ways
    known    False: only the size of the pixels is known, not where they begin
    """

    crs: str
    west: float
    north: float
    step: float
    columns: int
    rows: int
    known: bool = True

    def box(self, bounds: Bounds, title: str, *, margin: int = MARGIN_PIXELS, largest: int = 5000) -> Box:
        """The whole pixels over ``bounds`` (degrees) with a margin, cut at the grid's edge.

        Raises DeepSoilError ``archive_outside`` where the grid does not touch the bounds, and ``archive_failed`` for
        more than ``largest`` pixels a side, which the service does not give. ``title`` names the archive.
        """
        transformer = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        west, south, east, north = transformer.transform_bounds(*bounds, densify_pts=21)
        left, right = math.floor((west - self.west) / self.step), math.ceil((east - self.west) / self.step)
        top, bottom = math.floor((self.north - north) / self.step), math.ceil((self.north - south) / self.step)
        if right <= 0 or bottom <= 0 or left >= self.columns or top >= self.rows:
            raise outside(title)
        needed = (self.west + max(left, 0) * self.step, self.north - min(bottom, self.rows) * self.step,
                  self.west + min(right, self.columns) * self.step, self.north - max(top, 0) * self.step)
        left, right = max(left - margin, 0), min(right + margin, self.columns)
        top, bottom = max(top - margin, 0), min(bottom + margin, self.rows)
        if max(right - left, bottom - top) > largest:
            raise DeepSoilError("archive_failed", "The area is {width} × {height} pixels of {archive}, which gives at "
                                "most {largest} a side.", "Fetch the data of its parts one after the other, or let "
                                "another archive stand in.", "area", width=right - left, height=bottom - top,
                                archive=title, largest=largest)
        return Box(self.west + left * self.step, self.north - bottom * self.step, self.west + right * self.step,
                   self.north - top * self.step, right - left, bottom - top, needed)


def outside(title: str) -> DeepSoilError:
    """The error of an archive that has nothing at a place."""
    return DeepSoilError("archive_outside", "{archive} has nothing at this place.",
                         "It covers the lower 48 states of the USA. Check where the field was drawn; elsewhere, add a "
                         "region folder with data of your own.", "area", archive=title)
