"""Means of SMAP's cells are means by area, and the comparison scores each kind of retrieval for itself."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.ease_grid import M09
from deepsoil.evaluation import smap
from deepsoil.evaluation.coarse_cells import CoarseCells, edges
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.store.series import CoarseSeries
from deepsoil.store.writer import StoreWriter
from hypothesis import given, settings
from hypothesis import strategies as st
from labels_tools import DATES, HERE, axes, maps, weather

WINDOW = Window.around(-96.8, 38.9, -96.4, 39.2)


def ease_cells(window: Window) -> tuple[np.ndarray, np.ndarray]:
    west, south, east, north = window.bounds_lonlat
    lon = M09.longitudes[(M09.longitudes > west - 0.1) & (M09.longitudes < east + 0.1)]
    lat = M09.latitudes[(M09.latitudes > south - 0.1) & (M09.latitudes < north + 0.1)]
    return lon, lat


def test_a_mean_is_that_of_the_pixels_in_the_cell_weighted_by_their_area() -> None:
    lon, lat = ease_cells(WINDOW)
    values = np.random.default_rng(1).uniform(0.1, 0.4, WINDOW.shape)
    values[np.random.default_rng(2).random(WINDOW.shape) < 0.3] = np.nan
    mean, covered = CoarseCells.of(lon, lat, WINDOW).mean(values)
    pixel_lon, pixel_lat = WINDOW.lonlat_centres()
    lon_edges, lat_edges = edges(lon, lat)
    area = np.broadcast_to(np.cos(np.radians(pixel_lat))[:, None] ** 2, values.shape)
    for row, column in ((2, 2), (1, 3), (3, 1)):
        inside = ((pixel_lat < lat_edges[row]) & (pixel_lat > lat_edges[row + 1]))[:, None] & (
            (pixel_lon > lon_edges[column]) & (pixel_lon < lon_edges[column + 1]))[None, :]
        known = inside & np.isfinite(values)
        assert mean[row, column] == pytest.approx(np.average(values[known], weights=area[known]), abs=1e-9)
    assert covered[2, 2] == pytest.approx(0.7, abs=0.02) and covered[0, 0] < 0.1


@settings(max_examples=10, deadline=None)
@given(value=st.floats(0, 0.6), seed=st.integers(0, 99))
def test_a_constant_map_has_constant_means_and_whole_cells_are_whole(value: float, seed: int) -> None:
    lon, lat = ease_cells(WINDOW)
    mean, covered = CoarseCells.of(lon, lat, WINDOW).mean(np.full(WINDOW.shape, value))
    np.testing.assert_allclose(mean[covered > 0], value, atol=1e-12)
    assert (covered <= 1.02).all() and np.isclose(covered[2, 2], 1, atol=0.02)
    rng = np.random.default_rng(seed)
    first, second = rng.uniform(0, 0.5, (2, *WINDOW.shape))
    cells = CoarseCells.of(lon, lat, WINDOW)
    np.testing.assert_allclose(cells.mean(first + second)[0], cells.mean(first)[0] + cells.mean(second)[0], atol=1e-12)


@pytest.fixture
def region(tmp_path):
    store = StoreWriter.create(tmp_path / "region", name="s", title="Cells", window=HERE)
    for name, values in maps().items():
        store.write_static(name, values, "made up")
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        store.write_coarse(name, DATES, *axes(1), values, "made up")
    west, south, east, north = HERE.bounds_lonlat
    lon, lat = np.linspace(west, east, 9)[1::2], np.linspace(north, south, 9)[1::2]
    fields = np.full((DATES.size, 4, 4), np.nan, np.float32)
    fields[::2] = 0.2 + 0.01 * np.arange(16).reshape(4, 4) + 0.002 * np.arange(DATES.size)[::2, None, None]
    store.write_coarse("smap", DATES, lon, lat, fields, "made up")
    store.write_coarse("smap_flagged", DATES, lon, lat, np.where(np.isfinite(fields), np.nan, 0.5), "made up")
    return coverage.finish(store), CoarseSeries.regular(DATES, lon, lat, fields)


def predicted_as(monkeypatch: pytest.MonkeyPatch, series: CoarseSeries, bias: float) -> None:
    """Maps that are SMAP's own pattern plus ``bias``."""
    monkeypatch.setattr(smap, "Stack", lambda store, uses: SimpleNamespace(store=store))

    def window(model: object, stack: object, day: date, part: Window, threads: int) -> np.ndarray:
        lon, lat = part.lonlat_centres()
        column = np.abs(lon[None, :] - series.longitudes[:, None]).argmin(0)
        row = np.abs(lat[None, :] - series.latitudes[:, None]).argmin(0)
        return 0.2 + 0.01 * (4 * row[:, None] + column[None, :]) + 0.002 * series.index(day) + bias

    monkeypatch.setattr(smap, "predict_window", window)


