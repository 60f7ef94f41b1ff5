"""θ of the networks at one place, day by day: what the pixel of their maps has, with the interval of their calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management
from deepsoil.grid import lonlat_to_pixel
from deepsoil.inference.machine import cores
from deepsoil.inference.place_water import water_at
from deepsoil.inference.point_series import point_series
from deepsoil.inputs.stack import Stack
from deepsoil.stations.nearest import coarse_at

if TYPE_CHECKING:
    from deepsoil.models.library import Model
    from deepsoil.store.store import Store

Values = NDArray[np.float32]


@dataclass(frozen=True)
class PlaceSeries:
    """theta (T,) m³/m³, NaN where input is missing; half_width of its 90 % interval, None for a model without."""

    theta: Values
    half_width: float | None


def place_series(store: Store, models: Sequence[Model], longitude: float, latitude: float, days: Sequence[date],
                 management: Management | None = None) -> dict[int, PlaceSeries]:
    """By depth in cm, at a position in degrees. DeepSoilError ``area_outside``, ``no_weather``, and of the water."""
    column, row = (int(np.floor(value[0])) for value in lonlat_to_pixel(np.array([longitude]), np.array([latitude])))
    reach = max(model.contract.halo + model.contract.multiple for model in models)
    watered = water_at(store, [(column, row)], [management or Management()], reach).areas
    found = {}
    for model in models:
        stack = Stack(store, model.contract.channel_uses(), watered=watered)
        theta = point_series(model, stack, days, np.array([longitude]), np.array([latitude]), cores())[0]
        intervals = model.contract.intervals
        found[model.contract.depth_cm] = PlaceSeries(theta, None if intervals is None else intervals.half_width)
    return found


def precipitation_at(store: Store, longitude: float, latitude: float, days: Sequence[date]) -> Values:
    """(T,) mm/day of the nearest weather cell."""
    return coarse_at(store, "precipitation", np.array([longitude]), np.array([latitude]),
                     np.asarray(days, "datetime64[D]"))[0]
