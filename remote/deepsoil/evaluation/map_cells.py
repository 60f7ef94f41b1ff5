"""A finished map, whatever its CRS, as means of the cells of a coarse grid, by area.

Pixels are laid on the EASE-Grid 2.0's projection (EPSG:6933), which keeps areas and in which cells that are separable
in longitude and latitude stay so. Within a block of pixels the projection is bilinear between its corners: off by a
metre or two in blocks of 8 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.errors import RasterioError
from rasterio.windows import Window as Block

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.coarse_cells import Array, edges
from deepsoil.sources.geotiff import opened

EQUAL_AREA = 6933
_SIDE, _SIDE_M = 256, 8_000.0


@dataclass(frozen=True)
class CellMeans:
    """mean (ny, nx) in the map's unit, NaN without a pixel; share (ny, nx) of the cell's area that has a value."""

    mean: Array
    share: Array


class MapCells:
    """The cells with these middles in degrees, ascending longitudes (nx,) and descending latitudes (ny,)."""

    def __init__(self, longitudes: Array, latitudes: Array) -> None:
        """ValueError where the middles do not say how large the cells are."""
        self.longitude_edges, self.latitude_edges = edges(longitudes, latitudes)
        project = Transformer.from_crs(4326, EQUAL_AREA, always_xy=True).transform
        self._x = np.asarray(project(self.longitude_edges, np.zeros_like(self.longitude_edges))[0])
        self._y = np.asarray(project(np.zeros_like(self.latitude_edges), self.latitude_edges)[1])
        self.shape = (latitudes.size, longitudes.size)
        self._area = np.outer(-np.diff(self._y), np.diff(self._x))

    def means(self, path: Path) -> CellMeans:
        """Band 1 of a map. DeepSoilError ``source_invalid`` for a file that is no map, or is damaged."""
        total, area = np.zeros((2, self._area.size))
        try:
            with rasterio.Env(GDAL_PAM_ENABLED="NO"), opened(path, "id") as source:
                if not source.crs:
                    raise DeepSoilError("source_invalid", "{file} does not say where on the earth it lies.",
                                        "Make the map again.", "id", file=path.name)
                project = Transformer.from_crs(source.crs, EQUAL_AREA, always_xy=True)
                side = _side(source, project)
                for row in range(0, source.height, side):
                    for column in range(0, source.width, side):
                        block = Block(column, row, min(side, source.width - column), min(side, source.height - row))
                        values = source.read(1, window=block, masked=True)
                        theta = values.astype(np.float64).filled(np.nan) * source.scales[0] + source.offsets[0]
                        self._add(theta, source.transform @ Affine.translation(column, row), project, total, area)
        except RasterioError as error:
            raise DeepSoilError("source_invalid", "The map {file} cannot be read: {error}.",
                                "Bring it from its host again, or make it again.", "id",
                                file=path.name, error=error) from error
        mean = np.divide(total, area, out=np.full_like(total, np.nan), where=area > 0)
        return CellMeans(mean.reshape(self.shape), area.reshape(self.shape) / self._area)

    def _add(self, theta: Array, transform: Affine, project: Transformer, total: Array, area: Array) -> None:
        """Add the pixels (h, w) of a block to ``total`` (value times area) and ``area``, each (ny · nx,)."""
        known = np.isfinite(theta)
        if not known.any():
            return
        height, width = theta.shape
        corners = [transform @ corner for corner in ((0, 0), (width, 0), (0, height), (width, height))]
        x, y = (np.asarray(one).reshape(2, 2) for one in project.transform(*np.transpose(corners)))
        down, right = (np.arange(height) + 0.5)[:, None] / height, (np.arange(width) + 0.5)[None, :] / width
        columns = np.searchsorted(self._x, _between(x, down, right), side="right") - 1
        rows = np.searchsorted(-self._y, -_between(y, down, right), side="right") - 1
        inside = known & (rows >= 0) & (rows < self.shape[0]) & (columns >= 0) & (columns < self.shape[1])
        if not inside.any():
            return
        pixel = abs((x[0, 1] - x[0, 0]) * (y[1, 0] - y[0, 0]) - (x[1, 0] - x[0, 0]) * (y[0, 1] - y[0, 0])) / (
            height * width)
        cell = rows[inside] * self.shape[1] + columns[inside]
        total += pixel * np.bincount(cell, theta[inside], total.size)
        area += pixel * np.bincount(cell, minlength=area.size)


def _side(source: rasterio.DatasetReader, project: Transformer) -> int:
    """Pixels of a block's side: at most `_SIDE`, and at most `_SIDE_M` on the ground."""
    column, row = source.width / 2, source.height / 2
    x, y = project.transform(*(source.transform @ (np.array([column, column + 1, column]),
                                                   np.array([row, row, row + 1]))))
    pixel_m = max(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0]))
    return int(np.clip(_SIDE_M / pixel_m, 1, _SIDE)) if np.isfinite(pixel_m) and pixel_m > 0 else _SIDE


def _between(corners: Array, down: Array, right: Array) -> NDArray[np.float64]:
    """Bilinear (h, w) from the corners (2, 2) of a block; ``down`` (h, 1) and ``right`` (1, w) from 0 to 1."""
    top = corners[0, 0] + (corners[0, 1] - corners[0, 0]) * right
    bottom = corners[1, 0] + (corners[1, 1] - corners[1, 0]) * right
    return np.asarray(top + (bottom - top) * down)
