"""Daily weather of the sample region on a 4 km grid: fronts, moving thunderstorms, seasons. No I/O.

A stochastic generator after Richardson (1981): wet and dry spells from a first-order Markov chain,
gamma amounts, temperature as seasonal cycle plus AR(1). Summer rain falls from single storms that cross the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.grid import KM_PER_DEGREE, Window
from deepsoil.inputs.features import day_of_year
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.sample.noise import Field, smooth_noise, stream
from deepsoil.sample.terrain import Terrain

CELL_DEGREES = 1 / 24
_ORIGIN = (-124.7666666, 49.4)      # a cell centre of gridMET, whose grid this is
PLAIN_PRECIPITATION_MM = 380.0      # a year
_PLAIN_REACH_M = 250.0              # ground up to so much above the plain has its rain
SMALLEST_RAIN_MM = 0.25

# By month: chance of a wet day after a dry and after a wet one; mean amount of a front in mm; share of convection.
_DRY_WET = np.array([.14, .15, .20, .24, .30, .29, .31, .29, .20, .16, .15, .14])
_WET_WET = np.array([.35, .36, .42, .48, .54, .50, .50, .47, .43, .40, .38, .35])
_FRONT_MM = np.array([1.8, 2.0, 4.4, 5.8, 7.6, 6.6, 4.2, 4.2, 5.0, 4.6, 3.0, 2.0])
_CONVECTION = np.array([0, 0, 0, .10, .40, .70, .90, .88, .50, .10, 0, 0])


@dataclass(frozen=True)
class Climate:
    """What differs between the climates of regions; by default that of the sample region.

    plain_m: elevation of the plain, to which the other values belong
    precipitation_mm: a year
    wet_months_later: by how many months rain of fronts comes later in the year
    celsius, season_celsius: mean temperature, and half of the range of its season
    dryness: factor on how far the dew point lies below the night's temperature
    """

    plain_m: float = 1500.0
    precipitation_mm: float = PLAIN_PRECIPITATION_MM
    wet_months_later: int = 0
    celsius: float = 9.2
    season_celsius: float = 12.6
    dryness: float = 1.0


HIGH_PLAINS = Climate()


@dataclass(frozen=True)
class Weather:
    """Daily fields (T, ny, nx) float32 on cell centres; latitudes run from north to south."""

    dates: NDArray[np.datetime64]
    longitudes: Field
    latitudes: Field
    elevation: Field            # m, mean of the cell (ny, nx)
    precipitation: NDArray[np.float32]
    temperature: NDArray[np.float32]
    vpd: NDArray[np.float32]
    pet: NDArray[np.float32]

    @property
    def days(self) -> int:
        return len(self.dates)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.latitudes), len(self.longitudes)

    def series(self, name: str) -> NDArray[np.float32]:
        """One variable as (cells, T), cells in row order."""
        values: NDArray[np.float32] = getattr(self, name)
        return np.ascontiguousarray(values.reshape(self.days, -1).T)

    def day_of_year(self) -> NDArray[np.int64]:
        return day_of_year(self.dates)


def cell_grid(window: Window) -> tuple[Field, Field]:
    """(longitudes, latitudes) of the cells that cover a window, with one more cell on each side."""
    west, south, east, north = window.bounds_lonlat
    first, last = np.floor((west - _ORIGIN[0]) / CELL_DEGREES), np.ceil((east - _ORIGIN[0]) / CELL_DEGREES)
    top, bottom = np.floor((_ORIGIN[1] - north) / CELL_DEGREES), np.ceil((_ORIGIN[1] - south) / CELL_DEGREES)
    longitudes = _ORIGIN[0] + np.arange(first, last + 1) * CELL_DEGREES
    latitudes = _ORIGIN[1] - np.arange(top, bottom + 1) * CELL_DEGREES
    return longitudes, latitudes


def _cell_means(field: Field, window: Window, longitudes: Field, latitudes: Field) -> Field:
    """Mean of a pixel field over each cell; cells without a pixel get the nearest one's."""
    pixel_lon, pixel_lat = window.lonlat_centres()
    column = np.rint((pixel_lon - longitudes[0]) / CELL_DEGREES).astype(np.intp)
    row = np.rint((latitudes[0] - pixel_lat) / CELL_DEGREES).astype(np.intp)
    cell = (row[:, None] * len(longitudes) + column[None, :]).ravel()
    shape = (len(latitudes), len(longitudes))
    count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(cell, field.ravel(), shape[0] * shape[1]).reshape(shape)
    near = ndimage.distance_transform_edt(count == 0, return_distances=False, return_indices=True)
    means: Field = (total / np.maximum(count, 1))[tuple(near)]
    return means


def _wet_days(months: NDArray[np.int64], rng: Generator) -> NDArray[np.bool_]:
    draw = rng.random(months.size)
    wet = np.zeros(months.size, dtype=bool)
    for day in range(1, months.size):
        chance = _WET_WET if wet[day - 1] else _DRY_WET
        wet[day] = draw[day] < chance[months[day]]
    return wet


