"""Daily weather of the soil columns: checks, and the degree-day snow store before infiltration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

Array = NDArray[np.float64]

RAIN_ABOVE_CELSIUS = 2.5  # thresholds as in pygridmet; linear between
SNOW_BELOW_CELSIUS = 0.6
MELT_MM_PER_DEGREE_DAY = 3.0

# possible daily values; anything else is a wrong unit or a fill value
_LIMITS = {"precipitation": (0.0, 2000.0, "mm"), "pet": (0.0, 50.0, "mm"), "temperature": (-90.0, 60.0, "degC")}


@dataclass(frozen=True)
class Forcing:
    """Daily weather of F places over T days, arrays (F, T): precipitation and PET in mm/day, mean temperature in °C."""

    precipitation: Array
    pet: Array
    temperature: Array

    def __post_init__(self) -> None:
        for name, (low, high, unit) in _LIMITS.items():
            values = np.atleast_2d(np.asarray(getattr(self, name), np.float64))
            object.__setattr__(self, name, values)
            with np.errstate(invalid="ignore"):
                bad = ~((values >= low) & (values <= high))
            if bad.any():
                place, day = (int(i[0]) for i in np.nonzero(bad))
                raise DeepSoilError(
                    "bad_weather",
                    "{name} of weather series {place} on day {day} is {found:g};"
                    " it must lie between {low:g} and {high:g} {unit}.",
                    "Fill the gaps of the weather first, and check its units and fill values.",
                    name,
                    name=name, place=place, day=day + 1, found=values[place, day], low=low, high=high,
                    unit=unit)
        if not self.precipitation.shape == self.pet.shape == self.temperature.shape:
            raise DeepSoilError(
                "bad_weather",
                "Precipitation, PET and temperature do not cover the same places and days.",
                "Give three arrays of one shape (places, days).",
            )

    @property
    def places(self) -> int:
        return self.precipitation.shape[0]

    @property
    def days(self) -> int:
        return self.precipitation.shape[1]

    def repeated(self, count: int) -> Forcing:
        """``count`` rows of the weather of a single place."""
        return Forcing(*(np.repeat(values, count, axis=0)
                         for values in (self.precipitation, self.pet, self.temperature)))

    def on_days(self, index: NDArray[np.int64]) -> Forcing:
        """The weather of the given day numbers, in that order."""
        return Forcing(self.precipitation[:, index], self.pet[:, index], self.temperature[:, index])


@dataclass(frozen=True)
class SnowResult:
    """liquid: rain and melt that reach the soil, mm/day (F, T); store: water of the snow at the day's end, mm."""

    liquid: Array
    store: Array


def rain_share(temperature: Array) -> Array:
    """Share 0-1 of precipitation that falls as rain at a daily mean temperature in °C."""
    return np.clip((temperature - SNOW_BELOW_CELSIUS) / (RAIN_ABOVE_CELSIUS - SNOW_BELOW_CELSIUS), 0.0, 1.0)


def snow_store(forcing: Forcing, melt_mm_per_degree_day: float = MELT_MM_PER_DEGREE_DAY,
               held: Array | None = None) -> SnowResult:
    """Degree-day snow: snow below 0.6 °C, rain above 2.5 °C, linear between; melt above 0 °C. Conserves water.

    held (F,): water in mm of the snow that lies before the first day; none if omitted.
    """
    rain = forcing.precipitation * rain_share(forcing.temperature)
    snow = forcing.precipitation - rain
    possible_melt = melt_mm_per_degree_day * np.maximum(forcing.temperature, 0.0)
    liquid, store = np.empty_like(rain), np.empty_like(rain)
    held = np.zeros(forcing.places) if held is None else held
    for day in range(forcing.days):
        held = held + snow[:, day]
        melt = np.minimum(held, possible_melt[:, day])
        held = held - melt
        liquid[:, day] = rain[:, day] + melt
        store[:, day] = held
    return SnowResult(liquid, store)


def spinup_days(days: int, wanted: int) -> NDArray[np.int64]:
    """Day numbers of a run with its spin-up: the first year (or a part of it) repeated, then all days."""
    first_year = min(days, 365)
    return np.concatenate([np.arange(-wanted, 0) % first_year, np.arange(days)])
