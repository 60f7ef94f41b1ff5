"""Batches from a region with simulated labels (`deepsoil simulate`): with the region's input, by tile and day."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.inputs.stack import Stack
from deepsoil.labels.label_reader import Labels
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.batches import Batch, complete, mean_of, months_of, no_whole_month
from deepsoil.training.cluster_trainings import AnyWindow, ExtentWindows

SMALLEST_READ = 16  # pixels; smaller patches are cut out of windows of this size
TRIES = 8           # attempts to find a window with at least one label


class RegionPatches:
    """Draws windows of a region on days that ``days`` (T,), a mask over the days of its labels, allows."""

    def __init__(self, stack: Stack, labels: Labels, depth_cm: int, days: NDArray[np.bool_], sampled: bool = False,
                 windows: AnyWindow | ExtentWindows | None = None) -> None:
        """``windows``: where windows may lie; by default anywhere."""
        self.stack, self.labels, self.depth_cm, self.sampled = stack, labels, depth_cm, sampled
        self.windows = windows or AnyWindow(stack.store.window)
        first, last = stack.store.map_dates()
        there = (labels.dates >= np.datetime64(first)) & (labels.dates <= np.datetime64(last))
        if sampled:
            years = labels.dates.astype("datetime64[Y]").astype(int) + 1970
            there &= np.isin(years, labels.sampled_years)
        self.days = labels.dates[there & days]
        self._months: list[NDArray[np.datetime64]] | None = None

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
        for _ in range(TRIES):
            window = self.windows.draw(rng, size)
            days = self._drawn(rng)
            thetas = [self.labels.theta(self.depth_cm, day, window, sampled=self.sampled) for day in days]
            if np.isfinite(thetas[0]).any():
                break
        shown = [self.stack.read(day, window) for day in days]
        labels = [np.where(valid, theta, np.float32(np.nan))
                  for theta, (_, valid) in zip(thetas, shown, strict=True)]
        return mean_of([x for x, _ in shown]), mean_of(labels), list(self.labels.soil(window).arrays())

    def _drawn(self, rng: np.random.Generator) -> list[date]:
        """One day, or all of a month."""
        if self._months is None:
            return [self.days[rng.integers(len(self.days))].item()]
        return [day.item() for day in self._months[rng.integers(len(self._months))]]

    def months(self, least_days: int) -> RegionPatches:
        made = copy.copy(self)
        made._months = months_of(self.days, least_days)
        if not made._months:
            raise no_whole_month("region's labels", least_days)
        return made


def _cut(values: NDArray[Any], size: int) -> NDArray[Any]:
    """(N, C, P, P) in pieces (N', C, size, size)."""
    count, channels, read, _ = values.shape
    n = read // size
    pieces = values.reshape(count, channels, n, size, n, size).transpose(0, 2, 4, 1, 3, 5)
    return pieces.reshape(count * n * n, channels, size, size)
