"""Bilinear weights between weather cells for every pixel of a window. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window
from deepsoil.inputs.upsample import neighbours


@dataclass(frozen=True)
class CellWeights:
    """The four cells around each pixel: upper-left cell (H, W) in row order, and their weights (4, H, W).

    ``offsets`` leads from the upper-left cell to the four. A single row, column or cell occurs more
    than once, and only its first occurrence has weight.
    """

    corner: NDArray[np.int32]
    weights: NDArray[np.float32]
    offsets: tuple[int, int, int, int]

    @classmethod
    def of(cls, window: Window, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> CellWeights:
        """For cell centres in degrees, each axis monotonic; beyond the outermost centres the outermost cell counts."""
        pixel_lon, pixel_lat = window.lonlat_centres()
        column, right = neighbours(longitudes, pixel_lon)
        row, lower = neighbours(latitudes, pixel_lat)
        down, across = np.stack([1 - lower, lower]), np.stack([1 - right, right])
        weights = (down[:, None, :, None] * across[None, :, None, :]).reshape(4, *window.shape)
        nx = len(longitudes)
        corner = (row[:, None] * nx + column[None, :]).astype(np.int32)
        one_right, one_down = int(nx > 1), nx * int(len(latitudes) > 1)
        return cls(corner, weights.astype(np.float32), (0, one_right, one_down, one_down + one_right))

    def blend(self, table: NDArray[np.float32], kind: NDArray[np.integer]) -> NDArray[np.float32]:
        """Value of each pixel (H, W) from a table (kinds, cells) and the kind of each pixel (H, W)."""
        flat = table.ravel()
        first = kind.astype(np.int32) * np.int32(table.shape[1]) + self.corner
        values = np.zeros(self.corner.shape, dtype=np.float32)
        for offset, weight in zip(self.offsets, self.weights, strict=True):
            values += weight * flat[first + np.int32(offset)]
        return values
