"""Scores of a mixed training at the stations of its region, by part: training, validation and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.model import Metric
from deepsoil.training.supervision import Supervised

Array = NDArray[np.float32]
_WEEK = 7


@dataclass(frozen=True)
class StationScore:
    """Pooled over the ``days`` station days of a part, m3/m3; r is Pearson's.

    ``persistence_mae`` is that of each station's own value of a week before, over the days that have one; NaN if none.
    """

    part: str
    stations: int
    days: int
    mae: float
    rmse: float
    bias: float
    r: float
    persistence_mae: float = float("nan")
    first: str = ""
    last: str = ""


def station_scores(supervised: Supervised, network: Callable[[Array], Array]) -> list[StationScore]:
    """Omits parts without observations, and a validation part that equals another part."""
    observed = supervised.inputs.observed
    predicted = supervised.inputs.predict(network)
    rows = []
    parts = supervised.parts._asdict()
    if any((parts["validation"] == parts[other]).all() for other in ("train", "test")):
        del parts["validation"]
    for name, mask in parts.items():
        known = mask & np.isfinite(observed)
        if known.any():
            row = _score(name, int(known.any(1).sum()), predicted[known], observed[known])
            days = supervised.inputs.stations.dates[known.any(0)]
            rows.append(replace(row, persistence_mae=_persistence_mae(observed, known), first=str(days[0]),
                                last=str(days[-1])))
    return rows


def held_out_metrics(scores: Sequence[StationScore]) -> list[Metric]:
    """For the contract: what a network reaches at stations on days that it did not learn from; empty without any."""
    return [Metric(name="MAE", value=round(row.mae, 5), unit="m3/m3", reference="readings of stations",
                   split=f"{row.part} days", baseline="the station a week before",
                   baseline_value=round(row.persistence_mae, 5), measured=True, n=row.stations, days=row.days,
                   period=f"{row.first} to {row.last}")
            for row in scores if row.part == "test" and np.isfinite(row.persistence_mae)]


def _persistence_mae(observed: Array, known: NDArray[np.bool_]) -> float:
    """``observed`` (S, T), daily; ``known``: the days that count."""
    error = np.abs(observed[:, _WEEK:] - observed[:, :-_WEEK])[known[:, _WEEK:]]
    return float(np.nanmean(error)) if np.isfinite(error).any() else float("nan")


def _score(part: str, stations: int, predicted: Array, observed: Array) -> StationScore:
    p, o = predicted.astype(np.float64), observed.astype(np.float64)
    error = p - o
    moving = p.std() > 0 and o.std() > 0
    return StationScore(part, stations, len(o), float(np.abs(error).mean()), float(np.sqrt(np.square(error).mean())),
                        float(error.mean()), float(np.corrcoef(p, o)[0, 1]) if moving else float("nan"))
