"""The state of soil columns at the end of a day: all that the solver needs to go on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.integrate import RATE_VALUES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ColumnState:
    """Of N columns.

    values (N, 2 * nodes + RATE_VALUES): transformed suction and water content of the nodes, then the boundary fluxes
    and the length of the solver's last step; NaN for a column that failed. snow_mm (N,): water of the snow on it.
    """

    values: Array
    snow_mm: Array

    @staticmethod
    def values_of(nodes: int) -> int:
        """How many values a column of so many nodes has."""
        return 2 * nodes + RATE_VALUES

    def __len__(self) -> int:
        return len(self.snow_mm)

    def is_valid(self) -> NDArray[np.bool_]:
        """(N,) which columns have not failed."""
        return np.asarray(np.isfinite(self.values).all(axis=1))

    def select(self, some: NDArray[np.integer] | NDArray[np.bool_]) -> ColumnState:
        """Some of the columns."""
        return ColumnState(self.values[some], self.snow_mm[some])

    @classmethod
    def together(cls, parts: Sequence[ColumnState]) -> ColumnState:
        """The columns of all parts, one part after another."""
        return cls(np.concatenate([part.values for part in parts]), np.concatenate([part.snow_mm for part in parts]))
