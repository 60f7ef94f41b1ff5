"""Builds the sample region: landscape, weather, truth, simulated observations, and the store with all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.coarse_satellite import area_mean, retrievals
from deepsoil.sample.columns import (
    Columns,
    Landscapes,
    TrueMoisture,
    find_columns,
    find_landscapes,
    simulate_truth,
    soils_of_series,
)
from deepsoil.sample.dense_product import CHANNEL, product_days, product_maps
from deepsoil.sample.differences import NONE, USUAL, Differences
from deepsoil.sample.hillslope import positions, rain_by_position
from deepsoil.sample.landcover import LandCover, make_land_cover
from deepsoil.sample.observations import Sensors, draw_sensors, make_stations, smap_fields
from deepsoil.sample.published_weather import published
from deepsoil.sample.reflectance import make_reflectance
from deepsoil.sample.settings import SAMPLE, Setting
from deepsoil.sample.soils import Soils, legend_of, make_soils
from deepsoil.sample.terrain import Terrain, make_terrain
from deepsoil.sample.truth import Truth, write_truth
from deepsoil.sample.vegetation import LAI_STEP_DAYS, NDVI_STEP_DAYS, VegetationMaps, observation_days
from deepsoil.sample.weather import Weather, make_weather
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

ATTRIBUTION = "Synthetic data made by DeepSoil; no real place, weather or measurement."
SOURCE = "synthetic"
START, END = date(2021, 7, 1), date(2023, 12, 31)
SIZE = 1024
_SHARD = 8 * TILE

Progress = Callable[[int, int, str], None]
_TOTAL = 100


def sample_window(size: int = SIZE, setting: Setting = SAMPLE) -> Window:
    """Window of a generated region; ``size`` in pixels, a multiple of 512."""
    if size < _SHARD or size % _SHARD:
        raise DeepSoilError("bad_size", "A sample region of {size} pixels cannot be built.",
                            "Give a multiple of {shard}.", "size",
                            size=size, shard=_SHARD)
    column, row = lonlat_to_pixel(*setting.corner)
    return Window(int(column) // _SHARD * _SHARD, int(row) // _SHARD * _SHARD, size, size)


@dataclass(frozen=True)
class _Region:
    """Everything made before the truth."""

    window: Window
    terrain: Terrain
    soils: Soils
    land: LandCover
    weather: Weather
    cells: CellWeights
    vegetation: VegetationMaps
    seed: int
    setting: Setting


def build_sample(path: str | Path, seed: int = 0, on_progress: Progress | None = None, *, size: int = SIZE,
                 start: date = START, end: date = END, differences: Differences = USUAL,
                 setting: Setting = SAMPLE) -> Store:
    """Build a synthetic region, by default the sample region, in the folder ``path`` and return its finished store.

    ``differences``: of its truth from what is published of it. The same (seed, size, start, end, differences, setting)
    give the same arrays. ``on_progress(done, total, message)`` is called between steps; an exception it raises stops
    the work. Raises ``store_exists``, ``bad_size`` and ``bad_dates``.
    """
    if (end - start).days < 60:
        raise DeepSoilError("bad_dates", "A sample region needs at least 60 days of weather.", "Choose a later end.",
                            "dates.end")
    window = sample_window(size, setting)

    def tell(done: float, message: str) -> None:
        if on_progress is not None:
            on_progress(round(done), _TOTAL, message)

    tell(0, "Making the terrain")
    store = StoreWriter.create(path, name=setting.name if seed == 0 else f"{setting.name}-{seed}", title=setting.title,
                               window=window, synthetic=True, attribution=ATTRIBUTION)
    region = _make_region(window, setting, seed, start, end, differences, tell)
    tell(14, "Writing terrain, soils and land cover")
    _write_static(store, region)
    tell(24, "Making the vegetation")
    _write_vegetation(store, region, tell)
    _write_weather(store, published(region.weather, differences, seed) if differences != NONE else region.weather)

    tell(42, "Simulating the soil columns")
    position = positions(region.terrain) if differences.run_off else np.zeros(window.shape, np.int16)
    landscapes = find_landscapes(region.soils, region.land, position)
    columns = find_columns(landscapes, region.cells, region.weather.shape)
    soils = soils_of_series(differences, seed, region.soils.legend)
    sensors = draw_sensors(differences, seed, setting.sites)
    rain = rain_by_position(region.weather.series("precipitation").astype(np.float64), differences.run_off, position)
    moisture = simulate_truth(landscapes, columns, soils, region.weather, rain, region.vegetation.table, differences,
                              lambda done, total: tell(42 + 52 * done / total, "Simulating the soil columns"))
    tell(95, "Writing truth, stations and coarse soil moisture")
    write_truth(store, landscapes, columns, soils, moisture, region.weather, sensors)
    _write_observations(store, region, landscapes, columns, moisture, sensors)
    coverage.finish(store)
    tell(_TOTAL, "The sample region is ready")
    return Store.open(path)


def _make_region(window: Window, setting: Setting, seed: int, start: date, end: date, differences: Differences,
                 tell: Callable[[float, str], None]) -> _Region:
    terrain = make_terrain(window, seed, setting.heights)
    tell(8, "Making soils, fields and towns")
    soils = make_soils(terrain, seed, differences.inclusions, legend_of(setting.sand, setting.clay))
    land = make_land_cover(terrain, soils, seed, setting.zones)
    tell(12, "Making the weather")
    weather = make_weather(window, terrain, start, end, seed, setting.climate)
    cells = CellWeights.of(window, weather.longitudes, weather.latitudes)
    return _Region(window, terrain, soils, land, weather, cells, VegetationMaps(weather, land, cells, seed), seed,
                   setting)


def _static_channels(region: _Region) -> Iterator[tuple[str, NDArray[Any]]]:
    """(channel, values) of every map that does not change, rounded like published maps."""
    terrain, soils, land = region.terrain, region.soils, region.land
    sand, clay = np.round(soils.sand, 1), np.round(soils.clay, 1)
    silt = np.round(100 - sand - clay, 1)
    yield from (("sand", sand), ("silt", silt), ("clay", clay))
    yield "bulk_density", np.round(soils.bulk_density, 3)
    yield "organic_matter", np.round(soils.organic_matter, 2)
    hydraulics = parameters(sand, silt, clay)
    yield "theta_r", np.round(hydraulics.theta_r, 4)
    yield "theta_s", np.round(hydraulics.theta_s, 4)
    yield "log10_vg_alpha", np.round(np.log10(hydraulics.vg_alpha_per_cm), 3)
    yield "vg_n", np.round(hydraulics.vg_n, 3)
    yield "log10_ks", np.round(np.log10(hydraulics.ks_cm_per_day), 3)
    storage_mm = (theta(DUL_SUCTION_CM, hydraulics) - theta(LL15_SUCTION_CM, hydraulics)) * 50
    yield "available_water_storage", np.round(storage_mm, 2)
    yield "elevation", np.round(terrain.elevation, 1)
    yield "slope", np.round(terrain.slope, 2)
    yield "aspect", np.round(terrain.aspect, 1)
    yield "northness", np.round(terrain.northness, 4)
    yield from (("land_cover", land.nlcd), ("koppen", land.koppen))
    midsummer = _midsummer(region.weather)
    bands = make_reflectance(terrain, soils, land, region.vegetation.cover_fraction(midsummer), region.seed)
    for name, band in bands.items():
        yield name, np.round(band, 4)


def _midsummer(weather: Weather) -> int:
    """Day number nearest to 20 July, in the last year that has it."""
    return int(np.flatnonzero(np.abs(weather.day_of_year() - 201) == np.abs(weather.day_of_year() - 201).min())[-1])


def _write_static(store: StoreWriter, region: _Region) -> None:
    for channel, values in _static_channels(region):
        store.write_static(channel, values, SOURCE)


def _write_vegetation(store: StoreWriter, region: _Region, tell: Callable[[float, str], None]) -> None:
    def write(channel: str, step_days: int, of_day: Callable[[int], NDArray[np.float32]], begin: int, end: int) -> None:
        numbers = observation_days(region.weather, step_days)

        def maps() -> Iterator[NDArray[np.float32]]:
            for position, number in enumerate(numbers):
                tell(begin + (end - begin) * position / len(numbers), "Making the vegetation")
                yield of_day(number)

        store.write_dated(channel, region.weather.dates[numbers].tolist(), maps(), SOURCE)

    write("ndvi", NDVI_STEP_DAYS, region.vegetation.ndvi, 24, 37)
    write("lai", LAI_STEP_DAYS, region.vegetation.lai, 37, 42)


def _write_weather(store: StoreWriter, weather: Weather) -> None:
    for channel in ("precipitation", "temperature", "vpd", "pet"):
        store.write_coarse(channel, weather.dates, weather.longitudes, weather.latitudes,
                           np.round(getattr(weather, channel), 2), SOURCE)


def _write_observations(store: StoreWriter, region: _Region, landscapes: Landscapes, columns: Columns,
                        moisture: TrueMoisture, sensors: Sensors) -> None:
    surface, dates = moisture.theta[0].astype(np.float64), region.weather.dates
    if region.setting.experiment:
        seen = retrievals(region.window, area_mean(landscapes, columns, region.cells, surface), region.weather,
                          region.seed)
        for name, values in (("smap", seen.recommended), ("smap_flagged", seen.flagged)):
            store.write_coarse(name, dates, seen.longitudes, seen.latitudes, values, SOURCE)
        days = product_days(dates[0], dates[-1])
        store.write_dated(CHANNEL, days.tolist(), product_maps(store, Truth.open(store), region.soils, days,
                                                               region.seed), SOURCE)
    else:
        longitudes, latitudes, smap = smap_fields(region.window, landscapes, columns, region.cells, surface,
                                                  region.weather, region.seed)
        store.write_coarse("smap", dates, longitudes, latitudes, smap, SOURCE)
    store.write_stations(make_stations(region.window, landscapes, columns, region.cells, moisture, region.weather,
                                       region.land, region.soils, sensors, region.seed, region.setting.sites,
                                       region.setting.apart))
