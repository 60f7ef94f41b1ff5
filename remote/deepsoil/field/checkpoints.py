"""The days at whose end a simulated field keeps its state, and where the states are kept. Pure.

A state has the name of all that led to it (`MemberBatch.names`). So a past that has changed, a revised day of rain or
irrigation that is added, does not find the states after the change, and begins from the last one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.column_state import ColumnState
from deepsoil.store.series import Days

DENSE_DAYS, SPARSE_DAYS = 16, 128
NEAR_DAYS = 96
"""Before the first and the last day that are asked for: the leaves of the last weeks change with every new day, since
some members have them earlier than what was seen (`uncertainty.leaf_area`), and with every new map of NDVI."""


class States(Protocol):
    """Where states are kept by name."""

    def load(self, name: str, columns: int, values: int) -> ColumnState | None:
        """The state of so many columns of so many values; None where there is none, or none that can be used."""

    def save(self, states: Mapping[str, ColumnState]) -> None:
        """Keep states; where that is not possible, they are not kept."""


class NoStates:
    """Keeps nothing: every run begins from nothing."""

    def load(self, name: str, columns: int, values: int) -> ColumnState | None:
        return None

    def save(self, states: Mapping[str, ColumnState]) -> None:
        pass


def looked_for(dates: Days, first: int) -> NDArray[np.int64]:
    """Numbers of the days before ``first``, ascending, whose states may have been kept by a run of any period."""
    return np.flatnonzero((_numbers(dates) % DENSE_DAYS == 0) & (np.arange(dates.size) < first))


def to_keep(dates: Days, first: int) -> NDArray[np.int64]:
    """Numbers of the days, ascending, whose states a run keeps of which the results from day ``first`` on are wanted.
    """
    day = np.arange(dates.size)
    near = (day > dates.size - 1 - NEAR_DAYS) | ((day < first) & (day >= first - NEAR_DAYS))
    number = _numbers(dates)
    return np.flatnonzero((number % SPARSE_DAYS == 0) | (near & (number % DENSE_DAYS == 0)))


def _numbers(dates: Days) -> NDArray[np.int64]:
    return dates.astype("datetime64[D]").astype(np.int64)
