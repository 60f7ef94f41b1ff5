"""Leaf area by cover and climate, where nothing was seen and no crop is named. Pure.

Grass is a mixture of cool-season (C3) and warm-season (C4) kinds. Which of them grows follows the summer: C4 grass
wins where it is warmer than about 22 degC and moist at the same time (Collatz, Berry and Clark 1998, Oecologia
114:441; Still et al. 2003, Global Biogeochemical Cycles 17:1006). Its leaves come late and are dry by autumn; those
of cool-season grass are there whenever it is mild, and rest in summer's heat. Warm-season grass, and trees that shed
their leaves, follow the warmth that the season has had (growing degree days as a share of the place's usual year), so
that a warm spring is early everywhere. Drought stress, grazing and fire are not in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.climate import Climate
from deepsoil.soil.vegetation import Group, trailing_mean

Array = NDArray[np.float64]

C4_CELSIUS = 22.0
"""Summer temperature at which half of the grass is C4: the crossover of Collatz et al. (1998)."""

LEAST_SHARE = 0.3
"""Of a group's seasonal leaves in the driest climate: leaves follow the water balance of a place (Grier and Running
1977, Ecology 58:893)."""


def warm_season_share(climate: Climate) -> float:
    """Share 0-1 of warm-season grass: half at a summer of 22 degC, none where summers are dry."""
    return float(_rise(climate.warmest_celsius, C4_CELSIUS, 1.0) * climate.moist_summer)


def green_share(group: Group, climate: Climate) -> Array:
    """Leaves (T,) between the least and the most of a group, 0-1."""
    mild = _rise(trailing_mean(climate.temperature, 30), 5.0, 1.5)
    if group.name in ("grass", "wetland"):
        warm = warm_season_share(climate)
        return warm * _warm_season(climate) + (1.0 - warm) * _cool_season(climate)
    if group.name == "forest":
        # deciduous, evergreen and mixed are one group: half of the leaves stay
        return np.asarray(0.5 * _deciduous(climate) + 0.5 * (0.8 + 0.2 * mild))
    if group.name == "shrub":
        return np.asarray(0.4 * mild + 0.6 * _cool_season(climate))
    return np.asarray(mild)


def leaf_area(group: Group, climate: Climate) -> Array:
    """Leaf area index (T,) of a group of land cover: its most where water is plenty, less in a dry climate."""
    plenty = 1.0 if group.wet else max(climate.moist_year, LEAST_SHARE)
    span = (group.largest_lai - group.smallest_lai) * plenty
    return np.asarray(group.smallest_lai + span * green_share(group, climate))


def _rise(value: Array | float, middle: float, width: float) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-(np.asarray(value) - middle) / width)))


def _warm_season(climate: Climate) -> Array:
    """Green from a fifth of the year's warmth above 10 degC, dry when four fifths are over or it is cold."""
    warmth = climate.thermal_time(10.0)
    season = _rise(warmth, 0.18, 0.035) * _rise(-warmth, -0.80, 0.05)
    return _without_winter(season, climate) * _rise(trailing_mean(climate.temperature, 30), 8.0, 1.5)


def _cool_season(climate: Climate) -> Array:
    """Green above about 6 degC, half at rest in summer's heat."""
    month = trailing_mean(climate.temperature, 30)
    return np.asarray(_rise(month, 6.0, 1.5) * (1.0 - 0.5 * _rise(month, 23.0, 1.5)))


def _deciduous(climate: Climate) -> Array:
    """Out at a tenth of the year's warmth above 5 degC, gone below about 9 degC."""
    season = _rise(climate.thermal_time(5.0), 0.10, 0.02) * _rise(trailing_mean(climate.temperature, 30), 9.0, 1.5)
    return _without_winter(season, climate)


def _without_winter(season: Array, climate: Climate) -> Array:
    """Leaves stay the more, the warmer the coldest day usually is: all of them above about 11 degC."""
    stays = float(_rise(float(climate.course.min()), 8.0, 1.0))
    return np.asarray(stays + (1.0 - stays) * season)
