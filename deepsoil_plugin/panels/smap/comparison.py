"""A map beside SMAP, as the engine's ``compare_smap`` answers it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RECOMMENDED, FLAGGED, NONE = "recommended", "flagged", "none"


@dataclass(frozen=True)
class CellValues:
    """What is said of a cell on a day, or as the mean of the days: m³/m³, None where there is nothing.

    flag: `RECOMMENDED`, `FLAGGED` (not recommended), or `NONE` (no retrieval).
    """

    smap: float | None
    map: float | None
    flag: str

    @property
    def difference(self) -> float | None:
        return None if self.smap is None or self.map is None else self.map - self.smap


@dataclass(frozen=True)
class Comparison:
    """``answer``: as in the contract. Arrays are (T, N) by day and cell, NaN where there is nothing."""

    answer: Mapping[str, Any]
    days: tuple[dt.date, ...]
    map_days: tuple[dt.date, ...]
    recommended: np.ndarray
    flagged: np.ndarray
    map: np.ndarray

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Comparison:
        shape = (len(answer["days"]), len(answer["cells"]))
        arrays = (np.array(answer[name], float).reshape(shape) for name in ("recommended", "flagged", "map"))
        return cls(answer, _days(answer["days"]), _days(answer["map_days"]), *arrays)

    @property
    def cells(self) -> Sequence[Mapping[str, Any]]:
        return self.answer["cells"]  # type: ignore[no-any-return]

    @property
    def is_whole(self) -> bool:
        """Whether all maps were read."""
        return bool(self.answer["read"] >= self.answer["of"])

    def values(self, day: dt.date | None) -> list[CellValues]:
        """Of each cell on a day; None: the mean of the days that both have."""
        if day is None:
            return [self._mean(cell["figures"]) for cell in self.cells]
        if day not in self.days:
            return [CellValues(None, None, NONE) for _ in self.cells]
        row = self.days.index(day)
        return [self._value(row, column) for column in range(len(self.cells))]

    def has_pass(self, day: dt.date) -> bool:
        """Whether SMAP has a retrieval of a cell on a day."""
        if day not in self.days:
            return False
        row = self.days.index(day)
        return bool(np.isfinite(self.recommended[row]).any() or np.isfinite(self.flagged[row]).any())

    def nearest_passes(self, day: dt.date) -> list[dt.date]:
        """The last day before and the first day after with a retrieval, as far as there are such days."""
        seen = [one for one in self.days if self.has_pass(one)]
        before, after = [one for one in seen if one < day], [one for one in seen if one > day]
        return [*before[-1:], *after[:1]]

    def daily(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(every day from the first to the last, values of them, NaN where there is none); ``values`` (T,)."""
        known = np.array(self.days, "datetime64[D]")
        days = np.arange(known[0], known[-1] + 1)
        filled = np.full(days.size, np.nan)
        filled[(known - known[0]).astype(int)] = values
        return days, filled

    def pairs(self, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Of the cells that have part in the scores: (SMAP, map, day's index, cell's index), each (n,)."""
        observed = self.recommended if kind == RECOMMENDED else self.flagged
        scored = np.array([cell["scored"] for cell in self.cells], bool)
        both = np.isfinite(observed) & np.isfinite(self.map) & scored[None, :]
        rows, columns = np.nonzero(both)
        return observed[both], self.map[both], rows, columns

    def _value(self, row: int, column: int) -> CellValues:
        good, poor, said = (_number(values[row, column]) for values in (self.recommended, self.flagged, self.map))
        if good is not None:
            return CellValues(good, said, RECOMMENDED)
        return CellValues(poor, said, NONE if poor is None else FLAGGED)

    @staticmethod
    def _mean(figures: Mapping[str, Any]) -> CellValues:
        for kind in (RECOMMENDED, FLAGGED):
            if kind in figures:
                return CellValues(figures[kind]["smap"], figures[kind]["map"], kind)
        return CellValues(None, None, NONE)


def _days(texts: Sequence[str]) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromisoformat(text) for text in texts)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
