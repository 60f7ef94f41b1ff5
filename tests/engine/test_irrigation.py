"""Water given to a field, from what its user knows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from deepsoil.contract.management import Application, Irrigated, IrrigationHabit, IrrigationLog, Rainfed
from deepsoil.soil import irrigation
from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_season import season_of
from deepsoil.soil.crops import CROPS
from deepsoil.soil.root_zone import balance

DATES = np.arange(np.datetime64("2022-01-01"), np.datetime64("2024-01-01"))
DAYS = DATES.size


@pytest.fixture(name="weather")
def _weather() -> tuple[np.ndarray, np.ndarray]:
    """Rain of 10 mm every ninth day, and a warm summer: mm/day (T,)."""
    rain = np.where(np.arange(DAYS) % 9 == 4, 10.0, 0.0)
    return rain, 3.5 - 3.0 * np.cos(2 * np.pi * np.arange(DAYS) / 365.25)


def test_a_root_zone_neither_makes_nor_loses_water(weather: tuple[np.ndarray, np.ndarray]) -> None:
    rain, pet = weather
    zone = balance(rain, pet, 1.1, np.array([[60.0, 120.0]]), 0.5, amount_mm=30.0, allowed=0.45, open_days=True)
    first = 0.5 * 0.45 * np.array([60.0, 120.0])
    change = first - zone.depletion[-1]
    inflow = rain.sum() + zone.irrigation.sum(0)
    assert change == pytest.approx(inflow - zone.evapotranspiration.sum(0) - zone.drainage.sum(0), abs=1e-6)
    assert np.all(zone.depletion <= [60.0, 120.0])


def test_stress_begins_where_the_readily_available_water_ends() -> None:
    dry, pet = np.zeros(60), np.full(60, 5.0)
    zone = balance(dry, pet, 1.0, 100.0, 0.5)
    depletion = np.concatenate([[25.0], zone.depletion[:, 0]])
    use = zone.evapotranspiration[:, 0]
    assert np.all(use[depletion[:-1] <= 50.0] == 5.0)
    late = depletion[:-1] > 50.0
    # FAO-56 Eq. 84: Ks = (TAW - Dr) / ((1 - p) TAW)
    assert use[late] == pytest.approx(5.0 * (100.0 - depletion[:-1][late]) / 50.0)


def test_a_log_is_given_to_the_day_and_to_nothing_else(weather: tuple[np.ndarray, np.ndarray]) -> None:
    log = IrrigationLog(type="log", applications=[Application(date=date(2023, 7, 4), mm=25.5),
                                                  Application(date=date(2031, 7, 4), mm=9.0),
                                                  Application(date=date(2022, 1, 1), mm=3.0)])
    water = irrigation.irrigation_mm(log, DATES, *weather, 100.0)
    assert water[np.datetime64("2023-07-04") == DATES] == 25.5
    assert water[0] == 3.0 and water.sum() == 28.5


def test_a_habit_keeps_the_depletion_near_what_is_allowed(weather: tuple[np.ndarray, np.ndarray]) -> None:
    rain, pet = weather
    habit = IrrigationHabit(type="habit", mm=20.0, depletion=0.4, first_day="05-15", last_day="09-10")
    season = irrigation.SUMMER
    zone = irrigation.practised(irrigation.practice_of(habit, season), season, DATES, rain, pet, 110.0)
    water, days = zone.irrigation[:, 0], np.array([str(day)[5:] for day in DATES])
    assert set(np.unique(water)) == {0.0, 20.0}
    assert np.all((days[water > 0] >= "05-15") & (days[water > 0] <= "09-10"))
    grown = (days >= "07-10") & (days <= "09-05")
    assert np.all(zone.depletion[grown] <= 0.4 * 110.0 + pet.max() * 1.15)
    assert np.all(zone.drainage[grown & (rain == 0)] == 0.0), "nobody irrigates so that water is lost"


def test_irrigated_alone_is_a_usual_habit_of_the_summer_of_the_hemisphere(
        weather: tuple[np.ndarray, np.ndarray]) -> None:
    rain, pet = weather
    month = DATES.astype("datetime64[M]").astype(int) % 12 + 1
    north = irrigation.irrigation_mm(Irrigated(type="irrigated"), DATES, rain, pet, 100.0, irrigation.usual_season(40))
    south = irrigation.irrigation_mm(Irrigated(type="irrigated"), DATES, rain, np.roll(pet, 183), 100.0,
                                     irrigation.usual_season(-35))
    assert set(month[north > 0]) <= {5, 6, 7, 8, 9} and 150 < north[:365].sum() < 700
    assert set(month[south > 0]) <= {11, 12, 1, 2, 3, 4} and south[200:565].sum() > 150


def test_no_water_where_none_is_given(weather: tuple[np.ndarray, np.ndarray]) -> None:
    for nothing in (None, Rainfed(type="rainfed"), IrrigationLog(type="log", applications=[])):
        assert not irrigation.irrigation_mm(nothing, DATES, *weather, 100.0).any()


def test_places_differ_by_their_weather_alone(weather: tuple[np.ndarray, np.ndarray]) -> None:
    rain, pet = weather
    habit = IrrigationHabit(type="habit")
    both = irrigation.irrigation_mm(habit, DATES, np.stack([rain, 0 * rain], 1), pet[:, None], 100.0)
    assert both.shape == (DAYS, 2)
    assert np.array_equal(both[:, 0], irrigation.irrigation_mm(habit, DATES, rain, pet, 100.0))
    assert both[:, 1].sum() > both[:, 0].sum()


def test_scores_draw_practices_round_the_given_one(weather: tuple[np.ndarray, np.ndarray]) -> None:
    practice = irrigation.practice_of(Irrigated(type="irrigated"), irrigation.SUMMER)
    scores = np.random.default_rng(1).standard_normal((500, len(irrigation.VARIED)))
    scores[0] = 0.0
    drawn = irrigation.variants(practice, scores)
    assert (drawn.mm[0], drawn.depletion[0], drawn.first_day[0]) == (25.0, 0.4, 122)  # type: ignore[index]
    assert np.median(drawn.mm) == pytest.approx(25.0, rel=0.05)
    zone = irrigation.practised(drawn, irrigation.SUMMER, DATES, *weather, 100.0)
    alone = irrigation.practised(practice, irrigation.SUMMER, DATES, *weather, 100.0)
    assert zone.irrigation.shape == (DAYS, 500)
    assert np.array_equal(zone.irrigation[:, 0], alone.irrigation[:, 0])


def test_a_day_of_the_calendar_is_the_same_day_in_a_leap_year() -> None:
    dates = np.array(["2023-03-01", "2024-03-01", "2023-12-31", "2024-12-31"], "datetime64[D]")
    practice = irrigation.Practice(10.0, 0.4, 61, 61)  # 1 March
    assert practice.open(dates)[:, 0].tolist() == [True, True, False, False]


def test_a_season_over_new_year() -> None:
    season = irrigation.Season(first_day=306, last_day=91)
    dates = np.array(["2022-10-31", "2022-11-02", "2023-02-01", "2023-06-01"], "datetime64[D]")
    share = season.share(dates)
    assert np.isnan(share[[0, 3]]).all() and 0 <= share[1] < 0.02 and 0.5 < share[2] < 0.7
    assert season.kc(dates)[2] == season.kc_mid and season.kc(dates)[0] == irrigation.KC_FALLOW


@pytest.mark.parametrize("latitude", [39.0, -33.0])
def test_every_crop_of_the_table_has_a_season(weather: tuple[np.ndarray, np.ndarray], latitude: float) -> None:
    rain, pet = weather
    shift = 0 if latitude > 0 else 183
    pet = np.roll(pet, shift)
    climate = Climate.of(4.0 * pet - 2.0, rain, pet, DATES, latitude)
    for crop in CROPS.values():
        season = season_of(crop, climate, DATES, latitude)
        assert 1 <= season.first_day <= 366 and 1 <= season.last_day <= 366
        kc, share = season.kc(DATES), season.root_share(DATES)
        assert kc.max() == pytest.approx(max(crop.kc), abs=0.02) and 0 < share.min() <= share.max() <= 1, crop.key
        warm = np.isfinite(season.share(DATES))
        assert 80 <= warm[:366].sum() <= 366, crop.key
        if crop.season == "summer":
            assert pet[warm].mean() > pet.mean(), f"{crop.key} grows in the warm half of the year"


def test_corn_in_the_plains_is_watered_from_june_to_september(weather: tuple[np.ndarray, np.ndarray]) -> None:
    rain, pet = weather
    climate = Climate.of(4.0 * pet - 2.0, rain, pet, DATES, 39.0)
    season = season_of(CROPS["corn"], climate, DATES, 39.0, date(2023, 5, 5))
    assert season.first_day == pytest.approx(126, abs=1)
    water = irrigation.irrigation_mm(Irrigated(type="irrigated"), DATES, rain, pet, 150.0, season)
    months = set((DATES.astype("datetime64[M]").astype(int) % 12 + 1)[water > 0])
    assert {6, 7, 8} <= months <= {5, 6, 7, 8, 9}
