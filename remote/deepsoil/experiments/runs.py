"""Runs with several seeds on training and test days, beside the trivial baselines (Table 5 of the paper). Pure.

All rows of a table are over the same (station, day) pairs: those with an observation and with a value of every run,
every seed and every baseline. So additional days of one run do not affect the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.evaluation import metrics
from deepsoil.evaluation.pairs import left_out, on_common_pairs
from deepsoil.evaluation.table_files import Cell, Spread, Tabular

Values = NDArray[np.floating]
Over = Literal["pooled", "stations"]

PARTS = ("train", "test")
_SHOWN = {"mae": "MAE", "rmse": "RMSE", "r": "r"}


@dataclass(frozen=True)
class RunTable:
    """scores   run or baseline → part → metric (``metrics.NAMES``) → mean and spread over seeds
    pairs      part → (station, day) pairs used for every row
    over       ``pooled``: all pairs as one sample, as in the paper; ``stations``: median over stations
    notes      omitted predictions
    """

    scores: dict[str, dict[str, dict[str, Spread]]]
    pairs: dict[str, int]
    over: Over
    notes: tuple[str, ...] = ()

    def tabular(self, title: str) -> Tabular:
        """MAE, RMSE and r in training and test, as the paper shows them."""
        header = ("run", *(f"{text} {part}" for part in PARTS for text in _SHOWN.values()), "seeds")
        rows: list[tuple[Cell, ...]] = [
            (name, *(parts[part][key] for part in PARTS for key in _SHOWN), parts["test"]["mae"].count)
            for name, parts in self.scores.items()]
        how = "all pairs as one sample" if self.over == "pooled" else "median over stations"
        return Tabular(title, header, rows, (
            f"{how}; the same pairs in every row: {self.pairs['train']:,} in training, {self.pairs['test']:,} in test. "
            "± standard deviation over seeds.", *self.notes))


def run_table(observed: Values, runs: Mapping[str, Values], train: ArrayLike, test: ArrayLike,
              baselines: Mapping[str, Values] | None = None, over: Over = "pooled") -> RunTable:
    """Scores of runs (K seeds, S, T) and baselines (S, T) against observed theta (S, T).

    ``train`` and ``test`` are masks that broadcast to (S, T): days (T,), stations (S, 1), or both. A baseline that has
    no value on the observed days (the network mean of a single station) is omitted. ValueError if masks
    overlap or a shape does not fit.
    """
    masks = {part: np.broadcast_to(np.asarray(mask, bool), observed.shape)
             for part, mask in zip(PARTS, (train, test), strict=True)}
    if (masks["train"] & masks["test"]).any():
        raise ValueError("a station-day is in training and in test")
    for name, values in runs.items():
        if values.ndim != 3:
            raise ValueError(f"{name} has shape {values.shape}, expected (seeds, stations, days)")
    rows = dict(runs) | {name: values[None] for name, values in (baselines or {}).items()}
    common, kept = on_common_pairs(observed, rows)
    known = {part: np.where(mask, common, np.nan) for part, mask in masks.items()}
    scores = {name: {part: _spreads(known[part], values, over) for part in PARTS} for name, values in kept.items()}
    return RunTable(scores, {part: int(np.isfinite(known[part]).sum()) for part in PARTS}, over,
                    left_out(rows, kept))


def _spreads(observed: Values, seeds: Values, over: Over) -> dict[str, Spread]:
    """Metric → mean and deviation over the seeds."""
    of_seed = [_scores(observed, predicted, over) for predicted in seeds]
    spreads = {}
    for name in metrics.NAMES:
        values = np.array([one[name] for one in of_seed])
        deviation = float(values.std(ddof=1)) if values.size > 1 else float("nan")
        spreads[name] = Spread(float(values.mean()), deviation, values.size)
    return spreads


def _scores(observed: Values, predicted: Values, over: Over) -> dict[str, float]:
    if over == "pooled":
        pooled = metrics.scores(observed.ravel(), predicted.ravel())
        return {name: float(pooled[name]) for name in metrics.NAMES}
    each = metrics.scores(observed, predicted)
    known = {name: each[name][np.isfinite(each[name])] for name in metrics.NAMES}
    return {name: float(np.median(values)) if values.size else float("nan") for name, values in known.items()}
