"""The mountain front of the sample region: fluvial relief, its canyon and creeks, hogbacks. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.sample.noise import Field, fractal, ramp, smooth_noise
from deepsoil.sample.relief import CONCAVITY, Index, carve_relief, course

CANYON_ENTRY = 0.46         # share of the region's height where the main river enters from the west
_HALF = 2                   # relief is computed on cells of 2 × 2 pixels


@dataclass(frozen=True)
class Mountains:
    """Height over the foreland (H, W) m; watercourses as pixels (n, 2) of (row, column).

    ``canyon`` runs from the western edge to the mouth, ``creeks`` are the other larger streams, ``creek_mouths``
    the mouths of the largest one north and south of the canyon.
    """

    height: Field
    canyon: NDArray[np.intp]
    creeks: NDArray[np.intp]
    creek_mouths: list[tuple[float, float]]


def make_mountains(into_m: Field, pixel_m: float, rng: Generator) -> Mountains:
    """Mountains where ``into_m`` (distance west of the front, m) is positive."""
    height, width = into_m.shape
    coarse = into_m[::_HALF, ::_HALF]
    span = min(coarse.shape[1], int(np.nonzero((coarse > 0).any(axis=0))[0].max()) + 12)
    coarse = coarse[:, :span]
    cell_m = _HALF * pixel_m
    base = coarse <= 0

    hardness = np.exp(0.45 * fractal(coarse.shape, 10, 4, rng, gain=0.8))
    # Steepness that puts the summits of a 7 km wide range about 1,000 m above the plain.
    steepness = 42 * (cell_m / 58) ** (2 * CONCAVITY - 1) * (0.35 + 0.65 * ramp(coarse, 0, 2500)) * hardness
    cost = np.exp(0.9 * fractal(coarse.shape, 24, 4, rng))
    gates = 40 * ramp(smooth_noise((coarse.shape[0], 1), (14, 1), rng), -1.5, 0.5) * np.ones(coarse.shape)
    entry = int(CANYON_ENTRY * coarse.shape[0])
    inflow = np.zeros(coarse.shape)
    inflow[entry, 0] = 9e8
    relief = carve_relief(base, cell_m, steepness, cost, gates, inflow, repose=0.55)

    # The grid's eight directions are visible; warp the whole relief with its watercourses.
    bends = [4.5 * fractal(into_m.shape, 30, 2, rng) for _ in range(2)]
    rows, columns = np.indices(into_m.shape, dtype=np.float64)
    smooth = ndimage.gaussian_filter(relief.height, 0.85)
    lifted = ndimage.map_coordinates(smooth, [(rows + bends[0]) / _HALF, (columns + bends[1]) / _HALF],
                                     order=1, mode="nearest")
    lifted = ndimage.gaussian_filter(lifted, 0.7)
    rough = 7 * ramp(lifted, 30, 300) * fractal(into_m.shape, 12, 3, rng, gain=0.6)

    def bent(cells: Index) -> NDArray[np.intp]:
        row, column = _HALF * (cells // span), _HALF * (cells % span)
        moved = np.stack([row - bends[0][row, column], column - bends[1][row, column]], axis=1)
        return np.clip(np.rint(moved), 0, [height - 1, width - 1]).astype(np.intp)

    def filled(path: NDArray[np.intp]) -> NDArray[np.intp]:
        """The course with the gaps between its coarse cells filled."""
        at = np.linspace(0, len(path) - 1, 6 * len(path))
        known = np.arange(len(path))
        return np.stack([np.rint(np.interp(at, known, path[:, k])) for k in range(2)], axis=1).astype(np.intp)

    canyon = filled(bent(course(relief.receiver, entry * span)))
    area = np.where(base, 0, relief.area_m2)
    creeks = bent(np.flatnonzero((area > 2.5e6).ravel()))
    drained = np.where(base, relief.area_m2, 0) * (relief.area_m2 < 5e8)
    mouths = []
    for rows_of in (slice(0, int(0.36 * len(drained))), slice(int(0.62 * len(drained)), None)):
        part = np.zeros_like(drained)
        part[rows_of] = drained[rows_of]
        row, column = np.unravel_index(int(np.argmax(part)), part.shape)
        mouths.append((_HALF * float(row), _HALF * float(column)))
    hogbacks = _hogbacks(into_m, pixel_m, rng)
    return Mountains(np.maximum(lifted + rough, 0) + hogbacks, canyon, creeks, mouths)


def _hogbacks(into_m: Field, pixel_m: float, rng: Generator) -> Field:
    """Tilted strata that form broken ridges along the front; height m."""
    gate = ramp(fractal(into_m.shape, 2200 / pixel_m, 2, rng), -0.6, 0.5)
    strength = ramp(fractal(into_m.shape, 260 / pixel_m, 3, rng), -1.6, 0.8)
    weave_m = 70 * fractal(into_m.shape, 700 / pixel_m, 3, rng)
    height = np.zeros(into_m.shape)
    for offset_m, tall_m, thick_m in ((-350.0, 70.0, 120.0), (-950.0, 34.0, 130.0)):
        height = height + tall_m * gate * strength * np.exp(-(((into_m + weave_m - offset_m) / thick_m) ** 2))
    return height
