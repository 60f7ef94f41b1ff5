"""The weather of a day on the coarse grid: sums, carried values and memory from series of unlike grids and periods."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from deepsoil.channels import CHANNELS, MEMORY_SOURCES
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.water_memory import memory
from deepsoil.inputs.weather_fields import WeatherFields
from deepsoil.store.series import CoarseSeries
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

FIRST = date(2022, 1, 1)
LON, LAT = np.array([1.0, 2.0, 3.0]), np.array([52.0, 51.0])
FINER = np.array([0.0, 1.2, 2.4, 3.6]), np.array([50.0, 51.6, 53.0])  # from south to north


def made(start: int, days: int, grid: tuple[NDArray[np.float64], NDArray[np.float64]], seed: int, low: float,
         high: float) -> CoarseSeries:
    lon, lat = grid
    values = np.random.default_rng(seed).uniform(low, high, (days, lat.size, lon.size)).astype(np.float32)
    first = np.datetime64(FIRST + timedelta(days=start))
    return CoarseSeries(np.arange(first, first + days), lon, lat, values)


@pytest.fixture
def series() -> dict[str, CoarseSeries]:
    """The precipitation begins a day after the potential evapotranspiration and ends first; each has a grid."""
    return {"precipitation": made(1, 380, (LON, LAT), 1, 0, 12), "pet": made(0, 390, FINER, 2, 0, 7),
            "temperature": made(3, 385, (LON, LAT), 3, -15, 20), "smap": made(0, 20, (LON, LAT), 4, 0.1, 0.4)}


@pytest.fixture
def weather(series: dict[str, CoarseSeries]) -> WeatherFields:
    return WeatherFields(series.__getitem__)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def on_the_grid_of_rain(pet: CoarseSeries, values: NDArray[np.float32]) -> NDArray[np.float64]:
    places = np.stack(np.meshgrid(LAT, LON, indexing="ij"), axis=-1)
    return np.stack([RegularGridInterpolator((pet.latitudes, pet.longitudes), one.astype(float))(places)
                     for one in values])


def test_sums_end_on_the_day_and_a_balance_is_on_the_grid_of_the_rain(
        series: dict[str, CoarseSeries], weather: WeatherFields) -> None:
    rain, pet = series["precipitation"], series["pet"]
    np.testing.assert_allclose(weather.field("precipitation", day(11)), rain.values[10], rtol=1e-5)
    np.testing.assert_allclose(weather.field("precipitation_3d", day(11)), rain.values[8:11].sum(axis=0), rtol=1e-5)
    np.testing.assert_allclose(weather.field("pet_7d", day(11)), pet.values[5:12].sum(axis=0), rtol=1e-5)
    expected = rain.values[4:11].sum(axis=0) - on_the_grid_of_rain(pet, pet.values[5:12].sum(axis=0)[None])[0]
    np.testing.assert_allclose(weather.field("water_balance_7d", day(11)), expected, atol=1e-3)


@pytest.mark.parametrize(("channel", "number", "fits"), [
    ("precipitation", 1, True), ("precipitation", 0, False), ("precipitation", 380, True),
    ("precipitation", 381, False), ("precipitation_3d", 3, True), ("precipitation_3d", 2, False),
    ("pet", 0, True), ("pet_30d", 29, True), ("pet_30d", 28, False)])
def test_required_weather_that_is_not_there_is_named(channel: str, number: int, fits: bool,
                                                     weather: WeatherFields) -> None:
    if fits:
        assert np.isfinite(weather.field(channel, day(number))).all()
        return
    with pytest.raises(DeepSoilError) as error:
        weather.field(channel, day(number))
    start, last = (day(1), day(380)) if channel.startswith("prec") else (day(0), day(389))
    assert error.value.code == "no_weather" and str(day(number)) in error.value.message
    assert f"from {start} to {last}" in error.value.message
    assert f"from {start + timedelta(days=29)} to {last}" in error.value.hint


def test_a_gap_is_named_by_its_day(series: dict[str, CoarseSeries]) -> None:
    series["precipitation"].values[3:7] = np.nan  # days 4 to 7, one more than are filled
    series["precipitation"].values[20:24, 0, 0] = np.nan
    weather = WeatherFields(series.__getitem__)
    with pytest.raises(DeepSoilError, match=f"{day(7)} .*has a gap") as error:
        weather.field("precipitation", day(7))
    assert "is missing" not in error.value.message
    with pytest.raises(DeepSoilError, match=f"3 days up to {day(9)} .{day(7)} is missing.* has a gap"):
        weather.field("precipitation_3d", day(9))
    assert np.isfinite(weather.field("precipitation_3d", day(10))).all()
    found = weather.field("precipitation_3d", day(22))
    assert np.isnan(found[0, 0]) and np.isnan(found).sum() == 1


def test_a_carried_value_is_the_newest_of_its_days(series: dict[str, CoarseSeries]) -> None:
    smap = series["smap"].values
    smap[5:12, 0, 0] = np.nan
    smap[8:10] = np.nan
    weather = WeatherFields(series.__getitem__)
    carry = CHANNELS["smap"].carry_days
    assert carry == 3
    found = [weather.field("smap", day(number))[0, 0] for number in range(4, 13)]
    np.testing.assert_array_equal(found, [smap[4, 0, 0]] * 4 + [np.nan] * 4 + [smap[12, 0, 0]])
    np.testing.assert_array_equal(weather.field("smap", day(9))[1], smap[7, 1])
    assert [weather.age_days("smap", day(number)) for number in (0, 7, 8, 9, 10, 19, 20, 22, 23)] == [
        0, 0, 1, 2, 0, 0, 1, 3, None]
    np.testing.assert_array_equal(weather.field("smap", day(22)), smap[19])
    assert np.isnan(weather.field("smap", day(23))).all()


def test_the_memory_is_of_the_days_that_all_series_have(series: dict[str, CoarseSeries],
                                                        weather: WeatherFields) -> None:
    rain, pet, warmth = (series[name] for name in MEMORY_SOURCES)
    days = 378  # 3 to 380
    flat = (rain.values[2:], on_the_grid_of_rain(pet, pet.values[3:381]), warmth.values[:378])
    expected = memory(*(values.reshape(days, -1) for values in flat))
    assert weather.remembers()
    for channel, values in expected.items():
        for number in (3, 100, 380):
            np.testing.assert_allclose(weather.field(channel, day(number)), values[number - 3].reshape(2, 3), atol=1e-3)
        assert np.isnan(weather.field(channel, day(2))).all() and np.isnan(weather.field(channel, day(381))).all()
        assert weather.field(channel, day(381)).shape == (2, 3)


def test_short_gaps_are_filled_as_they_are_for_the_columns(series: dict[str, CoarseSeries]) -> None:
    """No rain, the rest linear; not at the end, where the data has not come yet."""
    rain, warmth = series["precipitation"], series["temperature"]
    before = rain.values.copy()
    rain.values[6:9] = warmth.values[6:8, 0, 1] = rain.values[-1] = np.nan
    weather = WeatherFields(series.__getitem__)
    assert (weather.field("precipitation", day(8)) == 0.0).all()
    np.testing.assert_allclose(weather.field("precipitation_7d", day(10)), before[[3, 4, 5, 9]].sum(axis=0), rtol=1e-5)
    known = warmth.values[[5, 8], 0, 1]
    assert weather.field("temperature", day(9))[0, 1] == pytest.approx(known[0] + (known[1] - known[0]) / 3, rel=1e-5)
    assert weather.filled("precipitation", [day(7)]).tolist() == [day(7)]
    assert weather.filled("precipitation", [day(20)]).tolist() == [day(7), day(8), day(9)]
    assert not weather.filled("precipitation", [day(6), day(60)]).size and not weather.filled("pet", [day(9)]).size
    with pytest.raises(DeepSoilError, match="has a gap"):
        weather.field("precipitation", day(380))


@pytest.mark.parametrize(("days", "long_enough"), [(365, True), (364, False)])
def test_a_year_is_needed_to_remember(days: int, long_enough: bool, series: dict[str, CoarseSeries]) -> None:
    series["temperature"] = made(3, days, (LON, LAT), 3, -15, 20)
    assert WeatherFields(series.__getitem__).remembers() is long_enough
