"""Scores of a predicted against an observed daily series, with intervals that account for autocorrelation. Pure.

All functions take arrays (..., T) and use the days with both values (NaN aware). Definitions after
Entekhabi et al. (2010), J. Hydrometeorology 11, 832-840, doi:10.1175/2010JHM1223.1, with d = predicted - observed:

bias    mean(d)                                    MAE     mean(|d|)
RMSE    sqrt(mean(d²))                             ubRMSD  sqrt(RMSE² - bias²), the standard deviation of d
R       Pearson's correlation of predicted and observed

Intervals come from the moving-block bootstrap (Künsch 1989, Annals of Statistics 17, 1217-1241) in its circular form
(Politis & Romano 1992), in which every day is drawn equally often. Days are drawn in blocks of 30, because soil
moisture remembers for weeks and single days drawn at random would make intervals too narrow. They stay somewhat
narrow for longer error memory: for a year of errors that correlate by 0.9 from day to day, 95 % intervals of the
bias contain the truth in about 80 of 100 cases (single days: 35). A series shorter than three blocks has no interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

BLOCK_DAYS, FEWEST_BLOCKS = 30, 3
REPETITIONS = 1000
CONFIDENCE = 0.95
FEWEST_DAYS = 10
"""With fewer days a score is meaningless and set to NaN."""

NAMES = ("bias", "mae", "rmse", "ubrmsd", "r")


@dataclass(frozen=True)
class Score:
    """m³/m³, R without unit; NaN with fewer than ``FEWEST_DAYS`` days. intervals: name → (low, high)."""

    n: int
    bias: float
    mae: float
    rmse: float
    ubrmsd: float
    r: float
    intervals: dict[str, tuple[float, float]]

    def to_dict(self) -> dict[str, Any]:
        """For JSON: NaN becomes None."""
        plain = {key: _plain(value) for key, value in asdict(self).items() if key != "intervals"}
        return plain | {"intervals": {name: [_plain(low), _plain(high)]
                                      for name, (low, high) in self.intervals.items()}}


@dataclass(frozen=True)
class Summary:
    """Median and quartiles over the stations that have a score."""

    stations: int
    median: dict[str, float]
    lower_quartile: dict[str, float]
    upper_quartile: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        tables = {name: {key: _plain(value) for key, value in getattr(self, name).items()}
                  for name in ("median", "lower_quartile", "upper_quartile")}
        return {"stations": self.stations, **tables}


def scores(observed: ArrayLike, predicted: ArrayLike) -> dict[str, Values]:
    """n, bias, mae, rmse, ubrmsd and r along the last axis of (..., T)."""
    o, p = np.asarray(observed, np.float64), np.asarray(predicted, np.float64)
    both = np.isfinite(o) & np.isfinite(p)
    n = both.sum(-1)
    count = np.where(n >= FEWEST_DAYS, n, np.nan)

    def mean(values: Values) -> Values:
        return np.asarray(np.where(both, values, 0.0).sum(-1) / count)

    difference = np.where(both, p - o, 0.0)
    bias, mse = mean(difference), mean(difference**2)
    from_mean_o = o - mean(o)[..., None]
    from_mean_p = p - mean(p)[..., None]
    spread = np.sqrt(mean(from_mean_o**2) * mean(from_mean_p**2))
    covariance = mean(from_mean_o * from_mean_p)
    # A constant series (apart from rounding) has no correlation.
    r = np.divide(covariance, spread, out=np.full_like(covariance, np.nan), where=spread > 1e-12)
    return {"n": n, "bias": bias, "mae": mean(np.abs(difference)), "rmse": np.sqrt(mse),
            "ubrmsd": np.sqrt(np.maximum(mse - bias**2, 0.0)), "r": np.clip(r, -1.0, 1.0)}


def score(observed: ArrayLike, predicted: ArrayLike, *, repetitions: int = REPETITIONS, seed: int = 0) -> Score:
    """Score of one series (T,) of consecutive days, with block-bootstrap intervals (none for ``repetitions`` 0)."""
    o, p = np.asarray(observed, np.float64), np.asarray(predicted, np.float64)
    whole = scores(o, p)
    n = int(whole["n"])
    intervals = _intervals(o, p, repetitions, seed) if repetitions and n >= FEWEST_DAYS else {}
    values = {name: float(whole[name]) for name in NAMES}
    return Score(n=n, intervals=intervals, **values)


def summarise(values: Iterable[Score]) -> Summary:
    """Median and quartiles of each metric over stations; stations without a score are omitted."""
    usable = [value for value in values if np.isfinite(value.mae)]
    quartiles = {}
    for name in ("n", *NAMES):
        column = np.array([getattr(value, name) for value in usable], np.float64)
        column = column[np.isfinite(column)]
        quartiles[name] = np.percentile(column, [25, 50, 75]) if column.size else np.full(3, np.nan)
    lower, median, upper = ({name: float(q[i]) for name, q in quartiles.items()} for i in range(3))
    return Summary(len(usable), median, lower, upper)


def moving_blocks(days: int, block_days: int, repetitions: int, seed: int) -> NDArray[np.intp]:
    """Indices (repetitions, days): blocks of consecutive days from a random first day; the last day is followed by
    the first."""
    count = -(-days // block_days)
    starts = np.random.default_rng(seed).integers(0, days, (repetitions, count))
    return ((starts[:, :, None] + np.arange(block_days)) % days).reshape(repetitions, -1)[:, :days]


def _intervals(o: Values, p: Values, repetitions: int, seed: int) -> dict[str, tuple[float, float]]:
    # The days before the first and after the last pair would only give empty blocks.
    there = np.flatnonzero(np.isfinite(o) & np.isfinite(p))
    o, p = o[there[0]:there[-1] + 1], p[there[0]:there[-1] + 1]
    if o.size < FEWEST_BLOCKS * BLOCK_DAYS:
        return {}
    drawn = moving_blocks(o.size, BLOCK_DAYS, repetitions, seed)
    table = scores(o[drawn], p[drawn])
    tails = [100 * (1 - CONFIDENCE) / 2, 100 * (1 + CONFIDENCE) / 2]
    found = {}
    for name in NAMES:
        values = table[name][np.isfinite(table[name])]
        if values.size:
            low, high = np.percentile(values, tails)
            found[name] = (float(low), float(high))
    return found


def _plain(value: float) -> float | None:
    return None if not np.isfinite(value) else round(value, 6)
