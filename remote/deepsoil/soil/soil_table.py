"""A table of measured soil layers, from a file or a spreadsheet, as what a request says of the soil. Pure.

Columns are the names of ``contract.measured_soil.SoilLayer``, separated as `pasted_table` says. Other columns are
passed over, and an empty cell is what was not measured.
"""

from __future__ import annotations

import math
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.measured_soil import MOST_LAYERS, SoilLayer, check_soil
from deepsoil.contract.options import PredictOptions
from deepsoil.contract.specification import parse_options
from deepsoil.soil.pasted_table import cells_of, lines_of, number, separator_of

LARGEST_TEXT = 100_000
"""Characters."""


def read_soil(text: str) -> list[dict[str, Any]]:
    """The layers in a table, as JSON. DeepSoilError ``soil_table_invalid`` with the line and what would be right."""
    if len(text) > LARGEST_TEXT:
        raise _table_error("The soil table is longer than {most:,} characters.", "Give the layers alone.",
                           most=LARGEST_TEXT)
    lines = lines_of(text)
    if not lines:
        raise _table_error("The soil table is empty.", "Give a line for each layer under a line of names.")
    separator = separator_of(lines[0][1])
    rows = cells_of(lines, separator)
    names = [name.lower() for name in rows[0][1]]
    lacking = [name for name in ("top_cm", "bottom_cm") if name not in names]
    if lacking:
        raise _table_error("The first line of the soil table does not name {lacking}.",
                           "It may name: {known}.", lacking=" and ".join(lacking),
                           known=", ".join(SoilLayer.model_fields))
    if len(rows) == 1 or len(rows) - 1 > MOST_LAYERS:
        raise _table_error("The soil table has {count} layers.", "Give 1 to {most}.", count=len(rows) - 1,
                           most=MOST_LAYERS)
    return [_layer(line, dict(zip(names, cells, strict=False)), separator) for line, cells in rows[1:]]


def checked_soil(text: str) -> list[dict[str, Any]]:
    """`read_soil` of a table whose layers can be a soil. DeepSoilError ``specification_invalid`` where they cannot."""
    layers = read_soil(text)
    options = parse_options("predict", {"method": "column", "management": [{"soil": layers}]})
    assert isinstance(options, PredictOptions)
    check_soil(options.management[0].soil or (), "soil")
    return layers


def _layer(line: int, cells: dict[str, str], separator: str) -> dict[str, Any]:
    return {name: _number(line, name, cells[name], separator)
            for name in SoilLayer.model_fields if cells.get(name, "") != ""}


def _number(line: int, name: str, text: str, separator: str) -> float:
    value = number(text, separator)
    if math.isnan(value):
        raise _table_error("Line {line} of the soil table: '{text}' is not a number for {name}.",
                           "Leave the cell empty where nothing was measured.", line=line, text=text[:40], name=name)
    return value


def _table_error(message: str, hint: str, /, **values: object) -> DeepSoilError:
    return DeepSoilError("soil_table_invalid", message, hint, "soil", **values)
