"""What if a field is irrigated on the next days: its water day by day, and when and how much it will need.

`prepare` simulates the field to a day, which takes seconds; `Prepared.answer` takes the water given on the days after
it, which takes a fraction of a second, and may be asked again and again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management
from deepsoil.field import interval, uncertainty
from deepsoil.field.checkpoints import States
from deepsoil.field.continuation import Ahead, FieldState, continue_from
from deepsoil.field.ground import Columns
from deepsoil.field.look_ahead import look_ahead
from deepsoil.field.model import field_model
from deepsoil.field.series import DEPTHS_CM, Band
from deepsoil.field.simulation import refuse_failed
from deepsoil.field.weather_ahead import weather_ahead
from deepsoil.soil.crops import crop_of
from deepsoil.soil.irrigation import SUMMER

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

_MEMBERS_EARLY, _MEMBERS_HALF, _MEMBERS_LATE = 0.05, 0.5, 0.95


@dataclass(frozen=True)
class Need:
    """When the root zone reaches the depletion that the crop takes without stress, and what it then lacks.

    limit_mm: that depletion. day: the first on which half of the members have reached it, earliest and latest those of
    5 % and 95 %; None: not within these days. refill: of ``day``, else of the last day, (mean, lower, upper) in mm.
    """

    limit_mm: float
    day: np.datetime64 | None
    earliest: np.datetime64 | None
    latest: np.datetime64 | None
    refill: tuple[float, float, float]


@dataclass(frozen=True)
class Answer:
    """Means over the field, on the days after the state. theta: by depth in cm, m³/m³; the others as `PixelSeries`."""

    dates: Days
    theta: dict[float, Band]
    available: Band
    depletion: Band
    drainage: Band
    irrigation: Band
    need: Need


@dataclass(frozen=True)
class Prepared:
    """A field at the end of a day, and what is to come.

    shares (N,): of the columns in the field, which sum to 1. allowed: the share of the available water that may be
    used. precipitation (T,): ahead, in mm/day; the first ``known`` days are the region's.
    """

    state: FieldState
    ahead: Ahead
    shares: Array
    allowed: float
    precipitation: Array
    known: int

    @property
    def members(self) -> int:
        return len(self.state.z)

    def answer(self, irrigation_mm: Array) -> Answer:
        """For irrigation (T,) in mm on the days ahead, all over the field. DeepSoilError ``ensemble_failed``."""
        ensemble, water = continue_from(self.state, self.ahead.given(self.state.z, irrigation_mm))
        refuse_failed(ensemble.theta)

        def over_field(values: NDArray[np.floating]) -> Array:
            """Of each member, over the columns that it has."""
            return np.stack([interval.mean(one, self.shares) for one in values])

        depletion, limit = over_field(water.depletion_mm), self.allowed * over_field(water.capacity_mm)
        return Answer(
            ensemble.dates,
            {depth: Band.of(over_field(ensemble.theta[:, :, place]), ensemble.weights)
             for place, depth in enumerate(DEPTHS_CM)},
            Band.of(over_field(water.available_mm), ensemble.weights), Band.of(depletion, ensemble.weights),
            Band.of(over_field(water.drainage_mm), ensemble.weights),
            Band.of(over_field(water.irrigation_mm), ensemble.weights),
            need_of(ensemble.dates, depletion, limit, ensemble.weights))


def need_of(dates: Days, depletion: Array, limit: Array, weights: Array) -> Need:
    """Of the depletion (E, T) in mm of members, each with its own limit (E,) in mm. Pure.

    A member without a value, because its column could not be simulated, does not count.
    """
    known = np.isfinite(depletion).all(axis=1) & np.isfinite(limit)
    reached = np.maximum.accumulate(depletion[known] >= limit[known][:, None], axis=1)
    share = weights[known] @ reached / weights[known].sum()

    def first(level: float) -> int | None:
        return int(np.argmax(share >= level)) if share[-1] >= level else None

    half = first(_MEMBERS_HALF)
    on = len(dates) - 1 if half is None else half
    refill = Band.of(depletion[known][:, on:on + 1], weights[known])

    def day(place: int | None) -> np.datetime64 | None:
        return None if place is None else dates[place]

    return Need(float(np.average(limit[known], weights=weights[known])), day(half), day(first(_MEMBERS_EARLY)),
                day(first(_MEMBERS_LATE)), (float(refill.mean[0]), float(refill.lower[0]), float(refill.upper[0])))


def prepare(store: Store, columns: Columns, shares: Array, day: dt.date, days: int,
            management: Management | None = None, states: States | None = None,
            members: int = uncertainty.MEMBERS) -> Prepared:
    """The field of some columns at the end of ``day``, with the weather of the ``days`` after it.

    Raises what `field_model` and its simulation raise.
    """
    z = uncertainty.draw(members)
    model = field_model(store, columns, [day], DEPTHS_CM, management, states=states)
    *_, state = model.run_to_end(z)
    weather = weather_ahead(store, columns.longitudes, columns.latitudes, model.dates[-1], days)
    crop = management.crop if management is not None else None
    used = np.bincount(columns.place, weights=shares, minlength=len(columns.longitudes))
    return Prepared(state, look_ahead(model, z, weather.forcing), shares,
                    SUMMER.stress_free if crop is None else crop_of(crop).depletion,
                    used @ weather.forcing.precipitation, weather.known)
