"""The weather that is published of the sample region: the true one with the errors of a gridded product. No I/O."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepsoil.sample.differences import Differences
from deepsoil.sample.noise import smooth_noise, stream
from deepsoil.sample.weather import SMALLEST_RAIN_MM, Weather

_CELLS = 3.0                # over which the error of a day's rain is alike
_DEMAND_MEMORY = 0.7        # of the error of the demand, from a day to the next


def published(weather: Weather, differences: Differences, seed: int) -> Weather:
    """Rain with a smooth random factor for each day and one for each cell, and demand with a factor for each day."""
    rng = stream(seed, "published weather")
    shape = weather.shape
    of_cell = differences.rain_bias * smooth_noise(shape, _CELLS, rng)
    rain = weather.precipitation.astype(np.float64)
    demand = weather.pet.astype(np.float64)
    wrong = 0.0
    for day in range(weather.days):
        of_day = differences.rain * smooth_noise(shape, _CELLS, rng)
        rain[day] *= np.exp(of_day - differences.rain**2 / 2 + of_cell)
        wrong = _DEMAND_MEMORY * wrong + np.sqrt(1 - _DEMAND_MEMORY**2) * float(rng.standard_normal())
        demand[day] *= np.exp(differences.demand * wrong)
    rain[rain < SMALLEST_RAIN_MM] = 0.0
    return replace(weather, precipitation=rain.astype(np.float32), pet=demand.astype(np.float32))
