"""Reads the input of the next window while the network computes the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import TILE, Window
from deepsoil.inputs.stack import Stack

StackInput = tuple[NDArray[np.float32], NDArray[np.bool_]]
Wanted = tuple[Stack, date, Window]

# With fewer rows in a band, a second thread gains nothing.
_LEAST_BAND_ROWS = 256


@contextmanager
def reading_ahead(wanted: Iterable[Wanted], threads: int, *, once: bool) -> Iterator[Iterator[StackInput]]:
    """What ``Stack.read`` gives for each of ``wanted``, in order, one ahead of what is taken.

    Nothing can be computed before the first one is there: where every window is read only ``once`` (its stack keeps
    nothing), it is read by ``threads`` threads. Raises what ``Stack.read`` raises, when the input in question is
    taken.
    """
    with ThreadPoolExecutor(1) as reader:
        def inputs() -> Iterator[StackInput]:
            ahead: Future[StackInput] | None = None
            for stack, day, window in wanted:
                read = partial(read_in_bands, stack, day, window, threads) if once and ahead is None else \
                    partial(stack.read, day, window)
                ready, ahead = ahead, reader.submit(read)
                if ready is not None:
                    yield ready.result()
            if ahead is not None:
                yield ahead.result()

        yield inputs()


def read_in_bands(stack: Stack, day: date, window: Window, threads: int) -> StackInput:
    """``stack.read`` of a window, by up to ``threads`` threads at once; θ from it is the same to 1e-6."""
    parts = bands(window, stack.store.window, threads)
    if len(parts) == 1:
        return stack.read(day, window)
    x = np.empty((len(stack.channels), *window.shape), np.float32)
    valid = np.empty(window.shape, bool)

    def fill(band: Window) -> None:
        rows = band.slices_in(window)
        x[(slice(None), *rows)], valid[rows] = stack.read(day, band)

    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(fill, parts))
    return x, valid


def bands(window: Window, store: Window, count: int) -> list[Window]:
    """The window cut into up to ``count`` bands of whole tiles, each with rows of the store (those beyond it are
    filled from what lies beside them).
    """
    inside = window.intersect(store)
    most = window.height // _LEAST_BAND_ROWS if inside is not None else 1
    parts = max(1, min(count, most))
    wanted = [(window.row + window.height * n // parts) // TILE * TILE for n in range(1, parts)]
    cuts = [row for row in wanted if inside is not None and inside.row < row < inside.bottom]
    edges = [window.row, *cuts, window.bottom]
    return [Window(window.column, top, window.width, bottom - top) for top, bottom in pairwise(edges)]
