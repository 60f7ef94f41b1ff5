"""What grows in a field and what water it gets: leaves, demand and irrigation of its columns. Reads nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Irrigated, Irrigation, IrrigationLog, Rainfed
from deepsoil.field import uncertainty
from deepsoil.field.ground import Columns
from deepsoil.inputs.greenness import leaf_area_seen
from deepsoil.labels.settings import MOST_CLASSES
from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_season import irrigated_root_depth_cm, season_of
from deepsoil.soil.crops import CROPS, crop_of
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.irrigation import (
    ROOT_DEPTH_CM,
    Season,
    log_mm,
    log_variants,
    practice_of,
    practised,
    usual_season,
    variants,
)
from deepsoil.soil.land import LandForcing, Plant, land_forcing, leaf_area_of
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.series import Days

Array = NDArray[np.float64]


LAG_DAYS = 16
"""Leaves of a day rest on what was seen until so many days later: a new map of NDVI must not change the leaves of
earlier years, or the field would have to be simulated anew from the beginning."""


@dataclass(frozen=True)
class Crop:
    """The crop of a field, a key of ``soil.crops``, and the date of planting where it is known."""

    name: str
    planted: dt.date | None = None


@dataclass(frozen=True)
class Land:
    """K kinds of land, a plant at a place, under their own weather (K, T) and at their latitude (K,).

    lai (K, T): best guess of the leaf area index. unit (N,): the land of each column. said_roots_cm: depth of the
    roots that the user names, of all that grows on fields.
    """

    unit: NDArray[np.int64]
    plants: list[Plant]
    forcing: Forcing
    dates: Days
    latitudes: Array
    lai: Array
    said_roots_cm: float | None = None

    @property
    def roots_cm(self) -> Array:
        """(K,) best guess of the depth of the roots."""
        return np.array([self.said_roots_cm if self.said_roots_cm is not None and plant.group.name in _PLANTED else
                         crop_of(plant.crop).root_depth_cm if plant.crop else plant.group.root_depth_cm
                         for plant in self.plants])

    def of_members(self, z: Array) -> LandForcing:
        """Rain, demand and roots of draws (E, P): rows in the order of the members, then of the kinds of land (E * K).
        """
        members = len(z)
        rain = uncertainty.rain_factor(z)[:, None, None] * self.forcing.precipitation
        same = (np.broadcast_to(values, rain.shape) for values in (self.forcing.pet, self.forcing.temperature))
        forcing = Forcing(*(values.reshape(-1, self.dates.size) for values in (rain, *same)))
        lai = uncertainty.leaf_area(self.lai, z).reshape(-1, self.dates.size)
        found = land_forcing(self.plants * members, forcing, self.dates, np.tile(self.latitudes, members), seen=lai)
        return replace(found, roots_cm=np.tile(self.roots_cm, members))


def land_of(columns: Columns, dates: Days, forcing: Forcing, crop: Crop | None = None, seen: Array | None = None,
            usual_days: int | None = None, said_roots_cm: float | None = None) -> Land:
    """The land of columns; ``forcing`` (P, T) is the weather of their places, ``seen`` (N, T) the leaf area of each
    column, NaN where it is not known; without it, leaves follow the NDVI of the columns. ``crop``, the user's word,
    grows wherever the land cover has plants of fields, crops and grass, whatever the region's map of crops says.
    ``usual_days``: as in `Climate.of`. ``said_roots_cm``: as in `Land`."""
    greenness = np.zeros(len(columns), np.int64) if columns.greenness is None else columns.greenness
    kinds, unit = np.unique((columns.place * _KINDS + columns.cover) * MOST_CLASSES + greenness,
                            return_inverse=True)
    place, cover = np.divmod(kinds // MOST_CLASSES, _KINDS)
    of_land = Forcing(*(values[place] for values in (forcing.precipitation, forcing.pet, forcing.temperature)))
    plants = [_plant(int(number), crop) for number in cover]
    latitudes = columns.latitudes[place]
    lai = leaf_area_of(plants, of_land, dates, latitudes, _mean(seen, unit, len(kinds)), usual_days)
    return Land(unit, plants, of_land, dates, latitudes,
                lai if seen is not None else _as_seen(columns, unit, plants, dates, lai, crop), said_roots_cm)


def _as_seen(columns: Columns, unit: NDArray[np.int64], plants: list[Plant], dates: Days, expected: Array,
             crop: Crop | None) -> Array:
    """Leaf area (K, T) from the NDVI of the columns up to the last day; ``expected`` where too little was seen.

    Under a crop that the user names, what other years showed of the season counts for nothing.
    """
    ndvi = _mean(columns.ndvi, unit, len(plants))
    if ndvi is None or columns.ndvi_days is None:
        return expected
    past = columns.ndvi_days <= dates[-1]
    found = leaf_area_seen(columns.ndvi_days[past], ndvi[:, past], dates, expected,
                           other_years=[crop is None or plant.crop != crop.name for plant in plants], lag_days=LAG_DAYS)
    return np.where(np.isfinite(found), found, expected)


def water_given(irrigation: Irrigation | None, columns: Columns, land: Land, z: Array, soil: VanGenuchten,
                crop: Crop | None = None, usual_days: int | None = None) -> tuple[Array, Array]:
    """Irrigation (E, T) in mm/day for draws (E, P), and the share of it (N,), 0 or 1, that a column gets.

    What the user says is given to all columns, whatever their soils are; else the columns that the region's map calls
    irrigated are watered as is usual, for their crop where it is known. A habit goes by the mean available water of
    the field's ``soil`` (N,) or (N, nodes).
    """
    everywhere = np.ones(len(columns)) if irrigation is not None else columns.irrigated.astype(np.float64)
    if isinstance(irrigation, Rainfed) or not everywhere.any():
        return np.zeros((len(z), land.dates.size)), np.zeros(len(columns))
    scores = uncertainty.irrigation_scores(z)
    if isinstance(irrigation, IrrigationLog):
        return log_variants(log_mm(irrigation, land.dates), scores[:, 0]).T, everywhere
    season, root_depth_cm = season_of_land(land, crop, usual_days)
    practice = variants(practice_of(irrigation or Irrigated(type="irrigated"), season), scores)
    available_mm = float((theta(DUL_SUCTION_CM, soil) - theta(LL15_SUCTION_CM, soil)).mean()) * 10 * root_depth_cm
    return practised(practice, season, land.dates, land.forcing.precipitation.mean(axis=0),
                     land.forcing.pet.mean(axis=0), available_mm).irrigation.T, everywhere


def season_of_land(land: Land, crop: Crop | None, usual_days: int | None) -> tuple[Season, float]:
    """When what is watered grows, and how deep its roots are in cm."""
    latitude = float(land.latitudes.mean())
    if crop is None:
        return usual_season(latitude), land.said_roots_cm or ROOT_DEPTH_CM
    weather = (values.mean(axis=0) for values in (land.forcing.temperature, land.forcing.precipitation,
                                                  land.forcing.pet))
    temperature, rain, pet = weather
    climate, known = Climate.of(temperature, rain, pet, land.dates, latitude, usual_days), crop_of(crop.name)
    return season_of(known, climate, land.dates, latitude, crop.planted), \
        land.said_roots_cm or irrigated_root_depth_cm(known)


def _plant(kind: int, crop: Crop | None) -> Plant:
    """What grows on a kind of cover: the crop that the user names, else that of the region's map, else the cover."""
    mapped = kind >= len(GROUPS)
    field = next(one for one in GROUPS if one.seasonal_crop)
    if crop is not None and (mapped or GROUPS[kind].name in _PLANTED):
        return Plant(field, crop.name, crop.planted)
    return Plant(field, tuple(CROPS)[kind - len(GROUPS)]) if mapped else Plant(GROUPS[kind])


_KINDS = len(GROUPS) + len(CROPS)
_PLANTED = ("grass", "crop", "bare")
"""Covers on which a crop that the user names grows; trees and open water in a field stay what they are."""


def _mean(seen: Array | None, unit: NDArray[np.int64], kinds: int) -> Array | None:
    """(K, T) from (N, T): mean of the columns of each kind that were seen, NaN where none was."""
    if seen is None:
        return None
    known = np.isfinite(seen)
    total, count = (np.stack([values[unit == kind].sum(axis=0) for kind in range(kinds)])
                    for values in (np.where(known, seen, 0.0), known))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
