"""Bilinear weights between weather cells for every pixel of a window. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window
from deepsoil.sample.noise import Field


def _between(positions: Field, centres: Field) -> tuple[NDArray[np.intp], Field]:
    """Index of the cell before each position and the share of the one after it; flat beyond the outer centres."""
    at = np.clip((positions - centres[0]) / (centres[1] - centres[0]), 0, len(centres) - 1)
    first = np.minimum(np.floor(at).astype(np.intp), len(centres) - 2)
    return first, at - first


@dataclass(frozen=True)
class CellWeights:
    """The four cells round each pixel: upper-left cell (H, W) in row order, and their weights (4, H, W).

    ``offsets`` leads from the upper-left cell to the four.
    """

    corner: NDArray[np.int32]
    weights: NDArray[np.float32]
    offsets: tuple[int, int, int, int]

    @classmethod
    def of(cls, window: Window, longitudes: Field, latitudes: Field) -> CellWeights:
        pixel_lon, pixel_lat = window.lonlat_centres()
        column, right = _between(pixel_lon, longitudes)
        row, lower = _between(pixel_lat, latitudes)
        down, across = np.stack([1 - lower, lower]), np.stack([1 - right, right])
        weights = (down[:, None, :, None] * across[None, :, None, :]).reshape(4, *window.shape)
        nx = len(longitudes)
        corner = (row[:, None] * nx + column[None, :]).astype(np.int32)
        return cls(corner, weights.astype(np.float32), (0, 1, nx, nx + 1))

    def blend(self, table: NDArray[np.float32], kind: NDArray[np.integer]) -> NDArray[np.float32]:
        """Value of each pixel (H, W) from a table (kinds, cells) and the kind of each pixel (H, W)."""
        flat = table.ravel()
        first = kind.astype(np.int32) * np.int32(table.shape[1]) + self.corner
        values = np.zeros(self.corner.shape, dtype=np.float32)
        for offset, weight in zip(self.offsets, self.weights, strict=True):
            values += weight * flat[first + np.int32(offset)]
        return values
