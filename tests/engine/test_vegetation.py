"""Leaves, interception and water use: properties, sums that must be right, and an own way to the same figures."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_growth import basal_coefficient, crop_leaf_area, leaf_area_of_coefficient
from deepsoil.soil.crops import CROPS, OF_CDL, crop_of
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import Plant, land_forcing, leaf_area_of
from deepsoil.soil.phenology import leaf_area, warm_season_share
from deepsoil.soil.seen_leaves import daily_ndvi, without_clouds
from deepsoil.soil.vegetation import GROUPS, intercepted, lai_of_ndvi, ndvi, water_use
from labels_tools import own_water_use

DATES = np.arange("2019-01-01", "2022-01-01", dtype="datetime64[D]")
OF = {group.name: group for group in GROUPS}


def year(mean: float, half_range: float, shift_days: int = 0) -> np.ndarray:
    """Temperature (T,) of a sinusoidal year, coldest on 18 January (+ shift)."""
    day = (DATES - DATES.astype("datetime64[Y]")).astype(int)
    return mean - half_range * np.cos(2 * np.pi * (day - 17 - shift_days) / 365.25)


def climate(mean: float, half_range: float, *, rain: float = 3.0, pet: float = 3.5, latitude: float = 39.0,
            shift_days: int = 0) -> Climate:
    same = np.ones(DATES.size)
    return Climate.of(year(mean, half_range, shift_days), rain * same, pet * same, DATES, latitude)


def month_means(values: np.ndarray) -> np.ndarray:
    month = DATES.astype("datetime64[M]").astype(int) % 12
    return np.array([values[month == number].mean() for number in range(12)])


KANSAS, MONTANA = climate(13.0, 13.5), climate(6.5, 15.0, latitude=48.0)


def test_warm_season_grass_is_late_and_cool_season_grass_early() -> None:
    assert warm_season_share(KANSAS) > 0.8 and warm_season_share(MONTANA) < 0.2
    assert warm_season_share(climate(17.0, 8.0, rain=0.1)) < 0.1, "dry summers grow no C4 grass"
    south, north = (month_means(leaf_area(OF["grass"], place)) for place in (KANSAS, MONTANA))
    assert south.argmax() in (5, 6) and south[8] < 0.5 * south.max() and south[3] < 0.3 * south.max()
    assert north[8] > 0.7 * north.max(), "cool-season grass stays green in September"


def test_a_warm_spring_brings_leaves_early_and_a_colder_place_has_them_later() -> None:
    def greened(place: Climate, cover: str = "grass") -> int:
        lai = leaf_area(OF[cover], place)[365:730]
        return int(np.flatnonzero(lai > 0.5 * (lai.min() + lai.max()))[0])

    warm = year(13.0, 13.5)
    warm[365 + 60:365 + 130] += 4.0
    early = Climate.of(warm, np.full(DATES.size, 3.0), np.full(DATES.size, 3.5), DATES, 39.0)
    assert greened(early) < greened(KANSAS) - 7
    assert greened(climate(9.0, 13.5), "forest") > greened(KANSAS, "forest") + 7


def test_the_south_is_half_a_year_away() -> None:
    south = climate(13.0, 13.5, latitude=-39.0, shift_days=183)
    for group in GROUPS:
        plain, turned = (month_means(leaf_area(group, place)) for place in (KANSAS, south))
        np.testing.assert_allclose(np.roll(turned, 6), plain, atol=0.25 * group.largest_lai)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_leaves_stay_between_their_least_and_their_most(group: object) -> None:
    for place in (KANSAS, MONTANA, climate(25.0, 2.0, latitude=5.0), climate(-8.0, 20.0, latitude=65.0)):
        lai = leaf_area(group, place)  # type: ignore[arg-type]
        assert lai.min() >= group.smallest_lai - 1e-9 and lai.max() <= group.largest_lai + 1e-9  # type: ignore
        assert np.abs(np.diff(lai)).max() < 0.5
    dry = climate(13.0, 13.5, rain=0.5)
    assert leaf_area(OF["grass"], dry).max() < 0.6 * leaf_area(OF["grass"], KANSAS).max()


def test_weather_shorter_than_a_year_takes_its_course_from_the_latitude() -> None:
    part = slice(180, 260)
    short = Climate.of(year(13.0, 13.5)[part], np.full(80, 3.0), np.full(80, 3.5), DATES[part], 39.0)
    whole = leaf_area(OF["grass"], KANSAS)[part]
    np.testing.assert_allclose(leaf_area(OF["grass"], short), whole, atol=0.6)


# ---- crops

def test_crops_follow_the_stages_of_fao_56_from_the_given_date() -> None:
    corn = crop_of("corn")
    kcb = basal_coefficient(corn, KANSAS, DATES, dt.date(2020, 5, 1))
    first = int((np.datetime64("2020-05-01") - DATES[0]).astype(int))
    stages = {0: 0.15, 30: 0.15, 50: 0.65, 70: 1.15, 120: 1.15, 135: 0.65, 150: 0.15}
    for day, wanted in stages.items():
        assert kcb[first + day] == pytest.approx(wanted), day
    assert np.isnan(kcb[first - 1]) and np.isnan(kcb[first + 151])
    covered = (1.15 - 0.15) / (1.2 - 0.15)
    assert crop_leaf_area(corn, KANSAS, DATES, dt.date(2020, 5, 1))[first + 100] == pytest.approx(
        -np.log(1 - covered) / 0.7)


def test_winter_wheat_is_green_in_spring_and_gone_in_summer_and_corn_the_reverse() -> None:
    wheat, corn = (month_means(crop_leaf_area(crop_of(key), KANSAS, DATES)) for key in ("winter_wheat", "corn"))
    assert wheat[4] > 2.5 and wheat[7:9].max() < 0.2 and wheat[6] < 0.5 * wheat[4]
    assert corn[6] > 3.0 and corn[[11, 0, 1, 2, 3]].max() < 0.2


@pytest.mark.parametrize("key", sorted(CROPS))
def test_every_crop_grows_and_ends_in_every_climate(key: str) -> None:
    crop = CROPS[key]
    for place in (KANSAS, MONTANA, climate(22.0, 6.0, latitude=28.0)):
        lai = crop_leaf_area(crop, place, DATES)
        assert 1.0 < lai.max() <= 4.5 and np.isfinite(lai).all() and lai.min() >= 0.1
        if crop.season != "perennial":
            assert lai.min() == pytest.approx(0.1), "fallow between two seasons"
    assert leaf_area_of_coefficient(crop, np.array([np.nan, 0.15])).tolist() == [0.1, 0.1]


def test_an_unknown_crop_is_refused_with_the_list() -> None:
    with pytest.raises(DeepSoilError, match="no crop 'maize'") as refused:
        crop_of("maize")
    assert refused.value.code == "crop_unknown" and "winter_wheat" in refused.value.hint
    with pytest.raises(DeepSoilError, match="no crop 'triticale'"):
        run(Plant(OF["crop"], "triticale"))
    assert OF_CDL[24] == "winter_wheat" and OF_CDL[1] == "corn" and 176 not in OF_CDL


# ---- seen leaves

def truth() -> np.ndarray:
    day = np.arange(DATES.size) % 365.25
    return 0.25 + 0.5 * np.exp(-0.5 * ((day - 160 - 20 * (np.arange(DATES.size) > 500)) / 40) ** 2)


@pytest.mark.parametrize("cloudy", [0.0, 0.3])
def test_a_course_of_ndvi_comes_back_from_noisy_sightings_with_clouds(cloudy: float) -> None:
    rng = np.random.default_rng(5)
    days = np.arange(3, DATES.size, 8)
    seen = truth()[days] + 0.02 * rng.standard_normal(days.size)
    hidden = rng.random(days.size) < cloudy
    seen[hidden] = rng.choice([-0.05, 0.02, np.nan, 1.4, 0.12], hidden.sum())
    found = daily_ndvi(days, seen, np.full(DATES.size, 0.4))
    assert found is not None and np.abs(found - truth()).mean() < 0.025 and np.abs(found - truth()).max() < 0.15


def test_a_gap_takes_the_season_of_other_years_and_no_sighting_the_phenology() -> None:
    days = np.arange(0, DATES.size, 10)
    gap = (days > 365 + 90) & (days < 365 + 270)
    found = daily_ndvi(days[~gap], truth()[days[~gap]], np.full(DATES.size, 0.4))
    assert found is not None and np.abs(found - truth())[455:635].mean() < 0.08
    expected = np.linspace(0.2, 0.8, DATES.size)
    one_season = daily_ndvi(np.array([100, 104, 108]), expected[[100, 104, 108]] - 0.1, expected)
    assert one_season is not None and one_season[104] == pytest.approx(expected[104] - 0.1, abs=0.02)
    np.testing.assert_allclose(np.diff(one_season[700:760] - expected[700:760]), 0.0, atol=0.005)


def test_ndvi_that_is_all_cloud_is_refused() -> None:
    days = np.arange(0, 400, 16)
    assert daily_ndvi(days, np.full(days.size, 0.03), np.full(DATES.size, 0.5)) is None
    assert daily_ndvi(days, np.full(days.size, np.nan), np.full(DATES.size, 0.5)) is None
    assert without_clouds(np.array([0, 10, 20]), np.array([0.7, 0.3, 0.7])).tolist() == [True, False, True]
    assert without_clouds(np.array([0, 60, 120]), np.array([0.7, 0.3, 0.7])).all(), "a harvest, not a cloud"


def test_ndvi_and_leaf_area_are_each_other_s_inverse() -> None:
    lai = np.linspace(0.0, 5.9, 50)
    np.testing.assert_allclose(lai_of_ndvi(ndvi(lai)), lai, atol=1e-9)
    assert lai_of_ndvi(np.array([-0.3, 0.1, 1.0])).tolist() == [0.0, 0.0, pytest.approx(6.0)]


# ---- water

def weather(rows: int = 1) -> Forcing:
    rng = np.random.default_rng(2)
    rain = np.where(rng.random((rows, DATES.size)) < 0.3, rng.exponential(9.0, (rows, DATES.size)), 0.0)
    return Forcing(rain, np.clip(3.5 + 3 * np.sin(np.arange(DATES.size) / 58), 0, None) * np.ones((rows, 1)),
                   np.tile(year(10.0, 14.0), (rows, 1)))


def run(*plants: Plant, seen: np.ndarray | None = None):
    return land_forcing(plants, weather(len(plants)), DATES, np.full(len(plants), 39.0), seen)


def test_no_water_is_made_or_lost_between_leaves_and_ground() -> None:
    plants = [Plant(group) for group in GROUPS]
    before, land = weather(len(plants)), run(*plants)
    np.testing.assert_allclose(land.forcing.precipitation + land.intercepted, before.precipitation, atol=1e-9)
    assert land.intercepted.min() >= 0 and (land.intercepted <= before.pet + 1e-9).all()
    assert (land.intercepted + land.forcing.pet <= before.pet + 1e-9).all(), "no more evaporates than PET"
    assert land.intercepted[:, before.temperature[0] < 0].max() == 0, "snow is not intercepted"
    annual = land.intercepted.sum(1) / before.precipitation.sum(1)
    of = dict(zip([group.name for group in GROUPS], annual, strict=True))
    assert of["bare"] < 0.02 < of["grass"] < of["forest"] < 0.35


def test_interception_as_worked_out_by_hand() -> None:
    """LAI 2: covered 1 - e^-1.1 = 0.66713; room 0.5 mm; 10 mm: 0.5 (1 - 1 / (1 + 6.6713 / 0.5)) = 0.46514."""
    found = intercepted(np.array([[10.0, 0.1, 10.0]]), np.full((1, 3), 2.0), 0.0, np.array([[6.0, 6.0, 0.3]]))
    np.testing.assert_allclose(found[0], [0.46514, 0.05886, 0.3 * 0.66713], atol=1e-5)
    litter = intercepted(np.array([[10.0, 10.0]]), np.full((1, 2), 2.0), 0.5, np.array([[6.0, 2.0]]))
    np.testing.assert_allclose(litter[0], [0.46514 + 1.0, 0.46514 + (2 - 0.46514) * 0.33287], atol=1e-4)


def test_water_use_is_what_the_tests_of_labels_work_out_for_themselves() -> None:
    plants = [Plant(group) for group in GROUPS]
    before, land = weather(len(plants)), run(*plants)
    for row, group in enumerate(GROUPS):
        rain, demand, share = own_water_use(group.name, before.precipitation[row], before.pet[row],
                                            before.temperature[row], land.lai[row])
        np.testing.assert_allclose(land.forcing.precipitation[row], rain, atol=1e-9)
        np.testing.assert_allclose(land.forcing.pet[row], demand, atol=1e-9)
        np.testing.assert_allclose(land.share[row], share, atol=1e-9)
        assert (land.water[row] == (before.pet[row] if group.wet else 0.0)).all()


def test_light_and_greenness_of_a_canopy() -> None:
    demand, share = water_use(np.array([0.0, 1.0, 6.0]), 0.0, np.full(3, 5.0))
    np.testing.assert_allclose(share, [0.0, 0.4231, 0.95], atol=1e-4)
    np.testing.assert_allclose(demand, 5.0)
    np.testing.assert_allclose(ndvi(np.array([0.0, 1.0, 3.0, 10.0])), [0.15, 0.4884, 0.7760, 0.8981], atol=1e-4)


def test_what_was_seen_comes_before_crop_and_cover_and_a_named_crop_before_the_cover() -> None:
    plants = [Plant(OF["crop"], "winter_wheat"), Plant(OF["crop"], "winter_wheat"), Plant(OF["crop"])]
    seen = np.full((3, DATES.size), np.nan)
    seen[0] = 1.7
    lai = leaf_area_of(plants, weather(3), DATES, np.full(3, 39.0), seen)
    assert (lai[0] == 1.7).all() and month_means(lai[1])[4] > 2.0 and month_means(lai[2])[6] > 2.5
    land = run(*plants)
    assert land.roots_cm.tolist() == [165.0, 165.0, 90.0]
    with pytest.raises(DeepSoilError, match="not those of 3 plants"):
        leaf_area_of(plants, weather(2), DATES, np.full(3, 39.0))


def test_a_full_crop_of_the_table_demands_what_its_coefficient_says() -> None:
    land = run(Plant(OF["crop"], "corn"), seen=np.full((1, DATES.size), 6.0))
    before = weather()
    ratio = (land.forcing.pet + land.intercepted) / before.pet
    assert ratio[before.pet > 1].max() == pytest.approx(1.15, abs=0.02)


@pytest.mark.parametrize("half_range", [0.0, 1e-12, 1.0, 13.0])
@pytest.mark.parametrize("mean", [-5.0, 8.0, 26.0])
def test_a_place_without_seasons_has_a_course_of_leaves_too(mean: float, half_range: float) -> None:
    place = climate(mean, half_range)
    for celsius in (-10.0, 5.0, 10.0, 40.0):
        assert 0 <= place.rises_through(celsius) <= 365 and 0 <= place.falls_through(celsius) <= 365
    for group in GROUPS:
        leaves = leaf_area(group, place)
        assert np.isfinite(leaves).all() and (leaves >= 0).all()
