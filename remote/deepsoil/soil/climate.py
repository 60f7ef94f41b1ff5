"""The usual course of a year at a place, from its own weather: what leaves and dates of planting follow. Pure.

A season year runs from one winter to the next: from 1 January in the north, from 1 July in the south.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

YEAR_DAYS = 365.25
SHORT_DAYS = 365
"""Shorter weather shows no whole year; its course is then that of the latitude, moved to the mean of the weather."""


@dataclass(frozen=True)
class Climate:
    """Of one place over T days.

    position     (T,) days since the coldest season began, 0 to 365
    season       (T,) number of the season year
    course       (366,) usual mean temperature in degC by position
    temperature  (T,) of the weather
    moist_summer 0-1: how much of the warmest 90 days' usual evaporation falls as rain, up to a half
    moist_year   0-1: the same of all days, up to two thirds
    """

    position: NDArray[np.int64]
    season: NDArray[np.int64]
    course: Array
    temperature: Array
    moist_summer: float
    moist_year: float

    @classmethod
    def of(cls, temperature: Array, precipitation: Array, pet: Array, dates: Days, latitude: float,
           usual_days: int | None = None) -> Climate:
        """From daily weather (T,) of consecutive days; ``latitude`` in degrees, south negative.

        usual_days: only the first of them say what is usual; all if omitted.
        """
        shifted = dates.astype("datetime64[D]") + (184 if latitude < 0 else 0)
        years = shifted.astype("datetime64[Y]")
        position = (shifted - years).astype(np.int64)
        usual = slice(usual_days)
        precipitation, pet = precipitation[usual], pet[usual]
        course = _course(temperature[usual], position[usual], latitude)
        summer = np.isin(position[usual], np.argsort(course)[-90:])
        return cls(position, years.astype(np.int64), course, np.asarray(temperature, np.float64),
                   _moist(precipitation[summer], pet[summer], 0.5), _moist(precipitation, pet, 2 / 3))

    @property
    def warmest_celsius(self) -> float:
        """Usual mean temperature of the warmest 90 days."""
        return float(np.sort(self.course)[-90:].mean())

    def thermal_time(self, base_celsius: float) -> Array:
        """Share (T,) of the usual year's warmth above a base that the season has had so far, about 0 to 1.

        Days of the season before the first day of the weather count with the usual temperature.
        """
        usual = np.maximum(self.course - base_celsius, 0.0)
        total = max(float(usual[:365].sum()), 1.0)
        warmth = np.maximum(self.temperature - base_celsius, 0.0)
        sums = np.cumsum(warmth)
        first = np.searchsorted(self.season, self.season)  # first day of each day's season in the weather
        before = np.where(first > 0, sums[np.maximum(first - 1, 0)], 0.0)
        unseen = usual[:self.position[0]].sum() if self.position.size else 0.0
        return (sums - before + np.where(first == 0, unseen, 0.0)) / total

    def rises_through(self, celsius: float) -> int:
        """Position at which the usual temperature first rises through a value, at most 3 degC below the warmest day.

        0 where the year has no cold season before its warmest day, as at a constant temperature.
        """
        level = min(celsius, float(self.course.max()) - 3.0)
        coldest, warmest = int(self.course[:183].argmin()), int(self.course.argmax())
        above = np.flatnonzero(self.course[coldest:warmest + 1] >= level)
        return coldest + int(above[0]) if above.size else 0

    def falls_through(self, celsius: float) -> int:
        """Position at which the usual temperature falls through a value after the warmest day."""
        level = float(np.clip(celsius, self.course.min() + 3.0, self.course.max() - 3.0))
        warmest = int(self.course.argmax())
        below = np.flatnonzero(self.course[warmest:365] <= level)
        return warmest + int(below[0]) if below.size else 330


def _moist(precipitation: Array, pet: Array, enough: float) -> float:
    """Precipitation in terms of ``enough`` times PET, 0-1; 1 where there is no evaporation."""
    demand = enough * float(pet.sum())
    return float(np.clip(precipitation.sum() / demand, 0.0, 1.0)) if demand > 0.0 else 1.0


def _course(temperature: Array, position: NDArray[np.int64], latitude: float) -> Array:
    """Usual temperature (366,): mean and two harmonics fitted to the weather, or the latitude's where it is short."""
    angle = 2 * np.pi * np.arange(366) / YEAR_DAYS
    if position.size >= SHORT_DAYS:
        waves = np.stack([np.ones(366), np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)], axis=1)
        weights, *_ = np.linalg.lstsq(waves[position], temperature, rcond=None)
        return np.asarray(waves @ weights)
    # half of the yearly range of inland North America: about 13 degC at 39, 18 at 48 and 8 at 28 degrees
    usual = -np.clip(0.5 * (abs(latitude) - 12.0), 1.0, 25.0) * np.cos(angle - 2 * np.pi * 18 / YEAR_DAYS)
    return np.asarray(usual + (temperature - usual[position]).mean()) if position.size else usual
