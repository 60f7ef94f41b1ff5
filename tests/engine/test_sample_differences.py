"""The truth of the sample region is no twin of a model: every documented difference is there, and of its size."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from deepsoil.sample.build import sample_window
from deepsoil.sample.columns import soils_of_series
from deepsoil.sample.differences import NONE, USUAL, Differences
from deepsoil.sample.hillslope import Position, positions, rain_by_position
from deepsoil.sample.noise import stream
from deepsoil.sample.observations import draw_sensors
from deepsoil.sample.published_weather import published
from deepsoil.sample.retention import true_soils
from deepsoil.sample.soils import SERIES, make_soils
from deepsoil.sample.terrain import Terrain, make_terrain
from deepsoil.sample.weather import make_weather
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, theta
from deepsoil.soil.rosetta import parameters

SIZE = 512


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return make_terrain(sample_window(SIZE), 0)


def test_soil_curves_are_as_far_from_the_pedotransfer_as_measured_ones() -> None:
    clay = np.linspace(5, 50, 3000)
    guess = parameters(60 - clay, 0 * clay + 40, clay)
    drawn = true_soils(guess, USUAL.soil_curves, stream(0, "test"))
    assert drawn.is_valid().all()
    at_33_kpa = theta(DUL_SUCTION_CM, drawn) - theta(DUL_SUCTION_CM, guess)
    at_1500_kpa = theta(LL15_SUCTION_CM, drawn) - theta(LL15_SUCTION_CM, guess)
    assert (at_33_kpa.mean(), at_33_kpa.std()) == pytest.approx((-0.042, 0.045), abs=0.008)
    assert (at_1500_kpa.mean(), at_1500_kpa.std()) == pytest.approx((-0.015, 0.036), abs=0.012)
    assert np.corrcoef(at_33_kpa, at_1500_kpa)[0, 1] == pytest.approx(0.69, abs=0.12)
    assert np.log10(drawn.ks_cm_per_day / guess.ks_cm_per_day).std() == pytest.approx(0.55, abs=0.03)


def test_the_curve_goes_through_the_drawn_water_contents() -> None:
    guess = parameters(np.array([20.0, 45.0, 80.0]), np.array([50.0, 35.0, 12.0]), np.array([30.0, 20.0, 8.0]))
    same = true_soils(guess, 0.0, stream(0, "test"))
    for suction_cm in (DUL_SUCTION_CM, LL15_SUCTION_CM):
        np.testing.assert_allclose(theta(suction_cm, same), theta(suction_cm, guess), atol=2e-3)
    np.testing.assert_allclose(same.theta_s, guess.theta_s, atol=1e-12)


def test_the_map_shows_another_soil_on_the_share_of_the_land_that_is_said(terrain: Terrain) -> None:
    soils, twin = make_soils(terrain, 0, USUAL.inclusions), make_soils(terrain, 0)
    there = soils.true_series != soils.series
    assert 0.3 * USUAL.inclusions < there.mean() <= USUAL.inclusions, "a neighbour may be of the same series"
    np.testing.assert_array_equal(soils.series, twin.series)
    np.testing.assert_array_equal(soils.sand, twin.sand)
    assert twin.true_series is twin.series


def test_published_weather_is_a_flawed_copy_of_the_true_one(terrain: Terrain) -> None:
    weather = make_weather(sample_window(SIZE), terrain, date(2021, 7, 1), date(2023, 12, 31), 0)
    seen = published(weather, USUAL, 0)
    wet = weather.precipitation > 1
    ratio = np.log(seen.precipitation[wet] / weather.precipitation[wet])
    assert ratio.std() == pytest.approx(np.hypot(USUAL.rain, USUAL.rain_bias), rel=0.25)
    assert seen.precipitation.sum() == pytest.approx(weather.precipitation.sum(), rel=0.1)
    assert not seen.precipitation[weather.precipitation == 0].any()
    assert np.log(seen.pet / weather.pet).std() == pytest.approx(USUAL.demand, rel=0.3)
    np.testing.assert_array_equal(seen.temperature, weather.temperature)
    for name in ("precipitation", "pet"):
        np.testing.assert_allclose(getattr(published(weather, NONE, 0), name), getattr(weather, name), rtol=1e-6)


def test_water_that_leaves_the_slopes_arrives_in_the_hollows(terrain: Terrain) -> None:
    place = positions(terrain)
    assert {Position.LEVEL, Position.SLOPE, Position.HOLLOW} == set(np.unique(place))
    rain = np.array([[0.0, 4.0, 25.0, 60.0]])
    level, slope, hollow = rain_by_position(rain, USUAL.run_off, place)
    np.testing.assert_array_equal(level, rain)
    np.testing.assert_allclose(slope[0], [0, 4, 25 - 0.35 * 20, 60 - 0.35 * 55])
    assert (hollow[0, 2:] > rain[0, 2:]).all() and (hollow[0, :2] == rain[0, :2]).all()
    slopes, hollows = (place == Position.SLOPE).sum(), (place == Position.HOLLOW).sum()
    assert slopes * (rain - slope)[0, 3] >= 0.999 * hollows * (hollow - rain)[0, 3], "no water comes from nowhere"


def test_a_twin_has_none_of_it() -> None:
    np.testing.assert_array_equal(soils_of_series(NONE, 0).vg_n,
                                  parameters(*np.array([(s.sand, s.silt, s.clay) for s in SERIES]).T).vg_n)
    sensors = draw_sensors(NONE, 0)
    assert not sensors.offset.any() and not sensors.slope.any()
    assert all(getattr(NONE, name) == 0 for name in vars(Differences()) if name != "rain_hours")
