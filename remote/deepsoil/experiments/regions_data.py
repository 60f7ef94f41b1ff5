"""What the 5 cm experiment reads of the generated regions: windows to learn from, and the scored places.

The truth comes from the files beside the stores and is for scoring alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import REQUIRED, ChannelUse
from deepsoil.evaluation.baselines import Places
from deepsoil.experiments.regions_plan import RegionsPlan, region_names
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.stack import Stack
from deepsoil.soil.retention import VanGenuchten
from deepsoil.stations.nearest import coarse_at, on_days, static_at
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.training.batches import mean_of, months_of, no_whole_month
from deepsoil.training.loss_soil import Choice, soil_of
from deepsoil.training.station_patches import PRODUCT, SURFACE_CM

Array = NDArray[np.float32]
Days = NDArray[np.datetime64]

FILL = 0.5
COVARIATES = ("sand", "clay", "elevation", "slope")
EVERY_READING = 2           # maps of the product: days on which stations are learnt from
_SMAP_CARRIED_DAYS = 3


@dataclass(frozen=True)
class Region:
    """A region: θ (S, T) of its stations at 5 cm after quality control, and what is scored.

    As `deepsoil.sample.experiment` wrote it: place (P, 2) column and row of the middle pixels, the stations first; days
    (D,); truth (P, D, side, side).
    """

    name: str
    store: Store
    stations: Stations
    theta: Array
    place: NDArray[np.int64]
    days: Days
    truth: Array

    @classmethod
    def open(cls, folder: Path, name: str) -> Region:
        store = Store.open(folder / name)
        stations, _ = screened_stations(store)
        level = int(np.abs(stations.depths_cm - SURFACE_CM).argmin())
        with np.load(folder / f"{name}.npz") as found:
            return cls(name, store, stations, stations.theta[:, level], found["place"], found["days"], found["truth"])

    @property
    def side(self) -> int:
        return self.truth.shape[-1]

    def window(self, column: int, row: int) -> Window:
        """The window whose middle pixel is given."""
        return Window(column - self.side // 2, row - self.side // 2, self.side, self.side)


@dataclass(frozen=True)
class Scored:
    """Every scored place of all regions: P places, D days.

    region    (P,) its number             places     positions, kinds of sensors, covariates
    station   (P,) bool                   seen       (P,) whether readings there may be learnt from
    km        (P,) to the nearest station that is learnt from
    theta     (P, T) readings on ``dates`` (consecutive), NaN where there is none
    observed, truth, product, smap   (P, D) on ``days``: the reading, and θ of the middle pixel
    maps      (P, D, side, side) the truth
    """

    regions: list[Region]
    region: NDArray[np.int64]
    station: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    unseen_region: NDArray[np.bool_]
    places: Places
    km: NDArray[np.float64]
    dates: Days
    theta: Array
    days: Days
    truth: Array
    product: Array
    smap: Array
    maps: Array

    @property
    def observed(self) -> Array:
        return self.on_days(self.theta)

    def on_days(self, values: NDArray[np.floating]) -> Array:
        """Values (P, T) on the scored days (P, D)."""
        return np.asarray(values[:, np.searchsorted(self.dates, self.days)], np.float32)

    def last_to_learn(self, gap_days: int) -> np.datetime64:
        """The last day that may be learnt from."""
        return self.days[0] - np.timedelta64(gap_days, "D")


def read_scored(plan: RegionsPlan) -> Scored:
    """The scored places of a plan's regions. DeepSoilError as of the stores."""
    regions = [Region.open(plan.regions, name) for name in region_names(plan.regions)]
    days, dates = regions[0].days, regions[0].stations.dates
    number = np.concatenate([np.full(len(one.place), n) for n, one in enumerate(regions)])
    station = np.concatenate([np.arange(len(one.place)) < len(one.stations) for one in regions])
    unseen = np.array([regions[n].name in plan.held_out for n in number])
    order = np.concatenate([np.arange(len(one.place)) for one in regions])
    seen = station & ~unseen & (order % plan.one_station_in != 0)
    longitudes, latitudes = (np.concatenate(values) for values in zip(
        *(pixel_to_lonlat(*(one.place.T + 0.5)) for one in regions), strict=True))
    networks = [network for one in regions for network in
                (*one.stations.networks, *["no station"] * (len(one.place) - len(one.stations)))]
    spots = [(one, longitudes[number == n], latitudes[number == n]) for n, one in enumerate(regions)]
    covariates = np.concatenate([np.stack([static_at(one.store, name, east, north) for name in COVARIATES], 1)
                                 for one, east, north in spots])
    smap = np.concatenate([_carried(coarse_at(one.store, "smap", east, north, dates)) for one, east, north in spots])
    places = Places(longitudes, latitudes, networks, covariates.astype(np.float64))
    km = np.where(np.eye(len(number), dtype=bool), np.inf, places.distance_km())[:, seen].min(1)
    theta = np.full((len(number), dates.size), np.nan, np.float32)
    theta[station] = np.concatenate([on_days(one.theta, one.stations.dates, dates) for one in regions])
    maps = np.concatenate([one.truth for one in regions])
    middle = regions[0].side // 2
    product = np.concatenate([product_at(one, one.place, days) for one in regions])
    which = np.searchsorted(dates, days)
    return Scored(regions, number, station, seen, unseen, places, km, dates, theta, days, maps[:, :, middle, middle],
                  product, smap[:, which], maps)


