"""What an evaluation asks of a method of prediction: θ at places over days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management, Rainfed

Step = Callable[[float, str], None]
"""(share done, message); what it raises ends the work."""


@dataclass(frozen=True)
class MadeBy:
    """What made the predictions: a model file, or ``soil columns`` with the version of the engine."""

    id: str
    version: str


@dataclass(frozen=True)
class Positions:
    """P places in degrees, and what is known of the water and crop of each."""

    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    managed: list[Management]

    def __len__(self) -> int:
        return len(self.managed)

    def said(self, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.int8]:
        """What is said of the water of these very places (P,), as `field.likeness.Said`."""
        assert np.array_equal(longitudes, self.longitudes) and np.array_equal(latitudes, self.latitudes)
        return np.array([0 if one.irrigation is None else -1 if isinstance(one.irrigation, Rainfed) else 1
                         for one in self.managed], np.int8)


class Background(Protocol):
    """A method of prediction, before any reading.

    depths_cm  what it is asked for, from the top down
    """

    depths_cm: list[int]

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        """The depths (D,) that `series` gives where readings lie at some depths, from the top down."""

    def made_by(self, depth_cm: int) -> MadeBy:
        """What predicts a depth."""

    def missing(self, depth_cm: int) -> list[str]:
        """Channels that the region lacks; known after `series`."""

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """θ and the half-width of its 90 % interval (P, D, days ``before`` and then ``days``).

        m³/m³, NaN without a value. Days before need no weather; where there is none, they have no value.
        """
