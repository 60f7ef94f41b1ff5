"""What plants do to the water of soil columns: one function for labels, training tables and the simulated field.

A row is a plant at a place: a kind of cover, or a crop, under the weather of one cell. Leaves come from what was seen
(NDVI or LAI), else from the crop, else from a phenology of cover and climate. Reads nothing; the leaves that a store
has seen are made in ``inputs``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_growth import crop_leaf_area
from deepsoil.soil.crops import crop_of
from deepsoil.soil.forcing import Forcing, rain_share
from deepsoil.soil.phenology import leaf_area
from deepsoil.soil.vegetation import Group, intercepted, transpiration_fraction, water_use

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

ASSUMED_CROP = "corn"
"""What stands on cultivated land whose crop is not known."""

_FILES = ("vegetation.py", "climate.py", "phenology.py", "crops.py", "crop_growth.py", "seen_leaves.py", "land.py")


@dataclass(frozen=True)
class Plant:
    """What grows: a group of land cover and, where it is known, the crop (a key of ``soil.crops``).

    planted: its day and month are taken for every year; without it the crop is planted at the usual date of the
    climate. Cultivated land without a crop stands under corn, the commonest one.
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
    intercepted (K, T) mm/day of rain that evaporates from leaves and litter; it is neither in the precipitation nor in
                the demand of ``forcing``
    """

    forcing: Forcing
    share: Array
    water: Array
    roots_cm: Array
    lai: Array
    intercepted: Array


def vegetation_stamp() -> str:
    """Twelve hex digits that change with any assumption on plants: a digest of the source of all of them."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _FILES)).hexdigest()[:12]


def leaf_area_of(plants: Sequence[Plant], forcing: Forcing, dates: Days, latitudes: Array,
                 seen: Array | None = None, usual_days: int | None = None) -> Array:
    """Leaf area index (K, T) of K plants, each under its own row of ``forcing`` and at its latitude (K,).

    dates (T,) consecutive days. seen (K, T): leaf area from NDVI or LAI, already smooth and without gaps; a row of NaN
    where nothing was seen. usual_days: as in `Climate.of`. Raises DeepSoilError ``bad_input`` (shapes) and
    ``crop_unknown``.
    """
    shape = (len(plants), len(dates))
    if forcing.precipitation.shape != shape or np.shape(latitudes) != shape[:1] or (
            seen is not None and seen.shape != shape):
        raise DeepSoilError("bad_input", "Weather, latitudes and leaves are not those of {plants} plants on {days} "
                            "days.", "Give one row of weather, one latitude and one row of leaves for each plant.",
                            "plants", plants=shape[0], days=shape[1])
    lai = np.empty(shape)
    climates: dict[bytes, Climate] = {}
    for number, plant in enumerate(plants):
        crop = crop_of(plant.crop or ASSUMED_CROP) if plant.crop or plant.group.seasonal_crop else None
        if seen is not None and np.isfinite(seen[number]).all():
            lai[number] = seen[number]
            continue
        weather = (forcing.temperature[number], forcing.precipitation[number], forcing.pet[number])
        key = b"".join(values.tobytes() for values in weather) + np.float64(latitudes[number]).tobytes()
        if key not in climates:
            climates[key] = Climate.of(*weather, dates, float(latitudes[number]), usual_days)
        if crop is None:
            lai[number] = leaf_area(plant.group, climates[key])
        else:
            lai[number] = crop_leaf_area(crop, climates[key], dates, plant.planted)
    return lai


def land_forcing(plants: Sequence[Plant], forcing: Forcing, dates: Days, latitudes: Array,
                 seen: Array | None = None) -> LandForcing:
    """What ``simulate_columns`` needs for K plants; arguments and errors as in ``leaf_area_of``.

    Leaves and litter keep back a part of the rain, which evaporates first and lessens what is left to demand. A crop of
    the table demands more than PET where its leaves are closed, as its basal coefficient at mid-season says.
    """
    lai = leaf_area_of(plants, forcing, dates, latitudes, seen)
    most = np.array([[crop_of(plant.crop).kcb[1] if plant.crop else 1.0] for plant in plants])
    pet = forcing.pet * (1.0 + np.maximum(most - 1.0, 0.0) * transpiration_fraction(lai))
    litter = np.array([[plant.group.litter] for plant in plants])
    kept = intercepted(forcing.precipitation * rain_share(forcing.temperature), lai, litter, pet)
    demand, share = water_use(lai, litter, pet - kept)
    # a wetland receives from outside what PET removes
    water = np.where([[plant.group.wet] for plant in plants], forcing.pet, 0.0)
    roots_cm = np.array([crop_of(plant.crop).root_depth_cm if plant.crop else plant.group.root_depth_cm
                         for plant in plants])
    ground = Forcing(np.maximum(forcing.precipitation - kept, 0.0), demand, forcing.temperature)
    return LandForcing(ground, share, water, roots_cm, lai, kept)
