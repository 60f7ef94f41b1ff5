"""Texts in CSV tables, as the engine writes them: a spreadsheet shows them and never computes them. Pure."""

from __future__ import annotations

import re
from typing import Any

from ..contract import CELL_NUMBER_PATTERN, CELL_START_PATTERN

_START, _NUMBER = re.compile(CELL_START_PATTERN), re.compile(CELL_NUMBER_PATTERN, re.ASCII)


def guarded(cell: Any) -> Any:
    """A text that could be a formula with an apostrophe in front; everything else as it is."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _START.sub(r"\1'", cell)
