"""Simulated instruments: SMAP-like coarse soil moisture and the stations, from the truth. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.depths import DEPTHS, simulated_depths_cm
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.columns import NO_SOIL, Columns, Landscapes, TrueMoisture
from deepsoil.sample.differences import Differences
from deepsoil.sample.irrigation import PRACTICES
from deepsoil.sample.landcover import Cover, LandCover
from deepsoil.sample.noise import Field, stream
from deepsoil.sample.soils import Soils
from deepsoil.sample.weather import Weather
from deepsoil.store.series import Stations

NETWORK = "Synthetic"
SMAP_NOISE = 0.03           # standard deviation, m³/m³
SENSOR_NOISE = 0.01
SENSOR_BIAS = 0.006
_APART = 1 / 7               # of the region's shorter side, between its stations
_SMAP_DEGREES = (0.0933, 0.0810)    # 9 km: (east, north)
_FROZEN_CELSIUS = 0.3
_NO_FIELD = (Cover.WATER, Cover.TOWN, Cover.ROCK)


@dataclass(frozen=True)
class SensorKind:
    """A kind of sensor: its network's name, factors on the offset and the slope of ``Differences``, noise in m³/m³."""

    network: str = NETWORK
    offset: float = 1.0
    slope: float = 1.0
    noise: float = SENSOR_NOISE


@dataclass(frozen=True)
class Site:
    """A station's name and vegetation; on dunes if set.

    cover: None for whatever grows there
    near: share of the region from its north and its west edge, for a station that must be in a certain field
    """

    name: str
    cover: Cover | None
    dunes: bool = False
    near: tuple[float, float] | None = None
    kind: SensorKind = SensorKind()


SITES: tuple[Site, ...] = (
    Site("Stubble Corner", Cover.WHEAT_EVEN), Site("Windmill Range", Cover.RANGE), Site("Willow Bend", Cover.RIPARIAN),
    Site("North Pivot", Cover.CORN), Site("Haystack Lane", Cover.ALFALFA), Site("Fallow Strip", Cover.WHEAT_ODD),
    Site("Dune Edge", Cover.RANGE, dunes=True), Site("Meadowlark Pasture", Cover.PASTURE),
    Site("Beet Siding", Cover.BEETS), Site("Hogback Gate", Cover.SHRUB), Site("Pine Bench", Cover.FOREST),
    Site("South Pivot", Cover.CORN, near=(0.598, 0.541)),
)


@dataclass(frozen=True)
class Sensors:
    """Errors that a sensor keeps: offset in m³/m³, and slope: how much more than the soil's θ its reading moves.

    Each (stations, depths).
    """

    offset: Field
    slope: Field


def draw_sensors(differences: Differences, seed: int, sites: tuple[Site, ...] = SITES) -> Sensors:
    """The sensors of the stations."""
    draws = stream(seed, "sensors").standard_normal((2, len(sites), len(DEPTHS)))
    offset, slope = (np.array([getattr(site.kind, name) for site in sites])[:, None] for name in ("offset", "slope"))
    return Sensors(differences.sensor_offset * draws[0] * offset, differences.sensor_slope * draws[1] * slope)


