"""The synthetic sample region: the same from the same seed, physically sane, and its instruments see its truth."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import CHANNELS, REQUIRED, STORED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample import columns as sample_columns
from deepsoil.sample.build import build_sample, sample_window
from deepsoil.sample.differences import USUAL
from deepsoil.sample.landcover import Cover, make_land_cover
from deepsoil.sample.observations import NETWORK, SENSOR_BIAS, SENSOR_NOISE
from deepsoil.sample.soils import make_soils
from deepsoil.sample.terrain import make_terrain
from deepsoil.sample.truth import Truth
from deepsoil.sample.vegetation import VegetationMaps
from deepsoil.sample.weather import PLAIN_PRECIPITATION_MM, make_weather
from deepsoil.store.store import Store

SIZE = 512
START, END = date(2023, 4, 1), date(2023, 9, 30)
SUMMER = date(2023, 7, 20)
STACK_5CM, STACK_20CM = DEPTHS[5].channels, DEPTHS[20].channels


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A quarter-size region over one growing season, with a shorter spin-up than the real one."""
    steps: list[tuple[int, int, str]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_columns, "SPINUP_DAYS", 20)
        built = build_sample(tmp_path_factory.mktemp("sample") / "store", seed=0, size=SIZE, start=START, end=END,
                             on_progress=lambda *step: steps.append(step))
    assert steps[-1][:2] == (100, 100)
    assert [step[0] for step in steps] == sorted(step[0] for step in steps)
    return built


@pytest.fixture(scope="module")
def truth(store: Store) -> Truth:
    return Truth.open(store)


def _landscape_hash(seed: int) -> str:
    window = sample_window(SIZE)
    terrain = make_terrain(window, seed)
    soils = make_soils(terrain, seed)
    land = make_land_cover(terrain, soils, seed)
    weather = make_weather(window, terrain, START, END, seed)
    plants = VegetationMaps(weather, land, CellWeights.of(window, weather.longitudes, weather.latitudes), seed)
    digest = hashlib.sha256()
    for values in (terrain.elevation, soils.sand, soils.series, land.cover, land.nlcd, land.vigour,
                   weather.precipitation, weather.pet, plants.ndvi(100)):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def test_the_same_seed_makes_the_same_region_and_another_seed_another() -> None:
    state = np.random.get_state()[1].copy()
    first = _landscape_hash(3)
    np.random.default_rng(1).random(100)
    assert _landscape_hash(3) == first
    assert _landscape_hash(4) != first
    assert np.array_equal(np.random.get_state()[1], state), "the global random state must not be touched"


def test_it_says_that_it_is_synthetic_wherever_it_shows(store: Store) -> None:
    assert store.synthetic and "Synthetic" in store.title and "Synthetic" in store.attribution
    assert all("synthetic" in store.source(channel) for channel in store.channels())
    stations = store.stations()
    assert set(stations.networks) == {NETWORK} and all(name.startswith("Synthetic ") for name in stations.names)


def test_it_has_every_channel_of_both_stacks_within_its_range(store: Store) -> None:
    wanted = {name for name in (*STACK_5CM, *STACK_20CM) if CHANNELS[name].kind in STORED}
    assert wanted | REQUIRED <= set(store.channels())
    for name in wanted:
        channel = CHANNELS[name]
        if channel.kind == "static":
            values = store.read_static(name, store.window)
        elif channel.kind == "dated":
            values, age_days = store.read_dated(name, SUMMER, store.window)
            assert age_days is not None and age_days < (16 if name == "ndvi" else 32)
        else:
            values = store.coarse(name).values
        holes = ~np.isfinite(values)
        if name == "aspect":
            holes &= store.read_static("slope", store.window) > 0.01
        assert name == "smap" or not holes.any(), name
        assert np.nanmin(values) >= channel.minimum and np.nanmax(values) <= channel.maximum, name
        assert np.nanstd(values) > 0, name


