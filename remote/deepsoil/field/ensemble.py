"""An ensemble of the distinct soil columns of an area: what it holds, and its mean and intervals. Pure.

Every member is one draw of what is not known: hydraulic parameters, leaves, roots, lower boundary, rain. A draw is a
row of standard normal scores ``z``, so that a method that conditions the ensemble works in a Gaussian space and need
not know what a score stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COVERAGE = 0.9
"""Of the intervals: the share of cases that shall lie inside."""


@dataclass(frozen=True)
class Ensemble:
    """θ of N distinct columns in E members.

    theta (E, N, D, T) m³/m³, NaN where a column failed; depths_cm (D,) from the top down; dates (T,) consecutive;
    z (E, P) the scores of the members; weights (E,), which sum to 1.
    """

    theta: NDArray[np.float32]
    depths_cm: tuple[float, ...]
    dates: NDArray[np.datetime64]
    z: Array
    weights: Array

    def mean(self) -> NDArray[np.float32]:
        """Weighted mean (N, D, T) over the members that have a value."""
        known = np.isfinite(self.theta)
        weights = self.weights[:, None, None, None] * known
        total = weights.sum(0)
        sums = (weights * np.where(known, self.theta, 0.0)).sum(0)
        return np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0).astype(np.float32)

    def spread(self) -> NDArray[np.float32]:
        """Weighted standard deviation (N, D, T)."""
        known = np.isfinite(self.theta)
        weights = self.weights[:, None, None, None] * known
        total = weights.sum(0)
        squares = (weights * np.where(known, (self.theta - self.mean()) ** 2, 0.0)).sum(0)
        variance = np.divide(squares, total, out=np.full(squares.shape, np.nan), where=total > 0)
        return np.sqrt(variance).astype(np.float32)


class ColumnModel(Protocol):
    """Simulates the distinct columns of an area for draws of what is not known."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """(P,) what each score stands for, for reports."""

    def run(self, z: Array) -> Ensemble:
        """The ensemble for scores (E, P), with equal weights."""
