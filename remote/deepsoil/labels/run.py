"""Simulates some of the columns of a region: forcing and transpiration of each, batch by batch. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.labels.column_weather import ColumnWeather
from deepsoil.labels.distinct_columns import DistinctColumns, Units
from deepsoil.labels.layout import encode
from deepsoil.labels.settings import LabelSettings
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import land_forcing

BATCH_COLUMNS = 512  # columns between two checks for a cancel: a few seconds of work

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """codes (depths, n, T) as stored, missing where failed; failed (n,); mass_error_cm (n,)."""

    codes: NDArray[np.uint16]
    failed: NDArray[np.bool_]
    mass_error_cm: NDArray[np.float32]


def simulate_range(units: Units, columns: DistinctColumns, weather: ColumnWeather, settings: LabelSettings,
                   lai: NDArray[np.floating], chosen: NDArray[np.integer],
                   on_batch: Callable[[int], None] | None = None) -> Simulated:
    """Simulate the columns ``chosen`` (n,). lai (covers, T): leaf area where it was seen, rows of NaN elsewhere.
    ``on_batch(done)`` is called after each batch; exceptions stop it."""
    days, depths = weather.dates.size, len(settings.depths_cm)
    codes = np.empty((depths, len(chosen), days), np.uint16)
    failed, mass_error_cm = np.empty(len(chosen), bool), np.empty(len(chosen), np.float32)
    for start in range(0, len(chosen), BATCH_COLUMNS):
        batch = chosen[start:start + BATCH_COLUMNS]
        part = slice(start, start + len(batch))
        unit = columns.unit[batch]
        needed, index = np.unique(unit, return_inverse=True)
        soil = units.select(needed).soil()[index]
        rows = weather.row_of_cell[columns.cell[batch]]
        forcing, of_column, share, water, roots_cm = _forcing(rows, units.covers[unit], weather, settings, lai)
        result = simulate_columns(soil, forcing, of_column, transpiration_fraction=share, irrigation=water,
                                  root_depth_cm=roots_cm, depths_cm=settings.depths_cm,
                                  spinup_days=settings.spinup_days, settings=settings.column)
        theta = result.theta.transpose(1, 0, 2).copy()
        # if a column fails midway, its earlier days are not trusted either
        theta[:, result.failed] = np.nan
        codes[:, part], failed[part], mass_error_cm[part] = encode(theta), result.failed, result.mass_error_cm
        if on_batch is not None:
            on_batch(start + len(batch))
    return Simulated(codes, failed, mass_error_cm)


def _forcing(rows: NDArray[np.int32], covers: NDArray[np.uint8], weather: ColumnWeather, settings: LabelSettings,
             lai: NDArray[np.floating]) -> tuple[Forcing, NDArray[np.int64], Array | None, Array | None, Array]:
    """Weather of each distinct (cell, cover), its row for each column; of each column the share of the demand that
    roots take and the irrigation (n, T), and root depth (n,) in cm."""
    if settings.fallow:
        places, of_column = np.unique(rows, return_inverse=True)
        return _weather_of(weather, places), of_column, None, None, np.full(len(rows), 40.0)
    pairs, of_column = np.unique(rows.astype(np.int64) * len(settings.covers) + covers, return_inverse=True)
    places, kinds = np.divmod(pairs, len(settings.covers))
    land = land_forcing([settings.plant(int(kind)) for kind in kinds], _weather_of(weather, places), weather.dates,
                        weather.latitude_of_row[places], lai[kinds].astype(np.float64))
    return land.forcing, of_column, land.share[of_column], land.water[of_column], land.roots_cm[of_column]


def _weather_of(weather: ColumnWeather, places: NDArray[np.integer]) -> Forcing:
    return Forcing(*(values[places] for values in
                     (weather.forcing.precipitation, weather.forcing.pet, weather.forcing.temperature)))
