"""The mosaic of one map of a prediction, which its windows fill."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from deepsoil.grid import Window
from deepsoil.inference.predict import Map
from deepsoil.inference.product import Mosaic, check_disk

_LARGEST_MOSAIC_IN_MEMORY_BYTES = 256 << 20


@contextmanager
def empty_mosaic(window: Window, folder: Path) -> Iterator[Mosaic]:
    """An empty mosaic: in memory, or, for a large area, in an unnamed file that is gone once it is closed."""
    if 4 * window.width * window.height <= _LARGEST_MOSAIC_IN_MEMORY_BYTES:
        yield Mosaic(window, np.full(window.shape, np.nan, np.float32))
        return
    check_disk(folder, 4 * window.width * window.height)
    with tempfile.TemporaryFile(dir=folder) as file:
        theta = _mapped(file, window)
        theta[:] = np.nan
        yield Mosaic(window, theta)


def _mapped(file: IO[bytes], window: Window) -> Map:
    return np.memmap(file, np.float32, "w+", shape=window.shape)
