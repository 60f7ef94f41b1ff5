"""Do the hours of the rain, the melt factor or sublimation change what soil columns say of a day?

    python -m deepsoil.experiments.rain_and_snow --region build/stores/kings_creek \
        --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv \
        --gauge ../shared/data/kings_creek/weather/ashland_bottoms_local_time.csv.gz [--output FOLDER]

Hours: Richards' equation does not ask for the unit of time, so the columns are run hour by hour with conductivities per
hour. At Kings Creek a day's rain is spread by the gauge's own hours; at USCRN, whose table is daily, by those of a day
of that gauge with about as much rain (drawn, seed 0). Snow: the store of `soil.forcing` with another melt factor, and
with a part of PET that leaves from the snow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.column_places import Place, region, uscrn
from deepsoil.experiments.column_skill import median_scores
from deepsoil.experiments.place_arguments import at_two_places
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS
from deepsoil.soil.forcing import MELT_MM_PER_DEGREE_DAY, Forcing, rain_share, spinup_days
from deepsoil.soil.land import LandForcing, Plant, land_forcing
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store

Array = NDArray[np.float64]

SPINUP_DAYS = 365
HOURS = 24
COLD_MONTHS = (12, 1, 2, 3)
_UTC_AFTER_CST_HOURS = 5  # a stamp is the end of an hour in Central Standard Time; this is its begin in UTC
_LEAST_MM, _MOST_MM_AN_HOUR = 0.5, 100.0


@dataclass(frozen=True)
class Snow:
    """mm of melt for each degree and day, and the share of PET that leaves from lying snow."""

    melt_mm: float = MELT_MM_PER_DEGREE_DAY
    sublimated: float = 0.0

    def on_ground(self, weather: Forcing) -> tuple[Forcing, Array]:
        """Weather (1, T) with what reaches the soil as its precipitation and no demand under snow; snow (T,) in mm."""
        falls = weather.precipitation[0] * rain_share(weather.temperature[0])
        snow, pet = weather.precipitation[0] - falls, weather.pet[0]
        liquid, store, held = falls.copy(), np.zeros(falls.size), 0.0
        for day in range(falls.size):
            held += snow[day]
            held -= min(held, self.sublimated * pet[day])
            melt = min(held, self.melt_mm * max(weather.temperature[0, day], 0.0))
            held -= melt
            liquid[day] += melt
            store[day] = held
        return Forcing(liquid[None], np.where(store > 0.0, 0.0, pet)[None], weather.temperature), store


def simulate(place: Place, snow: Snow, rain_hours: float | None, shares: Array | None = None) -> tuple[Array, Array]:
    """θ (S, 2, T) at 5 and 20 cm by phenology, and the snow (T,) of the first kind of cover.

    rain_hours: of even rain from midnight; None: by the hour, ``shares`` (T, 24) of the day's rain.
    """
    theta = np.empty((len(place.names), 2, place.dates.size))
    lying = np.zeros(place.dates.size)
    source = spinup_days(place.dates.size, SPINUP_DAYS)
    for group in {group.name: group for group in place.groups}.values():
        some = [number for number, one in enumerate(place.groups) if one.name == group.name]
        land = land_forcing([Plant(group)], place.forcing, place.dates, np.array([place.latitude]))
        weather, store = snow.on_ground(land.forcing.on_days(source))
        lying = store[SPINUP_DAYS:]
        soil = parameters(*place.texture[some].T)
        if rain_hours is None:
            assert shares is not None
            theta[some] = _by_hour(soil, weather, land, source, shares)[..., SPINUP_DAYS:]
        else:
            settings = replace(LAND_SETTINGS, snow=False, rain_hours=rain_hours)
            theta[some] = simulate_columns(
                soil, weather, np.zeros(len(some), np.int64), transpiration_fraction=land.share[:, source],
                root_depth_cm=land.roots_cm[0], depths_cm=(5.0, 20.0), spinup_days=0, settings=settings,
            ).theta[..., SPINUP_DAYS:]
    return theta, lying


def _by_hour(soil: VanGenuchten, weather: Forcing, land: LandForcing, source: NDArray[np.int64], shares: Array,
             ) -> Array:
    """Daily means (S, 2, days) of columns that are run with an hour as the unit of time."""
    rain = (weather.precipitation[0][:, None] * shares[source]).reshape(1, -1)
    demand = np.zeros((source.size, HOURS))
    demand[:, 6:18] = weather.pet[0][:, None] / 12
    hourly = Forcing(rain, demand.reshape(1, -1), np.repeat(weather.temperature, HOURS, axis=1))
    slow = replace(soil, ks_cm_per_day=soil.ks_cm_per_day / HOURS, k0_cm_per_day=soil.k0_cm_per_day / HOURS)
    found = simulate_columns(slow, hourly, np.zeros(len(soil), np.int64), depths_cm=(5.0, 20.0),
                             transpiration_fraction=np.repeat(land.share[:, source], HOURS, axis=1),
                             root_depth_cm=land.roots_cm[0], spinup_days=0,
                             settings=replace(LAND_SETTINGS, snow=False, rain_hours=24.0)).theta
    return np.asarray(found.reshape(*found.shape[:2], -1, HOURS).mean(axis=-1), np.float64)


def gauge_hours(path: Path) -> pd.DataFrame:
    """Rain in mm of an hourly gauge, a row for each UTC day, a column for each hour."""
    table = pd.read_csv(path, usecols=["TIMESTAMP", "PRECIP"])
    stamps = pd.to_datetime(table.TIMESTAMP, errors="coerce") + pd.Timedelta(hours=_UTC_AFTER_CST_HOURS)
    rain = pd.to_numeric(table.PRECIP, errors="coerce").clip(0, _MOST_MM_AN_HOUR)
    known = stamps.notna()
    hourly = rain[known].groupby([stamps[known].dt.floor("D"), stamps[known].dt.hour]).sum()
    return hourly.unstack(fill_value=0.0).reindex(columns=range(HOURS), fill_value=0.0)


def own_hours(place: Place, gauge: pd.DataFrame) -> Array:
    """Shares (T, 24) of each day by the gauge's hours of that day; even where it had no rain."""
    return _shares(gauge.reindex(pd.DatetimeIndex(place.dates)).fillna(0.0).to_numpy(np.float64))


