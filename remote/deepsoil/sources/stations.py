"""Station tables: a list of stations, and one file of readings for each → daily means with quality control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from deepsoil.errors import DeepSoilError
from deepsoil.sources import units
from deepsoil.sources.series import MINIMUM_SHARE, Quality, TimeAxis, daily, read_readings, read_table, spacing
from deepsoil.store.series import Stations

LOWEST_THETA, HIGHEST_THETA = 0.0, 0.65
"""m3/m3; a reading must be above the first and not above the second (no mineral soil holds more)."""


@dataclass(frozen=True)
class DepthColumns:
    """Where a file keeps a depth: the column of soil moisture and, if it has one, of soil temperature (degC)."""

    theta: str
    temperature: str | None = None


@dataclass(frozen=True)
class StationQuality:
    """A reading counts where the soil is warmer than ``warmer_than_c`` (frozen water is not measured) and the value
    is physical; a day counts with ``minimum_share`` of its readings."""

    nodata: tuple[float, ...] = ()
    minimum_share: float = MINIMUM_SHARE
    warmer_than_c: float = 1.0


@dataclass(frozen=True)
class StationList:
    """A table of stations and the names of its columns; ``network`` is a name for all of them."""

    path: Path
    id_column: str
    longitude_column: str
    latitude_column: str
    network: str
    title_column: str | None = None
    only: tuple[str, ...] = field(default=())


def read_list(stations: StationList, where: str) -> pd.DataFrame:
    """Rows with ``id``, ``title``, ``longitude``, ``latitude``. DeepSoilError ``source_invalid`` names what lacks."""
    table = read_table(stations.path, where)
    title = stations.title_column or stations.id_column
    for name in (stations.id_column, title, stations.longitude_column, stations.latitude_column):
        if name not in table.columns:
            raise DeepSoilError("source_invalid", f"{stations.path.name} has no column {name!r}.",
                                f"It has: {', '.join(map(str, table.columns))}.", where)
    rows = pd.DataFrame({"id": table[stations.id_column].astype(str), "title": table[title].astype(str),
                         "longitude": pd.to_numeric(table[stations.longitude_column], errors="coerce"),
                         "latitude": pd.to_numeric(table[stations.latitude_column], errors="coerce")})
    rows = rows.dropna(subset=["longitude", "latitude"])
    return rows[rows.id.isin(stations.only)] if stations.only else rows


def read_stations(stations: StationList, files: Mapping[str, Path], depths: Mapping[float, DepthColumns],
                  time: TimeAxis, unit: str, quality: StationQuality, where: str) -> Stations:
    """Daily means of all stations that have a file in ``files`` (id → path), over the days any of them has."""
    rows = [row for row in read_list(stations, where).itertuples() if row.id in files]
    if not rows:
        raise DeepSoilError("source_invalid", f"None of the stations of {stations.path.name} has a file.",
                            "Correct the pattern of the files, or the column of the ids.", where)
    moist: dict[tuple[int, int], pd.Series] = {}
    warm: dict[tuple[int, int], pd.Series] = {}
    for s, row in enumerate(rows):
        columns = [name for depth in depths.values() for name in (depth.theta, depth.temperature) if name]
        readings = read_readings(files[row.id], columns, time, where)
        for d, names in enumerate(depths.values()):
            moist[s, d], warm[s, d] = _days_of(readings, names, unit, quality)
    filled = [series for series in moist.values() if len(series)]
    if not filled:
        raise DeepSoilError("source_invalid", "No station has a single day of good readings.",
                            "Check the unit, the columns and the nodata values.", where)
    days = pd.date_range(min(s.index[0] for s in filled), max(s.index[-1] for s in filled), freq="D")
    shape = (len(rows), len(depths), len(days))
    theta, temperature = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    for place, series in moist.items():
        theta[place] = series.reindex(days).to_numpy(np.float32)
        temperature[place] = warm[place].reindex(days).to_numpy(np.float32)
    return Stations([row.id for row in rows], [row.title for row in rows], [stations.network] * len(rows),
                    np.array([row.longitude for row in rows]), np.array([row.latitude for row in rows]),
                    np.array(list(depths), np.float64), days.to_numpy().astype("datetime64[D]"), theta,
                    None if np.isnan(temperature).all() else temperature)


def _days_of(readings: pd.DataFrame, names: DepthColumns, unit: str,
             quality: StationQuality) -> tuple[pd.Series, pd.Series]:
    """Daily theta in m3/m3 and daily soil temperature in degC of one depth."""
    raw = readings[names.theta]
    raw = raw.mask(raw.isin(list(quality.nodata)))
    theta = pd.Series(units.convert(raw.to_numpy(), unit, "m3/m3"), index=raw.index)
    theta = theta.where((theta > LOWEST_THETA) & (theta <= HIGHEST_THETA))
    step = spacing(readings.index) if len(readings) > 1 else None
    checked = Quality(minimum_share=quality.minimum_share)
    nothing = pd.Series(dtype=np.float64, index=pd.DatetimeIndex([]))
    if names.temperature is None:
        return daily(theta, "mean", checked, step), nothing
    soil = readings[names.temperature]
    soil = soil.mask(soil.isin(list(quality.nodata)))
    theta = theta.where(soil > quality.warmer_than_c)
    return daily(theta, "mean", checked, step), daily(soil, "mean", checked, step)
