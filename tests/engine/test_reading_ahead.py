"""Inputs are read one window ahead, in their order, and in bands of which the whole is what one reading gives."""

from __future__ import annotations

import threading
from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.grid import TILE, Window
from deepsoil.inference import reading

REGION = Window(128, 256, 1024, 2048)
DAY = date(2023, 6, 1)


class Stack:
    """Gives of every pixel its row, its column and the day; remembers what it was asked for."""

    channels = ("row", "column", "day")

    def __init__(self, wrong: Window | None = None) -> None:
        self.store, self.asked, self.wrong = SimpleNamespace(window=REGION), list[tuple[date, Window]](), wrong
        self.lock = threading.Lock()

    def read(self, day: date, window: Window) -> Any:
        with self.lock:
            self.asked.append((day, window))
        if window == self.wrong:
            raise ValueError("this one")
        rows, columns = np.mgrid[window.row:window.bottom, window.column:window.right].astype(np.float32)
        return np.stack([rows, columns, np.full(rows.shape, day.day, np.float32)]), (rows + columns) % 3 > 0


WINDOWS = [Window(128 + 64 * number, 256, 64, 600) for number in range(4)]


@pytest.mark.parametrize("once", [False, True])
def test_inputs_come_in_their_order_and_one_is_read_ahead(once: bool) -> None:
    stack = Stack()
    wanted = [(stack, date(2023, 6, number + 1), window) for number, window in enumerate(WINDOWS)]
    with reading.reading_ahead(wanted, 3, once=once) as inputs:  # type: ignore[arg-type]
        for number, (_, day, window) in enumerate(wanted):
            x, valid = next(inputs)
            whole = Stack().read(day, window)
            np.testing.assert_array_equal(x, whole[0])
            np.testing.assert_array_equal(valid, whole[1])
            assert all(asked[1].column <= WINDOWS[min(number + 1, 3)].column for asked in stack.asked)
        assert next(inputs, None) is None
    first = [window for day, window in stack.asked if day.day == 1]
    assert len(first) == (2 if once else 1), "only the first, and only where nothing is kept, is read in bands"
    assert [window for day, window in stack.asked if day.day > 1] == WINDOWS[1:]


def test_an_error_comes_with_its_own_window_and_nothing_is_wanted_of_nothing() -> None:
    stack = Stack(wrong=WINDOWS[1])
    with reading.reading_ahead([(stack, DAY, window) for window in WINDOWS], 1, once=False) as inputs:  # type: ignore
        next(inputs)
        with pytest.raises(ValueError, match="this one"):
            next(inputs)
    with reading.reading_ahead([], 2, once=True) as inputs:
        assert list(inputs) == []


@pytest.mark.parametrize("window", [Window(200, 300, 50, 1500), Window(0, 0, 300, 3000), Window(200, 2000, 10, 700),
                                    Window(200, 300, 50, 100), Window(5000, 5000, 10, 2000)])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_bands_are_whole_tiles_of_the_region_and_make_the_window(window: Window, threads: int) -> None:
    made = reading.bands(window, REGION, threads)
    assert made[0].row == window.row and made[-1].bottom == window.bottom and len(made) <= threads
    assert all((one.column, one.width) == (window.column, window.width) for one in made)
    for above, below in pairwise(made):
        assert above.bottom == below.row and below.row % TILE == 0
    if len(made) > 1:
        assert all(one.intersect(REGION) is not None for one in made)
        assert window.height // len(made) >= 256
    elif threads > 1 and window.height >= 1024:
        assert window.intersect(REGION) is None
    x, valid = reading.read_in_bands(Stack(), DAY, window, threads)  # type: ignore[arg-type]
    whole = Stack().read(DAY, window)
    np.testing.assert_array_equal(x, whole[0])
    np.testing.assert_array_equal(valid, whole[1])
