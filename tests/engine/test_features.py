"""A network sees the same place in training and in prediction: terrain, weather, soil, cover, day of the year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import CHANNELS, ChannelUse
from deepsoil.depths import DEPTHS
from deepsoil.grid import PIXEL_M, Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.inputs.features import RunningSums, weather_features
from deepsoil.inputs.stack import Stack
from deepsoil.soil.vegetation import GROUPS
from deepsoil.sources.computed import TERRAIN, TerrainSource
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.source import Ingestion
from deepsoil.sources.yaml_lines import Lines
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training.column_tables import ColumnTable, lattice
from deepsoil.training.patches import PatchMaker
from deepsoil.training.random_ground import GROUND_M
from deepsoil.training.weather_runs import WeatherRun

DATES = np.arange(np.datetime64("2021-01-01"), np.datetime64("2022-06-01"))
SIZE, STEP = 64, 50
Maps = dict[str, np.ndarray]


def window() -> Window:
    """Where a pixel is as large on the ground as training takes it to be."""
    column, row = lonlat_to_pixel(-98.0, np.degrees(np.arccos(GROUND_M / PIXEL_M)))
    return Window(int(column) // 512 * 512, int(row) // 512 * 512, 512, 512)


def weather() -> WeatherRun:
    rng = np.random.default_rng(4)
    count = len(DATES)
    rain = np.where(rng.random(count) < 0.3, rng.gamma(0.8, 9.0, count), 0.0)
    season = np.sin(2 * np.pi * (np.arange(count) - 100) / 365)
    series = (rain, 12 + 14 * season, 1 + 0.8 * season, 3 + 2.5 * season)
    return WeatherRun("made up", DATES, *(values.astype(np.float32) for values in series))


def drawn(depth_cm: int, monkeypatch: pytest.MonkeyPatch) -> tuple[PatchMaker, np.ndarray, Maps, date]:
    """What training makes of a place that it draws: the input (C, P, P), the maps (P, P) it began from, the day."""
    textures = lattice(STEP)
    theta = np.random.default_rng(1).uniform(0.1, 0.4, (1, len(GROUPS), len(textures), len(DEPTHS), len(DATES)))
    names = DEPTHS[depth_cm].channels
    maker = PatchMaker(ColumnTable([weather()], textures, theta.astype(np.float32), 0), depth_cm, names, STEP,
                       np.ones((1, len(DATES)), bool), missing={}, fills=dict.fromkeys(names, 0.31))
    seen: list[tuple[Maps, np.ndarray]] = []
    formulas = maker.inputs

    def watched(maps: Maps, run: np.ndarray, day: np.ndarray) -> np.ndarray:
        seen.append((maps, day))
        return formulas(maps, run, day)

    monkeypatch.setattr(maker, "inputs", watched)
    x = maker.draw((3, depth_cm), 1, SIZE).x[0]
    maps, day = seen[0]
    whole = {name: np.broadcast_to(values[0], (SIZE, SIZE)) for name, values in maps.items()}
    return maker, x, whole, DATES[day[0, 0, 0]].item()


def ingested(path: Path, maps: Maps, day: date) -> tuple[Store, Window]:
    """The same place as a region: its maps in a corner, terrain from the source of the ingest, one cell of weather."""
    everywhere = window()
    store = StoreWriter.create(path, name="place", title="Place", window=everywhere)

    def placed(values: np.ndarray) -> np.ndarray:
        layer = np.full(everywhere.shape, np.nan, np.float32)
        layer[:SIZE, :SIZE] = values
        return layer

    whole = {name: placed(values) for name, values in maps.items()}
    middle = everywhere.bounds_lonlat
    cell = [(middle[0] + middle[2]) / 2], [(middle[1] + middle[3]) / 2]
    ingestion = Ingestion(RecipeFiles(path, path, Lines({})), everywhere, middle, None, whole.__getitem__, print)
    slopes = {name: TerrainSource(kind="terrain").read(ingestion, name) for name in TERRAIN}
    for name, values in (whole | slopes).items():
        if CHANNELS[name].kind == "static":
            store.write_static(name, values, "drawn")
        elif CHANNELS[name].kind == "dated":
            store.write_dated(name, [day], [values], "drawn")
        else:
            store.write_coarse(name, [day], *cell, maps[name][:1, :1][None], "drawn")
    for name, series in weather().daily().items():
        store.write_coarse(name, DATES.tolist(), *cell, series[:, None, None], "made up")
    return coverage.finish(store), Window(everywhere.column, everywhere.row, SIZE, SIZE)


@pytest.mark.parametrize("depth_cm", [5, 20])
def test_training_and_prediction_see_the_same_place(depth_cm: int, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    maker, trained, maps, day = drawn(depth_cm, monkeypatch)
    store, patch = ingested(tmp_path / "store", maps, day)
    stack = Stack(store, [ChannelUse(name, maker.fills[name], False) for name in maker.channels])
    predicted, valid = stack.read(day, patch)
    assert stack.missing == [] and valid.all() and maker.channels == DEPTHS[depth_cm].channels
    for name, here, there in zip(maker.channels, trained, predicted, strict=True):
        apart = np.abs(here - there)
        if CHANNELS[name].circular:
            apart = np.minimum(apart, 1 - apart)
        assert apart.max() < (2e-3 if name in TERRAIN else 1e-5), f"{name}: up to {apart.max():.2g} apart"
    varying = {name for name, values in zip(maker.channels, predicted, strict=True) if values.std() > 1e-4}
    assert {"elevation", "slope", "sand"} <= varying, "a flat place would prove nothing"


def test_weather_features_are_those_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every day: what training works out from a series is what the store's fields become."""
    _, _, maps, day = drawn(20, monkeypatch)
    store, patch = ingested(tmp_path / "store", maps, day)
    run = weather()
    features = weather_features(run.daily(), run.dates)
    names = sorted(features)
    assert {"precipitation_3d", "water_balance_30d", "season_sin", "snow_water", "bucket_500mm"} <= set(names)
    stack = Stack(store, [ChannelUse(name, 0.5, False) for name in names])
    first = int(np.flatnonzero(np.datetime64(store.map_dates()[0]) == DATES)[0])
    for number in range(first, len(DATES), 23):
        x, _ = stack.read(DATES[number].item(), Window(patch.column, patch.row, 1, 1))
        for name, value in zip(names, x[:, 0, 0], strict=True):
            expected = CHANNELS[name].normalise(features[name][[number]])[0]
            assert value == pytest.approx(expected, abs=1e-5), f"{name} on {DATES[number]}"


def test_a_window_with_a_missing_day_has_no_sum() -> None:
    values = np.array([1, 2, np.nan, 4, 5, 6], np.float32)
    sums = RunningSums.of(values)
    assert sums.total(1, 2) == 3 and np.isnan(sums.total(3, 2)) and sums.total(5, 3) == 15
    np.testing.assert_array_equal(sums.totals(2), np.array([np.nan, 3, np.nan, np.nan, 9, 11], np.float32))
    assert np.isnan(RunningSums.of(values[:2]).totals(3)).all()
