"""The grid of gridMET, and the boxes of it that are asked for. Pure.

1386 by 585 cells of 1/24 degree; the centre of the north-western one is 124.7667° W, 49.4° N (public_data.md §5a).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives.archive import Bounds

STEP = 1.0 / 24.0
WEST, NORTH = -124.0 - 46.0 / 60.0, 49.4
WIDTH, HEIGHT = 1386, 585
BLOCK = 6
"""Cells (a quarter of a degree): boxes end at multiples of it, so that fields near by ask for the same."""
MARGIN = 2
"""Cells round a field: the store interpolates between the cells around a pixel."""


@dataclass(frozen=True)
class Cells:
    """Columns ``left`` to before ``right`` and rows ``top`` to before ``bottom``, row 0 in the north."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, bounds: Bounds) -> Cells:
        """The whole blocks that cover a box with its margin, as far as the grid goes; ``is_empty`` outside of it."""
        west, south, east, north = bounds
        left, right = _blocks((west - WEST) / STEP, (east - WEST) / STEP, WIDTH)
        top, bottom = _blocks((NORTH - north) / STEP, (NORTH - south) / STEP, HEIGHT)
        return cls(left, top, right, bottom)

    @property
    def is_empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top

    @property
    def count(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def longitudes(self) -> NDArray[np.float64]:
        """(nx,) centres in degrees, ascending; the same to the last bit whatever served them."""
        return np.round(WEST + np.arange(self.left, self.right) * STEP, 6)

    @property
    def latitudes(self) -> NDArray[np.float64]:
        """(ny,) centres in degrees, descending."""
        return np.round(NORTH - np.arange(self.top, self.bottom) * STEP, 6)


def _blocks(low: float, high: float, size: int) -> tuple[int, int]:
    """First cell, and the one after the last, of the blocks from ``low`` to ``high``, in cells from the grid's edge."""
    first = math.floor((math.floor(low) - MARGIN) / BLOCK) * BLOCK
    last = math.ceil((math.ceil(high) + MARGIN + 1) / BLOCK) * BLOCK
    return max(0, first), min(size, last)
