"""What a file of own probes would give, before it is used: its columns, what has yet to be said, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.contract.strict import Strict
from deepsoil.stations.delimited import Table, read_table
from deepsoil.stations.probe_columns import Order, ProbeFile, Question, Role, Unit, columns_of, questions
from deepsoil.stations.probe_table import Found, check_columns, find_readings, needs_order, needs_zone

FIRST_ROWS = 12
MOST_REFUSED = 50
_LONGEST_CELL = 60

Depth = Annotated[float, Field(ge=0, le=150)]
Column = Annotated[int, Field(ge=0)]


class _Said(Strict):
    """`ProbeFile` as a document."""

    unit: Unit | None = None
    place: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]] | None = None
    depth_cm: Depth | None = None
    sensor: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    zone_min: Annotated[int, Field(ge=-14 * 60, le=14 * 60)] | None = None
    order: Order | None = None
    separator: Literal[",", ";", "\t"] | None = None
    decimal: Literal[".", ","] | None = None
    columns: dict[Role, Column | None] = Field(default_factory=dict)
    values: dict[Column, Depth | None] | None = None


def preview(path: str, said: dict[str, Any] | None) -> dict[str, Any]:
    """The answer of the method ``probe_table``. DeepSoilError ``readings_invalid``: no table, ``params_invalid``."""
    given = _given(said or {})
    table = read_table(Path(path), given.separator, given.decimal)
    columns = columns_of(table.head, given)
    named = [*(one.number for one in columns.values), *(n for n in columns.roles.values() if n is not None)]
    if any(number >= len(table.head) for number in named):
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            "said", name="said", expected="numbers of columns that the file has")
    asked: list[Question] = questions(columns, given)
    if columns.roles["time"] is not None:
        if given.order is None and needs_order(table, columns):
            asked.append("order")
        elif given.zone_min is None and needs_zone(table, columns, given.order):
            asked.append("zone")
    found, problem = _found(table, given, asked)
    return {
        "file": table.name, "head": table.head, "separator": table.separator, "decimal": table.decimal,
        "first": [[number, *(cell[:_LONGEST_CELL] for cell in cells)] for number, cells in table.rows[:FIRST_ROWS]],
        "rows": len(table.rows), "columns": dict(columns.roles),
        "values": [{"column": one.number, "depth_cm": one.depth_cm, "unit": one.unit, "named": one.named}
                   for one in columns.values],
        "asked": asked, "problem": None if problem is None else problem.to_dict(),
        "readings": [one.model_dump(mode="json") for one in found.readings], "missing": found.missing,
        "refused": [{"row": row, "error": error.to_dict()} for row, error in found.refused[:MOST_REFUSED]],
        "refused_count": len(found.refused)}


def _found(table: Table, given: ProbeFile, asked: list[Question]) -> tuple[Found, DeepSoilError | None]:
    """The readings, none while something is asked; and what is wrong with the file as a whole."""
    nothing = Found([], [], 0)
    if asked:
        return nothing, None
    columns = columns_of(table.head, given)
    try:
        check_columns(table, columns, given)
        return find_readings(table, columns, given), None
    except DeepSoilError as error:
        return nothing, error


def _given(said: dict[str, Any]) -> ProbeFile:
    try:
        parsed = _Said.model_validate_json(json.dumps(said))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            f"said.{where}", name=f"said.{where}", expected="as the contract says") from error
    return ProbeFile(**{name: getattr(parsed, name) for name in type(parsed).model_fields})

