"""What if a field is irrigated on the next days: its water day by day, and when and how much it will need.

`prepare` simulates the field to a day, which takes seconds; `Prepared.answer` takes the water given on the days after
it, which takes a fraction of a second, and may be asked again and again: days before the first whose water is another
than in the last question are not simulated again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management
from deepsoil.field import alike, interval, uncertainty
from deepsoil.field.checkpoints import States
from deepsoil.field.continuation import Ahead, Course, FieldState
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.ground import Columns
from deepsoil.field.land import season_of_land
from deepsoil.field.look_ahead import look_ahead
from deepsoil.field.model import field_model
from deepsoil.field.root_zone import RootZoneWater
from deepsoil.field.series import DEPTHS_CM, Band
from deepsoil.field.simulation import FieldModel, Step, no_step, refuse_failed
from deepsoil.field.weather_ahead import weather_ahead
from deepsoil.soil.irrigation import SUMMER

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

MOST_SOILS, CLOSE_PERCENT = 8, 4.0
"""So many soils stand for a field at most, and fewer where their textures differ less: what is asked for are means over
it, and its interval is far wider than what that changes (``tests/engine/test_what_if.py``)."""

_MEMBERS_EARLY, _MEMBERS_HALF, _MEMBERS_LATE = 0.05, 0.5, 0.95


@dataclass(frozen=True)
class Need:
    """When the root zone reaches the depletion that the crop takes without stress, and what it then lacks.

    limit_mm: that depletion. day: the first on which half of the members have reached it, earliest and latest those of
    5 % and 95 %; None: not within these days. refill: of ``day``, else of the last day, (mean, lower, upper) in mm,
    up to the share of the available water that was asked for.
    """

    limit_mm: float
    day: np.datetime64 | None
    earliest: np.datetime64 | None
    latest: np.datetime64 | None
    refill: tuple[float, float, float]


@dataclass(frozen=True)
class FieldWater:
    """Means over the field on consecutive days. theta: by depth in cm, m³/m³; the others as `PixelSeries`."""

    dates: Days
    theta: dict[float, Band]
    available: Band
    depletion: Band
    drainage: Band
    irrigation: Band


@dataclass(frozen=True)
class Grown:
    """What the need goes by: depth of the roots, cm; the share of the available water that is used without stress; the
    stage of the crop on the day, as `Season.stage` numbers it, None where the crop is not known."""

    root_depth_cm: float
    allowed: float
    stage: int | None


@dataclass(frozen=True)
class Prepared:
    """A field at the end of a day, and what is to come.

    shares (N,): of the columns in the field, which sum to 1. precipitation (T,): ahead, in mm/day; the first ``known``
    days are the region's. past: the day and those before it that were asked for, and their precipitation.
    """

    state: FieldState
    ahead: Ahead
    shares: Array
    grown: Grown
    precipitation: Array
    known: int
    past: FieldWater
    past_precipitation: Array
    _last: list[tuple[Array, Course]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def members(self) -> int:
        return len(self.state.z)

    def answer(self, irrigation_mm: Array, target: float = 1.0) -> tuple[FieldWater, Need]:
        """For irrigation (T,) in mm on the days ahead, all over the field; ``target``: the share of the available water
        up to which is refilled. DeepSoilError ``ensemble_failed``.
        """
        course = self._course(np.asarray(irrigation_mm, np.float64))
        refuse_failed(course.ensemble.theta)
        depletion = _over_field(course.water.depletion_mm, self.shares)
        capacity = _over_field(course.water.capacity_mm, self.shares)
        weights = course.ensemble.weights
        return (_field_water(course.ensemble, course.water, self.shares),
                need_of(course.ensemble.dates, depletion, self.grown.allowed * capacity, weights,
                        (1.0 - target) * capacity))

    def _course(self, given: Array) -> Course:
        ahead = self.ahead.given(self.state.z, given)
        if not self._last:
            course = Course.of(self.state, ahead)
        else:
            before, last = self._last[0]
            other = np.flatnonzero(before != given)
            course = last.changed(ahead, int(other[0]) if other.size else given.size)
        self._last[:] = [(given, course)]
        return course


def _over_field(values: NDArray[np.floating], shares: Array) -> Array:
    """(E, ...) of members (E, N, ...): the mean of the columns that each member has, by their shares (N,)."""
    return interval.mean(np.moveaxis(values, 1, 0), shares)


def _field_water(ensemble: Ensemble, water: RootZoneWater, shares: Array) -> FieldWater:
    def band(values: NDArray[np.floating]) -> Band:
        return Band.of(_over_field(values, shares), ensemble.weights)

    return FieldWater(
        ensemble.dates, {depth: band(ensemble.theta[:, :, place]) for place, depth in enumerate(DEPTHS_CM)},
        band(water.available_mm), band(water.depletion_mm), band(water.drainage_mm), band(water.irrigation_mm))


def need_of(dates: Days, depletion: Array, limit: Array, weights: Array, left: Array | float = 0.0) -> Need:
    """Of the depletion (E, T) in mm of members, each with its own limit (E,) in mm; ``left``, (E,) or alike: what is
    not refilled of it, mm. Pure.

    A member without a value, because its column could not be simulated, does not count.
    """
    known = np.isfinite(depletion).all(axis=1) & np.isfinite(limit)
    reached = np.maximum.accumulate(depletion[known] >= limit[known][:, None], axis=1)
    share = weights[known] @ reached / weights[known].sum()

    def first(level: float) -> int | None:
        return int(np.argmax(share >= level)) if share[-1] >= level else None

    half = first(_MEMBERS_HALF)
    on = len(dates) - 1 if half is None else half
    lack = np.maximum(depletion[:, on] - left, 0.0)
    refill = Band.of(lack[known][:, None], weights[known])

    def day(place: int | None) -> np.datetime64 | None:
        return None if place is None else dates[place]

    return Need(float(np.average(limit[known], weights=weights[known])), day(half), day(first(_MEMBERS_EARLY)),
                day(first(_MEMBERS_LATE)), (float(refill.mean[0]), float(refill.lower[0]), float(refill.upper[0])))


@dataclass(frozen=True)
class Ground:
    """The distinct columns of a field, the numbers ``chosen`` (n,) of those that stand for all, and the share (n,) of
    the field that each stands for; they sum to 1."""

    columns: Columns
    chosen: NDArray[np.int64]
    shares: Array

    @classmethod
    def of(cls, columns: Columns, shares: Array) -> Ground:
        """Of columns with their shares (N,) of the field."""
        return cls(columns, *alike.standing_for(columns, shares, MOST_SOILS, CLOSE_PERCENT))

    @classmethod
    def whole(cls, columns: Columns, shares: Array) -> Ground:
        """Of columns that all stand for themselves."""
        return cls(columns, np.arange(len(columns)), shares)


def prepare(store: Store, ground: Ground, day: dt.date, days: int, management: Management | None = None,
            states: States | None = None, z: Array | None = None, before: int = 0, on_step: Step = no_step,
            ) -> Prepared:
    """A field at the end of ``day``, with the weather of the ``days`` after it, and what was on that day and on
    ``before`` days before it. ``z`` (E, P): the scores of its members, those that know of no reading if it is None.

    Raises what `field_model` and its simulation raise, and what ``on_step`` does.
    """
    z = uncertainty.draw() if z is None else z
    past = [day - dt.timedelta(days=number) for number in range(before, -1, -1)]
    columns, shares = ground.columns, ground.shares
    model = field_model(store, columns, past, DEPTHS_CM, management, on_step, states, ground.chosen)
    ensemble, water, state = model.run_to_end(z)
    weather = weather_ahead(store, columns.longitudes, columns.latitudes, model.dates[-1], days)
    used = np.bincount(columns.place[ground.chosen], weights=shares, minlength=len(columns.longitudes))
    return Prepared(state, look_ahead(model, z, weather.forcing), shares, _grown(model, management, shares),
                    used @ weather.forcing.precipitation, weather.known, _field_water(ensemble, water, shares),
                    used @ model.forcing.precipitation[:, -len(past):])


def _grown(model: FieldModel, management: Management | None, shares: Array) -> Grown:
    land, known = model.land(), management or Management()
    allowed, stage = SUMMER.stress_free, None
    if model.crop is not None:
        season, _ = season_of_land(land, model.crop, model.usual_days)
        allowed, stage = season.stress_free, int(season.stage(model.dates[-1:])[0])
    return Grown(float(shares @ land.roots_cm[land.unit[model.numbers]]), known.allowed_depletion or allowed, stage)
