"""What is written into a store is what is read, whatever the window; a damaged store is named and never guessed at."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import zarr
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.store.store import CoarseSeries, Stations, Store
from deepsoil.store.writer import StoreWriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

WINDOW = Window(241664, 399872, 1024, 512)
DAYS = [date(2023, 1, 1) + timedelta(days=i) for i in range(40)]
NDVI_DAYS = [date(2023, 1, 10), date(2023, 1, 20), date(2023, 3, 20)]


def maps() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    sand = rng.uniform(0, 100, WINDOW.shape).astype(np.float32)
    sand[100:140, 60:300] = np.nan
    cover = rng.integers(0, 96, WINDOW.shape).astype(np.float32)
    cover[cover < 11] = np.nan
    return {"sand": sand, "land_cover": cover}


def stations() -> Stations:
    theta = np.linspace(0.1, 0.4, 2 * 2 * 5, dtype=np.float32).reshape(2, 2, 5)
    theta[0, 1, 2] = np.nan
    return Stations(["a", "b"], ["A", "B"], ["N", "N"], np.array([-96.6, -96.5]), np.array([39.1, 39.0]),
                    np.array([5.0, 20.0]), np.arange("2023-01-01", "2023-01-06", dtype="datetime64[D]"), theta,
                    irrigated=[True, None])


def ndvi_layers() -> list[np.ndarray]:
    layers = [np.full(WINDOW.shape, value, np.float32) for value in (0.1, 0.2, 0.3)]
    layers[1][:, :10] = np.nan
    return layers


def build(path: Path, finish: bool = True) -> Store:
    store = StoreWriter.create(path, name="field", title="A field", window=WINDOW, synthetic=True, attribution="nobody")
    for name, values in maps().items():
        store.write_static(name, values, "a test")
    store.write_dated("ndvi", NDVI_DAYS, ndvi_layers(), "a test")
    fields = np.arange(40 * 2 * 3, dtype=np.float32).reshape(40, 2, 3)
    for name in ("precipitation", "temperature", "vpd", "pet"):
        store.write_coarse(name, DAYS, [-96.7, -96.6, -96.5], [39.2, 39.1], fields, "a test")
    store.write_stations(stations())
    return coverage.finish(store) if finish else store


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "field"
    build(folder)
    return folder


@pytest.fixture
def own(path: Path, tmp_path: Path) -> Path:
    return shutil.copytree(path, tmp_path / "field")


def test_the_head_of_a_store_survives(path: Path) -> None:
    store = Store.open(path)
    assert (store.name, store.title, store.synthetic, store.attribution) == ("field", "A field", True, "nobody")
    assert store.window == WINDOW
    assert store.channels() == ["sand", "land_cover", "ndvi", "precipitation", "temperature", "vpd", "pet"]
    assert store.map_dates() == (date(2023, 1, 30), date(2023, 2, 9))
    assert store.source("sand") == "a test"


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])  # to shrink these takes minutes
@given(column=st.integers(-700, 1100), row=st.integers(-700, 600), width=st.integers(1, 700),
       height=st.integers(1, 700), name=st.sampled_from(["sand", "land_cover"]))
def test_any_window_reads_what_was_written_and_nan_outside(path: Path, column: int, row: int, width: int,
                                                           height: int, name: str) -> None:
    window = Window(WINDOW.column + column, WINDOW.row + row, width, height)
    whole = np.full((WINDOW.height + 2 * 1400, WINDOW.width + 2 * 1400), np.nan, np.float32)
    whole[1400:1400 + WINDOW.height, 1400:1400 + WINDOW.width] = maps()[name]
    expected = whole[1400 + row:1400 + row + height, 1400 + column:1400 + column + width]
    values = Store.open(path).read_static(name, window)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, expected)


def test_zarr_itself_reads_the_same_pixels_from_tile_chunks(path: Path) -> None:
    array = zarr.open_group(path, mode="r")["static/sand"]
    assert (array.chunks, array.shards) == ((64, 64), (512, 512))
    np.testing.assert_array_equal(array[...], maps()["sand"])
    assert zarr.open_group(path, mode="r")["static/land_cover"].dtype == np.uint8


def test_the_window_grows_to_whole_shards(tmp_path: Path) -> None:
    store = StoreWriter.create(tmp_path / "s", name="s", title="S", window=Window(1000, 2030, 20, 30))
    assert store.window == Window(512, 1536, 512, 1024)


def test_a_dated_map_is_carried_forward_and_its_holes_come_from_older_days(path: Path) -> None:
    store = Store.open(path)
    window = Window(WINDOW.column, WINDOW.row, 20, 4)
    values, age = store.read_dated("ndvi", date(2023, 2, 1), window)
    assert age == 12
    np.testing.assert_allclose(values[0, [0, 15]], [0.1, 0.2])
    values, age = store.read_dated("ndvi", date(2023, 1, 5), window)
    assert age is None and np.isnan(values).all()
    values, age = store.read_dated("ndvi", date(2023, 1, 5), window, "nearest")
    assert age == -5
    np.testing.assert_allclose(values, 0.1)
    values, age = store.read_dated("ndvi", date(2023, 3, 10), window)
    assert age is None, "an observation of 49 days ago must not be carried"
    values, age = store.read_dated("ndvi", date(2023, 3, 10), window, "nearest")
    assert age == -10


def test_coarse_days_become_consecutive_and_axes_north_first() -> None:
    series = CoarseSeries.regular([date(2023, 1, 4), date(2023, 1, 1)], [2.0, 1.0], [10.0, 11.0],
                                  np.arange(8).reshape(2, 2, 2))
    assert series.dates.tolist() == [date(2023, 1, day) for day in (1, 2, 3, 4)]
    assert series.longitudes.tolist() == [1.0, 2.0] and series.latitudes.tolist() == [11.0, 10.0]
    np.testing.assert_array_equal(series.values[0], [[7, 6], [5, 4]])
    np.testing.assert_array_equal(series.values[3], [[3, 2], [1, 0]])
    assert np.isnan(series.values[1:3]).all()


def test_stations_round_trip_and_a_store_without_them_has_none(path: Path, tmp_path: Path) -> None:
    read, written = Store.open(path).stations(), stations()
    assert (read.ids, read.names, read.networks) == (written.ids, written.names, written.networks)
    np.testing.assert_array_equal(read.theta, written.theta)
    np.testing.assert_array_equal(read.dates, written.dates)
    assert read.soil_temperature is None and read.irrigated == [True, None]
    bare = StoreWriter.create(tmp_path / "bare", name="b", title="B", window=WINDOW)
    assert len(bare.stations()) == 0


def test_the_footprint_is_where_required_data_is(tmp_path: Path) -> None:
    import shapely.geometry

    store = StoreWriter.create(tmp_path / "s", name="s", title="S", window=WINDOW)
    sand = np.full(WINDOW.shape, np.nan)
    sand[100:200, 50:400] = 40.0
    store.write_static("sand", sand, "a test")
    west, south, east, north = Window(WINDOW.column + 50, WINDOW.row + 100, 350, 100).bounds_lonlat
    outline = shapely.geometry.shape(coverage.finish(store).footprint())
    assert outline.symmetric_difference(shapely.geometry.box(west, south, east, north)).area < 1e-9
    assert Store.open(tmp_path / "s").footprint() == store.footprint()


def code_of(action, *arguments: object) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        action(*arguments)
    assert caught.value.hint
    return caught.value


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    error = code_of(Store.open, tmp_path / "nowhere")
    assert error.code == "store_missing" and "nowhere" in error.message


def test_a_half_written_store_is_refused_and_can_be_begun_again(tmp_path: Path) -> None:
    build(tmp_path / "half", finish=False)
    error = code_of(Store.open, tmp_path / "half")
    assert error.code == "store_corrupt" and "is incomplete" in error.message
    build(tmp_path / "half")
    assert Store.open(tmp_path / "half").name == "field"


def test_a_finished_store_or_a_foreign_folder_is_never_overwritten(own: Path, tmp_path: Path) -> None:
    assert code_of(build, own).code == "store_exists"
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work")
    assert code_of(build, foreign).code == "store_exists"
    assert (foreign / "thesis.txt").exists()


@pytest.mark.parametrize("text", [None, "", "{", "{}", '{"attributes": {"format": "other"}}',
                                  '{"attributes": {"format": "deepsoil-store", "schema": 1}}',
                                  '{"attributes": {"format": "deepsoil-store", "schema": 99}}'])
def test_a_broken_head_is_refused(own: Path, text: str | None) -> None:
    head = own / "zarr.json"
    head.unlink() if text is None else head.write_text(text)
    assert code_of(Store.open, own).code == "store_corrupt"


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[2000] ^= 0xFF
    file.write_bytes(data)


def swap_two_tiles_in_the_index(file: Path) -> None:
    """Both tiles are whole and of the right size: only the checksum of the index gives it away."""
    data = bytearray(file.read_bytes())
    index = len(data) - 4 - 64 * 16
    data[index:index + 16], data[index + 16:index + 32] = data[index + 16:index + 32], data[index:index + 16]
    file.write_bytes(data)


@pytest.mark.parametrize("damage", [truncate, cut_short, empty, flip, swap_two_tiles_in_the_index, Path.unlink])
def test_a_damaged_shard_is_named_and_never_read_as_data(own: Path, damage) -> None:
    damage(own / "static/sand/c/0/1")
    store = Store.open(own)
    error = code_of(store.read_static, "sand", WINDOW)
    assert error.code == "store_corrupt" and "static/sand" in error.message
    left = Window(WINDOW.column, WINDOW.row, 512, 512)
    np.testing.assert_array_equal(store.read_static("sand", left), maps()["sand"][:, :512])


@pytest.mark.parametrize(("victim", "read"), [
    ("coarse/pet/values/zarr.json", lambda store: store.coarse("pet")),
    ("coarse/pet/values/c/0/0/0", lambda store: store.coarse("pet")),
    ("static/sand/zarr.json", lambda store: store.read_static("sand", WINDOW)),
    ("dated/ndvi/c/1/0/0", lambda store: store.read_dated("ndvi", date(2023, 2, 1), WINDOW)),
    ("stations/theta/c/0/0/0", lambda store: store.stations()),
    ("stations/zarr.json", lambda store: store.stations())])
@pytest.mark.parametrize("damage", [Path.unlink, empty])
def test_any_lost_file_is_reported(own: Path, victim: str, read, damage) -> None:
    damage(own / victim)
    assert code_of(read, Store.open(own)).code == "store_corrupt"


def test_a_store_in_other_units_is_refused(own: Path) -> None:
    head = own / "zarr.json"
    document = json.loads(head.read_text())
    document["attributes"]["channels"]["sand"]["unit"] = "g/kg"
    head.write_text(json.dumps(document))
    error = code_of(Store.open, own)
    assert error.code == "store_corrupt" and "g/kg" in error.message and "sand" in error.message


def test_a_channel_that_is_not_there_is_named_with_those_that_are(path: Path) -> None:
    error = code_of(Store.open(path).read_static, "clay", WINDOW)
    assert error.code == "channel_missing" and "clay" in error.message and "sand" in error.hint


@pytest.mark.parametrize("read", [
    lambda store: store.read_static("sand", WINDOW), lambda store: store.coarse("pet"), lambda store: store.stations(),
    lambda store: store.read_dated("ndvi", date(2023, 2, 1), WINDOW)], ids=["static", "coarse", "stations", "dated"])
@pytest.mark.parametrize("moved", [True, False], ids=["another place", "gone"])
def test_a_store_that_another_one_replaced_is_not_read_on(own: Path, tmp_path: Path, moved: bool, read) -> None:
    """The new one begins further west, where the same tile of its files is another place."""
    store = Store.open(own)
    store.read_static("sand", WINDOW)
    own.rename(tmp_path / "old")
    if moved:
        wider = Window(WINDOW.column - 512, WINDOW.row, WINDOW.width + 512, WINDOW.height)
        fresh = StoreWriter.create(own, name="new", title="New", window=wider)
        fresh.write_static("sand", np.ones(wider.shape, np.float32), "made")
        coverage.finish(fresh)
    assert code_of(read, store).code == "store_replaced"
