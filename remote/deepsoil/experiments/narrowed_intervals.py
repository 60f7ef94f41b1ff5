"""How often readings lie inside the intervals that other readings have narrowed, at stations that are held out.

    python -m deepsoil.experiments.narrowed_intervals REGION --start 2023-07-01 --end 2023-07-31 [--every 3]
        [--method network] [--management logs.yaml] [--output FOLDER]

Each station is predicted as `deepsoil evaluate` predicts it: from readings of the day and before, and from its own only
where the row says so. The interval is that of the map there, round the map's value, as a prediction publishes it for
networks. The soil columns are corrected by the interpolation alone; a map by columns moves its ensemble too.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management, management_of
from deepsoil.evaluation.background import Background, Positions
from deepsoil.evaluation.columns import SoilColumns
from deepsoil.evaluation.conditioned import HeldOut, Known, Pool, conditioned
from deepsoil.evaluation.coverage import covered_share
from deepsoil.evaluation.networks import Networks
from deepsoil.evaluation.station_water import check_water, read_management
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import OLDEST_DAYS
from deepsoil.field.likeness import places_at
from deepsoil.home import home
from deepsoil.models.library import Library
from deepsoil.stations.nearest import on_days
from deepsoil.stations.screened import screened_stations
from deepsoil.store.store import Store

DEPTHS_CM = (5, 20)

Values = NDArray[np.float32]


def cases(first: int) -> Mapping[str, Known]:
    """What is known, by title; own readings are counted from the day ``first``."""
    weekly = {"own_days": 1, "own_every": 7, "own_from": first}
    return {"no reading": Known(0), "nearest other station": Known(1), "all other stations": Known(),
            "own reading a week": Known(0, **weekly), "all others, own reading a week": Known(None, **weekly)}


def table(store: Store, method: Background, days: Sequence[date], every: int, management: Sequence[Management] = (),
          ) -> Tabular:
    """MAE of the map, share of station days inside its interval (mean of stations, of irrigated ones, the worst
    station) and mean half-width, at 5 and 20 cm. Scored is one in ``every`` of the days. Raises what the method raises.
    """
    stations, _ = screened_stations(store)
    check_water(store, stations, management)
    at = Positions(stations.longitudes, stations.latitudes,
                   [management_of(management, *names) for names in zip(stations.ids, stations.names, strict=True)])
    before = [days[0] - timedelta(days=age) for age in range(OLDEST_DAYS, 0, -1)]
    every_day = np.array([*before, *days], "datetime64[D]")
    numbers, period = every_day.astype(np.int64), slice(len(before), None)
    levels = tuple(float(depth) for depth in DEPTHS_CM)
    theta, half_width = method.series(at, days, levels, lambda share, message: None, before=before)
    record = np.stack([on_days(stations.theta[:, int(np.abs(stations.depths_cm - depth).argmin())], stations.dates,
                               every_day) for depth in levels], axis=1)
    settings, count = ErrorSettings(), len(stations)
    origin = float(stations.longitudes.mean()), float(stations.latitudes.mean())
    places = places_at(store, stations.longitudes, stations.latitudes, origin, at.said)
    own = theta[..., period].astype(np.float64)
    scored = np.arange(len(days)) % every == 0
    held = HeldOut(np.arange(count), np.arange(count * len(levels)).reshape(count, -1), own, numbers[period],
                   np.isfinite(own).any(axis=1) & scored, half_width[..., period].astype(np.float64))
    pool = Pool.of_stations(record.astype(np.float64), theta.astype(np.float64), numbers, places,
                            settings.sensors.noise)
    observed = np.where(scored, record[..., period], np.nan)
    irrigated = np.array([bool(one) for one in stations.irrigated or [None] * count])
    rows: list[tuple[Cell, ...]] = []
    for title, known in cases(int(numbers[period][0])).items():
        found = conditioned(pool, held, settings.depth_correlation(np.array(levels)), settings, known, doubt=True)
        width = (half_width[..., period] * found.left).astype(np.float32)
        rows.append((title, *_row(observed, found.at_place.astype(np.float32), width, irrigated)))
    heads = tuple(f"{what}, {depth} cm" for what in ("MAE", "inside", "inside, irrigated", "inside, worst station",
                                                     "half-width") for depth in DEPTHS_CM)
    return Tabular(f"{store.title}, {days[0]} to {days[-1]}, one day in {every}: {count} stations, of them "
                   f"{int(irrigated.sum())} irrigated; m3/m3 and shares", ("what is known", *heads), rows)


def _row(observed: Values, predicted: Values, half_width: Values, irrigated: NDArray[np.bool_]) -> list[Cell]:
    error = np.abs(predicted - observed)
    cells: list[Cell] = []
    shares = [covered_share(observed[:, level], predicted[:, level], half_width[:, level])
              for level in range(len(DEPTHS_CM))]
    cells += [float(np.nanmean(error[:, level])) for level in range(len(DEPTHS_CM))]
    cells += [float(np.nanmean(share)) for share in shares]
    cells += [float(np.nanmean(share[irrigated])) if irrigated.any() else "" for share in shares]
    cells += [float(np.nanmin(share)) for share in shares]
    cells += [float(half_width[:, level][np.isfinite(error[:, level])].mean()) for level in range(len(DEPTHS_CM))]
    return cells


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", type=Path, help="store of a region with stations")
    parser.add_argument("--start", type=date.fromisoformat, required=True)
    parser.add_argument("--end", type=date.fromisoformat, required=True)
    parser.add_argument("--every", type=int, default=1, metavar="DAYS", help="score one day in so many (default: 1)")
    parser.add_argument("--method", choices=("network", "column"), default="column")
    parser.add_argument("--management", type=Path, help="YAML list of the water of stations")
    parser.add_argument("--output", type=Path, help="folder for the table")
    arguments = parser.parse_args()
    store = Store.open(arguments.region)
    method: Background = SoilColumns(store, DEPTHS_CM) if arguments.method == "column" else Networks(
        store, {depth: Library(home()).find(depth) for depth in DEPTHS_CM}, "carry")
    days = [arguments.start + timedelta(days=number) for number in range((arguments.end - arguments.start).days + 1)]
    made = table(store, method, days, arguments.every,
                 read_management(arguments.management) if arguments.management else ())
    print(made.markdown())
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        made.write(arguments.output, "narrowed_intervals")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
