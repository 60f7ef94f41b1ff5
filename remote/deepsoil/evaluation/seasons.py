"""Scores by season (Table 6 of the paper). Pure.

Two scores that are easily confused are shown side by side. *Pooled* scores treat all (station, day) pairs as
one sample, as the paper does: their r mixes differences between stations with changes in time, and may be low where
every single station is predicted well, or high where none is. The *median over stations* is what a user at one station
can expect; stations with fewer than ``metrics.FEWEST_DAYS`` days in a season are omitted from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation import metrics
from deepsoil.evaluation.pairs import left_out, on_common_pairs
from deepsoil.evaluation.table_files import Cell, Tabular

Values = NDArray[np.floating]
Days = NDArray[np.datetime64]

SEASONS = {"DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11)}
PERIODS = {**SEASONS, "without DJF": tuple(range(3, 12)), "all": tuple(range(1, 13))}
"""The months of each period. Winter is separate: sensors do not work in frozen soil, and its water hardly changes."""

_SHOWN = {"mae": "MAE", "rmse": "RMSE", "bias": "bias", "ubrmsd": "ubRMSD", "r": "r"}


@dataclass(frozen=True)
class SeasonScores:
    """m3/m3, r without unit; NaN with too few days.

    pairs      (station, day) pairs; ``pooled`` scores are over all of them
    stations   stations with enough days; ``median`` scores are over them
    """

    pairs: int
    stations: int
    pooled: dict[str, float]
    median: dict[str, float]


def months(days: Days) -> NDArray[np.int64]:
    """Month (1-12) of each day."""
    return days.astype("datetime64[M]").astype(np.int64) % 12 + 1


def by_season(observed: Values, predicted: Values, days: Days) -> dict[str, SeasonScores]:
    """Period → scores of predicted against observed theta (S, T) on days (T,)."""
    of_day = months(np.asarray(days, "datetime64[D]"))
    return {name: _scores(observed[:, part], predicted[:, part])
            for name, wanted in PERIODS.items() for part in [np.isin(of_day, wanted)]}


def season_table(observed: Values, predictions: Mapping[str, Values], days: Days, title: str) -> Tabular:
    """A row for every prediction (S, T) and period, all on the pairs on which every prediction has a value."""
    rows: list[tuple[Cell, ...]] = []
    known, kept = on_common_pairs(observed, predictions)
    for name, predicted in kept.items():
        for period, found in by_season(known, predicted, days).items():
            rows.append((name, period, found.pairs, *(found.pooled[key] for key in _SHOWN), found.stations,
                         *(found.median[key] for key in _SHOWN)))
    head = ("prediction", "period", "pairs", *(f"{text} pooled" for text in _SHOWN.values()), "stations",
            *(f"{text} median" for text in _SHOWN.values()))
    return Tabular(title, head, rows, (
        "pooled: over all (station, day) pairs as one sample; median: over the scores of the stations with at least "
        f"{metrics.FEWEST_DAYS} days. A pooled r mixes differences between stations with changes in time. All "
        "rows of a period are over the same pairs.", *left_out(predictions, kept)))


def _scores(observed: Values, predicted: Values) -> SeasonScores:
    pooled = metrics.scores(observed.ravel(), predicted.ravel())
    each = metrics.scores(observed, predicted)
    enough = np.isfinite(each["mae"])
    return SeasonScores(int(pooled["n"]), int(enough.sum()), {name: float(pooled[name]) for name in metrics.NAMES},
                        {name: _median(each[name]) for name in metrics.NAMES})


def _median(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")
