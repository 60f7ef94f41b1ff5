"""What a satellite with cells of 36 km sees of a small region: SMAP on EASE-Grid 2.0 with flags and gaps. No I/O.

A cell is far larger than the region. What lies outside the region is not made; it enters as an offset that a cell
keeps. Retrievals after heavy rain and near frost are flagged as not recommended, and some others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.ease_grid import M36
from deepsoil.grid import Window
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.columns import NO_SOIL, Columns, Landscapes
from deepsoil.sample.noise import Field, stream
from deepsoil.sample.observations import SMAP_NOISE
from deepsoil.sample.weather import Weather

OUTSIDE = 0.03              # standard deviation of what a cell keeps, m³/m³
_PASSES, _CYCLE_DAYS = (0, 2, 5), 8
_LOST, _FLAGGED = 0.06, 0.10    # shares of the passes
_WET_MM, _FROST_CELSIUS, _THAWED_CELSIUS = 8.0, 3.0, 0.5


@dataclass(frozen=True)
class Retrievals:
    """Cell centres in degrees; recommended and flagged θ m³/m³ (T, ny, nx), NaN where there is none."""

    longitudes: Field
    latitudes: Field
    recommended: NDArray[np.float32]
    flagged: NDArray[np.float32]


def area_mean(landscapes: Landscapes, columns: Columns, cells: CellWeights, theta: Field) -> Field:
    """Mean (T,) of θ of the columns (N, T) over the land of a region."""
    on_land = landscapes.index != NO_SOIL
    weight = np.zeros(len(theta))
    for offset, share in zip(cells.offsets, cells.weights, strict=True):
        weight += np.bincount(columns.table[landscapes.index[on_land], cells.corner[on_land] + offset],
                              share[on_land], len(theta))
    return np.asarray(weight / weight.sum() @ theta)


def retrievals(window: Window, mean: Field, weather: Weather, seed: int) -> Retrievals:
    """What SMAP has of a region with the area mean ``mean`` (T,)."""
    rng = stream(seed, "smap 36 km")
    west, south, east, north = window.bounds_lonlat
    longitudes, latitudes = _around(M36.longitudes, west, east), _around(M36.latitudes, south, north)
    shape = (mean.size, latitudes.size, longitudes.size)
    outside, noise = OUTSIDE * rng.standard_normal(shape[1:]), SMAP_NOISE * rng.standard_normal(shape)
    days = np.arange(mean.size)
    passed = np.isin((days + int(rng.integers(_CYCLE_DAYS))) % _CYCLE_DAYS, _PASSES) & (rng.random(mean.size) > _LOST)
    air, rain = (np.asarray(values, np.float64).mean(axis=(1, 2))
                 for values in (weather.temperature, weather.precipitation))
    doubtful = (rain > _WET_MM) | (air < _FROST_CELSIUS) | (rng.random(mean.size) < _FLAGGED)
    values = np.round(np.clip(mean[:, None, None] + outside + noise, 0.02, 0.55), 3).astype(np.float32)
    tried = passed & (air > _THAWED_CELSIUS)

    def only(which: NDArray[np.bool_]) -> NDArray[np.float32]:
        return np.where(which[:, None, None], values, np.float32(np.nan))

    return Retrievals(longitudes, latitudes, only(tried & ~doubtful), only(tried & doubtful))


def _around(centres: Field, low: float, high: float) -> Field:
    """The cell centres from the last one before a range to the first one after it."""
    before, after = np.flatnonzero(centres <= low), np.flatnonzero(centres >= high)
    ends = sorted((int(before[np.argmax(centres[before])]), int(after[np.argmin(centres[after])])))
    return np.asarray(centres[ends[0]:ends[1] + 1], np.float64)
