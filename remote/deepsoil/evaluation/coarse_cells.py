"""A 30 m map as means of the cells of a coarse grid, by true area. Pure.

The cells of a coarse channel are separable in longitude and latitude, and so are the pixels: a mean is two small matrix
products. A pixel belongs to the cell in which its middle lies; its weight is its area on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.ease_grid import GRIDS
from deepsoil.grid import Window, lonlat_to_pixel

Array = NDArray[np.float64]

_SAME_DEGREES = 0.005
"""A centre that is given with two digits is still that of its cell; cells of 9 km are 0.09 degrees wide."""


@dataclass(frozen=True)
class CoarseCells:
    """The cells of a grid (ny, nx) over a window (H, W) of pixels.

    by_row (ny, H) has the area of a pixel of the row (relative to the equator's) where it lies in the cell, by_column
    (nx, W) 1; ``area`` (ny, nx) of whole cells, also beyond the window, in the same unit.
    """

    by_row: Array
    by_column: Array
    area: Array

    @classmethod
    def of(cls, longitudes: Array, latitudes: Array, window: Window) -> CoarseCells:
        """From cell centres in degrees, ascending and descending as a store has them. ValueError as `edges`."""
        lon_edges, lat_edges = edges(longitudes, latitudes)
        lon, lat = window.lonlat_centres()
        column = np.searchsorted(lon_edges, lon, side="right") - 1
        row = np.searchsorted(-lat_edges, -lat, side="right") - 1
        by_column = (column[None, :] == np.arange(longitudes.size)[:, None]).astype(np.float64)
        by_row = (row[None, :] == np.arange(latitudes.size)[:, None]) * np.cos(np.radians(lat))[None, :] ** 2
        edge_columns, _ = lonlat_to_pixel(lon_edges, np.zeros_like(lon_edges))
        _, edge_rows = lonlat_to_pixel(np.zeros_like(lat_edges), lat_edges)
        heights = np.diff(edge_rows) * np.cos(np.radians(latitudes)) ** 2
        return cls(by_row, by_column, np.outer(heights, np.diff(edge_columns)))

    def mean(self, values: NDArray[np.floating]) -> tuple[Array, Array]:
        """Means (ny, nx) of a map (H, W) over its known pixels, NaN without any, and the share of each cell known."""
        known = np.isfinite(values)
        weight = self.by_row @ known.astype(np.float64) @ self.by_column.T
        total = self.by_row @ np.where(known, values, 0.0).astype(np.float64) @ self.by_column.T
        mean = np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
        return mean, weight / self.area


def edges(longitudes: Array, latitudes: Array) -> tuple[Array, Array]:
    """Edges in degrees, (nx + 1,) and (ny + 1,), of cells with these centres.

    Those of the EASE-Grid 2.0 where the centres are its; else halfway between them. ValueError for a single row or
    column of another grid: it does not say how large its cells are.
    """
    for grid in GRIDS:
        column = _run_in(grid.longitudes, longitudes)
        row = _run_in(-grid.latitudes, -latitudes)
        if column is not None and row is not None:
            return (grid.longitude_edges[column:column + longitudes.size + 1],
                    grid.latitude_edges[row:row + latitudes.size + 1])
    return _halfway(longitudes), _halfway(latitudes)


def grid_name(longitudes: Array, latitudes: Array) -> str | None:
    """The name of the EASE-Grid 2.0 that has cells with these centres; None for another grid."""
    return next((grid.name for grid in GRIDS if _run_in(grid.longitudes, longitudes) is not None
                 and _run_in(-grid.latitudes, -latitudes) is not None), None)


def _run_in(axis: Array, centres: Array) -> int | None:
    """Where ``centres``, ascending, begin in ``axis``, whose cells they are one after the other; None: they are not."""
    first = int(np.abs(axis - centres[0]).argmin())
    part = axis[first:first + centres.size]
    return first if part.size == centres.size and (np.abs(part - centres) < _SAME_DEGREES).all() else None


def _halfway(centres: Array) -> Array:
    """Edges (n + 1,) halfway between centres (n,), the outer ones as far out as in."""
    if centres.size < 2:
        raise ValueError("a single cell does not say how large it is")
    between = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]])
