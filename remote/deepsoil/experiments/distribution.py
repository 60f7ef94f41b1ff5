"""The distribution of soil moisture labels, and the distance of two distributions (Table 4 of the paper). Pure.

Data is processed by chunk, so that hundreds of millions of labels are never in memory at once: count, mean,
standard deviation, minimum and maximum are exact, percentiles come from a histogram of 10,000 bins between 0 and 1 and
are within one bin (1e-4 m3/m3) of the exact ones. Values are rounded to six decimals before they are
binned, so that those on an edge, as sensors of coarse resolution report them, always fall into the same bin.

The distance of two sets is the L1 distance of their histograms with bins of 0.01 from 0 to 1, as shares of all labels:
the sum of |share a - share b| over the bins, 0 for the same, 2 for nothing in common. Labels below 0 and above 1 form
two further bins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.evaluation.table_files import Cell, Tabular

FINE_BINS = 10_000
DISTANCE_BINS = 100
PERCENTILES = (1, 5, 50, 95, 99)
_PARTS = 1_000_000
_PARTS_PER_BIN = _PARTS // FINE_BINS

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Distribution:
    """Of ``rows`` values: moments, extremes and the fine histogram, whose first and last of ``FINE_BINS`` + 2 bins hold
    the values below 0 and above 1 (1 itself is in the last bin inside). ``a + b`` is that of both sets."""

    rows: int
    mean: float
    squares: float
    minimum: float
    maximum: float
    histogram: Counts

    @classmethod
    def of(cls, values: ArrayLike, counts: ArrayLike = 1) -> Distribution:
        """From all finite values; each represents ``counts`` labels (integers that broadcast against the values), as
        one soil column does for its pixels."""
        given = np.asarray(values)
        weights = np.broadcast_to(np.asarray(counts, np.int64), given.shape)
        known = np.isfinite(given) & (weights > 0)
        x, w = given[known].astype(np.float64), weights[known]
        rows = int(w.sum())
        if not rows:
            return cls(0, 0.0, 0.0, math.inf, -math.inf, np.zeros(FINE_BINS + 2, np.int64))
        mean = float(np.average(x, weights=w))
        squares = float(np.sum(w * (x - mean) ** 2))
        # A histogram of integers, summed with weights in float64, is exact up to 2^53 labels per chunk.
        histogram = np.bincount(_bins(x), weights=w, minlength=FINE_BINS + 2).astype(np.int64)
        return cls(rows, mean, squares, float(x.min()), float(x.max()), histogram)

    def __add__(self, other: Distribution) -> Distribution:
        """After Chan, Golub & LeVeque (1983), The American Statistician 37, 242-247."""
        rows = self.rows + other.rows
        if not rows:
            return self
        apart = other.mean - self.mean
        return Distribution(rows, self.mean + apart * other.rows / rows,
                            self.squares + other.squares + apart**2 * self.rows * other.rows / rows,
                            min(self.minimum, other.minimum), max(self.maximum, other.maximum),
                            self.histogram + other.histogram)

    @property
    def deviation(self) -> float:
        """Standard deviation of the set itself (n, not n - 1)."""
        return math.sqrt(self.squares / self.rows) if self.rows else math.nan

    def percentile(self, percent: float) -> float:
        """Within 1e-4 m3/m3 of the value that this share of the labels does not exceed; below 0 and above 1, where
        there are no bins, the minimum and the maximum."""
        if not self.rows:
            return math.nan
        below = np.cumsum(self.histogram)
        bin_ = int(np.searchsorted(below, max(1.0, percent / 100 * self.rows)))
        if bin_ in (0, FINE_BINS + 1):
            return self.minimum if bin_ == 0 else self.maximum
        return min(max((bin_ - 0.5) / FINE_BINS, self.minimum), self.maximum)

    def shares(self) -> NDArray[np.float64]:
        """Shares of the labels below 0, in the bins of 0.01 and above 1."""
        inside = self.histogram[1:-1].reshape(DISTANCE_BINS, -1).sum(axis=1)
        return np.concatenate([self.histogram[:1], inside, self.histogram[-1:]]) / max(1, self.rows)


def gather(chunks: Iterable[ArrayLike]) -> Distribution:
    """The distribution of many chunks of values, one at a time."""
    return reduce(lambda whole, chunk: whole + Distribution.of(chunk), chunks, Distribution.of([]))


def histogram_distance(a: Distribution, b: Distribution) -> float:
    """L1 distance of the histograms with bins of 0.01: 0 for the same, 2 for nothing in common; NaN if one is empty."""
    return float(np.abs(a.shares() - b.shares()).sum()) if a.rows and b.rows else math.nan


def distribution_table(sets: dict[str, Distribution]) -> Tabular:
    """Rows of the paper's Table 4, and the distance of every set from the first."""
    names = list(sets)
    rows: list[tuple[Cell, ...]] = [
        (name, one.rows, one.mean if one.rows else math.nan, one.deviation, one.minimum, one.maximum,
         *(one.percentile(percent) for percent in PERCENTILES),
         histogram_distance(sets[names[0]], one) if name != names[0] else None) for name, one in sets.items()]
    header = ("labels", "rows", "mean", "std", "min", "max", *(f"P{percent}" for percent in PERCENTILES), "L1")
    return Tabular("Label distributions (m3/m3)", header, rows, (
        "P: percentiles, within 1e-4. L1: distance of the histograms (bins of 0.01 from 0 to 1) from "
        f"{names[0]}; 0 the same, 2 nothing in common.",))


def _bins(x: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the fine bin: 0 below 0, ``FINE_BINS`` + 1 above 1."""
    parts = np.rint(np.clip(x, -1.0, 2.0) * _PARTS).astype(np.int64)
    inside = np.minimum(parts // _PARTS_PER_BIN, FINE_BINS - 1) + 1
    return np.where(parts < 0, 0, np.where(parts > _PARTS, FINE_BINS + 1, inside))
