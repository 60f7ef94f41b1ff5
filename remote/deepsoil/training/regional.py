"""Batches from a region with simulated labels (`deepsoil simulate`): with the region's input, by tile and day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window
from deepsoil.inputs.stack import Stack
from deepsoil.labels.label_reader import Labels
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.batches import Batch, complete

SMALLEST_READ = 16  # pixels; smaller patches are cut out of windows of this size
TRIES = 8           # attempts to find a window with at least one label


class RegionPatches:
    """Draws windows of a region on days that ``days`` (T,), a mask over the days of its labels, allows."""

    def __init__(self, stack: Stack, labels: Labels, depth_cm: int, days: NDArray[np.bool_], sampled: bool = False,
                 ) -> None:
        self.stack, self.labels, self.depth_cm, self.sampled = stack, labels, depth_cm, sampled
        first, last = stack.store.map_dates()
        there = (labels.dates >= np.datetime64(first)) & (labels.dates <= np.datetime64(last))
        if sampled:
            years = labels.dates.astype("datetime64[Y]").astype(int) + 1970
            there &= np.isin(years, labels.sampled_years)
        self.days = labels.dates[there & days]

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only. Several small patches come from one window and day."""
        rng = np.random.default_rng(list(key))
        read = max(size, SMALLEST_READ)
        pieces = (read // size) ** 2
        parts = [self._window(rng, read) for _ in range(-(-batch // pieces))]
        x = _cut(np.stack([part[0] for part in parts]), size)
        theta = _cut(np.stack([part[1] for part in parts])[:, None], size)[:, 0]
        soil = [_cut(np.stack([part[2][k] for part in parts])[:, None], size)[:, 0] for k in range(5)]
        chosen = rng.permutation(len(x))[:batch]
        return Batch(x[chosen], theta[chosen], complete(VanGenuchten(*soil)[chosen]))

    def _window(self, rng: np.random.Generator, size: int,
                ) -> tuple[NDArray[np.float32], NDArray[np.float32], list[NDArray[np.float64]]]:
        """Input (C, P, P), labels (P, P) and soil parameters of a window with at least one label."""
        whole = self.stack.store.window
        for _ in range(TRIES):
            window = Window(whole.column + int(rng.integers(whole.width - size + 1)),
                            whole.row + int(rng.integers(whole.height - size + 1)), size, size)
            day = self.days[rng.integers(len(self.days))].item()
            theta = self.labels.theta(self.depth_cm, day, window, sampled=self.sampled)
            if np.isfinite(theta).any():
                break
        x, valid = self.stack.read(day, window)
        return x, np.where(valid, theta, np.float32(np.nan)), list(self.labels.soil(window).arrays())


def _cut(values: NDArray[Any], size: int) -> NDArray[Any]:
    """(N, C, P, P) in pieces (N', C, size, size)."""
    count, channels, read, _ = values.shape
    n = read // size
    pieces = values.reshape(count, channels, n, size, n, size).transpose(0, 2, 4, 1, 3, 5)
    return pieces.reshape(count * n * n, channels, size, size)
