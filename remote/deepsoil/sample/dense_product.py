"""A dense product of a generated region like HydroBlocks (Vergopolan et al. 2021): right in much, wrong as models are.

Nobody has the truth as maps to learn from; this is what a network can learn from instead. The truth is damped, with an
error that stays where it is (part of it smooth over about a kilometre, part by the soil of the map, as of a model with
other soil curves) and one of the whole region that lasts for some days. Sizes are fixed so that at stations it has
about the error of HydroBlocks: MAE 0.07 to 0.08 m³/m³, median r 0.73 (`tests/engine/test_sample_regions.py`). They were
fixed before any training.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from deepsoil.sample.noise import Field, smooth_noise, stream
from deepsoil.sample.soils import Soils
from deepsoil.sample.truth import Truth
from deepsoil.sample.windows import DAMPING, MEAN, PLACE_PIXELS
from deepsoil.store.store import Store

CHANNEL = "hydroblocks"
STEP_DAYS = 4
DEPTH_CM = 5.0
PLACE_ERROR = 0.09          # m³/m³, standard deviation of the lasting error
OF_SOIL = 0.5               # share of its variance that goes with the soil of the map
DAY_ERROR = 0.022           # m³/m³, standard deviation of a day's error
DAY_MEMORY = 0.5            # of it, from a map to the next


def product_days(first: np.datetime64, last: np.datetime64) -> NDArray[np.datetime64]:
    """Days with a map: every fourth from 1 January of the first whole year."""
    begin = first.astype("datetime64[Y]")
    begin = begin if begin.astype("datetime64[D]") >= first else begin + 1
    return np.arange(begin.astype("datetime64[D]"), last + 1, STEP_DAYS)


def lasting_error(soils: Soils, seed: int) -> Field:
    """The error in m³/m³ (H, W) that stays where it is."""
    rng = stream(seed, "dense product, places")
    of_series = rng.standard_normal(len(soils.legend))
    smooth = smooth_noise((soils.series.shape[0], soils.series.shape[1]), PLACE_PIXELS, rng)
    return np.asarray(PLACE_ERROR * (np.sqrt(1 - OF_SOIL) * smooth + np.sqrt(OF_SOIL) * of_series[soils.series]))


def day_errors(count: int, seed: int) -> Field:
    """The error in m³/m³ of each of ``count`` maps."""
    fresh = stream(seed, "dense product, days").standard_normal(count)
    error = fresh.copy()
    for day in range(1, count):
        error[day] = DAY_MEMORY * error[day - 1] + np.sqrt(1 - DAY_MEMORY**2) * fresh[day]
    return np.asarray(DAY_ERROR * error)


def with_errors(truth: NDArray[np.floating], lasting: Field, of_day: Field | float) -> NDArray[np.float32]:
    """What the product says where the truth is ``truth``, NaN where that is; shapes broadcast."""
    value = MEAN + DAMPING * (truth - MEAN) + lasting + of_day
    return np.where(np.isnan(truth), np.nan, np.round(np.clip(value, 0.02, 0.55), 3)).astype(np.float32)


def product_maps(store: Store, truth: Truth, soils: Soils, days: NDArray[np.datetime64], seed: int,
                 ) -> Iterator[NDArray[np.float32]]:
    """θ m³/m³ (H, W) of each day, NaN on open water."""
    lasting = lasting_error(soils, seed)
    for day, error in zip(days, day_errors(len(days), seed), strict=True):
        yield with_errors(truth.theta(DEPTH_CM, day.item(), store.window), lasting, float(error))
