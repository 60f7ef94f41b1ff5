"""The kinds ``constant`` and ``table``: one value for the whole area, given or the mean of rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from deepsoil.channels import CHANNELS, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import units
from deepsoil.sources.point_tables import read_table
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.source import Ingestion, Map, Source
from deepsoil.sources.value_range import check_range


class _OneValue(Source):
    gives: ClassVar[tuple[Kind, ...]] = ("static",)

    unit: str

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        units.check(name, self.unit, CHANNELS[name].unit, f"{field}.unit")

    def read(self, ingestion: Ingestion, name: str) -> Map:
        field = f"channels.{name}"
        values = np.full(ingestion.window.shape, self.value_of(ingestion.files, field), np.float32)
        return check_range(name, units.convert(values, self.unit, CHANNELS[name].unit), field)

    def value_of(self, files: RecipeFiles, field: str) -> float:
        """The value in ``unit``."""
        raise NotImplementedError


class ConstantSource(_OneValue):
    kind: Literal["constant"]
    value: float

    def description(self) -> str:
        return "a constant"

    def value_of(self, files: RecipeFiles, field: str) -> float:
        return self.value


class TableSource(_OneValue):
    """The mean of a column of a table over the rows that match ``where``."""

    kind: Literal["table"]
    file: str
    column: str
    where: dict[str, float | str] = Field(default_factory=dict)

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield self.file, f"{field}.file"

    def value_of(self, files: RecipeFiles, field: str) -> float:
        return mean_of_rows(files.file(self.file, f"{field}.file"), self.column, self.where, field)


def mean_of_rows(path: Path, column: str, where: Mapping[str, float | str], field: str) -> float:
    """Mean of a column over the rows whose other columns have the given values.

    Raises DeepSoilError ``source_invalid`` for a missing column, and if no row is left.
    """
    table = read_table(path, field)
    for name in (column, *where):
        if name not in table.columns:
            raise DeepSoilError("source_invalid", "{file} has no column {column!r}.", "It has: {columns}.", field,
                                file=path.name, column=name, columns=", ".join(map(str, table.columns)))
    chosen = np.ones(len(table), bool)
    for name, value in where.items():
        chosen &= (table[name] == value).to_numpy()
    values = pd.to_numeric(table.loc[chosen, column], errors="coerce").dropna()
    if values.empty:
        conditions = ", ".join(f"{name} = {value}" for name, value in where.items())
        raise DeepSoilError("source_invalid", "{file} has no value of {column!r} where {conditions}.",
                            "Correct the conditions under `where`.", field,
                            file=path.name, column=column, conditions=conditions)
    return float(values.mean())
