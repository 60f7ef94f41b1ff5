"""Small tables of results as Markdown for people and as CSV for programs. Pure except for ``write``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deepsoil.contract.table_cells import guarded_row

DIGITS = 4


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (n - 1) over ``count`` runs; the deviation of a single run is NaN."""

    mean: float
    deviation: float
    count: int


Cell = str | int | float | Spread | None


@dataclass(frozen=True)
class Tabular:
    """A table: ``head`` names the columns of every row; ``notes`` explain the figures."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()

    def markdown(self, digits: int = DIGITS) -> str:
        """Title, table and notes; missing numbers are a dash, spreads ``mean ± deviation``."""
        rows = [[_text(cell, digits) for cell in row] for row in self.rows]
        numeric = [all(not isinstance(row[i], str) for row in self.rows) for i in range(len(self.head))]
        lines = [f"**{self.title}**", "", _line(self.head), _line("---:" if right else "---" for right in numeric)]
        lines += [_line(row) for row in rows]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)]) + "\n"

    def csv(self) -> str:
        """Head and rows, numbers in full precision; a column with spreads becomes two, the second named ``…_sd``."""
        wide = [any(isinstance(row[i], Spread) for row in self.rows) for i in range(len(self.head))]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([name for column, both in zip(self.head, wide, strict=True)
                         for name in ((column, f"{column}_sd") if both else (column,))])
        for row in self.rows:
            writer.writerow(guarded_row([value for cell, both in zip(row, wide, strict=True)
                                         for value in _plain(cell, both)]))
        return text.getvalue()

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """``NAME.md`` and ``NAME.csv`` in an existing folder."""
        paths = folder / f"{name}.md", folder / f"{name}.csv"
        for path, text in zip(paths, (self.markdown(), self.csv()), strict=True):
            path.write_text(text, encoding="utf-8")
        return paths


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _text(cell: Cell, digits: int) -> str:
    if isinstance(cell, Spread):
        mean = _text(cell.mean, digits)
        return mean if math.isnan(cell.deviation) else f"{mean} ± {cell.deviation:.{digits}f}"
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return "–"
    if isinstance(cell, float):
        return f"{cell:.{digits}f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _plain(cell: Cell, both: bool) -> list[str]:
    values: list[Cell] = [cell.mean, cell.deviation] if isinstance(cell, Spread) else [cell, None]
    return [_number(value) for value in values[:2 if both else 1]]


def _number(value: Cell) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return repr(value) if isinstance(value, float) else str(value)