def like_hours(place: Place, gauge: pd.DataFrame) -> Array:
    """Shares (T, 24) of each day by the hours of a day of the gauge with about as much rain: one of the ten nearest."""
    wet = gauge[gauge.sum(axis=1) >= _LEAST_MM].to_numpy(np.float64)
    wet = wet[np.argsort(wet.sum(axis=1))]
    rank = np.searchsorted(wet.sum(axis=1), place.forcing.precipitation[0])
    chosen = np.clip(rank + np.random.default_rng(0).integers(-5, 5, rank.size), 0, len(wet) - 1)
    return _shares(wet[chosen])


def _shares(rain: Array) -> Array:
    total = rain.sum(axis=1, keepdims=True)
    return np.divide(rain, total, out=np.full(rain.shape, 1.0 / HOURS), where=total > 0)


def table(place: Place, shares: Array) -> Tabular:
    """Median over stations of r, bias and MAE, MAE of December to March, and the mean change from the usual columns."""
    cold = np.isin(place.dates.astype("datetime64[M]").astype(np.int64) % 12 + 1, COLD_MONTHS)
    usual = LAND_SETTINGS.rain_hours
    rows = {"rain in 24 h": (Snow(), 24.0), f"rain in {usual:g} h (usual)": (Snow(), usual),
            "rain by the hour": (Snow(), None), "melt 2 mm a degree and day": (Snow(2.0), usual),
            "melt 5 mm a degree and day": (Snow(5.0), usual),
            "sublimation of 30 % of PET": (Snow(sublimated=0.3), usual)}
    before, _ = simulate(place, Snow(), usual)
    cells: list[tuple[Cell, ...]] = []
    for name, (snow, hours) in rows.items():
        theta, lying = simulate(place, snow, hours, shares)
        line: list[Cell] = [name]
        for level in range(2):
            every, winter = (median_scores(place.observed[:, level][:, some], theta[:, level][:, some])
                             for some in (np.ones(cold.size, bool), cold))
            line += [*every[:3], winter[2], float(np.abs(theta - before)[:, level].mean())]
        cells.append((*line, int((lying > 0).sum())))
    heads = tuple(f"{what}, {depth} cm" for depth in (5, 20)
                  for what in ("r", "bias", "MAE", "MAE December to March", "change"))
    return Tabular(f"{place.title}: hours of the rain, and snow; median of {len(place.names)} stations, m3/m3",
                   ("columns", *heads, "days with snow"), cells)


def main() -> int:
    parser = at_two_places(__doc__)
    parser.add_argument("--gauge", type=Path, required=True, help="hourly rain near both")
    arguments = parser.parse_args()
    gauge, first = gauge_hours(arguments.gauge), region(Store.open(arguments.region))
    second = uscrn(arguments.uscrn, first.texture[0])
    for number, (place, shares) in enumerate(((first, own_hours(first, gauge)), (second, like_hours(second, gauge)))):
        made = table(place, shares)
        print(f"\n{made.markdown()}", flush=True)
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            made.write(arguments.output, f"rain_and_snow_{number + 1}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
