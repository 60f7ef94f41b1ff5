"""Why a watered field comes out too wet or too dry: one column at each station, its water known, two conductivities.

    deepsoil sample REGION --irrigation-logs logs.yaml
    python -m deepsoil.experiments.irrigated_columns REGION logs.yaml --start 2023-07-01 --end 2023-07-31

Of every station: the texture of its pixel, leaves by phenology and cover, the nearest weather. No draws, no reading.
"K0 and L" is what labels, training tables and the simulated field assume; "Ks" takes the unsaturated conductivity from
Ks with l = 0.5 instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import IrrigationLog
from deepsoil.depths import simulated_depths_cm
from deepsoil.evaluation.station_water import check_water, read_management
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.labels.column_weather import read_weather
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS, ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.irrigation import log_mm
from deepsoil.soil.land import Plant, land_forcing
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import GROUPS, group_lookup
from deepsoil.stations.screened import screened_stations
from deepsoil.store.store import Store

SPINUP_DAYS = 365
SETTINGS: Mapping[str, ColumnSettings] = {
    "K0 and L": LAND_SETTINGS, "Ks": replace(LAND_SETTINGS, matching_point=False),
    "SWIM3's curves, Ks": ColumnSettings(hydraulics="swim3", rain_hours=LAND_SETTINGS.rain_hours)}

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fields:
    """S stations: texture (S, 3) in per cent, cover, weather (S, T), water (S, T) in mm/day, θ (S, D, T) after quality
    control, NaN where there is none."""

    texture: Array
    plants: list[Plant]
    dates: NDArray[np.datetime64]
    latitudes: Array
    forcing: Forcing
    water: Array
    observed: Array


def fields_of(store: Store, logs: Mapping[str, IrrigationLog]) -> Fields:
    """The stations of a region; ``logs`` by id or name. Raises what `read_weather` and the store raise."""
    weather, (stations, _) = read_weather(store), screened_stations(store)
    latitude, longitude = (axis.ravel() for axis in np.meshgrid(weather.latitudes, weather.longitudes, indexing="ij"))
    places = [int(np.argmin((latitude - y) ** 2 + (longitude - x) ** 2))
              for x, y in zip(stations.longitudes, stations.latitudes, strict=True)]
    columns, rows = (np.floor(v).astype(int) for v in lonlat_to_pixel(stations.longitudes, stations.latitudes))
    pixels = [Window(int(c), int(r), 1, 1) for c, r in zip(columns, rows, strict=True)]
    texture = np.array([[float(store.read_static(name, pixel)[0, 0]) for name in ("sand", "silt", "clay")]
                        for pixel in pixels])
    groups = [group_lookup()[int(store.read_static("land_cover", pixel)[0, 0])] for pixel in pixels]
    water = np.zeros((len(places), weather.dates.size))
    for number, names in enumerate(zip(stations.ids, stations.names, strict=True)):
        for name in set(names) & set(logs):
            water[number] = log_mm(logs[name], weather.dates)
    observed = np.full((len(places), len(simulated_depths_cm()), weather.dates.size), np.nan)
    _, ours, theirs = np.intersect1d(weather.dates, stations.dates, return_indices=True)
    for level, depth in enumerate(simulated_depths_cm()):
        observed[:, level, ours] = stations.theta[:, int(np.abs(stations.depths_cm - depth).argmin())][:, theirs]
    of_stations = (values[places] for values in (weather.forcing.precipitation, weather.forcing.pet,
                                                 weather.forcing.temperature))
    return Fields(texture, [Plant(GROUPS[max(int(group), 0)]) for group in groups], weather.dates, latitude[places],
                  Forcing(*of_stations), water, observed)


def simulated(fields: Fields, settings: ColumnSettings, watered: bool) -> Array:
    """θ (S, D, T) of the stations' columns, with their water or without."""
    land = land_forcing(fields.plants, fields.forcing, fields.dates, fields.latitudes)
    result = simulate_columns(
        parameters(*fields.texture.T), land.forcing, np.arange(len(fields.plants)), transpiration_fraction=land.share,
        irrigation=land.water + (fields.water if watered else 0.0), root_depth_cm=land.roots_cm,
        depths_cm=simulated_depths_cm(), spinup_days=SPINUP_DAYS, settings=settings)
    return result.theta.astype(np.float64)


def table(fields: Fields, start: date, end: date) -> Tabular:
    """Bias and MAE of irrigated and of rainfed stations, mean of stations, between two days."""
    days = (fields.dates >= np.datetime64(start)) & (fields.dates <= np.datetime64(end))
    irrigated = fields.water.any(axis=1)
    cells: list[tuple[Cell, ...]] = []
    for name, settings in SETTINGS.items():
        for watered in (True, False):
            error = (simulated(fields, settings, watered) - fields.observed)[:, :, days]
            line: list[Cell] = [f"{name}, {'water of the log' if watered else 'no water'}"]
            for level in range(error.shape[1]):
                for group in (irrigated, ~irrigated):
                    line += [float(np.nanmean(np.nanmean(values, axis=1)))
                             for values in (error[group, level], np.abs(error[group, level]))]
            cells.append(tuple(line))
    heads = tuple(f"{group}, {depth:g} cm: {what}" for depth in simulated_depths_cm()
                  for group in ("irrigated", "rainfed") for what in ("bias", "MAE"))
    return Tabular(f"{int(irrigated.sum())} irrigated and {int((~irrigated).sum())} rainfed stations, m3/m3",
                   ("columns", *heads), cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", type=Path, help="store of a region with stations")
    parser.add_argument("logs", type=Path, help="YAML list of what was given (type: log)")
    parser.add_argument("--start", type=date.fromisoformat, required=True)
    parser.add_argument("--end", type=date.fromisoformat, required=True)
    arguments = parser.parse_args()
    store, entries = Store.open(arguments.region), read_management(arguments.logs)
    check_water(store, store.stations(), entries)
    logs = {entry.field: entry.irrigation for entry in entries
            if entry.field is not None and isinstance(entry.irrigation, IrrigationLog)}
    print(table(fields_of(store, logs), arguments.start, arguments.end).markdown())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
