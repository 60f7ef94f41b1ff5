"""The memory of the weather and the groups of land cover: what they hold, and that a stack gives just that."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import BUCKETS_MM, COVER_CLASSES, MEMORY, SNOW, ChannelUse
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.inputs.stack import Stack
from deepsoil.inputs.water_memory import memory
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.writer import StoreWriter
from numpy.typing import NDArray

DAYS = 500
FIRST = date(2022, 1, 1)
WINDOW = Window(512 * 210, 512 * 390, 512, 512)


def series(value: float) -> NDArray[np.float64]:
    return np.full((DAYS, 1), value)


def weather(seed: int = 0) -> tuple[NDArray[np.float64], ...]:
    rng = np.random.default_rng(seed)
    season = np.sin(2 * np.pi * np.arange(DAYS) / 365)[:, None]
    rain = np.where(rng.random((DAYS, 1)) < 0.3, rng.exponential(8, (DAYS, 1)), 0)
    return rain, 3 + 2 * season, 8 - 14 * season


def test_a_bucket_balances_its_water() -> None:
    rain, pet, _ = weather()
    fill = memory(rain, pet, series(20.0))["bucket_500mm"][:, 0].astype(float)
    before, after = fill[:-1], fill[1:]
    inside = (after < 1) & (after > 0)
    change = (rain[1:, 0] - pet[1:, 0] * before) / 500
    np.testing.assert_allclose((after - before)[inside], change[inside], atol=1e-6)


def test_small_buckets_forget_sooner_than_large_ones() -> None:
    rain, pet, warm = series(0.0), series(4.0), series(20.0)
    rain[100] = 600.0
    past = memory(rain, pet, warm)
    assert all(past[name][100, 0] == pytest.approx(1.0) for name in BUCKETS_MM)
    left = [float(past[name][130, 0]) for name in BUCKETS_MM]
    assert left == sorted(left) and left[0] < 0.01 and left[-1] > 0.7


def test_snow_waits_for_warmth_and_stops_evaporation() -> None:
    rain, pet, temperature = series(0.0), series(2.0), series(-5.0)
    temperature[300:] = 10.0
    rain[290] = 40.0
    past = memory(rain, pet, temperature)
    assert past[SNOW][299, 0] == pytest.approx(40.0) and past[SNOW][302, 0] == 0.0
    assert past["bucket_60mm"][299, 0] == pytest.approx(past["bucket_60mm"][290, 0])
    assert past["bucket_60mm"][302, 0] > past["bucket_60mm"][299, 0] + 0.5


def test_a_gap_leaves_the_state_as_it_was_and_a_short_series_is_refused() -> None:
    rain, pet, warm = series(1.0), series(4.0), series(20.0)
    for values in (rain, pet, warm):
        values[400:405] = np.nan
    fill = memory(rain, pet, warm)["bucket_30mm"][:, 0]
    assert np.isfinite(fill).all() and (fill[400:405] == fill[399]).all()
    with pytest.raises(ValueError, match="365"):
        memory(rain[:300], pet[:300], warm[:300])


def test_a_stack_gives_the_memory_and_the_groups_of_land_cover(tmp_path: Path) -> None:
    store = StoreWriter.create(tmp_path / "s", name="s", title="S", window=WINDOW)
    west, south, east, north = WINDOW.bounds_lonlat
    dates = [FIRST + timedelta(days=n) for n in range(DAYS)]
    values = dict(zip(("precipitation", "pet", "temperature"), weather(), strict=True))
    for name, daily in values.items():
        store.write_coarse(name, dates, [(west + east) / 2], [(north + south) / 2], daily[:, :, None], "made up")
    cover = np.full(WINDOW.shape, 82.0, np.float32)
    cover[:, :100], cover[:, 100:200] = 41, np.nan
    store.write_static("land_cover", cover, "made up")
    coverage.finish(store)
    stack = Stack(store, [ChannelUse(name, 0.25, False) for name in (*MEMORY, *COVER_CLASSES)])
    assert stack.missing == []
    x, _ = stack.read(FIRST + timedelta(days=450), WINDOW)
    expected = memory(*values.values())
    for number, name in enumerate(MEMORY):
        assert x[number, 0, 0] == pytest.approx(expected[name][450, 0] / (300 if name == SNOW else 1), abs=1e-5)
    forest, crop = (len(MEMORY) + list(COVER_CLASSES).index(f"cover_{name}") for name in ("forest", "crop"))
    assert [x[i, 5, 50] for i in (forest, crop)] == [1, 0]
    assert [x[i, 5, 300] for i in (forest, crop)] == [0, 1]
    assert [x[i, 5, 150] for i in (forest, crop)] == [0.25, 0.25], "no land cover is not no cover"


def test_channels_and_columns_group_land_cover_alike() -> None:
    assert {f"cover_{group.name}": set(group.classes) for group in GROUPS} == \
        {name: set(classes) for name, classes in COVER_CLASSES.items()}
