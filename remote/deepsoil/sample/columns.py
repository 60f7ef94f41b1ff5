"""The distinct soil columns of the sample region and their true soil moisture. No I/O.

A landscape is a soil series under one kind of cover; a column is a landscape in a weather cell. Pixels blend the
columns of the four cells around them, as the weather between cells is blended, so no cell edges are visible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.depths import simulated_depths_cm
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.irrigation import irrigation_mm
from deepsoil.sample.landcover import Cover, LandCover
from deepsoil.sample.noise import Field
from deepsoil.sample.soils import SERIES, Soils
from deepsoil.sample.vegetation import root_depths_cm
from deepsoil.sample.weather import Weather
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters

SPINUP_DAYS = 150
NO_SOIL = -1
_RARE_SHARE = 6e-4          # landscapes below this share of the region join the most similar one
_LEAST_WEIGHT_PIXELS = 70   # a cell with weight for fewer pixels of a landscape uses its neighbour's column
_COVER_SHARE = 0.93         # share of PET that a closed canopy takes through its roots


@dataclass(frozen=True)
class Landscapes:
    """Landscape of every pixel (H, W), NO_SOIL on open water; series, cover and irrigation group of each landscape."""

    index: NDArray[np.int16]
    series: NDArray[np.int16]
    cover: NDArray[np.int16]
    group: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.series)

    def soil(self) -> VanGenuchten:
        """Hydraulic parameters of each landscape, from its series' own texture."""
        sand, silt, clay = (np.array([getattr(SERIES[s], name) for s in self.series])
                            for name in ("sand", "silt", "clay"))
        return parameters(sand, silt, clay)


@dataclass(frozen=True)
class Columns:
    """Column of each landscape and weather cell (landscapes, cells); landscape and cell of each column (N,)."""

    table: NDArray[np.int32]
    landscape: NDArray[np.int32]
    cell: NDArray[np.int32]


@dataclass(frozen=True)
class TrueMoisture:
    """θ m³/m³ (depths, N, T); irrigation mm/day (N, T); largest mass error of the columns, cm."""

    theta: NDArray[np.float32]
    irrigation: NDArray[np.float32]
    mass_error_cm: float


def find_landscapes(soils: Soils, land: LandCover) -> Landscapes:
    """Landscapes of a region; rare ones join the one of like cover with the nearest texture."""
    # Two watering groups: neighbours do not start their pivots on the same day.
    late = (land.earliness < 0) & np.isin(land.cover, [Cover.CORN, Cover.ALFALFA])
    kind = (soils.series.astype(np.int64) * len(Cover) + land.cover) * 2 + late
    kind = np.where(land.cover == Cover.WATER, NO_SOIL, kind)
    codes, where, count = np.unique(kind, return_inverse=True, return_counts=True)
    land_codes = codes != NO_SOIL
    series, cover, group = codes // 2 // len(Cover), codes // 2 % len(Cover), codes % 2
    kept = land_codes & (count >= _RARE_SHARE * kind.size)
    texture = np.array([[s.sand, s.clay] for s in SERIES])
    target = np.arange(codes.size)
    for code in np.flatnonzero(land_codes & ~kept):
        similar = kept & (cover == cover[code])
        same = similar & (group == group[code])
        similar = same if same.any() else similar
        if not similar.any():
            kept[code] = True
            continue
        distance = np.abs(texture[series[similar]] - texture[series[code]]).sum(axis=1)
        target[code] = np.flatnonzero(similar)[np.argmin(distance)]
    number = np.full(codes.size, NO_SOIL)
    number[kept] = np.arange(kept.sum())
    index = number[target][where].reshape(kind.shape)
    return Landscapes(index.astype(np.int16), series[kept].astype(np.int16), cover[kept].astype(np.int16),
                      group[kept].astype(np.int16))


def find_columns(landscapes: Landscapes, cells: CellWeights, grid: tuple[int, int]) -> Columns:
    """Columns to simulate, and for every landscape and cell the column that represents it."""
    ncells = grid[0] * grid[1]
    on_land = landscapes.index != NO_SOIL
    pair = landscapes.index[on_land].astype(np.int64) * ncells + cells.corner[on_land]
    pixels = np.zeros(len(landscapes) * ncells)
    for offset, share in zip(cells.offsets, cells.weights, strict=True):
        pixels += np.bincount(pair + offset, share[on_land], pixels.size)
    weight = pixels.reshape(len(landscapes), *grid)
    table = np.empty(weight.shape, dtype=np.int32)
    landscape: list[int] = []
    cell: list[int] = []
    for number, layer in enumerate(weight):
        worth = (layer > _LEAST_WEIGHT_PIXELS) | (layer == layer.max())
        column = np.full(grid, -1)
        column[worth] = len(cell) + np.arange(worth.sum())
        near = ndimage.distance_transform_edt(~worth, return_distances=False, return_indices=True)
        table[number] = column[tuple(near)]
        cell.extend(np.flatnonzero(worth).tolist())
        landscape.extend([number] * int(worth.sum()))
    return Columns(table.reshape(len(landscapes), ncells), np.array(landscape, dtype=np.int32),
                   np.array(cell, dtype=np.int32))


def simulate_truth(landscapes: Landscapes, columns: Columns, weather: Weather, canopy: NDArray[np.float32],
                   on_progress: Callable[[int, int], None] | None = None) -> TrueMoisture:
    """True soil moisture of every column; ``canopy`` (covers, cells, T) gives the share of PET taken by roots."""
    soil = landscapes.soil()[columns.landscape]
    cover = landscapes.cover[columns.landscape]
    forcing = Forcing(*(weather.series(name).astype(np.float64) for name in ("precipitation", "pet", "temperature")))
    transpiration: Field = (_COVER_SHARE * np.clip(1.25 * canopy[cover, columns.cell], 0, 1)).astype(np.float64)
    roots = root_depths_cm()[cover]
    water = irrigation_mm(cover, landscapes.group[columns.landscape], soil, roots, transpiration,
                          forcing.precipitation[columns.cell], forcing.pet[columns.cell], weather.day_of_year())
    result = simulate_columns(soil, forcing, columns.cell, transpiration_fraction=transpiration, irrigation=water,
                              root_depth_cm=roots, depths_cm=simulated_depths_cm(), spinup_days=SPINUP_DAYS,
                              on_progress=on_progress)
    if result.failed.any():
        raise RuntimeError(f"{int(result.failed.sum())} of {len(columns.cell)} soil columns did not converge")
    theta = np.ascontiguousarray(result.theta.transpose(1, 0, 2))
    return TrueMoisture(theta, water.astype(np.float32), float(np.abs(result.mass_error_cm).max()))
