"""The cells and numbers of a table that was typed, pasted from a spreadsheet, or read from a small file. Pure.

Columns are separated by tabs, semicolons or commas; with the first two, numbers may have a decimal comma.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable

Line = tuple[int, str]
"""Number in the text, counted from 1, and its characters."""


def lines_of(text: str) -> list[Line]:
    """The lines with anything but separators."""
    return [(number, line) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line.strip(" \t;,")]


def separator_of(line: str) -> str:
    """The sign between the columns of a table with this first line."""
    return next((sign for sign in "\t;," if sign in line), ";")


def cells_of(lines: Iterable[Line], separator: str) -> list[tuple[int, list[str]]]:
    """The number of each line with its cells."""
    return [(number, [cell.strip() for cell in next(csv.reader([line], delimiter=separator))])
            for number, line in lines]


def number(text: str, separator: str) -> float:
    """The number in a cell, a decimal comma taken for a point where no column ends with one; NaN for anything else."""
    if separator != "," and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