def _storms(east_km: Field, north_km: Field, month: int, rng: Generator) -> Field:
    """Rain (ny, nx) mm of the thunderstorms of one day: each wets a track a few km wide."""
    rain = np.zeros(east_km.shape)
    width, height = np.ptp(east_km), np.ptp(north_km)
    busy = 1.0 + 2.2 * rng.random() ** 2
    for _ in range(1 + int(rng.poisson(busy * 3.6 * (width + 20) * (height + 20) / 2500))):
        start = np.array([rng.uniform(east_km.min() - 20, east_km.max()),
                          rng.uniform(north_km.min() - 10, north_km.max() + 10)])
        heading = np.radians(rng.normal(12, 24))
        track = rng.gamma(2.5, 7.0) * np.array([np.cos(heading), np.sin(heading)])
        spread_km = rng.uniform(2.2, 5.0)
        peak_mm = rng.gamma(1.1, 9.0 if month < 8 else 7.0)
        along = ((east_km - start[0]) * track[0] + (north_km - start[1]) * track[1]) / (track @ track + 1e-9)
        along = np.clip(along, 0, 1)
        squared = (east_km - start[0] - along * track[0]) ** 2 + (north_km - start[1] - along * track[1]) ** 2
        # Storms die as they move east.
        rain += peak_mm * (1 - 0.4 * along) * np.exp(-squared / (2 * spread_km**2))
    return rain


def _precipitation(months: NDArray[np.int64], longitudes: Field, latitudes: Field, elevation: Field, climate: Climate,
                   rng: Generator) -> Field:
    shape = elevation.shape
    scale = np.cos(np.radians(latitudes.mean()))
    east = (longitudes - longitudes[0])[None, :] * KM_PER_DEGREE * scale + np.zeros(shape)
    north = (latitudes - latitudes[-1])[:, None] * KM_PER_DEGREE + np.zeros(shape)
    lift = np.maximum(0.7, 1 + 0.80 * (elevation - climate.plain_m) / 1000)
    as_there = (months - climate.wet_months_later) % 12
    rain = np.zeros((months.size, *shape))
    for day in np.flatnonzero(_wet_days(as_there, rng)):
        month = int(months[day])
        if rng.random() < _CONVECTION[month]:
            rain[day] = _storms(east, north, month, rng) * np.sqrt(lift)
        else:
            uneven = np.exp(0.45 * smooth_noise(shape, 4.0, rng))
            rain[day] = rng.gamma(0.75, _FRONT_MM[as_there[day]] / 0.75) * uneven * lift
    plain = elevation < climate.plain_m + _PLAIN_REACH_M
    rain *= climate.precipitation_mm * months.size / 365.25 / rain[:, plain].sum(axis=0).mean()
    return np.where(rain < SMALLEST_RAIN_MM, 0, rain)


def extraterrestrial_mm(day_of_year: NDArray[np.int64], latitude: float) -> Field:
    """Radiation above the atmosphere as mm/day of evaporation (FAO-56, Eqs. 21-25)."""
    angle = 2 * np.pi * day_of_year / 365
    phi = np.radians(latitude)
    declination = 0.409 * np.sin(angle - 1.39)
    sunset = np.arccos(-np.tan(phi) * np.tan(declination))
    radiation = 37.586 * (1 + 0.033 * np.cos(angle)) * (
        sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset))
    return 0.408 * radiation


def make_weather(window: Window, terrain: Terrain, start: date, end: date, seed: int, climate: Climate = HIGH_PLAINS,
                 ) -> Weather:
    """Weather from ``start`` to ``end`` (both included); deterministic in its arguments."""
    rng = stream(seed, "weather")
    dates = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    months = dates.astype("datetime64[M]").astype(np.int64) % 12
    doy = day_of_year(dates)
    longitudes, latitudes = cell_grid(window)
    elevation = _cell_means(terrain.elevation, window, longitudes, latitudes)
    rain = _precipitation(months, longitudes, latitudes, elevation, climate, rng)

    season = -np.cos(2 * np.pi * (doy - 20) / 365.25)
    shock = rng.standard_normal((2, dates.size))
    weather = np.zeros((2, dates.size))
    for day in range(1, dates.size):
        weather[:, day] = np.array([0.76, 0.55]) * weather[:, day - 1] + np.array([0.65, 0.83]) * shock[:, day]
    wet = (rain > 0.25).mean(axis=(1, 2))
    base = climate.celsius + climate.season_celsius * season + (3.9 - 1.2 * season) * weather[0] - 2.4 * wet
    above_km = (elevation - climate.plain_m) / 1000
    local = 0.35 * smooth_noise(elevation.shape, 3.0, rng)
    temperature = base[:, None, None] - 6.0 * above_km + local
    spread = np.maximum(5.0, 15.2 + 1.2 * season + 2.0 * weather[1] - 4.5 * wet)[:, None, None] - 1.2 * above_km
    spread = np.maximum(4.0, spread - 1.5 * (rain > 3))
    low, high = temperature - spread / 2, temperature + spread / 2
    dry = climate.dryness * (2.6 + 2.2 * season + 1.1 * weather[1])
    dewpoint = low - np.maximum(0.2, dry)[:, None, None] + 1.8 * (rain > 1)
    vpd = (saturation_kpa(low) + saturation_kpa(high)) / 2 - saturation_kpa(np.minimum(dewpoint, low))
    sun = extraterrestrial_mm(doy, float(latitudes.mean()))[:, None, None]
    # Hargreaves and Samani (1985), increased for the wind of the high plains.
    pet = 1.20 * 0.0023 * sun * np.maximum(temperature + 17.8, 0) * np.sqrt(spread)
    return Weather(dates, longitudes, latitudes, elevation, rain.astype(np.float32), temperature.astype(np.float32),
                   vpd.astype(np.float32), np.maximum(pet, 0.05).astype(np.float32))