def test_texture_sums_to_a_hundred_and_follows_the_landscape(store: Store) -> None:
    sand, silt, clay = (store.read_static(name, store.window) for name in ("sand", "silt", "clay"))
    np.testing.assert_allclose(sand + silt + clay, 100, atol=0.11)
    assert min(sand.min(), silt.min(), clay.min()) >= 0
    cover = store.read_static("land_cover", store.window)
    assert sand[cover == 42].mean() > sand[cover == 82].mean() + 10, "mountain forest stands on rocky sand"


def test_weather_is_that_of_the_high_plains() -> None:
    window = sample_window(SIZE)
    weather = make_weather(window, make_terrain(window, 0), date(2021, 7, 1), date(2023, 12, 31), 0)
    years = weather.days / 365.25
    plain = weather.elevation < 1750
    rain = weather.precipitation.sum(axis=0) / years
    assert rain[plain].mean() == pytest.approx(PLAIN_PRECIPITATION_MM, rel=0.05)
    assert rain[~plain].mean() > 1.08 * rain[plain].mean()
    assert 1100 < weather.pet[:, plain].sum(axis=0).mean() / years < 1450
    assert weather.temperature[:, plain].mean() == pytest.approx(9.2, abs=2)
    assert weather.temperature[:, ~plain].mean() < weather.temperature[:, plain].mean() - 1
    months = weather.dates.astype("datetime64[M]").astype(int) % 12
    # Summer storms are local, winter fronts are not.
    spread = [np.mean([day.std() / day.mean() for day in weather.precipitation[months == month] if day.mean() > 0.5])
              for month in (6, 0)]
    assert spread[0] > 1.5 * spread[1]
    assert weather.vpd.min() >= 0


def test_plants_follow_cover_and_season(store: Store) -> None:
    cover = store.read_static("land_cover", store.window)
    summer, spring = (store.read_dated("ndvi", day, store.window)[0] for day in (SUMMER, date(2023, 4, 20)))
    assert summer[cover == 42].mean() > 0.55 and summer[cover == 11].mean() < 0.05
    crops = cover == 82
    assert (summer[crops] > 0.7).mean() > 0.15, "irrigated corn is green in July"
    assert (summer[crops] < 0.3).mean() > 0.15, "wheat stubble is not"
    assert summer[crops].mean() > spring[crops].mean()


def test_truth_lies_between_dry_and_saturated_soil(truth: Truth) -> None:
    theta_s = truth.saturation()
    for depth in (5, 20):
        theta = truth.columns(depth)
        assert np.isfinite(theta).all()
        assert (theta > 0.01).all() and (theta <= theta_s[:, None] + 1e-5).all()
        assert theta.std(axis=1).min() > 1e-4, "no column may stand still"


def test_watered_fields_are_wetter_and_open_water_has_no_truth(store: Store, truth: Truth) -> None:
    window = store.window
    theta = truth.theta(20, SUMMER, window)
    cover = store.read_static("land_cover", window)
    assert np.array_equal(np.isnan(theta), cover == 11)
    kind = truth.cover_of(window)
    watered, dry = np.nanmean(theta[kind == Cover.CORN]), np.nanmean(theta[kind == Cover.RANGE])
    assert watered > dry + 0.03
    assert np.nanmean(theta[kind == Cover.RIPARIAN]) > np.nanmean(theta[kind == Cover.FOREST]) + 0.05


def test_a_window_of_the_truth_is_the_same_as_that_part_of_the_whole(store: Store, truth: Truth) -> None:
    window = store.window
    part = Window(window.column + 100, window.row + 37, 90, 64)
    whole = truth.theta(5, SUMMER, window)
    np.testing.assert_array_equal(truth.theta(5, SUMMER, part), whole[part.slices_in(window)])
    beyond = truth.theta(5, SUMMER, Window(window.column - 20, window.row, 40, 10))
    assert np.isnan(beyond[:, :20]).all()
    day = int((np.datetime64(SUMMER) - truth.dates[0]).astype(int))
    series = truth.series(5, part.column, part.row)
    assert series.shape == truth.dates.shape
    assert series[day] == pytest.approx(whole[37, 100], abs=1e-6)


