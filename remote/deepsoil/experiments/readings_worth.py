"""What readings are worth at two real places: other stations, own ones some time ago, and 1 to 5 own ones long ago.

    python -m deepsoil.experiments.readings_worth --region build/stores/kings_creek \
        --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv [--output FOLDER]

First Kings Creek, 2023, every 12th day: the background is one column for each station that has seen no reading, and the
interpolation alone corrects it. Then both places: the ensemble of columns of one station, conditioned on its own
readings of an earlier time, scored at the sensor on the days after.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.conditioned import HeldOut, Known, Pool, conditioned
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.column_places import Place, region, uscrn
from deepsoil.experiments.column_skill import Variant, seen_at_stations, simulate
from deepsoil.experiments.place_arguments import at_two_places
from deepsoil.field import interval
from deepsoil.field.covariance import Places
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.ground import Columns
from deepsoil.field.interpolate import Readings, error_matrix, interpolate
from deepsoil.field.simulation import FieldModel
from deepsoil.field.smoother import condition
from deepsoil.field.uncertainty import draw
from deepsoil.grid import KM_PER_DEGREE
from deepsoil.soil.column_settings import LAND_SETTINGS
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.store import Store

Array = NDArray[np.float64]

DEPTHS_CM = (5.0, 20.0)
COUNTS = (1, 3, 5)
MEMBERS, SEED, DRAWS = 32, 0, 3
EVERY_DAYS, STATIONS_APART = 12, 3
USCRN_DAYS = 1200

_SETTINGS = ErrorSettings()
_UNKNOWN = np.full(1, np.nan)
_NOWHERE = Places(np.zeros(1), np.zeros(1), _UNKNOWN, _UNKNOWN, np.zeros(1, np.int64), np.zeros(1, bool))


def by_others(store: Store, place: Place) -> Tabular:
    """MAE at 5 and 20 cm of what readings of other stations and own ones of a week ago make of a column, beside what
    they say without a column."""
    stations = store.stations()
    middle = float(stations.latitudes.mean())
    x_km = KM_PER_DEGREE * np.cos(np.radians(middle)) * (stations.longitudes - stations.longitudes.mean())
    count = len(stations)
    unknown = np.full(count, np.nan)
    places = Places(x_km, KM_PER_DEGREE * (stations.latitudes - middle), unknown, unknown, np.zeros(count, np.int64),
                    np.zeros(count, bool))
    record, background = place.observed, simulate(place, Variant(settings=LAND_SETTINGS))
    days = place.dates.astype("datetime64[D]").astype(np.int64)
    scored = np.flatnonzero(place.dates >= np.datetime64("2023-01-01"))[::EVERY_DAYS]
    targets = np.zeros((count, len(days)), bool)
    targets[:, scored] = True

    def row(name: str, predicted: Array) -> tuple[Cell, ...]:
        error = np.abs(predicted - record)[:, :, scored]
        of_station = np.nanmean(error, axis=2)
        return (name, *(float(np.nanmean(error[:, d])) for d in range(2)),
                *(float(np.nanmax(of_station[:, d])) for d in range(2)))

    distance = places.distances_km(places)
    np.fill_diagonal(distance, np.inf)
    others = np.stack([np.nanmean(np.delete(record, s, 0), axis=0) for s in range(count)])
    week, change = _later(record), others - _later(others)
    rows = [row("column, no reading", background), row("nearest station alone", record[distance.argmin(1)]),
            row("mean of the nine others", others), row("own reading a week old", week),
            row("own reading a week old, plus the mean change of the others", week + change)]
    depths, noise = _SETTINGS.depth_correlation(np.array(DEPTHS_CM)), _SETTINGS.sensors.noise
    pool = Pool.of_stations(record, background, days, places, noise)
    held = HeldOut(np.arange(count), np.arange(record[..., 0].size).reshape(count, -1), background, days, targets)
    for name, known in (("column and nearest station", Known(1)), ("column and nine others", Known()),
                        ("column and own readings at least a week old", Known(0, 7)),
                        ("column, nine others, own readings at least a week old", Known(None, 7))):
        rows.append(row(name, conditioned(pool, held, depths, _SETTINGS, known).at_sensor))
    return Tabular(f"{place.title}, 2023, every {EVERY_DAYS}th day: MAE at the sensor, m3/m3",
                   ("what is known", "5 cm", "20 cm", "worst station, 5 cm", "worst station, 20 cm"), rows)


def _later(values: Array, days: int = 7) -> Array:
    """Values of some days before."""
    return np.concatenate([np.full((*values.shape[:2], days), np.nan), values[:, :, :-days]], axis=2)


def by_own(place: Place, stations: range, first: int, last: int, until: int) -> Tabular:
    """MAE of the days up to ``until`` after 1, 3 and 5 own readings drawn from the days ``first`` to ``last``, and the
    share of readings within the 90 % interval of the ensemble with its mean half-width."""
    rows: list[tuple[Cell, ...]] = []
    for count in COUNTS:
        found = []
        for station in stations:
            rng = np.random.default_rng(SEED + station)
            model, good = model_of(place, station), np.flatnonzero(np.isfinite(place.observed[station]).all(0))
            good = good[(good >= first) & (good < last)]
            for _ in range(DRAWS if len(stations) == 1 else 1):
                if good.size > count:
                    found.append(_trial(model, place.observed[station],
                                        np.sort(rng.choice(good, count, replace=False)), until))
        rows.append((count, *np.nanmean(found, axis=0).tolist()))
    heads = [f"{what}, {depth:g} cm" for what in ("no reading", "interpolation alone", "ensemble", "both")
             for depth in DEPTHS_CM]
    return Tabular(f"{place.title}: own readings of an earlier time, MAE at the sensor, m3/m3",
                   ("readings", *heads, "covered before", "covered after", "half-width before", "half-width after"),
                   rows)


def first_days(place: Place, count: int = USCRN_DAYS) -> Place:
    """The first days of a long record."""
    return replace(place, dates=place.dates[:count], observed=place.observed[..., :count],
                   forcing=place.forcing.on_days(np.arange(count)))


def model_of(place: Place, station: int) -> FieldModel:
    """The simulated field of one station's column, with the leaves that were seen there."""
    seen = seen_at_stations(place)[[station]] if place.sightings[station][0].size else None
    columns = Columns(place.texture[[station]], np.array([GROUPS.index(place.groups[station])]), np.zeros(1, bool),
                      np.zeros(1, np.int64), np.zeros(1), np.array([place.latitude]))
    return FieldModel(columns, place.dates, place.forcing, DEPTHS_CM, place.dates[0], seen=seen)


