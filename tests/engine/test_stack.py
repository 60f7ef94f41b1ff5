"""The stack gives a network what the store holds: normalised, filled, summed over days, upsampled without seams."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import CHANNELS, COVER_CLASSES, MEMORY, REQUIRED, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.inputs.stack import Stack
from deepsoil.inputs.upsample import Upsampler
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from hypothesis import given, settings
from hypothesis import strategies as st

STACK_5CM, STACK_20CM = DEPTHS[5].channels, DEPTHS[20].channels
WINDOW = Window(241664, 399872, 512, 512)
FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days=i) for i in range(60)]
GAP = date(2023, 2, 25)
SMAP_DAYS = [date(2023, 1, 31), date(2023, 2, 12)]
INNER = Window(WINDOW.column + 37, WINDOW.row + 50, 200, 150)


def cells() -> tuple[np.ndarray, np.ndarray]:
    west, south, east, north = WINDOW.bounds_lonlat
    return np.linspace(west + 0.01, east - 0.01, 5), np.linspace(north - 0.01, south + 0.01, 4)


def weather() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    fields = {name: rng.uniform(0, top, (60, 4, 5)).astype(np.float32)
              for name, top in (("precipitation", 9), ("temperature", 30), ("vpd", 3), ("pet", 8))}
    first = DAYS.index(GAP)
    fields["precipitation"][first:first + 4] = np.nan  # longer than what is filled
    return fields


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("stack") / "s"
    made = StoreWriter.create(path, name="s", title="S", window=WINDOW)
    rng = np.random.default_rng(3)
    for name in ("sand", "silt", "clay", "elevation"):
        made.write_static(name, rng.uniform(0, 100, WINDOW.shape), "a test")
    aspect = rng.uniform(0, 360, WINDOW.shape)
    aspect[60:70] = np.nan
    made.write_static("aspect", aspect, "a test")
    for name, values in weather().items():
        made.write_coarse(name, DAYS, *cells(), values, "a test")
    made.write_coarse("smap", SMAP_DAYS, *cells(), np.full((2, 4, 5), 0.3), "a test")
    made.write_dated("ndvi", [date(2023, 1, 25)], [np.full(WINDOW.shape, 0.4)], "a test")
    return coverage.finish(made)


def uses(names: tuple[str, ...] | list[str]) -> list[ChannelUse]:
    return [ChannelUse(name, 0.25, name in REQUIRED) for name in names]


def at_cell(stack: Stack, channel: int, day: date, row: int, column: int) -> float:
    """Value of a channel at the pixel that holds a cell's centre."""
    from deepsoil.grid import lonlat_to_pixel

    lon, lat = cells()
    pixel = lonlat_to_pixel(lon[column], lat[row])
    x, _ = stack.read(day, Window(int(pixel[0]), int(pixel[1]), 1, 1))
    return float(x[channel, 0, 0])


def test_both_stacks_are_in_range_filled_and_valid(store: Store) -> None:
    for names in (STACK_20CM, STACK_5CM):
        x, valid = Stack(store, uses(names)).read(date(2023, 2, 5), INNER)
        assert x.shape == (len(names), *INNER.shape) and x.dtype == np.float32 and valid.dtype == bool
        assert np.isfinite(x).all() and x.min() >= 0 and x.max() <= 1 and valid.all()


def test_channels_the_store_lacks_are_listed_and_filled(store: Store) -> None:
    stack = Stack(store, uses(STACK_20CM))
    assert stack.missing == ["slope", "land_cover", "koppen", *MEMORY, *COVER_CLASSES], "two months are no memory"
    x, _ = stack.read(date(2023, 2, 5), INNER)
    np.testing.assert_array_equal(x[STACK_20CM.index("slope")], np.float32(0.25))


def test_a_missing_required_channel_is_refused(store: Store) -> None:
    with pytest.raises(DeepSoilError) as caught:
        Stack(store, [ChannelUse("lai", 0.2, True)])
    assert caught.value.code == "channel_missing" and "lai" in caught.value.message


