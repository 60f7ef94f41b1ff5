"""Station tables: a list of stations, and one file of readings for each → daily means with quality control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import units
from deepsoil.sources.point_tables import TimeAxis, read_readings, read_table
from deepsoil.stations.daily_means import Place, SensorDays, StationQuality, assemble, sensor_days
from deepsoil.store.series import Stations

_WORDS: dict[str, bool | None] = {"yes": True, "true": True, "1": True, "1.0": True,
                                  "no": False, "false": False, "0": False, "0.0": False, "": None}


@dataclass(frozen=True)
class DepthColumns:
    """The columns of a depth in a file: soil moisture and, if any, soil temperature (degC)."""

    theta: str
    temperature: str | None = None


@dataclass(frozen=True)
class StationList:
    """A table of stations and the names of its columns; ``network`` is that of all for which
    ``network_column`` gives no other.
    """

    path: Path
    id_column: str
    longitude_column: str
    latitude_column: str
    network: str
    title_column: str | None = None
    only: tuple[str, ...] = field(default=())
    irrigated_column: str | None = None
    network_column: str | None = None


def read_list(stations: StationList, where: str) -> pd.DataFrame:
    """Rows with ``id``, ``title``, ``network``, ``longitude``, ``latitude``, ``irrigated`` (None where not known).

    Raises ``source_invalid`` naming what is missing.
    """
    table = read_table(stations.path, where)
    title = stations.title_column or stations.id_column
    wanted = (stations.id_column, title, stations.longitude_column, stations.latitude_column)
    for name in (*wanted, *filter(None, [stations.irrigated_column, stations.network_column])):
        if name not in table.columns:
            raise DeepSoilError("source_invalid", "{file} has no column {column!r}.",
                                "It has: {columns}.", where,
                                file=stations.path.name, column=name, columns=", ".join(map(str, table.columns)))
    rows = pd.DataFrame({"id": table[stations.id_column].astype(str), "title": table[title].astype(str),
                         "longitude": pd.to_numeric(table[stations.longitude_column], errors="coerce"),
                         "latitude": pd.to_numeric(table[stations.latitude_column], errors="coerce")})
    rows["network"] = (table[stations.network_column].fillna(stations.network).astype(str) if stations.network_column
                       else stations.network)
    words = list(table[stations.irrigated_column]) if stations.irrigated_column else [None] * len(table)
    rows["irrigated"] = pd.Series([_irrigated(word, stations, where) for word in words], table.index, dtype=object)
    rows = rows.dropna(subset=["longitude", "latitude"])
    return rows[rows.id.isin(stations.only)] if stations.only else rows


def read_stations(stations: StationList, files: Mapping[str, Sequence[Path]], depths: Mapping[float, DepthColumns],
                  time: TimeAxis, unit: str, quality: StationQuality, where: str) -> Stations:
    """Daily means of all stations that have a file in ``files`` (id → paths), over all days with data."""
    rows = [row for row in read_list(stations, where).itertuples() if row.id in files]
    if not rows:
        raise DeepSoilError("source_invalid", "None of the stations of {file} has a file.",
                            "Correct the pattern of the files, or the column of the ids.", where,
                            file=stations.path.name)
    sensors: dict[tuple[int, int], SensorDays] = {}
    for s, row in enumerate(rows):
        columns = [name for depth in depths.values() for name in (depth.theta, depth.temperature) if name]
        readings = _of_station(files[row.id], columns, time, where)
        readings = readings.mask(readings.isin(list(quality.nodata)))
        for d, names in enumerate(depths.values()):
            raw = readings[names.theta]
            theta = pd.Series(units.convert(raw.to_numpy(), unit, "m3/m3"), index=raw.index)
            soil = readings[names.temperature] if names.temperature else None
            sensors[s, d] = sensor_days(theta, soil, quality)
    places = [Place(row.id, row.title, row.network, row.longitude, row.latitude, row.irrigated) for row in rows]
    return assemble(places, list(depths), sensors, where, quality.day_ends_utc)


def _of_station(files: Sequence[Path], columns: Sequence[str], time: TimeAxis, where: str) -> pd.DataFrame:
    """The readings of all files of a station, by time; of a time in two files the one of the later file counts."""
    tables = [read_readings(path, columns, time, where) for path in files]
    if len(tables) == 1:
        return tables[0]
    whole = pd.concat(tables)
    return whole[~whole.index.duplicated(keep="last")].sort_index()


def _irrigated(word: object, stations: StationList, where: str) -> bool | None:
    text = "" if pd.isna(word) else str(word).strip().lower()  # type: ignore[call-overload]
    if text not in _WORDS:
        raise DeepSoilError("source_invalid", "{file}: '{word}' in column {column!r} is neither yes nor no.",
                            "Write yes, no, or nothing where it is not known.", where,
                            file=stations.path.name, word=word, column=stations.irrigated_column)
    return _WORDS[text]
