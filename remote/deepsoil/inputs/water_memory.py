"""Memory of past weather: snow on the ground and the fill of simple soil water stores. Pure.

Sums over 7 and 30 days lose a wet autumn or a winter's snow, which still affects water at 20 cm. A bucket of given
capacity takes rain and melt, loses evapotranspiration in proportion to its fill, and spills the excess. Small
buckets follow the last days, large ones the last seasons; together they hold the state that sums omit.
They need no soil data, only a weather series.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import BUCKETS_MM, SNOW
from deepsoil.soil.forcing import Forcing, snow_store, spinup_days

SPINUP_DAYS = 365
"""The first year is simulated once beforehand, so it starts from a plausible state. Shorter ones are refused."""


def memory(precipitation: NDArray[np.floating], pet: NDArray[np.floating], temperature: NDArray[np.floating],
           ) -> dict[str, NDArray[np.float32]]:
    """Snow water (mm) and bucket fill (0-1) at the end of each day, by channel; all arrays (T, places).

    Precipitation and PET in mm/day, mean temperature in °C. A day with a gap leaves the state unchanged.
    ValueError for fewer than 365 days.
    """
    days, places = precipitation.shape
    if days < SPINUP_DAYS:
        raise ValueError(f"{days} days of weather; the memory needs {SPINUP_DAYS}")
    order = spinup_days(days, SPINUP_DAYS)
    driving = Forcing(_series(precipitation, 0.0, 2000.0), _series(pet, 0.0, 50.0), _series(temperature, -90.0, 60.0))
    snow = snow_store(driving.on_days(order))
    demand = np.where(snow.store > 0.0, 0.0, driving.pet[:, order])
    capacity = np.array(list(BUCKETS_MM.values()))[:, None]
    fill = np.full((len(capacity), places), 0.5)
    fills = np.empty((len(capacity), days, places), np.float32)
    for number in range(len(order)):
        fill = fill + (snow.liquid[:, number] - demand[:, number] * fill) / capacity
        fill = np.clip(fill, 0.0, 1.0)
        if number >= SPINUP_DAYS:
            fills[:, number - SPINUP_DAYS] = fill
    water = np.ascontiguousarray(snow.store[:, SPINUP_DAYS:].T, np.float32)
    return {SNOW: water} | dict(zip(BUCKETS_MM, fills, strict=True))


def _series(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.float64]:
    """(T, places) → (places, T), gaps replaced by values without effect: no rain, no demand, frost."""
    return np.ascontiguousarray(np.clip(np.where(np.isnan(values), low, values), low, high).T, np.float64)
