"""One value for the whole area: given, or the mean of rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources.series import read_table


def everywhere(value: float, window: Window) -> NDArray[np.float32]:
    """(H, W) of one value."""
    return np.full(window.shape, value, np.float32)


def mean_of_rows(path: Path, column: str, where: Mapping[str, float | str], field: str) -> float:
    """Mean of a column over the rows whose other columns have the given values.

    Raises DeepSoilError ``source_invalid`` for a column that is not there, and where no row is left.
    """
    table = read_table(path, field)
    for name in (column, *where):
        if name not in table.columns:
            raise DeepSoilError("source_invalid", "{name} has no column {name_2!r}.",
                                "It has: {map}.", field,
                                name=path.name, name_2=name, map=', '.join(map(str, table.columns)))
    chosen = np.ones(len(table), bool)
    for name, value in where.items():
        chosen &= (table[name] == value).to_numpy()
    values = pd.to_numeric(table.loc[chosen, column], errors="coerce").dropna()
    if values.empty:
        conditions = ", ".join(f"{name} = {value}" for name, value in where.items())
        raise DeepSoilError("source_invalid", "{name} has no value of {column!r} where {conditions}.",
                            "Correct the conditions under `where`.", field,
                            name=path.name, column=column, conditions=conditions)
    return float(values.mean())
