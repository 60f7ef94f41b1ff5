"""Cost of labels on this computer: columns are counted, time and disk measured on a few, other regions extrapolated."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numcodecs import Blosc, Zstd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, lonlat_to_pixel
from deepsoil.inputs.upsample import weights
from deepsoil.labels.column_weather import ColumnWeather
from deepsoil.labels.distinct_columns import Ground, PixelCounts, unit_strips
from deepsoil.labels.layout import COLUMN_CHUNK, DAY_CHUNK
from deepsoil.labels.run import simulate_range
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import find, threads_used
from deepsoil.store.store import Store

TRIAL_COLUMNS = 128
_WHOLE_CELL_SHARE = 0.9  # a cell with this share of the pixels of the fullest one counts as not cut by the edge
GRIDMET_CELL_DEGREES = 1 / 24


@dataclass(frozen=True)
class Costs:
    """Columns, time and disk of a simulation."""

    columns: int
    seconds: float
    bytes: float


@dataclass(frozen=True)
class Extrapolation:
    """A hypothetical region; its cells are assumed to be like the ``whole_cells`` of the store."""

    pixels: int
    cells: int
    days: int
    costs: Costs
    columns_per_cell: float
    whole_cells: int


@dataclass(frozen=True)
class CostEstimate:
    """What `simulate` would do with a store.

    here: for the whole store. us_per_column_day: measured with ``threads`` on ``trial`` of its columns, spin-up
    counted. bytes_per_value: of a stored θ after compression, measured on the same; pixel_bytes: of the map of units.
    """

    pixels: PixelCounts
    units: int
    cells: int
    days: int
    here: Costs
    us_per_column_day: float
    threads: int
    trial: int
    bytes_per_value: float
    pixel_bytes: float
    elsewhere: Extrapolation | None = None


def estimate_cost(store: Store, settings: LabelSettings | None = None, *, pixels: int | None = None,
                  cells: int | None = None, days: int | None = None, threads: int | None = None,
                  cancelled: Callable[[], bool] | None = None) -> CostEstimate:
    """Count the columns of a store, measure their cost, and extrapolate to a region of ``pixels`` or ``cells``.

    Of the two, one follows from the other by the size of a weather cell here; ``days`` are those of the store where
    not given. Raises the errors of `find`, and ``bad_option``.
    """
    settings = settings or LabelSettings()
    for name, value in (("pixels", pixels), ("cells", cells), ("days", days)):
        if value is not None and value < 1:
            raise DeepSoilError("bad_option", "{option} is {number}.", "Give a number above 0.", name,
                                option=name, number=value)
    ground, weather = find(store, settings, cancelled)
    count, depths = len(ground.columns), len(settings.depths_cm)
    with threads_used(threads) as used:
        trial, seconds, codes = _trial(ground, weather, settings)
    simulated_days = weather.dates.size + settings.spinup_days
    per_day = seconds / (trial * simulated_days)
    value_bytes, pixel_bytes = _compressed(codes) / codes.size, _pixel_bytes(store, settings, weather, ground)

    def costs(columns: int, period: int, area: int) -> Costs:
        return Costs(columns, columns * (period + settings.spinup_days) * per_day,
                     columns * period * depths * value_bytes + area * pixel_bytes)

    elsewhere = None
    if pixels is not None or cells is not None:
        elsewhere = _extrapolate(store, ground, weather, pixels, cells, days or weather.dates.size, costs)
    area = store.window.width * store.window.height
    return CostEstimate(ground.counts, len(ground.units), len(np.unique(ground.columns.cell)), weather.dates.size,
                costs(count, weather.dates.size, area), per_day * 1e6, used, trial, value_bytes, pixel_bytes, elsewhere)


def _trial(ground: Ground, weather: ColumnWeather, settings: LabelSettings) -> tuple[int, float, NDArray[np.uint16]]:
    """(columns, seconds, codes (depths, columns, T)) of a few columns from everywhere, without compilation time."""
    count = len(ground.columns)
    chosen = np.unique(np.linspace(0, count - 1, TRIAL_COLUMNS).astype(np.int64))
    simulate_range(ground.units, ground.columns, weather, settings, ground.leaves.lai, chosen[:1])
    began = time.perf_counter()
    result = simulate_range(ground.units, ground.columns, weather, settings, ground.leaves.lai, chosen)
    return len(chosen), time.perf_counter() - began, result.codes


def _compressed(codes: NDArray[np.uint16]) -> int:
    """Bytes of codes (depths, columns, T) in chunks as stored."""
    codec = Blosc(cname="zstd", clevel=3, shuffle=Blosc.BITSHUFFLE)
    return sum(len(codec.encode(np.ascontiguousarray(layer[first:first + COLUMN_CHUNK, day:day + DAY_CHUNK])))
               for layer in codes
               for first in range(0, layer.shape[0], COLUMN_CHUNK) for day in range(0, layer.shape[1], DAY_CHUNK))


def _pixel_bytes(store: Store, settings: LabelSettings, weather: ColumnWeather, ground: Ground) -> float:
    """Bytes per pixel in the map of units, measured on the tiles of the first strip with labels."""
    for _, units in unit_strips(store, settings, weather, ground):
        if (units >= 0).any():
            tiles = units.reshape(-1, TILE, units.shape[1] // TILE, TILE).transpose(0, 2, 1, 3).reshape(-1, TILE * TILE)
            return sum(len(Zstd(level=3).encode(np.ascontiguousarray(tile))) for tile in tiles) / units.size
    return 0.0


def _extrapolate(store: Store, ground: Ground, weather: ColumnWeather, pixels: int | None, cells: int | None,
                 days: int, costs: Callable[[int, int, int], Costs]) -> Extrapolation:
    """Assumes as many columns per cell as in the cells that the store covers fully (or else in its fullest)."""
    cell_pixels = _cell_pixels(store, weather)
    lon, lat = store.window.lonlat_centres()
    covered = np.outer(weights(weather.latitudes, lat).sum(axis=0),
                       weights(weather.longitudes, lon).sum(axis=0)).ravel()
    covered[weather.row_of_cell < 0] = 0.0
    whole = covered >= _WHOLE_CELL_SHARE * cell_pixels
    count = np.bincount(ground.columns.cell, minlength=covered.size)
    per_cell = float(count[whole].mean()) if whole.any() else float(count[np.argmax(covered)])
    cells = cells if cells is not None else max(1, round((pixels or 0) / cell_pixels))
    pixels = pixels if pixels is not None else round(cells * cell_pixels)
    return Extrapolation(pixels, cells, days, costs(round(per_cell * cells), days, pixels), per_cell, int(whole.sum()))


def _cell_pixels(store: Store, weather: ColumnWeather) -> float:
    """Pixels of a weather cell in the middle of the store; of a gridMET cell if one direction has a single cell."""
    west, south, east, north = store.window.bounds_lonlat
    steps = [float(np.abs(np.diff(axis)).mean()) if axis.size > 1 else GRIDMET_CELL_DEGREES
             for axis in (weather.longitudes, weather.latitudes)]
    lon, lat = (west + east) / 2, (south + north) / 2
    columns, rows = lonlat_to_pixel([lon, lon + steps[0]], [lat + steps[1] / 2, lat - steps[1] / 2])
    return float((columns[1] - columns[0]) * (rows[1] - rows[0]))
