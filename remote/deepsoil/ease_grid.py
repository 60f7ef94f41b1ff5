"""The global EASE-Grid 2.0 (EPSG:6933), on which SMAP is published: cells of equal area, lines of constant latitude.

Brodzik et al. 2012 (doi:10.3390/ijgi1010032), with the correction of 2014. Rows count from the north, columns from
180° W.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

HALF_WIDTH_M, HALF_HEIGHT_M = 17367530.4451615, 7314540.8306386
"""From the middle of the grid to its edges, in metres of the projection."""


@dataclass(frozen=True)
class EaseGrid:
    """One resolution of the grid; ``name`` as in the product's documentation."""

    name: str
    columns: int
    rows: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns), the shape of an array of the product."""
        return self.rows, self.columns

    @property
    def cell_m(self) -> float:
        return 2 * HALF_WIDTH_M / self.columns

    @cached_property
    def longitudes(self) -> NDArray[np.float64]:
        """(columns,) degrees of the cell centres, from west to east."""
        return (np.arange(self.columns) + 0.5) * 360.0 / self.columns - 180.0

    @cached_property
    def latitudes(self) -> NDArray[np.float64]:
        """(rows,) degrees of the cell centres, from north to south."""
        return self._latitudes(np.arange(0.5, self.rows))

    @cached_property
    def latitude_edges(self) -> NDArray[np.float64]:
        """(rows + 1,) degrees of the cells' northern and southern edges, from north to south."""
        return self._latitudes(np.arange(0.0, self.rows + 1))

    @cached_property
    def longitude_edges(self) -> NDArray[np.float64]:
        """(columns + 1,) degrees of the cells' western and eastern edges, from west to east."""
        return np.arange(self.columns + 1) * 360.0 / self.columns - 180.0

    def _latitudes(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        northing = HALF_HEIGHT_M - rows * 2 * HALF_HEIGHT_M / self.rows
        degrees = Transformer.from_crs(6933, 4326, always_xy=True).transform(np.zeros_like(northing), northing)[1]
        return np.asarray(degrees, np.float64)


M36 = EaseGrid("EASE-Grid 2.0, 36 km (M36)", 964, 406)
M09 = EaseGrid("EASE-Grid 2.0, 9 km (M09)", 3856, 1624)
GRIDS = (M36, M09)


def grid_of(shape: tuple[int, ...]) -> EaseGrid | None:
    """The grid whose arrays have this shape (rows, columns); None for another."""
    return next((grid for grid in GRIDS if grid.shape == shape), None)
