"""Why watered fields of the sample region come out too wet: parts of the truth put into one column at each station.

    deepsoil sample REGION --irrigation-logs logs.yaml
    python -m deepsoil.bench.irrigated_causes REGION logs.yaml --start 2023-07-01 --end 2023-07-31

As `deepsoil.experiments.irrigated_columns`, which has the columns without the truth. "Measured" are points of the true
curve, as a user would give them; the last row is the truth itself against its own sensors, below which nobody gets
without a reading. No benchmark: nothing is timed.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import IrrigationLog
from deepsoil.depths import simulated_depths_cm
from deepsoil.evaluation.station_water import check_water, read_management
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.irrigated_columns import SPINUP_DAYS, Fields, fields_of
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.sample.columns import soils_of_series
from deepsoil.sample.differences import USUAL
from deepsoil.sample.soils import SERIES
from deepsoil.sample.truth import Truth
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS, ColumnSettings
from deepsoil.soil.land import land_forcing
from deepsoil.soil.measured_retention import MeasuredRetention, parameters_or_texture
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store

Array = NDArray[np.float64]

_SAME = 1e-6  # m³/m³, between the saturation in the store and that of the curves made anew
_USUAL_SEED = 0


def truth_of(store: Store, fields: Fields) -> tuple[VanGenuchten, Array, Array]:
    """True curves (S,) of the stations' soils, their texture (S, 3) in per cent, and true θ (S, D, T).

    DeepSoilError ``truth_missing``: no sample region, or one with another seed or other differences.
    """
    truth, stations = Truth.open(store), store.stations()
    columns, rows = (np.floor(v).astype(int) for v in lonlat_to_pixel(stations.longitudes, stations.latitudes))
    saturated = np.array([float(truth.saturation()[truth.column_index(Window(int(c), int(r), 1, 1))[0, 0]])
                          for c, r in zip(columns, rows, strict=True)])
    legend = soils_of_series(USUAL, _USUAL_SEED)
    apart = np.abs(legend.theta_s[None, :] - saturated[:, None])
    if apart.min(axis=1).max() > _SAME:
        raise DeepSoilError("truth_missing", "The soil curves of the region {title!r} are not known.",
                            "Build it with `deepsoil sample DIR`, without other options.", "region", title=store.title)
    series = apart.argmin(axis=1)
    texture = np.array([[getattr(SERIES[one], name) for name in ("sand", "silt", "clay")] for one in series])
    found = np.full(fields.observed.shape, np.nan)
    _, ours, theirs = np.intersect1d(fields.dates, truth.dates, return_indices=True)
    for level, depth in enumerate(simulated_depths_cm()):
        for number, (column, row) in enumerate(zip(columns, rows, strict=True)):
            found[number, level, ours] = truth.series(depth, int(column), int(row))[theirs]
    return legend[series], texture, found


def soils_of(texture: Array, true: VanGenuchten, true_texture: Array,
             ) -> Mapping[str, tuple[VanGenuchten, ColumnSettings]]:
    """Soils (S,) and settings by row: from nothing known of the truth to all of its soil."""
    unknown, (sand, silt, clay) = np.full(len(texture), np.nan), texture.T
    capacity, wilting = theta(DUL_SUCTION_CM, true), theta(LL15_SUCTION_CM, true)

    def measured(capacity: Array = unknown, wilting: Array = unknown, full: Array = unknown) -> VanGenuchten:
        return parameters_or_texture(sand, silt, clay, MeasuredRetention(capacity, wilting, full))

    swim3 = ColumnSettings(hydraulics="swim3", rain_hours=USUAL.rain_hours)
    return {
        "soil of the map": (parameters(*texture.T), LAND_SETTINGS),
        "true texture": (parameters(*true_texture.T), LAND_SETTINGS),
        "measured field capacity": (measured(capacity), LAND_SETTINGS),
        "measured field capacity, wilting point": (measured(capacity, wilting), LAND_SETTINGS),
        "measured saturation": (measured(full=true.theta_s), LAND_SETTINGS),
        "all three measured": (measured(capacity, wilting, true.theta_s), LAND_SETTINGS),
        "true curves, K0 and L": (true, LAND_SETTINGS),
        "true curves, Ks": (true, replace(LAND_SETTINGS, matching_point=False)),
        "true curves and conductivity (SWIM3)": (true, swim3),
    }


def table(store: Store, fields: Fields, start: date, end: date) -> Tabular:
    """Bias and MAE of irrigated and of rainfed stations under their true water, and what irrigated ones drain and lose
    as runoff (mm in the period), mean of stations."""
    days = (fields.dates >= np.datetime64(start)) & (fields.dates <= np.datetime64(end))
    irrigated = np.asarray(fields.water.any(axis=1), np.bool_)
    true, true_texture, moisture = truth_of(store, fields)
    land = land_forcing(fields.plants, fields.forcing, fields.dates, fields.latitudes)
    cells: list[tuple[Cell, ...]] = []
    for name, (soils, settings) in soils_of(fields.texture, true, true_texture).items():
        result = simulate_columns(
            soils, land.forcing, np.arange(len(fields.plants)), irrigation=land.water + fields.water,
            transpiration_fraction=land.share, root_depth_cm=land.roots_cm, settings=settings,
            depths_cm=simulated_depths_cm(), spinup_days=SPINUP_DAYS)
        water = [float(flux[irrigated][:, days].sum(axis=1).mean()) for flux in (result.drainage, result.runoff)]
        cells.append((name, *_errors(result.theta - fields.observed, days, irrigated), *water))
    cells.append(("the truth itself", *_errors(moisture - fields.observed, days, irrigated), "", ""))
    heads = tuple(f"{group}, {depth:g} cm: {what}" for depth in simulated_depths_cm()
                  for group in ("irrigated", "rainfed") for what in ("bias", "MAE"))
    return Tabular(f"{int(irrigated.sum())} irrigated and {int((~irrigated).sum())} rainfed stations, m3/m3; mm",
                   ("what is known of the soil", *heads, "drainage, irrigated", "runoff, irrigated"), cells)


def _errors(error: Array, days: NDArray[np.bool_], irrigated: NDArray[np.bool_]) -> list[Cell]:
    line: list[Cell] = []
    for level in range(error.shape[1]):
        for group in (irrigated, ~irrigated):
            line += [float(np.nanmean(np.nanmean(values, axis=1)))
                     for values in (error[group, level][:, days], np.abs(error[group, level][:, days]))]
    return line


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", type=Path, help="store of the sample region")
    parser.add_argument("logs", type=Path, help="YAML list of what was given (type: log)")
    parser.add_argument("--start", type=date.fromisoformat, required=True)
    parser.add_argument("--end", type=date.fromisoformat, required=True)
    arguments = parser.parse_args()
    store, entries = Store.open(arguments.region), read_management(arguments.logs)
    check_water(store, store.stations(), entries)
    logs = {entry.field: entry.irrigation for entry in entries
            if entry.field is not None and isinstance(entry.irrigation, IrrigationLog)}
    print(table(store, fields_of(store, logs), arguments.start, arguments.end).markdown())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
