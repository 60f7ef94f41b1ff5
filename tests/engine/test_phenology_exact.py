"""The usual year of a place, and leaves that follow it, against the same worked out day by day from the formulas."""

from __future__ import annotations

import datetime as dt
from math import cos, exp, pi, sin

import numpy as np
import pytest
from deepsoil.soil import crop_growth, crop_season
from deepsoil.soil.climate import Climate
from deepsoil.soil.crops import CROPS
from deepsoil.soil.phenology import leaf_area, warm_season_share
from deepsoil.soil.vegetation import GROUPS

DATES = np.arange("2019-03-10", "2021-11-20", dtype="datetime64[D]")
DAYS = DATES.size
# Land cover: least and greatest leaf area, depth of the roots in cm, share of the ground under litter
COVERS = {"grass": (0.3, 3.5, 60, 0.7), "crop": (0.1, 4.0, 90, 0.3), "forest": (1.2, 4.5, 120, 0.9),
          "shrub": (0.4, 1.0, 90, 0.3), "bare": (0.05, 0.15, 30, 0.0), "wetland": (0.6, 3.5, 60, 0.0)}


def position_of(date: dt.date, south: bool) -> int:
    """Days since 1 January, or since 1 July (one day later before a leap day)."""
    moved = date + dt.timedelta(184 if south else 0)
    return (moved - dt.date(moved.year, 1, 1)).days


def wave(position: float) -> float:
    return 12.0 - 14.0 * cos(2 * pi * (position - 20) / 365.25) + 2.0 * sin(4 * pi * position / 365.25)


def place(latitude: float, pet: float = 4.0, summer_rain: float = 1.0, rain: float = 1.0, warmer: float = 0.0,
          noise: float = 0.0) -> tuple[Climate, list[int]]:
    """A climate and the positions of its days; `summer_rain` from position 150 to 260, `rain` on the others."""
    positions = [position_of(date, latitude < 0) for date in DATES.tolist()]
    weather = np.array([wave(one) + warmer for one in positions]) + noise * np.random.default_rng(4).normal(size=DAYS)
    wet = np.array([summer_rain if 150 <= one < 260 else rain for one in positions])
    return Climate.of(weather, wet, np.full(DAYS, pet), DATES, latitude), positions


@pytest.mark.parametrize("latitude", [40.0, -40.0])
def test_the_course_of_a_year_is_that_of_its_weather_from_the_coldest_season_on(latitude: float) -> None:
    climate, positions = place(latitude)
    assert climate.position.tolist() == positions
    np.testing.assert_allclose(climate.course, [wave(one) for one in range(366)], atol=1e-9)
    starts = [index for index in range(1, DAYS) if positions[index] == 0]
    assert np.flatnonzero(np.diff(climate.season)).tolist() == [index - 1 for index in starts]
    assert climate.warmest_celsius == pytest.approx(np.mean(sorted(wave(one) for one in range(366))[-90:]))


@pytest.mark.parametrize(("latitude", "half_range"), [
    (39.0, 13.5), (48.0, 18.0), (-28.0, 8.0), (5.0, 1.0), (70.0, 25.0)])
def test_weather_of_less_than_a_year_takes_the_usual_range_of_its_latitude(latitude: float, half_range: float) -> None:
    dates = np.arange("2021-04-01", "2022-03-31", dtype="datetime64[D]")
    weather = 9.0 + np.random.default_rng(1).normal(size=dates.size)
    course = Climate.of(weather, weather, weather, dates, latitude).course
    assert (course.max() - course.min()) / 2 == pytest.approx(half_range, rel=1e-3)
    assert course.argmin() == 18, "19 January, or 19 July"
    positions = [position_of(date, latitude < 0) for date in dates.tolist()]
    assert course[positions].mean() == pytest.approx(weather.mean(), abs=1e-9)
    whole = np.append(dates, dates[-1] + 1)
    assert Climate.of(np.full(365, 9.0), np.ones(365), np.ones(365), whole, latitude).course == pytest.approx(9.0)


