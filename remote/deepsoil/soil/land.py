"""What plants do to the water of soil columns: one function for labels, training tables and the simulated field.

A row is a plant at a place: a kind of cover, or a crop, under the weather of one cell. Leaves come from what was seen
(NDVI or LAI), else from the crop, else from a phenology of cover and climate. Reads nothing; the leaves that a store
has seen are made in ``inputs``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.vegetation import Group, leaf_area, water_use

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Plant:
    """What grows: a group of land cover and, where it is known, the crop (a key of ``soil.crops``).

    planted: the one season that is known; without it the crop is planted at the usual date of every year.
    """

    group: Group
    crop: str | None = None
    planted: dt.date | None = None


@dataclass(frozen=True)
class LandForcing:
    """Input of ``simulate_columns`` for K rows over T days.

    forcing     precipitation that reaches the ground, demand of roots and soil together (mm/day), temperature
    share       (K, T) part of the demand that roots take, 0-1: its ``transpiration_fraction``
    water       (K, T) mm/day that reach the ground beside the rain: what feeds a wetland; a user's irrigation is added
    roots_cm    (K,) depth of the roots
    lai         (K, T) leaf area index
    """

    forcing: Forcing
    share: Array
    water: Array
    roots_cm: Array
    lai: Array


def leaf_area_of(plants: Sequence[Plant], forcing: Forcing, dates: Days, latitudes: Array,
                 seen: Array | None = None) -> Array:
    """Leaf area index (K, T) of K plants, each under its own row of ``forcing`` and at its latitude (K,).

    dates (T,) consecutive days. seen (K, T): leaf area from NDVI or LAI, already smooth and without gaps; a row of NaN
    where nothing was seen. Raises DeepSoilError ``bad_input`` (shapes) and ``crop_unknown``.
    """
    shape = (len(plants), len(dates))
    if forcing.precipitation.shape != shape or np.shape(latitudes) != shape[:1] or (
            seen is not None and seen.shape != shape):
        raise DeepSoilError("bad_input", "Weather, latitudes and leaves are not those of {plants} plants on {days} "
                            "days.", "Give one row of weather, one latitude and one row of leaves for each plant.",
                            "plants", plants=shape[0], days=shape[1])
    day = (dates - dates.astype("datetime64[Y]")).astype(np.int64) + 1
    lai = np.empty(shape)
    for number, plant in enumerate(plants):
        if plant.crop is not None:
            raise DeepSoilError("crop_unknown", "The leaves of the crop '{crop}' cannot be worked out yet.",
                                "Leave the crop out: the kind of land cover is used.", "crop", crop=plant.crop)
        if seen is not None and np.isfinite(seen[number]).all():
            lai[number] = seen[number]
        else:
            lai[number] = leaf_area(plant.group, forcing.temperature[number], day)
    return lai


def land_forcing(plants: Sequence[Plant], forcing: Forcing, dates: Days, latitudes: Array,
                 seen: Array | None = None) -> LandForcing:
    """What ``simulate_columns`` needs for K plants; arguments and errors as in ``leaf_area_of``."""
    lai = leaf_area_of(plants, forcing, dates, latitudes, seen)
    demand, share = water_use(lai, np.array([[plant.group.litter] for plant in plants]), forcing.pet)
    # a wetland receives from outside what PET removes
    water = np.where([[plant.group.wet] for plant in plants], forcing.pet, 0.0)
    roots_cm = np.array([plant.group.root_depth_cm for plant in plants])
    return LandForcing(replace(forcing, pet=demand), share, water, roots_cm, lai)
