"""The curves of a training as data: one run a task, one row an epoch. Pure: numpy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

TRAINING_LOSS, VALIDATION_MAE = "total", "validation_mae"


@dataclass(frozen=True)
class Run:
    """One training. ``task``: its number in the job. ``columns``: values by name, one an epoch, NaN where there is
    none; ``epochs``: how many it will have, 0 where that is not known.
    """

    task: int
    name: str
    epochs: int = 0
    columns: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Finished epochs; not all of them need be among the rows."""
        epochs = self.columns.get("epoch")
        return int(epochs[-1]) + 1 if epochs is not None and len(epochs) else 0

    def series(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """Epochs, counted from 1, and values; only where there is a value."""
        if not self.done or column not in self.columns:
            return np.empty(0), np.empty(0)
        values = self.columns[column]
        there = np.isfinite(values)
        return self.columns["epoch"][there] + 1, values[there]

    def last(self, column: str) -> float | None:
        _, values = self.series(column)
        return float(values[-1]) if len(values) else None

    def best(self, column: str) -> tuple[int, float] | None:
        """The epoch with the lowest value, counted from 1, and that value."""
        epochs, values = self.series(column)
        if not len(values):
            return None
        lowest = int(np.argmin(values))
        return int(epochs[lowest]), float(values[lowest])


def run_from(task: int, name: str, rows: Sequence[dict[str, Any]], epochs: int = 0) -> Run:
    """A run from its rows, in order of their epochs; of an epoch that was computed again the last row counts."""
    by_epoch = {int(row["epoch"]): row for row in rows if isinstance(row.get("epoch"), int | float)}
    ordered = [by_epoch[epoch] for epoch in sorted(by_epoch)]
    names = {key for row in ordered for key, value in row.items() if isinstance(value, int | float)}
    columns = {key: np.array([_number(row.get(key)) for row in ordered]) for key in names}
    return Run(task, name, epochs, columns)


def runs_from(answer: Sequence[dict[str, Any]], specification: Mapping[str, Any] | None) -> list[Run]:
    """The runs of the engine's answer to ``curves``; the job's specification says how many epochs they will have."""
    wanted = ((specification or {}).get("options") or {}).get("configurations") or []
    epochs = {task: one["schedule"]["epochs"] for task, one in enumerate(wanted)
              if isinstance(one, dict) and "epochs" in (one.get("schedule") or {})}
    return [run_from(int(one["task"]), str(one["title"]), one.get("rows") or (), epochs.get(int(one["task"]), 0))
            for one in answer]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