def test_a_place_is_moist_by_the_rain_of_its_demand_in_summer_and_in_the_year() -> None:
    """All is moist from half of the demand on in the warmest 90 days, from two thirds on in the year."""
    warmest = sorted(range(366), key=wave)[-90:]
    assert min(warmest) > 150 and max(warmest) < 260, "the warmest days have the summer's rain"
    for summer, rain in ((0.5, 1.0), (1.9, 0.0), (3.0, 3.0), (0.0, 0.0)):
        climate, positions = place(40.0, 4.0, summer, rain)
        total = sum(summer if 150 <= one < 260 else rain for one in positions)
        assert climate.moist_summer == pytest.approx(min(summer / 2.0, 1.0))
        assert climate.moist_year == pytest.approx(min(total / (4.0 * DAYS * 2 / 3), 1.0))
    assert place(40.0, 0.0, 0.0, 0.0)[0].moist_year == 1.0, "nothing evaporates"


def test_days_of_a_forecast_do_not_change_what_is_usual() -> None:
    climate, positions = place(40.0)
    later = np.arange(DATES[0], DATES[-1] + 11)
    weather = np.append(climate.temperature, np.full(10, 45.0))
    longer = Climate.of(weather, np.full(DAYS + 10, 1.0), np.full(DAYS + 10, 4.0), later, 40.0, usual_days=DAYS)
    np.testing.assert_array_equal(longer.course, climate.course)
    assert (longer.moist_summer, longer.moist_year) == (climate.moist_summer, climate.moist_year)
    assert longer.temperature[-1] == 45.0 and longer.position[-1] == positions[-1] + 10


@pytest.mark.parametrize("celsius", [-30.0, -1.0, 5.0, 10.0, 16.5, 21.0, 40.0])
def test_the_usual_year_rises_and_falls_through_a_temperature(celsius: float) -> None:
    climate, _ = place(40.0)
    course = [wave(one) for one in range(366)]
    warmest, coldest = course.index(max(course)), course.index(min(course[:183]))
    up, down = min(celsius, max(course) - 3), min(max(celsius, min(course) + 3), max(course) - 3)
    assert climate.rises_through(celsius) == next(day for day in range(coldest, 366) if course[day] >= up)
    assert climate.falls_through(celsius) == next((day for day in range(warmest, 365) if course[day] <= down), 330)


def own_thermal_time(climate: Climate, positions: list[int], base: float) -> list[float]:
    usual = [max(float(value) - base, 0.0) for value in climate.course]
    found, total = [], sum(usual[:positions[0]])
    for day, position in enumerate(positions):
        if day and position == 0:
            total = 0.0
        total += max(float(climate.temperature[day]) - base, 0.0)
        found.append(total / max(sum(usual[:365]), 1.0))
    return found


def own_leaf_area(cover: str, climate: Climate, positions: list[int]) -> list[float]:
    """From the module's sentences: rises are logistic, and the month is the mean of the last 30 days."""

    def rise(value: float, middle: float, width: float) -> float:
        return 1 / (1 + exp(-(value - middle) / width))

    least, most, _, _ = COVERS[cover]
    spring, growth = own_thermal_time(climate, positions, 5.0), own_thermal_time(climate, positions, 10.0)
    stays = rise(float(min(climate.course)), 8.0, 1.0)
    warmest = float(np.mean(sorted(climate.course)[-90:]))
    c4 = rise(warmest, 22.0, 1.0) * climate.moist_summer
    found = []
    for day in range(DAYS):
        month = float(np.mean(climate.temperature[max(0, day - 29):day + 1]))
        mild = rise(month, 5.0, 1.5)
        cool = rise(month, 6.0, 1.5) * (1 - 0.5 * rise(month, 23.0, 1.5))
        warm = (stays + (1 - stays) * rise(growth[day], 0.18, 0.035) * rise(-growth[day], -0.80, 0.05)) * rise(
            month, 8.0, 1.5)
        trees = stays + (1 - stays) * rise(spring[day], 0.10, 0.02) * rise(month, 9.0, 1.5)
        grass = c4 * warm + (1 - c4) * cool
        green = {"grass": grass, "wetland": grass, "forest": 0.5 * trees + 0.5 * (0.8 + 0.2 * mild),
                 "shrub": 0.4 * mild + 0.6 * cool}.get(cover, mild)
        found.append(least + (most - least) * (1.0 if cover == "wetland" else max(climate.moist_year, 0.3)) * green)
    return found


@pytest.mark.parametrize(("latitude", "rain", "warmer"), [
    (40.0, 1.5, 0.0), (-33.0, 0.2, 4.0), (20.0, 4.0, 10.0), (60.0, 1.0, -21.0)])