def test_stations_read_the_truth_within_their_noise(store: Store, truth: Truth) -> None:
    stations = store.stations()
    assert len(stations.ids) == 12 and set(stations.depths_cm) == {5, 20}
    assert [name.split(" ", 2)[2] for name, wet in zip(stations.names, stations.irrigated, strict=True) if wet] == [
        "North Pivot", "Haystack Lane", "Beet Siding", "South Pivot"]
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    biases, sensors = [], truth.sensors()
    for station in range(len(stations.ids)):
        for depth, depth_cm in enumerate(stations.depths_cm):
            theta = truth.series(depth_cm, int(columns[station]), int(rows[station]))
            seen_by_sensor = (theta + sensors.offset[station, depth]
                              + sensors.slope[station, depth] * (theta - theta.mean()))
            error = stations.theta[station, depth] - seen_by_sensor
            seen = np.isfinite(error)
            assert seen.sum() > 60 and not seen.all(), "stations have gaps, but not only gaps"
            assert 0.4 * SENSOR_NOISE < np.nanstd(error) < 1.6 * SENSOR_NOISE
            biases.append(np.nanmean(error))
    assert 0.3 * SENSOR_BIAS < np.std(biases) < 3 * SENSOR_BIAS
    assert np.std(sensors.offset) == pytest.approx(USUAL.sensor_offset, rel=0.5)
    assert np.std(sensors.slope) == pytest.approx(USUAL.sensor_slope, rel=0.5)
    frozen = stations.soil_temperature < 0
    assert np.isnan(stations.theta[frozen]).all()


def test_smap_is_the_noisy_area_mean_of_the_truth(store: Store, truth: Truth) -> None:
    smap = store.coarse("smap")
    seen = np.isfinite(smap.values).all(axis=(1, 2))
    assert 0.25 < seen.mean() < 0.5, "an overpass every two to three days"
    errors = []
    for day in np.flatnonzero(seen)[:25]:
        mean = np.nanmean(truth.theta(5, smap.dates[day].astype(object), store.window))
        errors.append(smap.values[day].mean() - mean)
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < 0.02


def test_weights_of_the_cells_round_a_pixel_sum_to_one_and_reproduce_a_plane() -> None:
    window = sample_window(SIZE)
    longitudes, latitudes = -105.2 + 0.05 * np.arange(12), 40.7 - 0.05 * np.arange(12)
    cells = CellWeights.of(window, longitudes, latitudes)
    np.testing.assert_allclose(cells.weights.sum(axis=0), 1, atol=1e-6)
    plane = (2.0 * longitudes[None, :] - 3.0 * latitudes[:, None]).astype(np.float32)
    found = cells.blend(plane.reshape(1, -1), np.zeros(window.shape, dtype=np.int16))
    lon, lat = window.lonlat_centres()
    np.testing.assert_allclose(found, 2 * lon[None, :] - 3 * lat[:, None], atol=1e-3)


def test_what_cannot_be_had_is_refused_with_a_hint(store: Store, truth: Truth, tmp_path: Path) -> None:
    with pytest.raises(DeepSoilError, match="2024-01-01") as outside:
        truth.theta(5, date(2024, 1, 1), store.window)
    assert outside.value.code == "date_outside" and "2023-09-30" in outside.value.hint
    with pytest.raises(DeepSoilError) as depth:
        truth.theta(50, SUMMER, store.window)
    assert depth.value.code == "depth_missing"
    with pytest.raises(DeepSoilError) as size:
        build_sample(tmp_path / "odd", size=600)
    assert size.value.code == "bad_size" and not (tmp_path / "odd").exists()
    with pytest.raises(DeepSoilError) as exists:
        build_sample(store.path, size=SIZE)
    assert exists.value.code == "store_exists"
