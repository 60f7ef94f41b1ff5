"""The days for which a region has what a network needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window

if TYPE_CHECKING:
    from deepsoil.inputs.stack import Stack


def known_days(stack: Stack, column: int, row: int, days: Sequence[date]) -> list[int]:
    """The indices of the days with weather at a pixel."""
    found = []
    for number, day in enumerate(days):
        try:
            stack.read(day, Window(column, row, 1, 1))
        except DeepSoilError:
            continue
        found.append(number)
    return found
