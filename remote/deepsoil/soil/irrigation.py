"""Water given to a field, day by day: from a log, or from the daily balance of the root zone after FAO-56, ch. 8.

Pure. What a request says is in ``contract.management``; which pixels get the water is decided elsewhere. Allen,
Pereira, Raes and Smith (1998), Crop evapotranspiration, FAO Irrigation and Drainage Paper 56: depletion Eq. 85, stress
Eq. 84, total and readily available water Eqs. 82 and 83, coefficients over a season Eq. 66.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.management import Irrigated, Irrigation, IrrigationHabit, IrrigationLog
from deepsoil.soil.root_zone import RootZone, balance

Array = NDArray[np.float64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Season:
    """When a crop grows, how much it drinks and how deep its roots go.

    first_day, last_day  days of the year 1-366; the season may run over New Year
    kc_initial, kc_mid, kc_end  single crop coefficients; outside the season ``KC_FALLOW``
    stages               shares of the season: initial, development, middle, late; they sum to 1
    stress_free          FAO-56's p: the share of the available water that is used without stress
    least_root_share     share of the largest root depth on the first day
    """

    first_day: float
    last_day: float
    kc_initial: float = 0.4
    kc_mid: float = 1.15
    kc_end: float = 0.6
    stages: tuple[float, float, float, float] = (0.2, 0.3, 0.3, 0.2)
    stress_free: float = 0.5
    least_root_share: float = 0.35

    def share(self, dates: Dates) -> Array:
        """(T,) how much of the season is over, 0-1; NaN outside."""
        length = (self.last_day - self.first_day) % 366 or 366
        since = (_day_of_leap_year(dates) - self.first_day) % 366
        return np.where(since <= length, since / length, np.nan)

    def stage(self, dates: Dates) -> NDArray[np.int64]:
        """(T,) 0 to 3: initial, development, middle, late; -1 outside."""
        share = self.share(dates)
        number = np.searchsorted(np.cumsum(self.stages[:3]), np.nan_to_num(share), side="right")
        return np.where(np.isnan(share), -1, number)

    def kc(self, dates: Dates) -> Array:
        """(T,) crop coefficient; straight lines between the stages (Eq. 66)."""
        corners = np.cumsum([0.0, *self.stages])
        levels = [self.kc_initial, self.kc_initial, self.kc_mid, self.kc_mid, self.kc_end]
        share = self.share(dates)
        return np.where(np.isnan(share), KC_FALLOW, np.interp(share, corners, levels))

    def root_share(self, dates: Dates) -> Array:
        """(T,) share of the largest root depth: grows from the first day to the middle of the season."""
        grown = sum(self.stages[:2])
        share = np.nan_to_num(self.share(dates), nan=0.0)
        return np.interp(share, [0.0, grown], [self.least_root_share, 1.0])


@dataclass(frozen=True)
class Practice:
    """``mm`` when the share ``depletion`` of the available water is used, on the days ``first_day`` to ``last_day``.

    Each may be an array (E,): that many variants at once. Days of the year 1-366, over New Year where the first is
    later than the last.
    """

    mm: ArrayLike
    depletion: ArrayLike
    first_day: ArrayLike
    last_day: ArrayLike

    def open(self, dates: Dates) -> NDArray[np.bool_]:
        """(T, E or 1) whether water may be given."""
        first, last = np.atleast_1d(self.first_day), np.atleast_1d(self.last_day)
        since = (_day_of_leap_year(dates)[:, None] - first) % 366
        return np.asarray(since <= (last - first) % 366)


KC_FALLOW = 0.3
"""Coefficient outside the season: soil that is wetted now and then (FAO-56, ch. 11)."""

USUAL_MM = 25.0
"""Where nothing is known: one turn of a centre pivot."""

USUAL_SHARE = 0.8
"""Of what a crop can use without stress, where nothing is known: people water before it suffers."""

SUMMER = Season(first_day=122, last_day=274)
"""A crop of the northern summer, from May to September: nothing is known but that it is irrigated."""

ROOT_DEPTH_CM = 90.0
"""Of the root zone of that crop."""

VARIED = ("irrigation_mm", "irrigation_depletion", "irrigation_start")
"""What each score of ``variants`` stands for."""

_SPREAD_MM, _SPREAD_DEPLETION, _SPREAD_START_DAYS = 0.2, 0.25, 7.0
_SPREAD_LOG_MM = 0.1


def usual_season(latitude: float) -> Season:
    """The summer crop of the hemisphere."""
    return SUMMER if latitude >= 0 else replace(SUMMER, first_day=SUMMER.first_day + 184,
                                                last_day=SUMMER.last_day - 183)


def practice_of(irrigation: IrrigationHabit | Irrigated, season: Season) -> Practice:
    """What is done: as the habit says, else as is usual; within its days, else while the crop grows."""
    habit = irrigation if isinstance(irrigation, IrrigationHabit) else IrrigationHabit(
        type="habit", mm=USUAL_MM, depletion=USUAL_SHARE * season.stress_free)
    if habit.first_day is None or habit.last_day is None:
        return Practice(habit.mm, habit.depletion, season.first_day, season.last_day)
    return Practice(habit.mm, habit.depletion, _day_number(habit.first_day), _day_number(habit.last_day))


def variants(practice: Practice, scores: Array) -> Practice:
    """A practice for each of E draws; ``scores`` (E, 3) are standard normal, see ``VARIED``; 0 changes nothing.

    Spread: 20 % of the water given at a time, 25 % of the depletion, a week of the season's begin.
    """
    mm, depletion, start = scores.T
    return Practice(practice.mm * np.exp(_SPREAD_MM * mm),
                    np.clip(practice.depletion * np.exp(_SPREAD_DEPLETION * depletion), 0.05, 0.95),
                    np.asarray(practice.first_day) + np.round(_SPREAD_START_DAYS * start), practice.last_day)


def log_variants(water_mm: Array, scores: Array) -> Array:
    """The water of a log (T,) for each of E draws, (T, E); ``scores`` (E,): it was given with an error of 10 %."""
    return water_mm[:, None] * np.exp(_SPREAD_LOG_MM * scores)


def log_mm(log: IrrigationLog, dates: Dates) -> Array:
    """(T,) mm of each of ``dates``, which are consecutive; what was given on other days is left out."""
    water = np.zeros(dates.size)
    for application in log.applications:
        day = int((np.datetime64(application.date, "D") - dates[0]).astype(int))
        if 0 <= day < dates.size:
            water[day] += application.mm
    return water


def practised(practice: Practice, season: Season, dates: Dates, precipitation: Array, pet: Array,
              available_mm: ArrayLike) -> RootZone:
    """The root zone under a practice: (T, N) for N places, or variants, or places as many as variants.

    precipitation, pet (T,) or (T, N) mm/day, a gap counts as none; dates (T,) consecutive; available_mm, the total
    available water of the fully grown root zone in mm, is one number or (N,).
    """
    available = np.atleast_1d(np.asarray(available_mm, np.float64)) * season.root_share(dates)[:, None]
    return balance(precipitation, pet, season.kc(dates), available, season.stress_free,
                   amount_mm=practice.mm, allowed=practice.depletion, open_days=practice.open(dates))


def irrigation_mm(irrigation: Irrigation | None, dates: Dates, precipitation: Array, pet: Array,
                  available_mm: ArrayLike, season: Season = SUMMER) -> Array:
    """Water given on each day, mm: (T,), or (T, N) where the weather has N places; see ``practised``."""
    shape = np.broadcast_shapes(np.shape(precipitation), np.shape(pet))
    if isinstance(irrigation, IrrigationLog):
        water = log_mm(irrigation, dates)
        return np.array(np.broadcast_to(water.reshape(-1, *(1,) * (len(shape) - 1)), shape))
    if isinstance(irrigation, IrrigationHabit | Irrigated):
        zone = practised(practice_of(irrigation, season), season, dates, precipitation, pet, available_mm)
        return zone.irrigation.reshape(shape) if zone.irrigation.size == np.prod(shape) else zone.irrigation
    return np.zeros(shape)


def _day_of_leap_year(dates: Dates) -> Array:
    """(T,) day of a year of 366 days, so that a day of the calendar has one number in all years."""
    days = dates.astype("datetime64[D]")
    number = (days - days.astype("datetime64[Y]")).astype(np.int64) + 1
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return (number + (~leap & (number > 59))).astype(np.float64)


def _day_number(month_and_day: str) -> float:
    return float(dt.date.fromisoformat(f"2024-{month_and_day}").timetuple().tm_yday)
