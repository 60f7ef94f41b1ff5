"""What the columns of a table of probes mean: by their names, by what is said of them, and what nobody has said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["percent", "m3m3"]
Role = Literal["time", "sensor", "longitude", "latitude", "depth"]
Order = Literal["ymd", "dmy", "mdy"]
Question = Literal["time", "value", "unit", "depth", "place", "zone", "order"]

UNITS: dict[Unit, float] = {"percent": 0.01, "m3m3": 1.0}
ROLES: tuple[Role, ...] = ("time", "sensor", "longitude", "latitude", "depth")

_NAMES: dict[Role, tuple[str, ...]] = {
    "time": ("date", "time", "datetime", "timestamp", "day", "date_time", "timestamp_utc"),
    "sensor": ("sensor", "probe", "station", "name", "id", "sensor_id", "logger"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "latitude": ("latitude", "lat"),
    "depth": ("depth_cm", "depth"),
}
_VALUE = ("theta", "vwc", "soil_moisture", "moisture", "value", "reading", "water_content")
_DEPTH_IN_NAME = re.compile(r"(\d+(?:[.,]\d+)?)\s*_?cm(?![a-z0-9])")


@dataclass(frozen=True)
class ProbeFile:
    """What the file itself may not say.

    unit        of its water contents
    place       of all its probes: longitude, latitude in degrees
    depth_cm    of all columns whose depth neither their name nor another column says
    sensor      name of the only probe; None: the file's name
    zone_min    minutes from UTC to the clock of times without a zone (-300: five hours behind); None: not said
    order       of the numbers of a date; None: year, month, day
    separator, decimal   of its cells and numbers; None: seen from the file
    columns     by role the number of a column from 0, None: there is no such column; roles left out go by name
    values      by number of column its depth in cm, None: see ``depth_cm``; None: water contents go by name
    """

    unit: Unit | None = None
    place: tuple[float, float] | None = None
    depth_cm: float | None = None
    sensor: str | None = None
    zone_min: int | None = None
    order: Order | None = None
    separator: str | None = None
    decimal: str | None = None
    columns: Mapping[Role, int | None] = field(default_factory=dict)
    values: Mapping[int, float | None] | None = None


@dataclass(frozen=True)
class ValueColumn:
    """A column of water contents: its number; its unit and depth in cm, None where nothing says it. ``named``: the unit
    that its name has."""

    number: int
    unit: Unit | None
    depth_cm: float | None
    named: Unit | None = None


@dataclass(frozen=True)
class Columns:
    """What each column is."""

    roles: Mapping[Role, int | None]
    values: Sequence[ValueColumn]


def columns_of(head: Sequence[str], given: ProbeFile) -> Columns:
    """What the columns of a table with these names are."""
    names = [name.lower() for name in head]
    roles: dict[Role, int | None] = {
        role: given.columns[role] if role in given.columns else
        next((n for n, name in enumerate(names) if _bare(name) in _NAMES[role]), None) for role in ROLES}
    if given.values is None:
        chosen: Mapping[int, float | None] = {n: None for n, name in enumerate(names) if _is_value(name)}
    else:
        chosen = given.values
    return Columns(roles, [_value_column(number, names[number], depth, roles["depth"], given)
                           for number, depth in chosen.items()])


def questions(columns: Columns, given: ProbeFile) -> list[Question]:
    """What of a table has to be said before it can be read, dates and times apart."""
    found: list[Question] = []
    if columns.roles["time"] is None:
        found.append("time")
    if not columns.values:
        found.append("value")
    if any(one.unit is None for one in columns.values):
        found.append("unit")
    if columns.roles["depth"] is None and any(one.depth_cm is None for one in columns.values):
        found.append("depth")
    if given.place is None and None in (columns.roles["longitude"], columns.roles["latitude"]):
        found.append("place")
    return found


def _value_column(number: int, name: str, said_depth: float | None, depth_column: int | None, given: ProbeFile,
                  ) -> ValueColumn:
    in_name = _DEPTH_IN_NAME.search(name)
    depth = float(in_name[1].replace(",", ".")) if in_name else None
    if said_depth is not None:
        depth = said_depth
    elif depth is None and depth_column is None:
        depth = given.depth_cm
    named: Unit | None = "percent" if "%" in name or "percent" in name or "pct" in name else \
        "m3m3" if re.search(r"m3.?m3|m³.?m|cm3.?cm3", name) else None
    return ValueColumn(number, named or given.unit, depth, named)


def _is_value(name: str) -> bool:
    bare = re.sub(r"_?(m3_?m3|m3/m3|percent|pct|%)$", "", _bare(name))
    return bare in _VALUE or bool(_DEPTH_IN_NAME.search(name) and _bare(name) not in _NAMES["depth"]
                                  and "temp" not in name)


def _bare(name: str) -> str:
    """A column's name without its unit in brackets."""
    return re.sub(r"\s*[\[(].*?[\])]\s*", "", name).strip().replace(" ", "_").replace("/", "_")