def _trial(model: FieldModel, record: Array, used: NDArray[np.int64], until: int) -> list[float]:
    depth, day = (axis.ravel() for axis in np.meshgrid([0, 1], used, indexing="ij"))
    correlation = _SETTINGS.depth_correlation(np.array(DEPTHS_CM))
    readings = Readings(record[depth, day], _NOWHERE, np.zeros(depth.size, np.int64), day, depth, np.eye(2)[depth],
                        np.full(depth.size, _SETTINGS.sensors.noise))

    def shown(ensemble: Ensemble) -> Array:
        return ensemble.theta[:, 0][:, depth, day].astype(np.float64)

    scored = np.arange(used[-1] + 1, until)[::EVERY_DAYS // 2]
    z = draw(MEMBERS, SEED)
    before = model.run(z)
    error = error_matrix(readings, np.nanmean(shown(before), axis=0), _SETTINGS.covariance, correlation,
                         _SETTINGS.sensors)
    after = model.run(condition(model, z, shown, readings.theta, error).z)
    maes, covers, widths = [], [], []
    for ensemble in (before, after):
        mean = interval.mean(ensemble.theta, ensemble.weights)[0]
        lower, upper = (one[0] for one in interval.bounds(ensemble.theta, ensemble.weights))
        solved = interpolate(readings, mean[depth, day], _SETTINGS.covariance, correlation, _SETTINGS.sensors)
        moved = np.array([[mean[d, t] + sum(solved.at_sensor(d, float(mean[d, t]), 0, d, int(t))) for t in scored]
                          for d in range(2)])
        truth, there = record[:, scored], np.isfinite(record[:, scored])
        maes += [np.nanmean(np.abs(one - truth), axis=1) for one in (mean[:, scored], moved)]
        half = (upper - lower)[:, scored] / 2
        covers.append(float((np.abs(moved - truth) <= half)[there].mean()))
        widths.append(float(half[there].mean()))
    return [*maes[0], *maes[1], *maes[2], *maes[3], *covers, *widths]


def main() -> int:
    arguments = at_two_places(__doc__).parse_args()
    store = Store.open(arguments.region)
    first = region(store)
    second = uscrn(arguments.uscrn, first.texture[0])
    short = first_days(second)
    year = int((np.datetime64("2023-01-01") - first.dates[0]).astype(int))
    tables = (lambda: by_others(store, first),
              lambda: by_own(first, range(0, len(first.names), STATIONS_APART), year - 270, year, len(first.dates)),
              lambda: by_own(short, range(1), 250, 700, USCRN_DAYS))
    for number, make in enumerate(tables, 1):
        table = make()
        print(f"\n{table.markdown()}", flush=True)
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            table.write(arguments.output, f"readings_worth_{number}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
