"""Stations near a field: which are near, the tables that they become, and the recipe's entry for them.

The networks have this in common: ``ARCHIVE/stations.csv`` lists the stations that are near, ``ARCHIVE/LABEL.json`` says
what was fetched of some days ("2023", "2026-03"). Readings of a station in those days lie in
``ARCHIVE/ID_LABEL.csv.gz``, in UTC, m³/m³ and °C, one column a depth.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.table_cells import guarded_row
from deepsoil.grid import distance_km
from deepsoil.io import atomic, json_files

if TYPE_CHECKING:
    import pandas as pd

NEAR_KM = 50.0
"""As far as readings are used for a field (``stations.gathered.NEAR_KM``)."""
MOST_STATIONS = 5
DEPTHS_CM = (5, 10, 20, 50, 100)
"""Of SCAN, SNOTEL (2, 4, 8, 20 and 40 inches) and USCRN alike: public_data.md §9."""
TIME = "time_utc"
LEAST_READINGS = 24
"""A station with fewer readings of soil moisture in the whole period has no day to show."""

LIST = "stations.csv"
_DAYS_BEFORE_MAPS = 31
"""For which readings are fetched too: the first map may be compared with those of the days before it."""
_COLUMNS = ("id", "name", "network", "longitude", "latitude", "km", "zone", "key")


@dataclass(frozen=True)
class NearStation:
    """A station: its id in file names, its name, its network, its place, how far it is from the field.

    key    what the archive calls it
    zone   hours from UTC of its clock; 0 where the archive gives UTC
    """

    id: str
    key: str
    name: str
    network: str
    longitude: float
    latitude: float
    km: float = 0.0
    zone: float = 0.0


def away_km(box: Bounds, longitude: float, latitude: float) -> float:
    """Distance of a place from a box (west, south, east, north); 0 inside."""
    west, south, east, north = box
    return float(distance_km(longitude, latitude, np.clip(longitude, west, east), np.clip(latitude, south, north)))


def write_list(path: Path, stations: Sequence[NearStation]) -> None:
    """The list of stations as CSV, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in stations:
        writer.writerow(guarded_row((one.id, one.name, one.network, one.longitude, one.latitude, round(one.km, 1),
                                     one.zone, one.key)))
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, text.getvalue().encode("utf-8"))


def read_list(path: Path) -> list[NearStation]:
    """The stations of a list that `write_list` made."""
    with path.open(encoding="utf-8", newline="") as file:
        return [NearStation(row["id"], row["key"], row["name"], row["network"], float(row["longitude"]),
                            float(row["latitude"]), float(row["km"]), float(row["zone"]))
                for row in csv.DictReader(file)]


def pieces(archive: str, title: str, address: str, ask: Ask, bytes_a_year: int, first_size: int,
           stretches: Sequence[tuple[str, date, date]]) -> list[Piece]:
    """The pieces of a network of stations: its list, then one for each (label, first day, last day)."""
    near = {"near": list(ask.outline.bounds)}
    return [Piece(archive, f"{archive}/{LIST}", address, first_size, near)] + [
        Piece(archive, f"{archive}/{label}.json", address, round(bytes_a_year * ((end - start).days + 1) / 366),
              {**near, "start": start.isoformat(), "end": end.isoformat()}) for label, start, end in stretches]


def years(ask: Ask, title: str) -> list[tuple[str, date, date]]:
    """(label, first day, last day) of every calendar year of the days that are over. Raises ``archive_no_days``."""
    first, last = ask.from_maps(_DAYS_BEFORE_MAPS), min(ask.end, ask.today)
    if last < first:
        raise DeepSoilError("archive_no_days", "{archive} has nothing after {today}.", "Ask for days that are over.",
                            archive=title, today=ask.today)
    return [(str(year), max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
            for year in range(first.year, last.year + 1)]


def months(first: date, last: date) -> list[tuple[str, date, date]]:
    """(label, first day, last day) of every calendar month."""
    found = []
    while first <= last:
        ends = min(last, (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        found.append((f"{first:%Y-%m}", first, ends))
        first = ends + timedelta(days=1)
    return found


def column(depth_cm: float, quantity: str) -> str:
    """Name of a column of readings: ``theta_5`` or ``temperature_5``."""
    return f"{quantity}_{depth_cm:g}"


def of_days(readings: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """Readings from the beginning of the first UTC day to 12 hours after the last: days may end later (gridMET: 7)."""
    import pandas as pd  # slow to load, and a plan needs none of it

    return readings[(readings.index >= pd.Timestamp(start))
                    & (readings.index <= pd.Timestamp(end) + pd.Timedelta(hours=36))]


def write_readings(path: Path, readings: pd.DataFrame) -> dict[str, int]:
    """Readings over UTC times, whole or not at all; depth → how many of soil moisture there are, for a summary.

    Every file has the same columns, so that those of a station fit together.
    """
    wanted = [column(depth, quantity) for depth in DEPTHS_CM for quantity in ("theta", "temperature")]
    table = readings.reindex(columns=wanted).dropna(how="all").round(5)
    text = table.to_csv(index_label=TIME, date_format="%Y-%m-%dT%H:%M", lineterminator="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, gzip.compress(text.encode("utf-8"), mtime=0))
    return {f"{depth:g}": int(table[column(depth, "theta")].notna().sum()) for depth in DEPTHS_CM
            if column(depth, "theta") in readings}


def write_summary(path: Path, **said: Any) -> None:
    """The file that says what a piece brought, written after everything that it names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    json_files.write(path, said)


def entries(folder: Path, archive: str, network: str, got: Sequence[Got], stamp: str, none: str) -> Entries:
    """What the pieces of a network of stations, all fetched, mean for the recipe.

    stamp   "start" or "end": what the time of an hourly reading means
    none    what is told where no station has enough readings
    """
    notes = tuple(dict.fromkeys(note for one in got for note in one.notes))
    entry = _entry(folder, archive, network, [one.piece.name for one in got if one.piece.name.endswith(".json")], stamp)
    return Entries(notes=(*notes, none)) if entry is None else Entries(stations=entry, notes=notes)


def _entry(folder: Path, archive: str, network: str, summaries: Sequence[str], stamp: str) -> dict[str, Any] | None:
    """The recipe's ``stations`` part for what the ``LABEL.json`` files of ``folder`` say; None: too few readings."""
    counts: dict[str, dict[float, int]] = {}
    for name in summaries:
        for one in json_files.read(folder / name)["stations"]:
            known = counts.setdefault(one["id"], {})
            for depth, count in one["readings"].items():
                known[float(depth)] = known.get(float(depth), 0) + int(count)
    kept = [one for one, known in counts.items() if sum(known.values()) >= LEAST_READINGS]
    depths = sorted({depth for one in kept for depth, count in counts[one].items() if count})
    if not kept:
        return None
    return {"list": f"{archive}/{LIST}", "id": "id", "title": "name", "longitude": "longitude",
            "latitude": "latitude", "network": network, "network_column": "network",
            "files": f"{archive}/{{id}}_*.csv.gz", "only": kept,
            "time": {"column": TIME, "zone": "UTC", "stamp": stamp}, "unit": "m3/m3",
            "depths_cm": {depth: {"theta": column(depth, "theta"), "temperature": column(depth, "temperature")}
                          for depth in depths}}