def smap_fields(window: Window, landscapes: Landscapes, columns: Columns, cells: CellWeights, theta_5cm: Field,
                weather: Weather, seed: int) -> tuple[Field, Field, NDArray[np.float32]]:
    """(longitudes, latitudes, values (T, ny, nx)): area mean of the true 5 cm θ with noise; NaN between overpasses.

    θ is NaN too while the cell is frozen.
    """
    rng = stream(seed, "smap")
    west, south, east, north = window.bounds_lonlat
    step_lon, step_lat = _SMAP_DEGREES
    nx, ny = int(np.ceil((east - west) / step_lon)), int(np.ceil((north - south) / step_lat))
    # The grid is centred on the window, so that its outer cells are cut equally.
    longitudes = np.asarray((west + east) / 2 + (np.arange(nx) - (nx - 1) / 2) * step_lon, dtype=np.float64)
    latitudes = np.asarray((north + south) / 2 - (np.arange(ny) - (ny - 1) / 2) * step_lat, dtype=np.float64)
    pixel_lon, pixel_lat = window.lonlat_centres()
    column = np.clip(np.rint((pixel_lon - longitudes[0]) / step_lon), 0, nx - 1).astype(np.int64)
    row = np.clip(np.rint((latitudes[0] - pixel_lat) / step_lat), 0, ny - 1).astype(np.int64)
    where = row[:, None] * nx + column[None, :]
    on_land = landscapes.index != NO_SOIL
    count = theta_5cm.shape[0]
    weight = np.zeros(nx * ny * count)
    for offset, share in zip(cells.offsets, cells.weights, strict=True):
        soil_column = columns.table[landscapes.index[on_land], cells.corner[on_land] + offset]
        weight += np.bincount(where[on_land] * count + soil_column, share[on_land], weight.size)
    weight = weight.reshape(nx * ny, count)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    days = theta_5cm.shape[1]
    mean = np.stack([(theta_5cm * share[:, None]).sum(axis=0) for share in weight])
    mean += 0.4 * SMAP_NOISE * rng.standard_normal((nx * ny, 1))
    mean += np.sqrt(1 - 0.4**2) * SMAP_NOISE * rng.standard_normal(mean.shape)
    # Morning passes of an eight-day cycle, some of them missing.
    seen = np.isin((np.arange(days) + int(rng.integers(8))) % 8, [0, 2, 5]) & (rng.random(days) > 0.06)
    thawed = np.asarray(weather.temperature, np.float64).mean(axis=(1, 2)) > 0.5
    values = np.where((seen & thawed)[None, :], np.clip(mean, 0.02, 0.55), np.nan).T.reshape(days, ny, nx)
    return longitudes, latitudes, np.round(values, 3).astype(np.float32)


def _place(sites: tuple[Site, ...], land: LandCover, soils: Soils, landscapes: Landscapes, apart_share: float,
           rng: Generator) -> list[tuple[int, int]]:
    """Pixel (row, column) of each station: inside a field of its cover, well apart from the others.

    Each gets the suitable pixel nearest to a random position: if processors round differently and a field has a pixel
    more or less, the stations do not move.
    """
    height, width = land.cover.shape
    rows, columns = np.indices(land.cover.shape)
    apart = min(height, width) * apart_share
    free = (np.minimum(rows, height - 1 - rows) > 10) & (np.minimum(columns, width - 1 - columns) > 10)
    free &= landscapes.index != NO_SOIL
    wanted = [site.near or (float(rng.random()), float(rng.random())) for site in sites]
    chosen = [(0, 0)] * len(sites)
    for number in sorted(range(len(sites)), key=lambda number: sites[number].near is None):
        site = sites[number]
        stand = ~np.isin(land.cover, _NO_FIELD) if site.cover is None else land.cover == site.cover
        if not (stand & free).any():
            stand = land.cover == Cover.RANGE
        options = [ndimage.binary_erosion(stand, iterations=3) & free & (soils.dunes == site.dunes),
                   ndimage.binary_erosion(stand) & free, stand & free, free]
        row, column = np.nonzero(next(option for option in options if option.any()))
        pick = int(np.hypot(row - wanted[number][0] * height, column - wanted[number][1] * width).argmin())
        chosen[number] = (int(row[pick]), int(column[pick]))
        free &= np.hypot(rows - row[pick], columns - column[pick]) > apart
        if not free.any():
            raise ValueError("the region is too small for its stations")
    return chosen