def test_holes_of_optional_channels_are_filled_and_of_required_ones_invalid(store: Store, tmp_path: Path) -> None:
    x, valid = Stack(store, uses(("sand", "aspect"))).read(date(2023, 2, 5), WINDOW)
    assert valid.all() and (x[1, 60:70] == np.float32(0.25)).all()
    x, valid = Stack(store, [ChannelUse("aspect", 0.25, True)]).read(date(2023, 2, 5), WINDOW)
    assert not valid[60:70].any() and valid[:60].all() and valid[70:].all()


def test_static_values_are_normalised_by_their_physical_range(store: Store) -> None:
    x, _ = Stack(store, uses(("elevation",))).read(date(2023, 2, 5), INNER)
    expected = (store.read_static("elevation", INNER) + 122.35) / (4500 + 122.35)
    np.testing.assert_allclose(x[0], expected, atol=1e-6)


@pytest.mark.parametrize(("name", "days", "first", "second"), [
    ("precipitation", 1, "precipitation", None), ("precipitation_3d", 3, "precipitation", None),
    ("precipitation_7d", 7, "precipitation", None), ("precipitation_30d", 30, "precipitation", None),
    ("pet_7d", 7, "pet", None), ("pet_30d", 30, "pet", None), ("water_balance_7d", 7, "precipitation", "pet"),
    ("water_balance_30d", 30, "precipitation", "pet")])
def test_sums_are_of_the_days_up_to_and_with_the_day(store: Store, name: str, days: int, first: str,
                                                     second: str | None) -> None:
    day = date(2023, 2, 8)
    last = DAYS.index(day) + 1
    total = weather()[first][last - days:last].sum(axis=0)
    if second:
        total = total - weather()[second][last - days:last].sum(axis=0)
    channel = CHANNELS[name]
    value = at_cell(Stack(store, uses([name])), 0, day, 2, 3)
    assert value == pytest.approx(float(channel.normalise(total)[2, 3]), abs=2e-3)


def test_season_goes_round_the_year(store: Store) -> None:
    stack = Stack(store, uses(("season_sin", "season_cos")))
    x, _ = stack.read(date(2023, 7, 2), INNER)
    assert x[0, 0, 0] == pytest.approx(0.5, abs=0.02) and x[1, 0, 0] == pytest.approx(0.0, abs=0.02)


def test_smap_is_carried_for_three_days_and_no_longer(store: Store) -> None:
    stack = Stack(store, uses(("smap",)))
    at = {day: float(stack.read(date(2023, 2, day), INNER)[0][0, 0, 0]) for day in (3, 4)}
    assert at[3] == pytest.approx(0.5) and at[4] == pytest.approx(0.25)
    assert stack.read(date(2023, 2, 4), INNER)[1].all(), "SMAP is no weather: its absence leaves pixels valid"


def test_ndvi_is_carried_for_forty_five_days_and_no_longer(store: Store) -> None:
    stack = Stack(store, uses(("ndvi",)))
    assert stack.read(date(2023, 3, 1), INNER)[0][0, 0, 0] == pytest.approx(0.5)
    assert stack.read(date(2023, 3, 20), INNER)[0][0, 0, 0] == pytest.approx(0.25)
    assert stack.read(date(2023, 1, 24), INNER)[0][0, 0, 0] == pytest.approx(0.25)
    assert Stack(store, uses(("ndvi",)), "nearest").read(date(2023, 1, 24), INNER)[0][0, 0, 0] == pytest.approx(0.5)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2023, 1, 29), date(2023, 3, 2), date(2031, 1, 1)])
def test_a_day_without_weather_is_refused_with_the_days_that_work(store: Store, day: date) -> None:
    with pytest.raises(DeepSoilError) as caught:
        Stack(store, uses(STACK_20CM)).read(day, INNER)
    error = caught.value
    assert error.code == "no_weather" and str(day) in error.message and "2023-01-30" in error.hint
    assert "2023-01-01 to 2023-03-01" in error.message


def test_a_gap_inside_the_sum_is_named(store: Store) -> None:
    stack = Stack(store, uses(("precipitation_7d",)))
    stack.read(GAP - timedelta(days=1), INNER)
    with pytest.raises(DeepSoilError) as caught:
        stack.read(GAP + timedelta(days=4), INNER)
    assert caught.value.code == "no_weather" and str(GAP + timedelta(days=3)) in caught.value.message


