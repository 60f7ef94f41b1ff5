"""Reads APSIM's output: the SQLite database beside an `.apsimx` file, as arrays by simulation and day.

Documented form: a table ``Report`` (rows by CheckpointID, SimulationID and Clock.Today; arrays as columns counted
from 1, ``Soil.SoilWater.SW(4)``), ``_Simulations`` (ID, Name), ``_Messages`` and ``_Checkpoints``. Column names may
have another path or an alias: only their endings matter.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

Array = NDArray[np.float64]

FLUXES = {"rain": "rain", "runoff": "runoff", "drainage": "drainage", "evaporation": "es", "demand": "eos"}
_WATER = re.compile(r"(?:.*\.)?sw\((\d+)\)", re.IGNORECASE)
_TODAY = re.compile(r"(?:.*\.)?today|date", re.IGNORECASE)
_ERROR = 0  # MessageType of _Messages


@dataclass(frozen=True)
class Reports:
    """S simulations over T consecutive days from `start`.

    water (S, T, nodes): θ of SWIM3's nodes at the day's end, m³/m³, from SW(1) on. fluxes: mm/day (S, T) by the names
    of `FLUXES`, those that were reported. failed: simulation → APSIM's error message; they are not in names.
    """

    names: tuple[str, ...]
    start: date
    water: Array
    fluxes: dict[str, Array]
    failed: dict[str, str]

    @property
    def days(self) -> int:
        return self.water.shape[1]

    def from_day(self, first: date) -> Reports:
        """The days from `first` on, without the spin-up before it."""
        skip = max((first - self.start).days, 0)
        return Reports(self.names, self.start + timedelta(days=skip), self.water[:, skip:],
                       {name: values[:, skip:] for name, values in self.fluxes.items()}, self.failed)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise DeepSoilError("file_missing", "APSIM's report {name} is not there.",
                            "Run APSIM on the files first: deepsoil apsim run.",
                            name=path.name)
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield database
    except sqlite3.Error as error:
        raise DeepSoilError("bad_report", "{name} is not an APSIM report: {error}.",
                            "It may still be written; otherwise run APSIM again.",
                            name=path.name, error=error) from error
    finally:
        database.close()


def read_reports(
    path: Path, expected: Sequence[str] | None = None, last: date | None = None, table: str = "Report"
) -> Reports:
    """Read a report database.

    expected: the simulations that should exist (None: those found). last: the day a simulation must have
    reached (None: the last day of any). A simulation that is missing, short, or has missing values is in `failed`.

    Raises DeepSoilError ``file_missing`` and ``bad_report``.
    """
    with _opened(path) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type IN ('table','view')")}
        if "_Simulations" not in tables:
            raise DeepSoilError("bad_report", "{name} has no table _Simulations.", "Choose a report that APSIM has "
                                                                                   "written.",
                                name=path.name)
        known = dict(database.execute("SELECT ID, Name FROM _Simulations"))
        words = _errors(database, tables, known)
        names = tuple(known.values()) if expected is None else tuple(expected)
        if table not in tables:
            return _without_rows(path, names, words, table)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]
        nodes, fluxes, today = _columns(columns, path, table)
        wanted = [today, *nodes, *fluxes.values()]
        found = ", ".join(_quoted(name) for name in wanted)
        where = ""
        values: tuple[str, ...] = ()
        if "CheckpointID" in columns and "_Checkpoints" in tables:
            where, values = " WHERE CheckpointID IN (SELECT ID FROM _Checkpoints WHERE Name = ?)", ("Current",)
        query = f"SELECT SimulationID, {found} FROM {_quoted(table)}{where} ORDER BY SimulationID, {_quoted(today)}"
        series: dict[str, list[tuple[object, ...]]] = {}
        for identity, *row in database.execute(query, values):
            series.setdefault(known.get(identity, f"simulation {identity}"), []).append(tuple(row))
    return _arranged(path, names, series, len(nodes), list(fluxes), words, last)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(columns: list[str], path: Path, table: str) -> tuple[list[str], dict[str, str], str]:
    """Columns of the nodes in order, of the fluxes by their names here, and of the date."""
    numbered = {int(found[1]): name for name in columns if (found := _WATER.fullmatch(name))}
    if sorted(numbered) != list(range(1, len(numbered) + 1)) or not numbered:
        raise DeepSoilError("bad_report", "{name}: {table} has no water contents SW(1), SW(2), … of every node.",
                            "Add [Soil].SoilWater.SW to the report.",
                            name=path.name, table=table)
    today = next((name for name in columns if _TODAY.fullmatch(name)), None)
    if today is None:
        raise DeepSoilError("bad_report", "{name}: {table} has no column of the day.",
                            "Add [Clock].Today to the report.",
                            name=path.name, table=table)
    ends = {name.rsplit(".", 1)[-1].lower(): name for name in columns}
    fluxes = {ours: ends[theirs] for ours, theirs in FLUXES.items() if theirs in ends}
    return [numbered[number] for number in sorted(numbered)], fluxes, today


def _errors(database: sqlite3.Connection, tables: set[str], known: dict[int, str]) -> dict[str, str]:
    """APSIM's messages about failed simulations."""
    if "_Messages" not in tables:
        return {}
    words: dict[str, list[str]] = {}
    query = "SELECT SimulationID, Message FROM _Messages WHERE MessageType = ?"
    for identity, message in database.execute(query, (_ERROR,)):
        words.setdefault(known.get(identity, f"simulation {identity}"), []).append(str(message).strip())
    return {name: "\n".join(lines) for name, lines in words.items()}