def _gaps(days: int, station: int, rng: Generator) -> NDArray[np.bool_]:
    """Days without reports of a station: a few outages; one of months, one late start."""
    lost = np.zeros(days, dtype=bool)
    for _ in range(1 + int(rng.poisson(days / 300))):
        first = int(rng.integers(days))
        lost[first:first + int(rng.integers(2, 26))] = True
    if station == 4:
        first = int(0.45 * days)
        lost[first:first + int(0.17 * days)] = True
    if station == 8:
        lost[: int(0.25 * days)] = True
    return lost


def _soil_temperature(air: Field, depth_cm: float, rng: Generator) -> Field:
    """Daily soil temperature in °C (T,): air temperature, damped and delayed with depth."""
    memory_days = 3.5 if depth_cm <= 5 else 9.0
    soil = np.empty_like(air)
    level = float(air[:10].mean())
    for day, value in enumerate(air):
        level += (value - level) / memory_days
        soil[day] = level
    return soil + 1.6 + 0.15 * rng.standard_normal(air.size)


def make_stations(window: Window, landscapes: Landscapes, columns: Columns, cells: CellWeights, moisture: TrueMoisture,
                  weather: Weather, land: LandCover, soils: Soils, sensors: Sensors, seed: int,
                  sites: tuple[Site, ...] = SITES, apart: float = _APART) -> Stations:
    """The stations: truth at their pixel as their sensors see it, a small bias and noise; gaps, none while the soil is
    frozen. ``apart``: the least distance between stations as a share of the region's shorter side."""
    rng = stream(seed, "stations")
    places = _place(sites, land, soils, landscapes, apart, rng)
    days = weather.days
    theta = np.empty((len(sites), len(DEPTHS), days), dtype=np.float32)
    irrigated: list[bool | None] = []
    temperature = np.empty_like(theta)
    air = weather.series("temperature").astype(np.float64)
    for station, (row, column) in enumerate(places):
        corner, share = int(cells.corner[row, column]), cells.weights[:, row, column]
        near = [corner + offset for offset in cells.offsets]
        found = columns.table[landscapes.index[row, column], near]
        lost = _gaps(days, station, rng)
        irrigated.append(Cover(int(land.cover[row, column])) in PRACTICES)  # what seeps in from a river is none
        here = (air[near] * share[:, None]).sum(axis=0)
        for depth, depth_cm in enumerate(simulated_depths_cm()):
            truth = (moisture.theta[depth, found] * share[:, None]).sum(axis=0)
            # Half of a sensor's error persists for some days, half is new each day.
            slow = _drift(days, 0.85, rng)
            fresh, bias = rng.standard_normal(days), rng.standard_normal()
            error = sites[station].kind.noise * (0.7 * slow + 0.714 * fresh) + SENSOR_BIAS * bias
            error += sensors.offset[station, depth] + sensors.slope[station, depth] * (truth - truth.mean())
            soil_celsius = _soil_temperature(here, depth_cm, rng)
            theta[station, depth] = np.where(lost | (soil_celsius < _FROZEN_CELSIUS), np.nan,
                                             np.clip(truth + error, 0.01, 0.6))
            temperature[station, depth] = np.where(lost, np.nan, soil_celsius)
    at = np.array(places)
    longitudes, latitudes = pixel_to_lonlat(window.column + at[:, 1] + 0.5, window.row + at[:, 0] + 0.5)
    numbers = [f"{number:02d}" for number in range(1, len(sites) + 1)]
    return Stations([f"synthetic-{number}" for number in numbers],
                    [f"Synthetic {number} {site.name}" for number, site in zip(numbers, sites, strict=True)],
                    [site.kind.network for site in sites], longitudes, latitudes, np.array(simulated_depths_cm()),
                    weather.dates, np.round(theta, 4), np.round(temperature, 2), irrigated=irrigated)


def _drift(days: int, memory: float, rng: Generator) -> Field:
    """AR(1) series of unit variance."""
    steps = rng.standard_normal(days)
    value = np.empty(days)
    value[0] = steps[0]
    for day in range(1, days):
        value[day] = memory * value[day - 1] + np.sqrt(1 - memory**2) * steps[day]
    return value
