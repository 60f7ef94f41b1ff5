"""A small picture of a map, dark where values are low; missing pixels are transparent."""

from __future__ import annotations

import warnings

import numpy as np
import rasterio
import rasterio.errors
from numpy.typing import NDArray
from rasterio.io import MemoryFile

LARGEST_PX = 96


def picture_of(values: NDArray[np.float64]) -> bytes:
    """PNG of a map (H, W) of at most `LARGEST_PX` pixels a side, stretched from the 2 to the 98 % quantile."""
    known = np.isfinite(values)
    if not known.any():
        return b""
    low, high = np.quantile(values[known], (0.02, 0.98))
    grey = np.clip((np.where(known, values, low) - low) / max(high - low, 1e-12), 0.0, 1.0)
    height, width = values.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with MemoryFile() as memory:
            with memory.open(driver="PNG", width=width, height=height, count=2, dtype="uint8") as png:
                png.write((30 + 210 * grey).astype(np.uint8), 1)
                png.write(np.where(known, 255, 0).astype(np.uint8), 2)
            return bytes(memory.read())
