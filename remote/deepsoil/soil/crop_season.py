"""When a crop of the table grows and is watered at a place: what the water balance of its root zone needs. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_growth import (
    FROST_CELSIUS,
    LONGEST_WINTER_CROP_DAYS,
    WINTER_CROP_DEGREE_DAYS,
    planting_position,
)
from deepsoil.soil.crops import Crop
from deepsoil.soil.irrigation import Season

_FIRST_ROOTS_M = 0.3
"""Of a crop that has just come up: the zone that FAO-56 takes for germination is 0.15 to 0.3 m deep."""
_PERENNIAL_STAGES = (0.1, 0.15, 0.65, 0.1)
_YEAR_DAYS, _HALF_YEAR_DAYS = 365, 184


def irrigated_root_depth_cm(crop: Crop) -> float:
    """Depth of the roots in an irrigated field: the lesser of Table 22, as its footnote says."""
    return 100.0 * crop.roots_m[0]


def season_of(crop: Crop, climate: Climate, dates: NDArray[np.datetime64], latitude: float,
              planted: dt.date | None = None) -> Season:
    """The season of a crop in the climate's usual year, with the coefficients of the table.

    ``planted``: day and month count. ``dates`` and ``latitude`` are those of the climate.
    """
    length: float
    if crop.season == "perennial":
        start = climate.rises_through(crop.planted_at_celsius)
        length = max(climate.falls_through(crop.planted_at_celsius) - start, 60)
        stages = _PERENNIAL_STAGES
    else:
        start = planting_position(crop, climate, planted, dates)
        days = crop.stages_days
        length = _winter_days(climate, start) if crop.season == "winter" else float(sum(days))
        frost = climate.falls_through(FROST_CELSIUS)
        if crop.season == "summer" and start < frost:
            length = min(length, max(frost - start, 60))
        stages = tuple(day / sum(days) for day in days)  # type: ignore[assignment]
    first = start + 1 + (0 if latitude >= 0 else _YEAR_DAYS - _HALF_YEAR_DAYS)
    grown = 1.0 if crop.season == "perennial" else min(1.0, _FIRST_ROOTS_M / crop.roots_m[0])
    return Season((first - 1) % 366 + 1, (first + length - 1) % 366 + 1, *crop.kc, stages, crop.depletion, grown)


def _winter_days(climate: Climate, start: int) -> float:
    """Days from planting to harvest of a winter crop in the usual year."""
    warmth = np.cumsum(np.maximum(climate.course[(start + np.arange(_YEAR_DAYS)) % _YEAR_DAYS], 0.0))
    return float(min(int(np.searchsorted(warmth, WINTER_CROP_DEGREE_DAYS)) + 1, LONGEST_WINTER_CROP_DAYS))
