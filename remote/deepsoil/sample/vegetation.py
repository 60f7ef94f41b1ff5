"""Seasons of the plants: canopy cover by day, NDVI and leaf area of every pixel, roots. No I/O.

Canopy cover (0-1) of each kind of cover follows a calendar that is later in the mountains; grass, shrub and
dryland crops also depend on the water of their weather cell. NDVI and leaf area follow from the canopy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.landcover import Cover, LandCover
from deepsoil.sample.noise import Field, ramp, stream
from deepsoil.sample.weather import Weather

NDVI_STEP_DAYS = 16
LAI_STEP_DAYS = 32
_LATER_DAYS_PER_KM = 26.0
_SOIL_NDVI = 0.13
_SHIFT_DAYS = 12            # largest shift of the earliest and latest fields


@dataclass(frozen=True)
class Plant:
    """Calendar as (day of year, canopy 0-1); share of it lost to drought; NDVI and LAI of a full canopy; roots."""

    calendar: tuple[tuple[int, float], ...]
    drought: float
    full_ndvi: float
    full_lai: float
    root_depth_cm: float


_FALLOW = ((1, 0.05), (110, 0.05), (150, 0.10), (230, 0.10), (300, 0.05), (365, 0.05))
_GRASS = ((1, 0.10), (95, 0.11), (135, 0.42), (165, 0.50), (215, 0.40), (265, 0.22), (310, 0.11), (365, 0.10))
_WHEAT_SOWN = ((1, 0.05), (200, 0.06), (262, 0.05), (285, 0.22), (320, 0.30), (365, 0.26))
_WHEAT_CUT = ((1, 0.26), (70, 0.27), (110, 0.55), (140, 0.84), (160, 0.78), (182, 0.28), (196, 0.10), (365, 0.06))

PLANTS: dict[Cover, Plant] = {
    Cover.WATER: Plant(((1, 0.0), (365, 0.0)), 0.0, -0.06, 0.0, 10),
    Cover.TOWN: Plant(((1, 0.12), (100, 0.15), (140, 0.42), (250, 0.42), (300, 0.2), (365, 0.12)), 0.15, 0.62, 2.4, 40),
    Cover.RANGE: Plant(_GRASS, 0.62, 0.78, 2.2, 70),
    Cover.PASTURE: Plant(((1, 0.14), (90, 0.16), (130, 0.6), (170, 0.64), (250, 0.45), (305, 0.2), (365, 0.14)),
                         0.45, 0.82, 3.2, 80),
    Cover.WHEAT_EVEN: Plant(_WHEAT_CUT, 0.35, 0.82, 4.2, 100),
    Cover.WHEAT_ODD: Plant(_WHEAT_CUT, 0.35, 0.82, 4.2, 100),
    Cover.CORN: Plant(((1, 0.03), (130, 0.03), (150, 0.12), (180, 0.72), (198, 0.95), (235, 0.93), (258, 0.62),
                       (280, 0.18), (300, 0.05), (365, 0.03)), 0.0, 0.90, 5.2, 90),
    Cover.ALFALFA: Plant(((1, 0.12), (85, 0.14), (125, 0.72), (153, 0.95), (158, 0.30), (190, 0.92), (195, 0.30),
                          (228, 0.90), (233, 0.30), (268, 0.80), (300, 0.35), (330, 0.14), (365, 0.12)),
                         0.0, 0.89, 5.0, 120),
    Cover.BEETS: Plant(((1, 0.02), (115, 0.03), (160, 0.22), (195, 0.82), (225, 0.95), (265, 0.85), (285, 0.3),
                        (295, 0.03), (365, 0.02)), 0.0, 0.87, 4.6, 80),
    Cover.SHRUB: Plant(((1, 0.22), (110, 0.24), (155, 0.46), (215, 0.42), (280, 0.28), (365, 0.22)),
                       0.4, 0.72, 1.8, 120),
    Cover.FOREST: Plant(((1, 0.68), (130, 0.70), (180, 0.80), (250, 0.78), (310, 0.69), (365, 0.68)),
                        0.1, 0.84, 4.4, 140),
    Cover.RIPARIAN: Plant(((1, 0.18), (105, 0.22), (145, 0.74), (185, 0.86), (255, 0.74), (290, 0.36), (320, 0.18),
                           (365, 0.18)), 0.05, 0.86, 4.2, 120),
    Cover.ROCK: Plant(((1, 0.04), (140, 0.06), (190, 0.12), (260, 0.08), (365, 0.04)), 0.3, 0.6, 0.5, 40),
}


def _calendar(points: tuple[tuple[int, float], ...], day_of_year: Field) -> Field:
    days, values = np.array(points, dtype=np.float64).T
    return np.interp((day_of_year - 1) % 365.25 + 1, days, values)


def _wheat(later: Field, weather: Weather, odd: bool) -> Field:
    """Winter wheat sown in autumn and cut in July of every second year, fallow in between; (cells, T)."""
    years = weather.dates.astype("datetime64[Y]").astype(np.int64) + 1970
    day = weather.day_of_year()[None, :] - later[:, None]
    harvest_year = (years % 2 == 1) == odd
    return np.where(harvest_year[None, :], _calendar(_WHEAT_CUT, np.maximum(day, 1)),
                    np.maximum(_calendar(_WHEAT_SOWN, day), 0.6 * _calendar(_FALLOW, day)))


def water_supply(weather: Weather) -> Field:
    """Water supply of plants by rain, 0-1, (cells, T): a bucket of 80 mm, smoothed over three weeks."""
    rain, pet = weather.series("precipitation").astype(np.float64), weather.series("pet").astype(np.float64)
    store = np.full(rain.shape[0], 35.0)
    supply = np.zeros(rain.shape)
    level = np.full(rain.shape[0], 0.5)
    for day in range(weather.days):
        share = store / 80
        store = np.clip(store + rain[:, day] - 0.85 * pet[:, day] * np.sqrt(share), 0, 80)
        level += (np.minimum(1, 2.2 * share) - level) / 21
        supply[:, day] = level
    return supply


def canopy(weather: Weather) -> NDArray[np.float32]:
    """Canopy cover 0-1 of each kind of cover: (covers, cells, T)."""
    elevation = weather.elevation.ravel()
    later = np.clip(_LATER_DAYS_PER_KM * (elevation - 1500) / 1000, -5, 45)
    day = weather.day_of_year()[None, :] - later[:, None]
    supply = water_supply(weather)
    table = np.zeros((len(Cover), elevation.size, weather.days), dtype=np.float32)
    for cover, plant in PLANTS.items():
        if cover in (Cover.WHEAT_EVEN, Cover.WHEAT_ODD):
            green = _wheat(later, weather, cover == Cover.WHEAT_ODD)
        else:
            green = _calendar(plant.calendar, day)
        table[cover] = green * (1 - plant.drought * (1 - ramp(supply, 0.15, 0.85)))
    return table


def root_depths_cm() -> Field:
    """Rooting depth of each kind of cover."""
    return np.array([PLANTS[cover].root_depth_cm for cover in Cover])


def observation_days(weather: Weather, step_days: int) -> list[int]:
    """Day numbers of the vegetation maps, from the first day on."""
    return list(range(0, weather.days, step_days))


class VegetationMaps:
    """NDVI and leaf area of every pixel on single days."""

    def __init__(self, weather: Weather, land: LandCover, cells: CellWeights, seed: int) -> None:
        self._canopy = canopy(weather)
        self._land = land
        self._cells = cells
        self._seed = seed
        self._shift = ((land.earliness + 1) / 2).astype(np.float32)
        self._vigour = land.vigour.astype(np.float32)
        self._full_ndvi = np.array([PLANTS[c].full_ndvi for c in Cover], dtype=np.float32)[land.cover]
        self._full_lai = np.array([PLANTS[c].full_lai for c in Cover], dtype=np.float32)[land.cover]
        # Centres of towns are sealed.
        self._open = np.select([land.nlcd == 24, land.nlcd == 23, land.nlcd == 22], [0.15, 0.45, 0.75], 1.0).astype(
            np.float32)

    @property
    def table(self) -> NDArray[np.float32]:
        """Canopy of each cover, cell and day (covers, cells, T)."""
        return self._canopy

    def cover_fraction(self, day: int) -> NDArray[np.float32]:
        """Canopy 0-1 of every pixel (H, W) on a day number; fields are earlier or later, thinner or denser."""
        last = self._canopy.shape[2] - 1
        early = self._canopy[:, :, min(day + _SHIFT_DAYS, last)]
        late = self._canopy[:, :, max(day - _SHIFT_DAYS, 0)]
        values = self._shift * self._cells.blend(early, self._land.cover)
        values += (1 - self._shift) * self._cells.blend(late, self._land.cover)
        return np.clip(values * self._vigour * self._open, 0, 1)

    def ndvi(self, day: int) -> NDArray[np.float32]:
        """NDVI (H, W), with the scatter of a sensor, in steps of 0.004."""
        rng = stream(self._seed, f"ndvi {day}")
        scatter = 0.008 * rng.standard_normal(self._vigour.shape, dtype=np.float32)
        water = self._land.cover == Cover.WATER
        value = np.where(water, -0.06, _SOIL_NDVI + (self._full_ndvi - _SOIL_NDVI) * self.cover_fraction(day))
        return (np.round(np.clip(value + scatter, -0.2, 0.99) * 250) / 250).astype(np.float32)

    def lai(self, day: int) -> NDArray[np.float32]:
        """Leaf area index in m²/m² (H, W): Beer's law on the canopy, in steps of 0.1."""
        canopy_share = self.cover_fraction(day)
        leaf = -np.log(1 - 0.86 * canopy_share) / -np.log(1 - 0.86) * self._full_lai
        return (np.round(leaf * 10) / 10).astype(np.float32)