def _carried(values: Array) -> Array:
    """SMAP (P, T): the last retrieval of up to three days before."""
    found = values.copy()
    for back in range(1, _SMAP_CARRIED_DAYS + 1):
        older = np.full_like(values, np.nan)
        older[:, back:] = values[:, :-back]
        found = np.where(np.isnan(found), older, found)
    return found


def product_at(region: Region, place: NDArray[np.int64], days: Days) -> Array:
    """The dense product (P, D) at pixels (P, 2), column and row, on days with a map."""
    numbers = np.searchsorted(region.store.dates_of(PRODUCT), days)
    return np.array([[region.store.read_layer(PRODUCT, int(number), Window(int(column), int(row), 1, 1))[0, 0]
                      for number in numbers] for column, row in place], np.float32)


@dataclass(frozen=True)
class Windows:
    """Windows to learn from: input (N, C, side, side), the product (N, side, side), the reading of the station in the
    middle (N,), NaN without one; soil of the suction terms; the region, place and row of the station in `Scored`."""

    x: NDArray[np.float16]
    product: Array
    reading: Array
    soil: VanGenuchten
    region: NDArray[np.int64]
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.x)


def stack_of(region: Region, channels: Sequence[str]) -> Stack:
    return Stack(region.store, [ChannelUse(name, FILL, name in REQUIRED) for name in channels])


def read_windows(plan: RegionsPlan, scored: Scored, channels: Sequence[str], soil: Choice, say: Callable[[str], None],
                 ) -> Windows:
    """Windows round every reading that may be learnt from, on every second map of the product, and at random places."""
    def wanted(number: int, days: Days) -> list[Wanted]:
        random = _random_places(plan, scored, number)
        return [*_readings(scored, number, [days[at:at + 1] for at in range(0, len(days), EVERY_READING)], 1),
                *((place, days[[which]], float("nan")) for place, which in random(len(days)))]

    return _windows(plan, scored, channels, soil, say, wanted)


def read_months(plan: RegionsPlan, scored: Scored, channels: Sequence[str], soil: Choice, say: Callable[[str], None],
                least_days: int) -> Windows:
    """Means over the days of a month with a map of the product: at stations that may be learnt from, and at random.

    Of such days a month has ``least_days``, at a station with a reading. DeepSoilError ``no_whole_month``.
    """
    def wanted(number: int, days: Days) -> list[Wanted]:
        months = months_of(days, least_days)
        if not months:
            raise no_whole_month("product", least_days)
        random = _random_places(plan, scored, number)
        return [*_readings(scored, number, months, least_days),
                *((place, months[which], float("nan")) for place, which in random(len(months)))]

    return _windows(plan, scored, channels, soil, say, wanted)


