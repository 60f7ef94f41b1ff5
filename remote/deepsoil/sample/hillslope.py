"""Water that runs from slopes to hollows in the sample region, day by day. No I/O."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.sample.noise import Field
from deepsoil.sample.terrain import Terrain

_STEEP_DEGREES = 2.5
_AROUND_M = 400.0           # a hollow lies below the mean of its surroundings
_HOLLOW_M = 1.5
_KEPT_MM = 5.0              # of a day's rain, which runs nowhere
_MOST_GAINED = 1.5          # of what a slope loses, by a hollow


class Position(IntEnum):
    """Where on a hillside a pixel lies."""

    LEVEL = 0
    SLOPE = 1
    HOLLOW = 2


def positions(terrain: Terrain) -> NDArray[np.int16]:
    """Position (H, W) of every pixel."""
    size = max(3, round(_AROUND_M / terrain.frame.pixel_m))
    above_m = terrain.elevation - ndimage.uniform_filter(terrain.elevation, size, mode="nearest")
    hollow = (above_m < -_HOLLOW_M) & (terrain.slope < 2 * _STEEP_DEGREES)
    return np.select([hollow, terrain.slope > _STEEP_DEGREES], [Position.HOLLOW, Position.SLOPE],
                     Position.LEVEL).astype(np.int16)


def rain_by_position(rain_mm: Field, share: float, position: NDArray[np.int16]) -> Field:
    """Rain that enters the soil, (positions, cells, T), from that of the cells (cells, T) in mm/day.

    Slopes lose ``share`` of what falls above 5 mm a day. Hollows receive it, as far as they are large enough.
    """
    running = share * np.maximum(rain_mm - _KEPT_MM, 0.0)
    slopes, hollows = (int((position == one).sum()) for one in (Position.SLOPE, Position.HOLLOW))
    gained = min(_MOST_GAINED, slopes / max(hollows, 1))
    return np.stack([rain_mm, rain_mm - running, rain_mm + gained * running])
