"""Bilinear upsampling from a coarse regular lon/lat grid onto a window. Pure.

Both grids are separable in longitude and latitude, so a field (ny, nx) becomes (H, W) by two small matrices:
``rows @ field @ columns.T``. Beyond the outermost cell centres the outermost value is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window

Planes = Sequence[NDArray[np.float32]] | NDArray[np.float32]
"""C arrays (H, W), or one (C, H, W)."""


def neighbours(centres: NDArray[np.float64], positions: NDArray[np.float64],
               ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Index of the first of the two centres on either side of each position, and the share (0-1) of the second.

    Beyond the outermost centres the outermost one has all; ``centres`` are monotonic. With a single centre the share
    is 0, and there is no second centre.
    """
    if centres.size == 1:
        return np.zeros(positions.size, np.intp), np.zeros(positions.size)
    fraction = np.interp(positions, *_ascending(centres))
    lower = np.clip(np.floor(fraction).astype(np.intp), 0, centres.size - 2)
    return lower, fraction - lower


def weights(centres: NDArray[np.float64], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrix (positions, centres) of linear interpolation; every row sums to 1. ``centres`` are monotonic."""
    matrix = np.zeros((positions.size, centres.size))
    lower, share = neighbours(centres, positions)
    rows = np.arange(positions.size)
    matrix[rows, lower] = 1.0 - share
    if centres.size > 1:
        matrix[rows, lower + 1] = share
    return matrix


def _ascending(centres: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    index = np.arange(centres.size, dtype=np.float64)
    return (centres, index) if centres[0] < centres[-1] else (centres[::-1], index[::-1])


@dataclass(frozen=True)
class Upsampler:
    """Interpolation of the cells ``rows`` × ``columns`` of a coarse grid onto one window.

    by_row (H, used rows) and by_column (used columns, W) are float32; cells that do not affect the window are
    left out, so the cost does not grow with the coarse grid.
    """

    rows: slice
    columns: slice
    by_row: NDArray[np.float32]
    by_column: NDArray[np.float32]

    @classmethod
    def onto(cls, window: Window, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> Upsampler:
        """For cell centres in degrees and the pixel centres of ``window``."""
        lon, lat = window.lonlat_centres()
        by_row, by_column = weights(latitudes, lat), weights(longitudes, lon)
        rows, columns = _used(by_row), _used(by_column)
        return cls(rows, columns, np.ascontiguousarray(by_row[:, rows], np.float32),
                   np.ascontiguousarray(by_column[:, columns].T, np.float32))

    def __call__(self, fields: NDArray[np.float32], planes: Planes) -> NDArray[np.bool_] | None:
        """Fill C ``planes`` (H, W) from ``fields`` (C, ny, nx) with NaN for missing; where (C, H, W) they have data
        (None = everywhere).

        A missing cell gives its weight to its neighbours; where all neighbours are missing, the pixel has no data
        and its value is meaningless.
        """
        cells = fields[:, self.rows, self.columns]
        known = np.isfinite(cells)
        if known.all():
            self._spread(cells, planes)
            return None
        total = np.empty((len(cells), self.by_row.shape[0], self.by_column.shape[1]), np.float32)
        self._spread(known.astype(np.float32), total)
        has_data = total > 0.0
        self._spread(np.where(known, cells, np.float32(0.0)), planes)
        for plane, share, covered in zip(planes, total, has_data, strict=True):
            np.divide(plane, share, out=plane, where=covered)
        return has_data

    def _spread(self, cells: NDArray[np.float32], planes: Planes) -> None:
        count, ny, nx = cells.shape
        wide = (cells.reshape(count * ny, nx) @ self.by_column).reshape(count, ny, -1)
        for plane, rows in zip(planes, wide, strict=True):
            if ny == 1:
                plane[:] = rows
            else:
                np.matmul(self.by_row, rows, out=plane)


def _used(matrix: NDArray[np.float64]) -> slice:
    used = np.flatnonzero(matrix.any(axis=0))
    return slice(int(used[0]), int(used[-1]) + 1)
