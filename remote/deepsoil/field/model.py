"""A field of a region as a model of soil columns: reads its ground, its weather and what was seen of its leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management
from deepsoil.field.checkpoints import NoStates, States
from deepsoil.field.ground import Columns
from deepsoil.field.land import Crop
from deepsoil.field.simulation import FieldModel, Step, no_step
from deepsoil.field.weather import HISTORY_DAYS, last_day, no_weather, weather_at

if TYPE_CHECKING:
    from deepsoil.store.store import Store


def simulated_from(first: np.datetime64) -> np.datetime64:
    """The day on which a simulation of results from ``first`` on begins: a New Year at least `HISTORY_DAYS` earlier.

    It is the same for all days of a year, so that tomorrow's run goes on from today's.
    """
    return (first - HISTORY_DAYS).astype("datetime64[Y]").astype("datetime64[D]")


def field_model(store: Store, columns: Columns, days: Sequence[date], depths_cm: Sequence[float],
                management: Management | None = None, on_step: Step = no_step, states: States | None = None,
                wanted: NDArray[np.int64] | None = None) -> FieldModel:
    """The model of some columns of a region, of which those ``wanted`` are simulated, for consecutive days.

    Raises ``no_weather`` (the weather begins after the first day), and what `weather_at` raises.
    """
    first, last = (np.datetime64(day, "D") for day in (days[0], days[-1]))
    dates, forcing = weather_at(store, columns.longitudes, columns.latitudes, simulated_from(first), last)
    if dates[0] > first:
        raise no_weather(store.title, first, dates[0], last_day(store))
    crop = Crop(management.crop, management.planted) if management is not None and management.crop else None
    usual = HISTORY_DAYS if (first - dates[0]).astype(int) >= HISTORY_DAYS else None
    known = management or Management()
    return FieldModel(columns, dates, forcing, tuple(float(depth) for depth in depths_cm), first, known.irrigation,
                      crop, soil=tuple(known.soil or ()), on_step=on_step, states=states or NoStates(),
                      usual_days=usual, said_roots_cm=known.root_depth_cm, wanted=wanted)
