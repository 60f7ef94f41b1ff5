"""Scores of a mixed training at the stations of its region, by part: training, validation and test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.training.supervision import Supervised

Array = NDArray[np.float32]


@dataclass(frozen=True)
class StationScore:
    """Pooled over the ``days`` station days of a part, m3/m3; r is Pearson's."""

    part: str
    stations: int
    days: int
    mae: float
    rmse: float
    bias: float
    r: float


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
            rows.append(_score(name, int(known.any(1).sum()), predicted[known], observed[known]))
    return rows


def _score(part: str, stations: int, predicted: Array, observed: Array) -> StationScore:
    p, o = predicted.astype(np.float64), observed.astype(np.float64)
    error = p - o
    moving = p.std() > 0 and o.std() > 0
    return StationScore(part, stations, len(o), float(np.abs(error).mean()), float(np.sqrt(np.square(error).mean())),
                        float(error.mean()), float(np.corrcoef(p, o)[0, 1]) if moving else float("nan"))
