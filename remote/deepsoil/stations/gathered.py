"""The readings that maps may be conditioned on: a region's stations and the user's own values, checked. No files but
the store's.

What cannot be used is left out and said: readings in frozen ground, and those too far from the area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import Readings
from deepsoil.grid import KM_PER_DEGREE, distance_km
from deepsoil.stations.nearest import coarse_at
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations
from deepsoil.store.store import Store

Array = NDArray[np.float64]

NEAR_KM = 50.0
"""Readings further from the area are not used: beyond it they say little of its weather."""

FROZEN_C = 0.5
"""Soil at or below this counts as frozen: ice is not measured."""

FROST_DAYS, FROST_C = 10, -1.0
"""Where no soil temperature is known: the ground is taken for frozen if the air was, on the mean of so many days."""

_WITNESS_KM = 30.0
_NAMED = 3


@dataclass(frozen=True)
class Gathered:
    """n readings: longitude, latitude in degrees, depth in cm, day since 1970, θ m³/m³, name of the sensor; and what
    is to be told about those that are left out."""

    longitudes: Array
    latitudes: Array
    depths_cm: Array
    days: NDArray[np.int64]
    theta: Array
    names: list[str]
    warnings: list[DeepSoilError]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def sensors(self) -> NDArray[np.int64]:
        """(n,) a number for each name and depth."""
        keys = [f"{depth:.3f} {name}" for depth, name in zip(self.depths_cm, self.names, strict=True)]
        return np.unique(keys, return_inverse=True)[1].astype(np.int64) if keys else np.empty(0, np.int64)

    def select(self, chosen: NDArray[np.bool_], warnings: Sequence[DeepSoilError] = ()) -> Gathered:
        """Some of them, with more to tell."""
        return Gathered(self.longitudes[chosen], self.latitudes[chosen], self.depths_cm[chosen], self.days[chosen],
                        self.theta[chosen], [self.names[n] for n in np.flatnonzero(chosen)],
                        [*self.warnings, *warnings])

    def said(self, chosen: NDArray[np.bool_]) -> str:
        """The first of some readings in words."""
        which = np.flatnonzero(chosen)
        said = [f"{self.names[n]}, {self.depths_cm[n]:g} cm, {np.datetime64(int(self.days[n]), 'D')}"
                for n in which[:_NAMED]]
        return "; ".join(said) + ("; …" if len(which) > _NAMED else "")


def gather(store: Store, wanted: Readings, bounds: tuple[float, float, float, float]) -> Gathered:
    """The readings that are asked for and can be used for an area (west, south, east, north in degrees).

    DeepSoilError ``no_stations``, ``station_unknown``.
    """
    screened = screened_stations(store)[0] if len(store.stations()) else Stations.empty()
    parts = [_near(_own(wanted), bounds)]
    if wanted.stations:
        if not len(screened):
            raise DeepSoilError("no_stations", "The region '{title}' has no stations.", "Leave its stations out, or "
                                "choose another region.", "options.readings.stations", title=store.title)
        for name in wanted.left_out:
            if name not in screened.ids:
                raise DeepSoilError("station_unknown", "The region '{title}' has no station '{name}'.",
                                    "It has: {ids}.", "options.readings.left_out", title=store.title, name=name,
                                    ids=", ".join(screened.ids))
        parts.append(_near(readings_of(screened, wanted.left_out), bounds))
    own = parts[0]
    frozen = _frozen(own, screened, store)
    if frozen.any():
        parts[0] = own.select(~frozen, [DeepSoilError(
            "readings_frozen", "{count} of {total} own readings are from frozen ground and are not used: {which}.",
            "A probe measures no ice. Give readings of days without frost.", "options.readings.values",
            count=int(frozen.sum()), total=len(own), which=own.said(frozen))])
    return joined(parts)


def _own(wanted: Readings) -> Gathered:
    values = wanted.values
    return Gathered(np.array([one.longitude for one in values], np.float64),
                    np.array([one.latitude for one in values], np.float64),
                    np.array([one.depth_cm for one in values], np.float64),
                    np.array([one.date for one in values], "datetime64[D]").astype(np.int64),
                    np.array([one.theta for one in values], np.float64), [one.sensor for one in values], [])


def readings_of(stations: Stations, left_out: Sequence[str] = ()) -> Gathered:
    """All readings of stations."""
    kept = np.array([name not in left_out for name in stations.ids])
    station, depth, day = np.nonzero(np.isfinite(stations.theta) & kept[:, None, None])
    return Gathered(stations.longitudes[station], stations.latitudes[station], stations.depths_cm[depth],
                    stations.dates[day].astype("datetime64[D]").astype(np.int64),
                    stations.theta[station, depth, day].astype(np.float64),
                    [name_of(stations.ids[one]) for one in station], [])


def name_of(station: str) -> str:
    """The name of the sensors of a station, by its id."""
    return f"station {station}"


def joined(parts: Sequence[Gathered]) -> Gathered:
    """One list of several."""
    def all_of(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    return Gathered(all_of("longitudes"), all_of("latitudes"), all_of("depths_cm"), all_of("days"), all_of("theta"),
                    [name for part in parts for name in part.names],
                    [warning for part in parts for warning in part.warnings])


def _near(readings: Gathered, bounds: tuple[float, float, float, float]) -> Gathered:
    west, south, east, north = bounds
    beyond = np.hypot(
        KM_PER_DEGREE * np.cos(np.radians(readings.latitudes))
        * (readings.longitudes - np.clip(readings.longitudes, west, east)),
        KM_PER_DEGREE * (readings.latitudes - np.clip(readings.latitudes, south, north)))
    far = beyond > NEAR_KM
    if not far.any():
        return readings
    return readings.select(~far, [DeepSoilError(
        "readings_outside", "{count} of {total} readings are more than {near_km:g} km from the area and are not used: "
        "{which}.", "Check their longitude and latitude.", "options.readings", count=int(far.sum()),
        total=len(readings), near_km=NEAR_KM, which=readings.said(far))])


def _frozen(own: Gathered, stations: Stations, store: Store) -> NDArray[np.bool_]:
    """(n,) whether the ground was frozen: by the soil temperature of a station nearby, else by the air before."""
    frozen = np.zeros(len(own), bool)
    air = _air(own, store)
    for n in range(len(own)):
        soil = _soil_temperature(own, n, stations)
        frozen[n] = soil <= FROZEN_C if np.isfinite(soil) else air[n] <= FROST_C
    return frozen


def _soil_temperature(own: Gathered, n: int, stations: Stations) -> float:
    """°C at the nearest depth of the nearest station with a temperature that day; NaN if there is none."""
    if stations.soil_temperature is None or not len(stations):
        return float("nan")
    day = int(own.days[n] - stations.dates[0].astype("datetime64[D]").astype(np.int64))
    if not 0 <= day < len(stations.dates):
        return float("nan")
    level = int(np.argmin(np.abs(stations.depths_cm - own.depths_cm[n])))
    temperature = stations.soil_temperature[:, level, day]
    distance = distance_km(own.longitudes[n], own.latitudes[n], stations.longitudes, stations.latitudes)
    distance = np.where(np.isfinite(temperature), distance, np.inf)
    nearest = int(np.argmin(distance))
    return float(temperature[nearest]) if distance[nearest] <= _WITNESS_KM else float("nan")


def _air(own: Gathered, store: Store) -> Array:
    """(n,) mean air temperature in °C of the days before and including each reading; NaN where not known."""
    if "temperature" not in store.channels() or not len(own):
        return np.full(len(own), np.nan)
    period = np.arange(own.days.min() - FROST_DAYS + 1, own.days.max() + 1).astype("datetime64[D]")
    series = coarse_at(store, "temperature", own.longitudes, own.latitudes, period)
    means = np.full(len(own), np.nan)
    for n, last in enumerate(own.days - own.days.min() + FROST_DAYS):
        days = series[n, last - FROST_DAYS:last]
        if np.isfinite(days).any():
            means[n] = np.nanmean(days)
    return means
