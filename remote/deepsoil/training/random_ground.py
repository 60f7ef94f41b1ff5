"""Random ground for training patches: fields of texture, parcels of land cover, relief. Pure.

Everything is drawn from the given generator in a fixed order: the same key gives the same ground.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import PIXEL_M
from deepsoil.soil.vegetation import class_table

Array = NDArray[np.float32]
Generator = np.random.Generator

GROUND_M = PIXEL_M * 0.77  # ground size of a pixel near 40 degrees north


@cache
def _upsampling(size: int, cells: int) -> Array:
    """(size, cells) weights of linear interpolation from cell nodes to pixels."""
    position = np.linspace(0, cells - 1, size)
    low = np.minimum(position.astype(int), cells - 2)
    weights = np.zeros((size, cells), np.float32)
    weights[np.arange(size), low] = 1 - (position - low)
    weights[np.arange(size), low + 1] += position - low
    return weights


def smooth_field(rng: Generator, batch: int, size: int, cells: int) -> Array:
    """Gaussian fields (B, size, size) that vary over size/cells pixels, standard deviation near 1."""
    weights = _upsampling(size, cells)
    nodes = rng.standard_normal((batch, cells, cells)).astype(np.float32) * np.float32(1.4)
    return np.asarray(weights @ nodes @ weights.T, np.float32)


def rough_field(rng: Generator, batch: int, size: int) -> Array:
    """Sum of a wide, a medium and a fine field, each half as strong as the one before."""
    parts = [smooth_field(rng, batch, size, cells) * 0.5**k for k, cells in enumerate((2, 4, max(4, size // 4)))]
    return np.sum(parts, axis=0, dtype=np.float32)


def texture(rng: Generator, batch: int, size: int) -> tuple[Array, Array, Array]:
    """Sand, silt, clay in per cent (B, size, size), over the whole triangle including its edges."""
    concentration = np.where(rng.random(batch) < 0.6, 1.0, 0.5)
    base = rng.gamma(np.repeat(concentration[:, None], 3, 1)) + 1e-3
    base /= base.sum(1, keepdims=True)
    strength = (0.8 * rng.random((batch, 1, 1)) ** 1.5).astype(np.float32)
    fields = [np.log(base[:, k, None, None]).astype(np.float32) + strength * rough_field(rng, batch, size)
              for k in range(3)]
    shares = np.exp(fields)
    sand, silt, _ = 100 * shares / shares.sum(0)
    return sand, silt, 100 - sand - silt


def parcels(rng: Generator, batch: int, size: int, count: int = 6) -> NDArray[np.int64]:
    """Numbers 0 … count - 1 (B, size, size): nearest of ``count`` random points, some patches with fewer."""
    used = rng.integers(1, count + 1, batch)
    points = rng.random((batch, count, 2)).astype(np.float32) * size
    points[np.arange(count)[None, :] >= used[:, None]] = 1e6
    axis = np.arange(size, dtype=np.float32)
    vertical = (points[:, :, 0, None] - axis) ** 2
    horizontal = (points[:, :, 1, None] - axis) ** 2
    return np.asarray((vertical[:, :, :, None] + horizontal[:, :, None, :]).argmin(1))


def land_cover(rng: Generator, batch: int, size: int) -> tuple[Array, NDArray[np.int64]]:
    """(NLCD codes, group or -1 for water), each (B, size, size), in parcels."""
    codes, shares, groups = class_table()
    drawn = rng.choice(len(codes), (batch, 6), p=shares)
    which = np.take_along_axis(drawn, parcels(rng, batch, size).reshape(batch, -1), 1).reshape(batch, size, size)
    return codes[which].astype(np.float32), groups[which]


def relief(rng: Generator, batch: int, size: int) -> Array:
    """Elevations (B, size, size) in m: a tilted plane with hills."""
    steepness = np.tan(np.radians(np.minimum(rng.exponential(4.0, batch), 45))).astype(np.float32)
    direction = rng.random(batch) * 2 * np.pi
    axis = (np.arange(size, dtype=np.float32) - size / 2) * np.float32(GROUND_M)
    east, north = np.sin(direction).astype(np.float32), np.cos(direction).astype(np.float32)
    plane = east[:, None, None] * axis[None, None, :] - north[:, None, None] * axis[None, :, None]
    hills = plane * steepness[:, None, None] + rough_field(rng, batch, size) * (steepness * GROUND_M)[:, None, None]
    return rng.uniform(-50, 3800, (batch, 1, 1)).astype(np.float32) + hills