MODEL = SimpleNamespace(contract=SimpleNamespace(channel_uses=list))


def test_recommended_and_flagged_retrievals_have_rows_of_their_own(region, monkeypatch: pytest.MonkeyPatch,
                                                                   tmp_path) -> None:
    store, series = region
    predicted_as(monkeypatch, series, 0.03)
    days = [day.item() for day in DATES]
    found = smap.compare_with_smap(store, MODEL, days)  # type: ignore[arg-type]
    (good, cells, count, bias, mae, ubrmsd, in_time, in_space), flagged = found.table().rows
    assert good == "recommended" and cells == 16 and mae == pytest.approx(bias) == pytest.approx(0.03, abs=1e-4)
    assert ubrmsd == pytest.approx(0, abs=1e-4) and in_time == pytest.approx(1) and in_space == pytest.approx(1)
    assert flagged[0] == "flagged" and flagged[3] < 0 and count + flagged[2] == 16 * len(found.days)
    found.write(tmp_path / "cells.csv")
    lines = (tmp_path / "cells.csv").read_text().splitlines()
    assert lines[0].split(",")[3] == "smap" and len(lines) - 1 == count + flagged[2]


def test_a_region_without_smap_and_days_without_a_pass_are_named(region, monkeypatch: pytest.MonkeyPatch,
                                                                 tmp_path) -> None:
    store, series = region
    predicted_as(monkeypatch, series, 0.0)
    with pytest.raises(DeepSoilError) as caught:
        smap.compare_with_smap(store, MODEL, [date(1999, 1, 1)])  # type: ignore[arg-type]
    assert caught.value.code == "no_smap" and caught.value.field == "dates"
    bare = StoreWriter.create(tmp_path / "bare", name="b", title="Bare", window=HERE)
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        bare.write_coarse(name, DATES, *axes(1), values, "made up")
    with pytest.raises(DeepSoilError) as caught:
        smap.compare_with_smap(coverage.finish(bare), MODEL, [DATES[40].item()])  # type: ignore[arg-type]
    assert caught.value.code == "no_smap" and caught.value.field == "region"


def test_a_region_smaller_than_a_cell_is_compared_with_the_cell_that_has_most_of_it(
        region, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    _, series = region
    west, south, east, north = HERE.bounds_lonlat
    wide, high = east - west, north - south
    small = StoreWriter.create(tmp_path / "small", name="f", title="Field", window=HERE)
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        small.write_coarse(name, DATES, *axes(1), values, "made up")
    # Cells of twice the region's size: one has nine tenths of its breadth and height, the others the rest.
    lon = np.array([west - 1.1 * wide, west + 0.9 * wide]) + 0.0
    lat = np.array([south + 1.1 * high, south - 0.9 * high])
    theta = np.full((DATES.size, 2, 2), 0.25, np.float32)
    theta[:, 0, 1] = np.linspace(0.2, 0.3, DATES.size)
    small.write_coarse("smap", DATES, lon, lat, theta, "made up")
    monkeypatch.setattr(smap, "Stack", lambda store, uses: SimpleNamespace(store=store))
    monkeypatch.setattr(smap, "predict_window", lambda model, stack, day, part, threads: np.full(
        part.shape, 0.05 + theta[series.index(day), 0, 1]))
    days = [day.item() for day in DATES[-30:]]
    found = smap.compare_with_smap(coverage.finish(small), MODEL, days)  # type: ignore[arg-type]
    ((title, cells, count, bias, _, ubrmsd, in_time, _),) = found.table().rows
    assert (title, cells, count) == ("recommended", 1, len(found.days)) and bias == pytest.approx(0.05, abs=1e-3)
    assert in_time == pytest.approx(1, abs=1e-3) and ubrmsd == pytest.approx(0, abs=1e-3)
    assert "stands for all" in found.table().notes[1] and found.covered.max() < 0.5
