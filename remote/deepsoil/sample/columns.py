"""The distinct soil columns of the sample region and their true soil moisture. No I/O.

A landscape is a soil series under one kind of cover in one position on the hillside; a column is a landscape in a
weather cell. Pixels blend the
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
from deepsoil.sample.differences import Differences
from deepsoil.sample.hillslope import Position
from deepsoil.sample.irrigation import irrigation_mm
from deepsoil.sample.landcover import Cover, LandCover
from deepsoil.sample.noise import Field, stream
from deepsoil.sample.retention import true_soils
from deepsoil.sample.soils import SERIES, Series, Soils
from deepsoil.sample.vegetation import root_depths_cm
from deepsoil.sample.weather import Weather
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters

SPINUP_DAYS = 150
NO_SOIL = -1
_RARE_SHARE = 6e-4          # landscapes below this share of the region join the most similar one
_LEAST_WEIGHT_PIXELS = 70   # a cell with weight for fewer pixels of a landscape uses its neighbour's column
_MOST_FAILED = 0.01        # share of the columns that may not converge; a like one stands in for them
_COVER_SHARE = 0.93         # share of PET that a closed canopy takes through its roots


@dataclass(frozen=True)
class Landscapes:
    """Landscape of every pixel (H, W), NO_SOIL on open water; series, cover, irrigation group and position on the
    hillside (``hillslope.Position``) of each landscape."""

    index: NDArray[np.int16]
    series: NDArray[np.int16]
    cover: NDArray[np.int16]
    group: NDArray[np.int16]
    position: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.series)


def soils_of_series(differences: Differences, seed: int, legend: tuple[Series, ...] = SERIES) -> VanGenuchten:
    """Hydraulic parameters of each series: of its own texture, and as far from the pedotransfer as measured ones."""
    sand, silt, clay = (np.array([getattr(series, name) for series in legend]) for name in ("sand", "silt", "clay"))
    guess = parameters(sand, silt, clay)
    if not differences.soil_curves:
        return guess
    return true_soils(guess, differences.soil_curves, stream(seed, "soil curves"))


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


def find_landscapes(soils: Soils, land: LandCover, position: NDArray[np.int16]) -> Landscapes:
    """Landscapes of a region; rare ones join the one of like cover with the nearest texture."""
    # Two watering groups: neighbours do not start their pivots on the same day.
    late = (land.earliness < 0) & np.isin(land.cover, [Cover.CORN, Cover.ALFALFA])
    kind = ((soils.true_series.astype(np.int64) * len(Cover) + land.cover) * 2 + late) * len(Position) + position
    kind = np.where(land.cover == Cover.WATER, NO_SOIL, kind)
    codes, where, count = np.unique(kind, return_inverse=True, return_counts=True)
    land_codes = codes != NO_SOIL
    rest, place = np.divmod(codes, len(Position))
    series, cover, group = rest // 2 // len(Cover), rest // 2 % len(Cover), rest % 2
    kept = land_codes & (count >= _RARE_SHARE * kind.size)
    texture = np.array([[s.sand, s.clay] for s in soils.legend])
    target = np.arange(codes.size)
    for code in np.flatnonzero(land_codes & ~kept):
        similar = kept & (cover == cover[code])
        for same in (group == group[code], place == place[code]):
            similar = similar & same if (similar & same).any() else similar
        if not similar.any():
            kept[code] = True
            continue
        distance = np.abs(texture[series[similar]] - texture[series[code]]).sum(axis=1)
        target[code] = np.flatnonzero(similar)[np.argmin(distance)]
    number = np.full(codes.size, NO_SOIL)
    number[kept] = np.arange(kept.sum())
    index = number[target][where].reshape(kind.shape)
    return Landscapes(index.astype(np.int16), series[kept].astype(np.int16), cover[kept].astype(np.int16),
                      group[kept].astype(np.int16), place[kept].astype(np.int16))


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


def simulate_truth(landscapes: Landscapes, columns: Columns, soils: VanGenuchten, weather: Weather,
                   rain: Field, canopy: NDArray[np.float32], differences: Differences,
                   on_progress: Callable[[int, int], None] | None = None) -> TrueMoisture:
    """True soil moisture of every column.

    ``soils``: of each series. ``rain`` (positions, cells, T) mm/day: what enters the soil. ``canopy`` (covers, cells,
    T) gives the share of PET taken by roots.
    """
    soil = soils[landscapes.series[columns.landscape]]
    cover = landscapes.cover[columns.landscape]
    cells = rain.shape[1]
    places, forcing_index = np.unique(landscapes.position[columns.landscape] * cells + columns.cell,
                                      return_inverse=True)
    forcing = Forcing(rain.reshape(-1, rain.shape[2])[places],
                      *(weather.series(name).astype(np.float64)[places % cells] for name in ("pet", "temperature")))
    transpiration: Field = (_COVER_SHARE * np.clip(1.25 * canopy[cover, columns.cell], 0, 1)).astype(np.float64)
    roots = root_depths_cm()[cover]
    water = irrigation_mm(cover, landscapes.group[columns.landscape], soil, roots, transpiration,
                          forcing.precipitation[forcing_index], forcing.pet[forcing_index], weather.day_of_year())
    settings = ColumnSettings(hydraulics="swim3" if differences.soil_curves else "van_genuchten",
                              rain_hours=differences.rain_hours)
    result = simulate_columns(soil, forcing, forcing_index, transpiration_fraction=transpiration, irrigation=water,
                              root_depth_cm=roots, depths_cm=simulated_depths_cm(), spinup_days=SPINUP_DAYS,
                              settings=settings, on_progress=on_progress)
    if result.failed.mean() > _MOST_FAILED:
        raise RuntimeError(f"{int(result.failed.sum())} of {len(columns.cell)} soil columns did not converge")
    theta = np.ascontiguousarray(result.theta.transpose(1, 0, 2)[:, _stand_ins(result.failed, cover, soil)])
    return TrueMoisture(theta, water.astype(np.float32), float(np.abs(result.mass_error_cm).max()))


def _stand_ins(failed: NDArray[np.bool_], cover: NDArray[np.int16], soil: VanGenuchten) -> NDArray[np.intp]:
    """For each column itself, or, where it failed, one of the same cover whose soil holds as much water."""
    which = np.arange(len(failed))
    for column in np.flatnonzero(failed):
        like = np.flatnonzero(~failed & (cover == cover[column]))
        options = like if like.size else np.flatnonzero(~failed)
        which[column] = options[np.argmin(np.abs(soil.theta_s[options] - soil.theta_s[column]))]
    return which
