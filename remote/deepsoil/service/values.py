"""Dates in parameters of methods, and numbers in their answers."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError


def parsed_day(name: str, text: str) -> dt.date:
    """The date that a parameter gives. DeepSoilError ``params_invalid``."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DeepSoilError("params_invalid", "'{text}' is not a date.", "Give it as YYYY-MM-DD.", name,
                            text=text) from error


def rounded(values: NDArray[np.floating], digits: int) -> list[float | None]:
    """Values (n,) for JSON; null where there is none, and no zero with a sign."""
    return [round(float(value), digits) + 0.0 if np.isfinite(value) else None for value in values]
