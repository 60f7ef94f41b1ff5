"""Reading ahead of the network gives what reading gives, in order, also in bands and at the edge of the store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window
from deepsoil.inference.reading import bands, read_in_bands, reading_ahead
from deepsoil.inputs.stack import Stack
from inference_tools import DAY, DAYS, HERE, built, open_model, stack_for


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    ground: Path = built(tmp_path_factory)
    return stack_for(ground, open_model(ground, 20))


@pytest.mark.parametrize("window", [
    Window(HERE.column + 5, HERE.row, 70, 512),
    Window(HERE.column - 40, HERE.row - 300, 90, 1000),    # most of the first and the last band lies beyond the store
], ids=["inside", "beyond"])
def test_bands_read_what_the_whole_reads(stack: Stack, window: Window) -> None:
    x, valid = read_in_bands(stack, DAY, window, 3)
    whole, known = stack.read(DAY, window)
    assert len(bands(window, stack.store.window, 3)) > 1
    np.testing.assert_allclose(x, whole, atol=1e-6)
    np.testing.assert_array_equal(valid, known)


def test_bands_are_the_window_and_each_has_something_of_the_store() -> None:
    window = Window(0, 100, 10, 2000)
    for store in (Window(0, 0, 64, 4096), Window(0, 1900, 64, 64), Window(0, 128, 64, 512)):
        parts = bands(window, store, 4)
        assert [part.row for part in parts[1:]] == [part.bottom for part in parts[:-1]]
        assert (parts[0].row, parts[-1].bottom) == (window.row, window.bottom)
        assert all(part.intersect(store) for part in parts)
        assert all(part.row % TILE == 0 for part in parts[1:])
    assert len(bands(window, Window(0, 0, 64, 4096), 4)) == 4


def test_inputs_come_in_order_one_for_each(stack: Stack) -> None:
    windows = [Window(HERE.column, HERE.row + 64 * n, 64, 600 if n == 0 else 64) for n in range(3)]
    wanted = [(stack, day, window) for day in DAYS[40:42] for window in windows]
    with reading_ahead(wanted, 2, once=True) as inputs:
        found = list(inputs)
    assert len(found) == len(wanted)
    for (x, _), (_, day, window) in zip(found, wanted, strict=True):
        np.testing.assert_allclose(x, stack.read(day, window)[0], atol=1e-6)


def test_an_error_comes_with_the_input_it_is_about(stack: Stack) -> None:
    good, bad = Window(HERE.column, HERE.row, 64, 64), Window(0, 0, 64, 64)
    with reading_ahead([(stack, DAY, good), (stack, DAY, bad)], 2, once=True) as inputs:
        assert next(inputs)[1].any()
        with pytest.raises(DeepSoilError, match="outside"):
            next(inputs)
