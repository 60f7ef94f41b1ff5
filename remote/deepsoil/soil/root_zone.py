"""The daily water balance of a root zone after FAO-56, chapter 8, with water given when enough is used. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RootZone:
    """Of N places on T days, arrays (T, N) in mm: water given, depletion at the end of the day, evapotranspiration,
    drainage below the roots."""

    irrigation: Array
    depletion: Array
    evapotranspiration: Array
    drainage: Array


def balance(precipitation: ArrayLike, pet: ArrayLike, kc: ArrayLike, available_mm: ArrayLike, stress_free: float, *,
            amount_mm: ArrayLike = 0.0, allowed: ArrayLike = 1.0, open_days: ArrayLike = False,
            given_mm: ArrayLike = 0.0) -> RootZone:
    """Depletion by Eq. 85, without capillary rise; runoff is part of the drainage.

    precipitation, pet (mm/day; a gap counts as none), kc and available_mm (TAW, mm) are (T,) or (T, N). ``stress_free``
    is p of Eq. 83. On ``open_days``, (T,) or (T, N), ``amount_mm`` is given where the depletion of the evening before,
    less today's rain, is ``allowed`` of TAW or more; ``given_mm`` (T,) or (T, N) is given beside that. The first
    evening's depletion is half of what is allowed, or of what causes no stress. Where TAW grows with the roots, the
    soil that they reach is as wet as the soil above it.
    """
    rain, demand, coefficient, total, open_now, given = (
        _by_day(values) for values in (precipitation, pet, kc, available_mm, open_days, given_mm))
    amount, share = np.atleast_1d(np.asarray(amount_mm, float)), np.atleast_1d(np.asarray(allowed, float))
    days, places = np.broadcast_shapes(rain.shape, demand.shape, coefficient.shape, total.shape, open_now.shape,
                                       given.shape, (1, amount.size), (1, share.size))
    rain, demand, coefficient, total, open_now, given = (
        np.broadcast_to(np.nan_to_num(values), (days, places))
        for values in (rain, demand, coefficient, total, open_now, given))
    zone = RootZone(*(np.empty((days, places)) for _ in range(4)))
    relative = np.broadcast_to(0.5 * np.minimum(share, stress_free), (places,))
    for day in range(days):
        water, before = total[day], relative * total[day]
        turn = (open_now[day] > 0) & (before - rain[day] >= share * water)
        irrigation = np.where(turn, amount, 0.0) + given[day]
        stress = np.clip((water - before) / ((1 - stress_free) * water), 0.0, 1.0)  # Eq. 84
        left = np.maximum(water - before + rain[day] + irrigation, 0.0)
        use = np.minimum(stress * coefficient[day] * demand[day], left)
        after = before - rain[day] - irrigation + use
        zone.irrigation[day], zone.evapotranspiration[day] = irrigation, use
        zone.drainage[day] = np.maximum(-after, 0.0)
        zone.depletion[day] = np.maximum(after, 0.0)
        relative = zone.depletion[day] / water
    return zone


def _by_day(values: ArrayLike) -> Array:
    """(T, N) of (T,), (T, N) or a number."""
    array = np.asarray(values, np.float64)
    return array.reshape(1, 1) if array.ndim == 0 else array[:, None] if array.ndim == 1 else array