Place = tuple[int, int]
"""Column and row of a middle pixel."""

Wanted = tuple[Place, Days, float]
"""Middle pixel, the days that are averaged, and the mean of their readings."""


def _windows(plan: RegionsPlan, scored: Scored, channels: Sequence[str], soil: Choice, say: Callable[[str], None],
             wanted: Callable[[int, Days], list[Wanted]]) -> Windows:
    """The windows that are ``wanted`` of a region's number and its days with a map of the product to learn from."""
    shown: list[NDArray[np.float16]] = []
    products: list[Array] = []
    readings: list[float] = []
    soils: list[VanGenuchten] = []
    regions: list[int] = []
    places: list[Place] = []
    for number, region in enumerate(scored.regions):
        if region.name in plan.held_out:
            continue
        stack, days = stack_of(region, channels), region.store.dates_of(PRODUCT)
        chosen = wanted(number, days[days < scored.last_to_learn(plan.gap_days)])
        for (column, row), averaged, reading in chosen:
            window = region.window(column, row)
            x, product = _mean_window(region, stack, window, averaged)
            shown.append(x)
            products.append(product)
            readings.append(reading)
            soils.append(soil_of(region.store, window, SURFACE_CM, soil))
            regions.append(number)
            places.append((column, row))
        say(f"{region.name}: {len(chosen)} windows to learn from")
    together = VanGenuchten(*(np.stack(one) for one in zip(*(soil.arrays() for soil in soils), strict=True)))
    return Windows(np.stack(shown), np.stack(products), np.array(readings, np.float32), together, np.array(regions),
                   np.array(places))


def _mean_window(region: Region, stack: Stack, window: Window, days: Days) -> tuple[NDArray[np.float16], Array]:
    """Input (C, side, side) and product (side, side), NaN where the input is not valid, as means over days."""
    inputs, products = [], []
    for day in days:
        x, valid = stack.read(day.item(), window)
        layer = int(np.searchsorted(region.store.dates_of(PRODUCT), day))
        inputs.append(x)
        products.append(np.where(valid, region.store.read_layer(PRODUCT, layer, window), np.float32(np.nan)))
    return mean_of(inputs).astype(np.float16), mean_of(products)


def _readings(scored: Scored, number: int, periods: Sequence[Days], least_days: int) -> list[Wanted]:
    """Of every station that may be learnt from and every period with so many readings, their days and their mean."""
    region = scored.regions[number]
    found: list[Wanted] = []
    first = int(np.flatnonzero(scored.region == number)[0])
    for station in range(len(region.stations)):
        if not scored.seen[first + station]:
            continue
        column, row = (int(value) for value in region.place[station])
        for days in periods:
            values = scored.theta[first + station, np.searchsorted(scored.dates, days)]
            known = np.isfinite(values)
            if known.sum() >= least_days:
                found.append(((column, row), days[known], float(values[known].mean())))
    return found


def _random_places(plan: RegionsPlan, scored: Scored, number: int) -> Callable[[int], list[tuple[Place, int]]]:
    """Places of a region, each with the number of one of so many periods; both depend on the region alone."""
    def drawn(periods: int) -> list[tuple[Place, int]]:
        region = scored.regions[number]
        rng, whole, half = np.random.default_rng([number, 23]), region.store.window, region.side // 2
        return [((whole.column + half + int(rng.integers(whole.width - region.side)),
                  whole.row + half + int(rng.integers(whole.height - region.side))), int(rng.integers(periods)))
                for _ in range(plan.random_windows)]

    return drawn


def scored_input(scored: Scored, channels: Sequence[str]) -> NDArray[np.float16]:
    """Input (P, D, C, side, side) of every scored window."""
    found = np.empty((*scored.maps.shape[:2], len(channels), *scored.maps.shape[2:]), np.float16)
    row = 0
    for region in scored.regions:
        stack = stack_of(region, channels)
        for column, down in region.place:
            window = region.window(int(column), int(down))
            for number, day in enumerate(scored.days):
                found[row, number] = stack.read(day.item(), window)[0]
            row += 1
    return found
