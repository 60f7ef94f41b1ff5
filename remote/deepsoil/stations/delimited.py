"""A CSV file → its rows, with the separator of its cells and the sign of its decimals. Not what they mean."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError

SEPARATORS = (";", "\t", ",")
DECIMALS = (".", ",")
LARGEST_FILE_BYTES = 50_000_000

_WITH = {sign: re.compile(rf"^\s*[+\-−]?\d+{re.escape(sign)}\d+\s*$") for sign in DECIMALS}


@dataclass(frozen=True)
class Table:
    """``head``: the names of the columns. ``rows``: those that are not empty, with their numbers in the file from 1.
    ``decimal``: the sign that its numbers have, a point where none has any.
    """

    name: str
    head: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str
    decimal: str


def read_table(path: Path, separator: str | None = None, decimal: str | None = None) -> Table:
    """The table of a file. What is not given is seen from it. DeepSoilError ``readings_invalid``."""
    text = _text(path)
    if separator is None:
        first = next((line for line in text.splitlines() if line.strip()), "")
        separator = max(SEPARATORS, key=first.count)
    rows = [(number, cells) for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=separator), 1)
            if any(cell.strip() for cell in cells)]
    if len(rows) < 2:
        raise wrong(path.name, "The file {file} has no rows of readings.",
                    "The first row names the columns, each other row is one time.")
    if decimal is None:
        counts = {sign: sum(bool(_WITH[sign].match(cell)) for _, cells in rows for cell in cells) for sign in DECIMALS}
        decimal = max(DECIMALS, key=lambda sign: counts[sign])
    return Table(path.name, [name.strip() for name in rows[0][1]], rows[1:], separator, decimal)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise wrong(path.name, "The file {file} cannot be read: {error}.", "Check the path.",
                    error=error.strerror or error) from error
    if len(data) > LARGEST_FILE_BYTES:
        raise wrong(path.name, "The file {file} is too large for readings.", "Give a shorter period.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def wrong(file: str, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    """The error of a file of readings."""
    return DeepSoilError("readings_invalid", message, hint, "options.readings", file=file, **values)
