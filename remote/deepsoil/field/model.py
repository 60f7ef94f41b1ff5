"""A field of a region as a model of soil columns: reads its ground, its weather and what was seen of its leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from deepsoil.contract.management import Management
from deepsoil.field.ground import Columns
from deepsoil.field.land import Crop
from deepsoil.field.simulation import FieldModel, Step
from deepsoil.field.weather import HISTORY_DAYS, weather_at

if TYPE_CHECKING:
    from deepsoil.store.store import Store


def field_model(store: Store, columns: Columns, days: Sequence[date], depths_cm: Sequence[float],
                management: Management | None = None, on_step: Step = lambda done, total: None) -> FieldModel:
    """The model of some columns of a region for consecutive days. Raises what `weather_at` raises."""
    first, last = (np.datetime64(day, "D") for day in (days[0], days[-1]))
    dates, forcing = weather_at(store, columns.longitudes, columns.latitudes, first - HISTORY_DAYS, last)
    crop = Crop(management.crop, management.planted) if management is not None and management.crop else None
    return FieldModel(columns, dates, forcing, tuple(float(depth) for depth in depths_cm), first,
                      management.irrigation if management is not None else None, crop, on_step=on_step)
