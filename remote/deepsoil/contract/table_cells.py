"""Texts in CSV tables: a spreadsheet shows them and never computes them. Pure.

A cell that begins with = + - @ or a tab is a formula to a spreadsheet, and where a semicolon separates columns so is
what follows one. Such a text gets an apostrophe in front, which spreadsheets take as "this is text". Numbers stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CELL_START_PATTERN = "(^|[;\t\r\n])(?=[ '\"]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])"
"""Before a formula: the beginning of the cell, or what separates columns somewhere. Signs also in full width."""
CELL_NUMBER_PATTERN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)"

_START, _NUMBER = re.compile(CELL_START_PATTERN), re.compile(CELL_NUMBER_PATTERN, re.ASCII)


def guarded(cell: object) -> object:
    """The cell as it is written: a text that could be a formula has an apostrophe in front, everything else stays."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _START.sub(r"\1'", cell)


def guarded_row(cells: Sequence[object]) -> list[object]:
    """Every cell of a row `guarded`."""
    return [guarded(cell) for cell in cells]