def _without_rows(path: Path, names: Sequence[str], words: dict[str, str], table: str) -> Reports:
    said = "\n".join(f"{name}: {text}" for name, text in words.items())
    raise DeepSoilError("bad_report", "{name} has no table {table}: none of {count} simulations reported.",
                        "{value}",
                        name=path.name, table=table, count=len(names),
                        value=f"APSIM said: {said}" if said else "See what APSIM printed.")


def _arranged(
    path: Path,
    names: Sequence[str],
    series: dict[str, list[tuple[object, ...]]],
    nodes: int,
    fluxes: list[str],
    words: dict[str, str],
    last: date | None,
) -> Reports:
    dates = {name: [str(row[0])[:10] for row in rows] for name, rows in series.items()}
    start = min((days[0] for days in dates.values()), default="")
    final = last.isoformat() if last is not None else max((days[-1] for days in dates.values()), default="")
    failed: dict[str, str] = {}
    good: list[Array] = []
    kept: list[str] = []
    try:
        length = (date.fromisoformat(final) - date.fromisoformat(start)).days + 1
        calendar = [(date.fromisoformat(start) + timedelta(days=n)).isoformat() for n in range(length)]
    except ValueError as error:
        raise DeepSoilError("bad_report", "{name}: its days cannot be read: {error}.", "",
                            name=path.name, error=error) from error
    for name in names:
        if name not in series:
            failed[name] = words.get(name, "APSIM reported no day of it.")
            continue
        if dates[name][:length] != calendar:
            failed[name] = words.get(name, f"It does not have every day from {start} to {final}:"
                                           f" {len(dates[name])} days, the last {dates[name][-1]}.")
            continue
        values = np.array([row[1:] for row in series[name][:length]], np.float64)
        if not np.isfinite(values[:, :nodes]).all():
            failed[name] = words.get(name, "It has missing water contents.")
            continue
        good.append(values)
        kept.append(name)
    table = np.stack(good) if good else np.zeros((0, length, nodes + len(fluxes)))
    return Reports(tuple(kept), date.fromisoformat(start), table[:, :, :nodes],
                   {name: table[:, :, nodes + n] for n, name in enumerate(fluxes)}, failed)
