"""The generated regions of the experiment: where their stations are, and how wrong the product is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from deepsoil.evaluation import metrics
from deepsoil.grid import distance_km, lonlat_to_pixel
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.build import sample_window
from deepsoil.sample.coarse_satellite import retrievals
from deepsoil.sample.columns import (
    Columns,
    TrueMoisture,
    find_columns,
    find_landscapes,
    simulate_truth,
    soils_of_series,
)
from deepsoil.sample.dense_product import day_errors, lasting_error, product_days, with_errors
from deepsoil.sample.differences import USUAL
from deepsoil.sample.experiment import END, START
from deepsoil.sample.hillslope import positions, rain_by_position
from deepsoil.sample.landcover import make_land_cover
from deepsoil.sample.noise import Field
from deepsoil.sample.observations import draw_sensors, make_stations
from deepsoil.sample.settings import HELD_OUT, REGION_SIZE, REGIONS, Setting
from deepsoil.sample.soils import legend_of, make_soils
from deepsoil.sample.terrain import make_terrain
from deepsoil.sample.vegetation import VegetationMaps
from deepsoil.sample.weather import Weather, make_weather
from deepsoil.store.series import Stations

FAR_KM = 10.0


@dataclass(frozen=True)
class AtStations:
    """What a region has at its stations: readings and product (S, D) on the product's days."""

    stations: Stations
    readings: Field
    product: Field
    weather: Weather
    clay: float


def at_stations(number: int, setting: Setting) -> AtStations:
    """Like `build_sample`, with the soil columns under the stations alone."""
    window = sample_window(REGION_SIZE, setting)
    terrain = make_terrain(window, number, setting.heights)
    soils = make_soils(terrain, number, USUAL.inclusions, legend_of(setting.sand, setting.clay))
    land = make_land_cover(terrain, soils, number, setting.zones)
    weather = make_weather(window, terrain, START, END, number, setting.climate)
    cells = CellWeights.of(window, weather.longitudes, weather.latitudes)
    landscapes = find_landscapes(soils, land, positions(terrain))
    columns = find_columns(landscapes, cells, weather.shape)
    sensors = draw_sensors(USUAL, number, setting.sites)

    def stations_of(theta: np.ndarray) -> Stations:
        moisture = TrueMoisture(theta, np.zeros(theta.shape[1:], np.float32), 0.0)
        return make_stations(window, landscapes, columns, cells, moisture, weather, land, soils, sensors, number,
                             setting.sites, setting.apart)

    nothing = np.zeros((2, len(columns.cell), weather.days), np.float32)
    place = np.stack(lonlat_to_pixel(*(getattr(stations_of(nothing), name) for name in ("longitudes", "latitudes"))), 1)
    column, row = (np.floor(place).astype(int) - (window.column, window.row)).T
    used = np.unique(np.concatenate([columns.table[landscapes.index[row, column], cells.corner[row, column] + offset]
                                     for offset in cells.offsets]))
    few = Columns(columns.table, columns.landscape[used], columns.cell[used])
    true = simulate_truth(landscapes, few, soils_of_series(USUAL, number, soils.legend), weather,
                          rain_by_position(weather.series("precipitation").astype(np.float64), USUAL.run_off,
                                           positions(terrain)),
                          VegetationMaps(weather, land, cells, number).table, USUAL)
    nothing[:, used] = true.theta
    stations = stations_of(nothing)
    days = product_days(weather.dates[0], weather.dates[-1])
    index = (days - weather.dates[0]).astype(int)
    surface = sum(cells.weights[n, row, column][:, None] * nothing[0][columns.table[
        landscapes.index[row, column], cells.corner[row, column] + offset]] for n, offset in enumerate(cells.offsets))
    product = with_errors(surface[:, index], lasting_error(soils, number)[row, column][:, None],
                          day_errors(days.size, number))
    return AtStations(stations, stations.theta[:, 0][:, index], product, weather, float(soils.clay.mean()))


@pytest.fixture(scope="module")
def regions() -> list[AtStations]:
    return [at_stations(number, setting) for number, setting in enumerate(REGIONS)]


def test_sixty_stations_of_three_kinds_stand_together_and_alone(regions: list[AtStations]) -> None:
    stations = [one.stations for one in regions]
    east, north = (np.concatenate([getattr(one, name) for one in stations]) for name in ("longitudes", "latitudes"))
    apart = distance_km(east[:, None], north[:, None], east, north)
    nearest = np.where(np.eye(len(east), dtype=bool), np.inf, apart).min(1)
    assert len(east) == 60 and (nearest >= FAR_KM).sum() >= 20
    kinds = [network for one in stations for network in one.networks]
    assert len(set(kinds)) == 3 and min(map(kinds.count, set(kinds))) >= 15
    assert len(REGIONS) >= 6 and set(HELD_OUT) < {one.name for one in REGIONS}


def test_the_regions_differ_in_climate_relief_and_soil(regions: list[AtStations]) -> None:
    rain, warmth = ([float(getattr(one.weather, name).mean()) for one in regions]
                    for name in ("precipitation", "temperature"))
    assert max(rain) > 3 * min(rain) and np.ptp(warmth) > 8
    assert np.ptp([one.clay for one in regions]) > 8
    assert np.ptp([float(one.weather.elevation.max() - one.weather.elevation.min()) for one in regions]) > 300
    winter = [one.weather.precipitation[(one.weather.dates.astype("datetime64[M]").astype(int) % 12) < 2].mean() /
              one.weather.precipitation.mean() for one in regions]
    assert max(winter) == winter[[one.name for one in REGIONS].index("valley")] > 1.3, "rain in winter in one alone"


def test_the_product_errs_at_stations_as_hydroblocks_does(regions: list[AtStations]) -> None:
    scores = [metrics.scores(one.readings, one.product) for one in regions]
    mae, r = (np.concatenate([one[name] for one in scores]) for name in ("mae", "r"))
    assert 0.07 <= np.nanmean(mae) <= 0.08
    assert np.nanmedian(r) == pytest.approx(0.73, abs=0.03)


def test_smap_of_36_km_has_gaps_and_flags(regions: list[AtStations]) -> None:
    weather = regions[0].weather
    window = sample_window(REGION_SIZE, REGIONS[0])
    seen = retrievals(window, np.full(weather.days, 0.2), weather, 0)
    good, bad = np.isfinite(seen.recommended), np.isfinite(seen.flagged)
    assert not (good & bad).any() and 0.1 < good.mean() < 0.4 and 0.02 < bad.mean() < good.mean()
    assert np.ptp(np.diff(seen.longitudes)) < 1e-9 and np.diff(seen.longitudes)[0] == pytest.approx(360 / 964)
    cold = weather.temperature.mean(axis=(1, 2)) < 0
    assert not (good | bad)[cold].any(), "none of frozen ground"
    west, south, east, north = window.bounds_lonlat
    assert seen.longitudes[0] <= west and seen.longitudes[-1] >= east
    assert seen.latitudes[-1] <= south and seen.latitudes[0] >= north
