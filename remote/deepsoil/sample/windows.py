"""Windows of a sample region for training and scoring: input, a dense product with errors, and the truth.

Nobody has the truth as a map to learn from. What a researcher can have is a product like HydroBlocks (Vergopolan et
al. 2021): right in much, with the errors of a model. So the target is the truth damped, with an error that stays where
it is (smooth over about a kilometre) and one of each day. Sizes are fixed so that the product has about the error that
HydroBlocks is said to have at stations (MAE 0.07 to 0.08 m³/m³, median r 0.73); the truth is for scoring alone.

A file is a NumPy archive:

    x              (N, C, P, P) float16, normalised input      product, truth   (N, P, P) float32, m³/m³, NaN on water
    soil           (5, N, P, P) float32, as ``soil.retention.VanGenuchten`` by the texture of the map
    channels       (C,) names         depth_cm  int         days  (N,) datetime64[D]    place  (N, 2) column and row
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import REQUIRED, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import TILE, Window
from deepsoil.inputs.stack import Stack
from deepsoil.io import atomic
from deepsoil.sample.noise import smooth_noise, stream
from deepsoil.sample.truth import Truth
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store

DAMPING = 0.8           # of the truth's departures from MEAN
MEAN = 0.2              # m³/m³
PLACE_ERROR = 0.085     # m³/m³, standard deviation; does not change with time
PLACE_PIXELS = 32       # over which it varies
DAY_ERROR = 0.045       # m³/m³, of a whole window on a day
_DAYS_PER_PLACE = 4     # what is read of a place serves several days
_FILL = 0.5

Array = NDArray[np.float32]


def product_of(truth: Array, place_error: NDArray[np.float64], day_error: float) -> Array:
    """What a model would say where the truth is ``truth`` (P, P); both errors in standard deviations."""
    value = MEAN + DAMPING * (truth - MEAN) + PLACE_ERROR * place_error + DAY_ERROR * day_error
    return np.where(np.isnan(truth), np.nan, np.clip(value, 0.02, 0.55)).astype(np.float32)


def write_windows(store: Store, target: Path, depth_cm: int, count: int, first: date, last: date, seed: int) -> Array:
    """Write ``count`` windows of 64 x 64 pixels on days from ``first`` to ``last``; |product - truth| of all pixels.

    Raises DeepSoilError ``truth_missing``, ``depth_missing``, ``no_weather``, and ``bad_dates`` outside the maps.
    """
    begin, end = store.map_dates()
    if first < begin or last > end or last < first:
        raise DeepSoilError("bad_dates", "The region has maps from {begin} to {end} only.", "Choose days between them.",
                            "dates", begin=begin.isoformat(), end=end.isoformat())
    truth, channels = Truth.open(store), DEPTHS[depth_cm].channels
    stack = Stack(store, [ChannelUse(name, _FILL, name in REQUIRED) for name in channels])
    where = _places(store, -(-count // _DAYS_PER_PLACE), seed)
    rng, whole = stream(seed, "windows"), store.window
    everywhere = smooth_noise(whole.shape, PLACE_PIXELS, stream(seed, "product"))
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    x: list[NDArray[np.float16]] = []
    products: list[Array] = []
    truths: list[Array] = []
    soils: list[NDArray[np.float64]] = []
    when: list[np.datetime64] = []
    places: list[tuple[int, int]] = []
    for window in where:
        sand, silt, clay = (store.read_static(name, window) for name in ("sand", "silt", "clay"))
        soil = parameters(sand, silt, clay)
        for day in rng.choice(days, _DAYS_PER_PLACE, replace=False)[:count - len(x)]:
            values, valid = stack.read(day.item(), window)
            known = np.where(valid, truth.theta(depth_cm, day.item(), window), np.float32(np.nan))
            x.append(values.astype(np.float16))
            products.append(product_of(known, everywhere[window.slices_in(whole)], float(rng.standard_normal())))
            truths.append(known)
            soils.append(np.stack(list(soil.arrays())[:5]))
            when.append(day)
            places.append((window.column, window.row))
    with atomic.replacing(target) as draft:
        np.savez(draft, x=np.stack(x), product=np.stack(products), truth=np.stack(truths),
                 soil=np.stack(soils, 1).astype(np.float32), channels=np.array(channels), depth_cm=np.array(depth_cm),
                 days=np.array(when), place=np.array(places))
    return np.abs(np.stack(products) - np.stack(truths))


def _places(store: Store, count: int, seed: int) -> Sequence[Window]:
    rng, whole = stream(seed, "places"), store.window
    return [Window(whole.column + int(rng.integers(whole.width - TILE)),
                   whole.row + int(rng.integers(whole.height - TILE)), TILE, TILE) for _ in range(count)]