def test_first_and_last_map_date_are_exactly_those_the_stack_accepts(store: Store) -> None:
    stack = Stack(store, uses(STACK_20CM))
    first, last = store.map_dates()
    assert (first, last) == (date(2023, 1, 30), GAP - timedelta(days=1))
    for day in (first, last):
        stack.read(day, INNER)
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(DeepSoilError):
            stack.read(day, INNER)


def test_a_window_elsewhere_is_refused_and_one_at_the_edge_is_invalid_outside(store: Store) -> None:
    stack = Stack(store, uses(STACK_20CM))
    with pytest.raises(DeepSoilError) as caught:
        stack.read(date(2023, 2, 5), Window(0, 0, 64, 64))
    assert caught.value.code == "area_outside"
    x, valid = stack.read(date(2023, 2, 5), Window(WINDOW.column - 10, WINDOW.row - 20, 64, 64))
    assert np.isfinite(x).all() and valid[20:, 10:].all() and not valid[:20].any() and not valid[:, :10].any()


@settings(max_examples=25, deadline=None)
@given(column=st.integers(0, 400), row=st.integers(0, 400), width=st.integers(1, 112), height=st.integers(1, 112))
def test_a_window_reads_the_same_as_the_part_of_a_larger_one(store: Store, column: int, row: int, width: int,
                                                             height: int) -> None:
    stack = Stack(store, uses(STACK_5CM))
    x, _ = stack.read(date(2023, 2, 5), WINDOW)
    part, _ = stack.read(date(2023, 2, 5), Window(WINDOW.column + column, WINDOW.row + row, width, height))
    np.testing.assert_allclose(part, x[:, row:row + height, column:column + width], atol=1e-6)


def test_reading_twice_gives_arrays_of_ones_own(store: Store) -> None:
    stack = Stack(store, uses(STACK_20CM))
    first, valid = stack.read(date(2023, 2, 5), INNER)
    copy = first.copy()
    first[:] = -1
    valid[:] = False
    again, valid = stack.read(date(2023, 2, 5), INNER)
    np.testing.assert_array_equal(again, copy)
    assert valid.all()


axes = st.tuples(st.integers(1, 6), st.integers(1, 6), st.booleans(), st.floats(0.005, 0.3))


@settings(max_examples=60, deadline=None)
@given(axes=axes, level=st.floats(-50, 50), by_lon=st.floats(-9, 9), by_lat=st.floats(-9, 9))
def test_upsampling_keeps_constants_and_planes(axes: tuple[int, int, bool, float], level: float, by_lon: float,
                                               by_lat: float) -> None:
    nx, ny, north_first, step = axes
    west, _, _, north = INNER.bounds_lonlat
    lon = west - step / 3 + step * np.arange(nx)
    lat = north + step / 3 - step * np.arange(ny)
    lat = lat if north_first else lat[::-1]
    upsample = Upsampler.onto(INNER, lon, lat)
    fields = np.stack([np.full((ny, nx), level),
                       level + by_lon * (lon - west)[None, :] + by_lat * (lat - north)[:, None]]).astype(np.float32)
    values = np.empty((2, *INNER.shape), np.float32)
    assert upsample(fields, values) is None
    np.testing.assert_allclose(values[0], level, atol=1e-4)
    at_lon, at_lat = INNER.lonlat_centres()
    expected = (level + by_lon * (np.clip(at_lon, lon.min(), lon.max()) - west)[None, :]
                + by_lat * (np.clip(at_lat, lat.min(), lat.max()) - north)[:, None])
    np.testing.assert_allclose(values[1], expected, atol=1e-4)


def test_a_missing_cell_leaves_its_weight_to_its_neighbours_and_a_missing_field_leaves_holes() -> None:
    lon, lat = cells()
    upsample = Upsampler.onto(WINDOW, lon, lat)
    field = np.full((1, 4, 5), 7.0, np.float32)
    field[0, 1, 2] = np.nan
    values = np.empty((1, *WINDOW.shape), np.float32)
    there = upsample(field, values)
    assert there is not None and there.mean() > 0.99
    np.testing.assert_allclose(values[there], 7.0, rtol=1e-5)
    field[0, :, :3] = np.nan
    there = upsample(field, values)
    assert there is not None and not there[0, :, 0].any() and there[0, :, -1].all()
