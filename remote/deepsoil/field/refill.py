"""The water that an irrigation is to refill: what lacks, less what rain will bring; none where none is needed. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.irrigation_maps import Refill
from deepsoil.field import interval
from deepsoil.field.root_zone import RootZoneWater

Array = NDArray[np.float64]


def rain_ahead(precipitation: Array, days: int, rain_days: int) -> Array:
    """(P, days) mm: the rain of the ``rain_days`` days after each of ``days`` days.

    ``precipitation`` (P, T) in mm/day begins the day after the first of them; days that it does not reach bring none.
    """
    sums = np.concatenate([np.zeros((len(precipitation), 1)), np.cumsum(precipitation, axis=1)], axis=1)
    first = np.minimum(np.arange(days), sums.shape[1] - 1)
    last = np.minimum(np.arange(days) + rain_days, sums.shape[1] - 1)
    return np.asarray(sums[:, last] - sums[:, first])


def refill_mm(water: RootZoneWater, wanted: Refill, allowed: float, rain_mm: Array, weights: Array,
              ) -> NDArray[np.float32]:
    """(E, N, T) in mm of members with their weights (E,). Never below 0.

    ``allowed``: the share of the available water that plants use without stress; ``rain_mm`` (N, T): what is left to
    the rain. Whether a column needs water is decided by the means of its members, so that all of them agree.
    """
    lack = water.depletion_mm - (1.0 - wanted.target) * water.capacity_mm[..., None] - rain_mm
    found = np.maximum(lack, 0.0)
    if wanted.only_where_needed:
        limit = allowed * interval.mean(water.capacity_mm, weights)
        needed = interval.mean(water.depletion_mm, weights) >= limit[:, None]
        found = np.where(needed | np.isnan(found), found, 0.0)
    return np.asarray(found, np.float32)
