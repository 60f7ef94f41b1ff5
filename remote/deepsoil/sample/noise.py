"""Smooth random fields and curves for the sample region, and its random streams. No I/O.

Every field is made with plain gathers and sums (no BLAS), so that the same seed gives the same bits
for any number of threads.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float64]

# Root mean square of the sum of squared cubic B-spline weights over one cell: scales the noise to unit variance.
_SPLINE_RMS = 0.6923


def stream(seed: int, name: str) -> Generator:
    """The random stream for one purpose, independent of draws for other purposes."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _spline(positions: Field) -> tuple[NDArray[np.intp], Field]:
    """First lattice index and the four uniform cubic B-spline weights (4, n) of each position."""
    first = np.floor(positions).astype(np.intp)
    t = positions - first
    weights = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3]) / 6
    return first, weights


def smooth_noise(shape: tuple[int, int], wavelength: float | tuple[float, float], rng: Generator) -> Field:
    """A twice differentiable random field, mean 0 and variance about 1.

    ``wavelength`` is the lattice spacing in pixels, or (down, across).
    """
    down, across = wavelength if isinstance(wavelength, tuple) else (wavelength, wavelength)
    first_row, row_weights = _spline(np.arange(shape[0]) / down + rng.random())
    first_column, column_weights = _spline(np.arange(shape[1]) / across + rng.random())
    lattice = rng.standard_normal((first_row[-1] + 4, first_column[-1] + 4))
    # Across first, while the array is still small; gathering whole rows is then cheap.
    wide = sum(column_weights[k] * lattice[:, first_column + k] for k in range(4)) / _SPLINE_RMS**2
    field = row_weights[0][:, None] * wide[first_row]
    for k in range(1, 4):
        field += row_weights[k][:, None] * wide[first_row + k]
    return field


def fractal(shape: tuple[int, int], wavelength: float, octaves: int, rng: Generator, gain: float = 0.5) -> Field:
    """Sum of octaves of smooth noise, each half as wide and ``gain`` as strong; variance about 1."""
    total = np.zeros(shape)
    variance = 0.0
    for octave in range(octaves):
        strength = gain**octave
        total += strength * smooth_noise(shape, max(wavelength / 2**octave, 1.0), rng)
        variance += strength**2
    return total / np.sqrt(variance)


def ridged(shape: tuple[int, int], wavelength: float, octaves: int, rng: Generator, gain: float = 0.5) -> Field:
    """Ridged multifractal noise in 0-1: sharp crests, rounded valleys, rough where it is high."""
    total = np.zeros(shape)
    rough = np.ones(shape)
    norm = 0.0
    for octave in range(octaves):
        crest = (1 - np.minimum(np.abs(smooth_noise(shape, max(wavelength / 2**octave, 1.0), rng)), 2) / 2) ** 2
        total += gain**octave * crest * rough
        norm += gain**octave
        rough = np.clip(crest * 1.4, 0, 1)
    return total / norm


def warp(field: Field, down: Field, across: Field) -> Field:
    """``field`` read at positions displaced by (down, across) pixels, mirrored at the edges."""
    rows, columns = np.indices(field.shape, dtype=np.float64)
    warped: Field = ndimage.map_coordinates(field, [rows + down, columns + across], order=1, mode="reflect")
    return warped


def curve(count: int, wavelength: float, rng: Generator) -> Field:
    """Smooth random curve of ``count`` samples, variance about 1; ``wavelength`` in samples."""
    return smooth_noise((1, count), (1.0, wavelength), rng)[0]


def ramp(value: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between (either order)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
