"""What is to come over a simulated field: its leaves, roots, demand and rain under a weather that is given. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.continuation import Ahead
from deepsoil.field.member_batch import Driving
from deepsoil.field.simulation import FieldModel
from deepsoil.soil.forcing import Forcing

Array = NDArray[np.float64]


def look_ahead(model: FieldModel, z: Array, weather: Forcing) -> Ahead:
    """The days after the last one of a model, under their ``weather`` (P, T) at the places of its columns; no
    irrigation yet."""
    days = weather.days
    dates = np.arange(model.dates[0], model.dates[-1] + 1 + days)
    whole = Forcing(*(np.concatenate([past, next_], axis=1) for past, next_ in zip(
        (model.forcing.precipitation, model.forcing.pet, model.forcing.temperature),
        (weather.precipitation, weather.pet, weather.temperature), strict=True)))
    land = model.land(dates, whole).of_members(z)
    driving = Driving.of(land, np.zeros((len(z), dates.size)))
    return Ahead(dates[-days:], driving.on_days(np.arange(dates.size - days, dates.size)),
                 np.zeros(model.count))