def test_leaves_are_those_of_the_sentences_about_them(latitude: float, rain: float, warmer: float) -> None:
    climate, positions = place(latitude, 4.0, 1.3, rain, warmer, noise=4.0)
    np.testing.assert_allclose(climate.thermal_time(10.0), own_thermal_time(climate, positions, 10.0), atol=1e-9)
    for group in GROUPS:
        np.testing.assert_allclose(leaf_area(group, climate), own_leaf_area(group.name, climate, positions), atol=1e-6)
        assert (group.smallest_lai, group.largest_lai, group.root_depth_cm, group.litter) == COVERS[group.name]
        assert group.wet == (group.name == "wetland") and group.seasonal_crop == (group.name == "crop")
    assert 0.0 <= warm_season_share(climate) <= 1.0


# ---- crops

def test_winter_wheat_ends_with_its_warmth_and_a_summer_crop_with_the_frost() -> None:
    climate, _ = place(40.0)
    wheat, course = CROPS["winter_wheat"], [wave(one) for one in range(366)]
    start = climate.falls_through(16.5)
    warmth, length = 0.0, 0
    while warmth < 2450.0:
        warmth += max(course[(start + length) % 365], 0.0)
        length += 1
    kcb = crop_growth.basal_coefficient(wheat, climate, DATES)
    days = np.flatnonzero(np.isfinite(kcb))
    last = days[days < 500].max()
    planted = next(index for index in range(100, DAYS) if climate.position[index] == start)
    assert last - planted == pytest.approx(length, abs=1)
    season = crop_season.season_of(wheat, climate, DATES, 40.0)
    assert season.first_day == start + 1 and (season.last_day - season.first_day) % 366 == length
    frost = climate.falls_through(8.0)
    late = crop_growth.basal_coefficient(CROPS["cotton"], climate, DATES, dt.date(2021, 6, 20))
    open_ = climate.position[np.isfinite(late)]
    assert frost == open_.max() + 1 and open_.min() == position_of(dt.date(2019, 6, 20), False)
    cotton = crop_season.season_of(CROPS["cotton"], climate, DATES, 40.0, dt.date(2021, 6, 20))
    assert cotton.last_day - cotton.first_day == frost - (cotton.first_day - 1)


def test_a_date_of_planting_is_a_day_of_the_calendar_on_both_halves_of_the_earth() -> None:
    for latitude in (40.0, -40.0):
        climate, positions = place(latitude)
        planted = dt.date(2020, 5, 1) if latitude > 0 else dt.date(2020, 11, 1)
        kcb = crop_growth.basal_coefficient(CROPS["corn"], climate, DATES, planted)
        first = int(np.flatnonzero(np.isfinite(kcb) & (np.datetime64(planted) - 90 <= DATES))[0])
        assert abs((DATES[first].astype(dt.date) - planted).days) <= 1, latitude
        assert crop_growth.planting_position(CROPS["corn"], climate, planted, DATES) == positions[first]
        season = crop_season.season_of(CROPS["corn"], climate, DATES, latitude, planted)
        assert abs(season.first_day - planted.timetuple().tm_yday) <= 1


@pytest.mark.parametrize("key", ["alfalfa", "pasture", "hay"])
def test_a_perennial_grows_between_5_degrees_in_spring_and_in_autumn(key: str) -> None:
    climate, _ = place(40.0)
    crop = CROPS[key]
    kcb = crop_growth.basal_coefficient(crop, climate, DATES)
    for day in (40, 300, 500):
        month = float(climate.temperature[day - 29:day + 1].mean())
        wanted = crop.kcb[0] + (crop.kcb[1] - crop.kcb[0]) / (1 + exp(-(month - 5.0) / 1.5))
        assert kcb[day] == pytest.approx(wanted)
    season = crop_season.season_of(crop, climate, DATES, 40.0)
    assert season.first_day == climate.rises_through(5.0) + 1
    assert season.last_day - season.first_day == climate.falls_through(5.0) - climate.rises_through(5.0)
    assert season.least_root_share == 1.0 and crop_season.season_of(CROPS["corn"], climate, DATES, 40.0
                                                               ).least_root_share == pytest.approx(0.3)
    assert sum(season.stages) == pytest.approx(1.0)
    assert crop_season.irrigated_root_depth_cm(crop) == pytest.approx(100 * crop.roots_m[0])
