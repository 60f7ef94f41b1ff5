"""Weighted intervals of an ensemble. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.ensemble import COVERAGE

Array = NDArray[np.float64]


def mean(values: NDArray[np.floating], weights: Array) -> Array:
    """Weighted mean (...) of members (E, ...); missing members have no weight."""
    known = np.isfinite(values)
    share = weights.reshape(-1, *(1,) * (values.ndim - 1)) * known
    total = share.sum(axis=0)
    sums = (share * np.where(known, values, 0.0)).sum(axis=0)
    return np.asarray(np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0))


def bounds(values: NDArray[np.floating], weights: Array, coverage: float = COVERAGE) -> tuple[Array, Array]:
    """Lower and upper bound (...) of the central interval of members (E, ...); missing members have no weight.

    Each member stands for the middle of its weight (Hazen); linear between members.
    """
    weighted = weights.reshape(-1, *(1,) * (values.ndim - 1)) > 0
    values = np.where(weighted, values, np.nan)
    order = np.argsort(values, axis=0)  # NaN last
    ranked = np.take_along_axis(values, order, axis=0)
    share = np.where(np.isfinite(ranked), weights[order], 0.0)
    total = share.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        position = (np.cumsum(share, axis=0) - 0.5 * share) / total
    last = np.maximum(np.isfinite(ranked).sum(axis=0) - 1, 0)
    lower, upper = (_at(ranked, position, last, level) for level in ((1 - coverage) / 2, (1 + coverage) / 2))
    return lower, upper


def _at(ranked: NDArray[np.floating], position: Array, last: NDArray[np.int64], level: float) -> Array:
    above = np.minimum((position < level).sum(axis=0), last)
    below = np.maximum(above - 1, 0)

    def pick(values: NDArray[np.floating], index: NDArray[np.int64]) -> Array:
        return np.asarray(np.take_along_axis(values, index[None], axis=0)[0], np.float64)

    low, high, first, second = pick(ranked, below), pick(ranked, above), pick(position, below), pick(position, above)
    gap = second - first
    share = np.clip(np.divide(level - first, gap, out=np.ones_like(gap), where=gap > 0), 0.0, 1.0)
    return np.asarray(low + share * (high - low))
