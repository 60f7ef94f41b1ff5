"""Growth of a crop of the table over the days of the weather: basal coefficient and leaf area. Pure.

The basal coefficient follows FAO-56's four stages: level, linear rise, level, linear fall. Leaf area is what gives this
coefficient by FAO-56's equation 97, Kcb = Kcmin + (Kcbfull - Kcmin) (1 - exp(-0.7 LAI)), with Kcmin = 0.15 and
Kcbfull = min(1 + 0.1 h, 1.2) of equation 99 in the standard climate.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.climate import Climate
from deepsoil.soil.crops import Crop
from deepsoil.soil.vegetation import trailing_mean

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

KC_MIN = 0.15
LARGEST_LAI = 4.5
"""A closed canopy: beyond it equation 97 has no answer, or a meaningless one."""
WINTER_CROP_DEGREE_DAYS = 2450.0
"""Above 0 degC from planting to the end: wheat sown in Kansas at the usual date is then ripe at the usual date of
harvest there, 20 June to 5 July (USDA Agricultural Handbook 628, 2010)."""
LONGEST_WINTER_CROP_DAYS = 340
FROST_CELSIUS = 8.0
"""Usual mean temperature of autumn at which frost ends a summer crop that is still green."""
FALLOW_LAI = 0.1
"""Weeds and volunteers between two crops."""


def basal_coefficient(crop: Crop, climate: Climate, dates: Days, planted: dt.date | None = None) -> Array:
    """Kcb (T,), NaN while no crop stands.

    Planted on the day and month of ``planted`` in every year, or at the usual time of the climate.
    """
    if crop.season == "perennial":
        active = 1.0 / (1.0 + np.exp(-(trailing_mean(climate.temperature, 30) - crop.planted_at_celsius) / 1.5))
        return np.asarray(crop.kcb[0] + (crop.kcb[1] - crop.kcb[0]) * active)
    age = _age_days(crop, climate, dates, planted)
    ends = np.cumsum(crop.stages_days)
    found = np.interp(age, [0, *ends], [crop.kcb[0], crop.kcb[0], crop.kcb[1], crop.kcb[1], crop.kcb[2]])
    start = planting_position(crop, climate, planted, dates)
    frozen = climate.falls_through(FROST_CELSIUS) if crop.season == "summer" else 366
    standing = (age >= 0) & (age <= ends[-1]) & ((climate.position < frozen) | (start >= frozen))
    return np.where(standing, found, np.nan)


def leaf_area_of_coefficient(crop: Crop, kcb: Array) -> Array:
    """Leaf area index of a basal coefficient: equation 97 of FAO-56 solved for LAI; fallow where there is none."""
    full = min(1.0 + 0.1 * crop.height_m, 1.2)
    covered = np.clip((np.nan_to_num(kcb, nan=0.0) - KC_MIN) / (full - KC_MIN), 0.0, 1.0 - np.exp(-0.7 * LARGEST_LAI))
    return np.maximum(-np.log(1.0 - covered) / 0.7, FALLOW_LAI)


def crop_leaf_area(crop: Crop, climate: Climate, dates: Days, planted: dt.date | None = None) -> Array:
    """Leaf area index (T,) of a crop; arguments as in ``basal_coefficient``."""
    return leaf_area_of_coefficient(crop, basal_coefficient(crop, climate, dates, planted))


def planting_position(crop: Crop, climate: Climate, planted: dt.date | None, dates: Days) -> int:
    """Days from the beginning of the season year to the planting."""
    if planted is None:
        rises = crop.season == "summer"
        return (climate.rises_through if rises else climate.falls_through)(crop.planted_at_celsius)
    south = int(climate.position[0] != (dates[0] - dates[0].astype("datetime64[Y]")).astype(int))
    moved = np.datetime64(planted) + (184 if south else 0)
    return int((moved - moved.astype("datetime64[Y]")).astype(int))


def _age_days(crop: Crop, climate: Climate, dates: Days, planted: dt.date | None) -> Array:
    """Days (T,) since the last planting; a winter crop's are stretched so that its stages end with its warmth."""
    since = (climate.position - planting_position(crop, climate, planted, dates)) % 365
    if crop.season == "summer":
        return since.astype(np.float64)
    start = planting_position(crop, climate, planted, dates)
    warmth = np.cumsum(np.maximum(climate.course[(start + np.arange(365)) % 365], 0.0))
    length = int(np.searchsorted(warmth, WINTER_CROP_DEGREE_DAYS)) + 1
    return np.asarray(since * (sum(crop.stages_days) / min(length, LONGEST_WINTER_CROP_DAYS)), np.float64)
