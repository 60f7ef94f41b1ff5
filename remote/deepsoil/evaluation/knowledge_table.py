"""What readings make of the scores: without any, at the place, at the sensor, and after so many own ones. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.metrics import FEWEST_DAYS

Values = NDArray[np.floating]

ALL = "all stations"
GROUPS = {True: "irrigated", False: "rainfed"}


@dataclass(frozen=True)
class Row:
    """MAE (mean over stations, m³/m³) of all stations and of the irrigated and the rainfed ones, and the worst station.
    """

    title: str
    mae: dict[str, float]
    worst_station: str
    worst_mae: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"title": self.title, "mae": {name: round(value, 6) for name, value in self.mae.items()},
                "worst_station": self.worst_station, "worst_mae": round(self.worst_mae, 6)}


def rows_of(ids: Sequence[str], observed: Values, predictions: Mapping[str, Values],
            irrigated: Sequence[bool | None]) -> list[Row]:
    """One row for each prediction (S, T), all over the same days: those with an observation and all predictions, at
    stations with at least ``metrics.FEWEST_DAYS`` of them."""
    known = np.isfinite(observed) & np.logical_and.reduce([np.isfinite(one) for one in predictions.values()])
    scored = known.sum(1) >= FEWEST_DAYS
    if not scored.any():
        return []
    members = {ALL: scored} | {title: scored & np.array([state is water for state in irrigated])
                               for water, title in GROUPS.items()}
    rows = []
    for title, predicted in predictions.items():
        error = np.where(known, np.abs(predicted - observed), 0.0).sum(1) / np.maximum(known.sum(1), 1)
        worst = int(np.where(scored, error, -1.0).argmax())
        rows.append(Row(title, {name: float(error[mask].mean()) for name, mask in members.items() if mask.any()},
                        ids[worst], float(error[worst])))
    return rows


def table_text(rows: Sequence[Row]) -> list[str]:
    """Lines for the terminal."""
    groups = (*GROUPS.values(), ALL)
    lines = [f"{'what is known':<42} " + " ".join(f"{name:>12}" for name in groups) + "  worst station"]
    for row in rows:
        cells = (row.mae.get(name, math.nan) for name in groups)
        lines.append(f"{row.title:<42} " + " ".join(f"{value:>12.3f}" if math.isfinite(value) else f"{'-':>12}"
                                                    for value in cells) + f"  {row.worst_mae:.3f} {row.worst_station}")
    return lines
