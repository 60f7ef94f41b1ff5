"""The map does not depend on how it was cut into windows, and is NaN exactly where input is missing."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import pytest
import shapely
from deepsoil.bench.seams import tiled
from deepsoil.contract.model import MARGIN
from deepsoil.grid import Window
from deepsoil.inference import windows
from deepsoil.inference.predict import haloed, predict_days, predict_window
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from inference_tools import DAY, DAYS, HERE, built, open_model, stack_for

AREA = Window(HERE.column + 41, HERE.row + 83, 333, 261)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture(scope="module", params=[5, 20])
def model(ground: Path, request: pytest.FixtureRequest) -> Model:
    return open_model(ground, request.param)


@pytest.fixture(scope="module")
def stack(ground: Path, model: Model) -> Stack:
    return stack_for(ground, model)


def test_the_map_does_not_depend_on_the_window_size(model: Model, stack: Stack) -> None:
    whole = predict_window(model, stack, DAY, AREA)
    assert whole.std() > 0.005
    for side in (64, 128, 256, 512):
        assert np.abs(tiled(model, stack, AREA, side) - whole).max() < 1e-5, side


def test_any_window_is_a_part_of_the_whole(model: Model, stack: Stack) -> None:
    whole = predict_window(model, stack, DAY, AREA)
    for window in (Window(AREA.column + 99, AREA.row + 31, 1, 1), Window(AREA.column, AREA.row + 7, 65, 3)):
        part = predict_window(model, stack, DAY, window)
        assert part.shape == window.shape
        np.testing.assert_allclose(part, whole[window.slices_in(AREA)], atol=1e-5)


def test_days_together_are_days_alone(model: Model, stack: Stack) -> None:
    window, days = Window(AREA.column, AREA.row, 20, 10), DAYS[35:48]
    together = list(predict_days(model, stack, days, window))
    assert len(together) == len(days)
    for day, theta in zip(days, together, strict=True):
        np.testing.assert_allclose(theta, predict_window(model, stack, day, window), atol=1e-5)
    assert np.abs(together[0] - together[-1]).max() > 1e-3


def test_the_edge_of_the_store_is_no_seam(model: Model, stack: Stack) -> None:
    edge = Window(HERE.column - 30, HERE.row - 10, 100, 90)
    theta = predict_window(model, stack, DAY, edge)
    inside = HERE.intersect(edge)
    assert inside is not None
    known = np.zeros(edge.shape, bool)
    known[inside.slices_in(edge)] = True
    assert np.array_equal(np.isfinite(theta), known)
    np.testing.assert_allclose(theta[known].reshape(inside.shape), predict_window(model, stack, DAY, inside), atol=1e-5)


class HoledStack:
    """A stack in which some pixels lack required input."""

    def __init__(self, stack: Stack, holes: Window) -> None:
        self.stack, self.holes, self.store = stack, holes, stack.store

    def read(self, day: date, window: Window) -> tuple[np.ndarray, np.ndarray]:
        x, valid = self.stack.read(day, window)
        hole = self.holes.intersect(window)
        if hole is not None:
            valid[hole.slices_in(window)] = False
        return x, valid


def test_a_pixel_without_input_is_nan_and_no_other_is(model: Model, stack: Stack) -> None:
    hole = Window(AREA.column + 10, AREA.row + 20, 3, 2)
    theta = predict_window(model, HoledStack(stack, hole), DAY, AREA)  # type: ignore[arg-type]
    missing = np.zeros(AREA.shape, bool)
    missing[hole.slices_in(AREA)] = True
    assert np.array_equal(np.isnan(theta), missing)


def test_a_model_without_the_margin_input_gives_the_same(model: Model, stack: Stack, tmp_path: Path) -> None:
    graph = onnx.load(model.path)
    inputs = [given for given in graph.graph.input if given.name != MARGIN]
    del graph.graph.input[:]
    graph.graph.input.extend(inputs)  # margin becomes a constant 0
    onnx.save(graph, tmp_path / "plain.onnx")
    plain = Model.open(tmp_path / "plain.onnx")
    assert not plain.session().get_overridable_initializers()
    window = Window(AREA.column, AREA.row, 40, 30)
    np.testing.assert_allclose(predict_window(plain, stack, DAY, window), predict_window(model, stack, DAY, window),
                               atol=1e-6)


def test_a_haloed_window_is_aligned_for_the_network(model: Model) -> None:
    outer, multiple = haloed(model, Window(238601, 409613, 5, 3)), model.contract.multiple
    assert all(edge % multiple == 0 for edge in (outer.column, outer.row, outer.width, outer.height))


corners = st.tuples(st.floats(0, 900), st.floats(0, 900))


@settings(max_examples=60, deadline=None)
@given(points=st.lists(corners, min_size=3, max_size=8), multiple=st.sampled_from([8, 16]),
       side=st.sampled_from([128, 256, 512]))
def test_windows_cover_the_outline_once(points: list[tuple[float, float]], multiple: int, side: int) -> None:
    outline = shapely.MultiPoint(points).convex_hull.buffer(0.3)
    plan = windows.plan(outline, multiple, side)
    count = np.zeros((1100, 1100), int)
    frame = Window(-96, -96, 1100, 1100)
    for window in plan:
        assert window.width <= side and window.height <= side
        assert all(edge % multiple == 0 for edge in (window.column, window.row, window.width, window.height))
        count[window.slices_in(frame)] += 1
    assert count.max() == 1
    rows, columns = np.nonzero(count == 0)
    assert not shapely.intersects_xy(outline, columns - 96 + 0.5, rows - 96 + 0.5).any()


def test_windows_off_the_outline_are_left_out() -> None:
    frame = shapely.box(0, 0, 2000, 2000) - shapely.box(200, 200, 1800, 1800)
    plan = windows.plan(frame, 8, 128)
    assert sum(window.width * window.height for window in plan) < 0.5 * 2000**2


@pytest.mark.parametrize("gigabytes", [0.01, 0.4, 1, 64])
def test_windows_fit_into_the_memory(gigabytes: float) -> None:
    side = windows.side_for_memory(gigabytes * 1e9, 2600, 64, 16)
    assert side % 16 == 0 and windows.SMALLEST_SIDE <= side <= windows.LARGEST_SIDE
    if side > windows.SMALLEST_SIDE:
        assert (side + 128) ** 2 * 2600 <= gigabytes * 1e9
    assert math.isclose(side, windows.LARGEST_SIDE) == (gigabytes == 64)
