"""What readings add at stations that are held out: of other stations, of their own some time ago, or both. Pure.

A prediction never sees the station's own readings of its day or later, and those of others only up to its day. It is
given twice: for the place, as a map has it, and "at the sensor", as that sensor would show it with the offset and the
slope that its own earlier readings give it (none: those that are usual).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.text import Text
from deepsoil.field.covariance import Places
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import Readings, interpolate, thinned
from deepsoil.stations.gathered import NEAR_KM

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Known:
    """What is known when a station is predicted.

    others       how many other stations, the nearest ones; None: all that are not too far (`NEAR_KM`)
    own_days     the station's own readings at least so many days old; None: none of them
    own_count    how many of them at each depth, the youngest; None: all
    own_every    one of them each so many days, counted from day ``own_from`` (days since 1970)
    """

    others: int | None = None
    own_days: int | None = None
    own_count: int | None = None
    own_every: int = 1
    own_from: int = 0


@dataclass(frozen=True)
class Pool:
    """All n readings that any prediction may use, with the background at each of them (n,), NaN where it has none.

    station (n,): the place of the station that a reading belongs to, -1 for other sensors, which everybody may use.
    """

    readings: Readings
    background: Array
    station: NDArray[np.integer]

    @classmethod
    def of_stations(cls, record: Array, background: Array, days: NDArray[np.integer], places: Places,
                    noise: float) -> Pool:
        """Of the record (S, D, T) of stations that measure at the background's depths, on ``days`` (T,) since 1970."""
        s, d, t = np.nonzero(np.isfinite(record))
        sensors = np.arange(record.shape[0] * record.shape[1]).reshape(record.shape[:2])
        readings = Readings(record[s, d, t], places, s, days[t], sensors[s, d], np.eye(record.shape[1])[d],
                            np.full(len(s), noise))
        return cls(readings, background[s, d, t], s)


@dataclass(frozen=True)
class HeldOut:
    """The stations that are predicted (S,): their place, their sensor (S, D) at each depth of the background, what the
    background has there (S, D, T) on ``days`` (T,) since 1970, and when they are predicted (S, T).

    half_width (S, D, T): of the background's interval, m³/m³; None without one."""

    place: NDArray[np.integer]
    sensor: NDArray[np.integer]
    background: Array
    days: NDArray[np.integer]
    targets: NDArray[np.bool_]
    half_width: Array | None = None


@dataclass(frozen=True)
class Predicted:
    """θ (S, D, T) of the place, and as the station's sensor would show it; NaN where nothing was to be predicted.

    left (S, D, T): what readings multiply the half-width of a map's interval by: the share that they leave, and more
    where they are further from the map than it says.
    """

    at_place: Array
    at_sensor: Array
    left: Array


def conditioned(pool: Pool, held: HeldOut, depths: Array, settings: ErrorSettings, known: Known,
                step: Callable[[float, str], None] = lambda share, message: None, *, doubt: bool = False) -> Predicted:
    """Predictions from the readings that are known. depths (D, D): how the background's errors go together with depth.

    ``step(share done, message)`` is called between days; its exceptions end the work. ``doubt``: whether
    readings that all else contradicts count for less, as in maps.
    """
    usable = np.isfinite(pool.background)
    rows = _Rows(pool, usable)
    distance = pool.readings.places.distances_km(pool.readings.places)
    stations = np.unique(pool.station[pool.station >= 0])
    at_place, at_sensor, left = (np.full(held.background.shape, np.nan) for _ in range(3))
    for number, place in enumerate(held.place.tolist()):
        others = [int(other) for other in stations[np.argsort(distance[place][stations], kind="stable")]
                  if other != place and distance[place, other] <= NEAR_KM]
        common = [-1, *others[:known.others]]
        own, here_alone = rows.own(place, known), pool.readings.places.select(np.array([place]))
        for time in np.flatnonzero(held.targets[number]):
            step((number + time / len(held.days)) / len(held.place),
                 Text("Readings: {number} of {stations} stations", number=number + 1, stations=len(held.place)))
            day = int(held.days[time])
            some = np.concatenate([*(rows.of_day(one, day) for one in common), own(day)])
            solved = interpolate(pool.readings.select(some), pool.background[some], settings.covariance, depths,
                                 settings.sensors, doubt=doubt)
            for depth in range(held.background.shape[1]):
                here = float(held.background[number, depth, time])
                field, sensor = solved.at_sensor(int(held.sensor[number, depth]), here, place, depth, day)
                at_place[number, depth, time] = here + field
                at_sensor[number, depth, time] = here + field + sensor
                left[number, depth, time] = solved.left_share(here_alone, depth, day)[0]
                if held.half_width is not None:
                    left[number, depth, time] *= solved.widening(float(held.half_width[number, depth, time]))
    return Predicted(at_place, at_sensor, left)


class _Rows:
    """The readings of a station, or of sensors that are no station's, which a day rests on."""

    def __init__(self, pool: Pool, usable: NDArray[np.bool_]) -> None:
        self._days, self._sensors = pool.readings.day, pool.readings.sensor
        self._of = {int(one): np.flatnonzero(usable & (pool.station == one)) for one in np.unique(pool.station)}
        self._known: dict[tuple[int, int], Indices] = {}

    def of_day(self, station: int, day: int) -> Indices:
        """All up to a day, thinned."""
        found = self._known.get((station, day))
        if found is None:
            found = self._known[station, day] = self._thinned(self._of.get(station, _NOTHING), day)
        return found

    def own(self, station: int, known: Known) -> Callable[[int], Indices]:
        """By day, those that are old enough, thinned."""
        if known.own_days is None or known.own_count == 0:
            return lambda day: _NOTHING
        least, count = known.own_days, known.own_count
        rows = self._of.get(station, _NOTHING)
        rows = rows[(self._days[rows] - known.own_from) % known.own_every == 0]

        def of_day(day: int) -> Indices:
            old = rows[self._days[rows] <= day - least]
            return self._thinned(old if count is None else _youngest(old, self._days, self._sensors, count), day)

        return of_day

    def _thinned(self, rows: Indices, day: int) -> Indices:
        return rows[thinned(self._days[rows], self._sensors[rows], day, later=False)]


_NOTHING = np.empty(0, np.int64)


def _youngest(rows: Indices, days: NDArray[np.integer], sensors: NDArray[np.integer], count: int) -> Indices:
    """The last ``count`` of each sensor."""
    parts: Sequence[Indices] = [some[np.argsort(days[some], kind="stable")][-count:] for some in
                                (rows[sensors[rows] == one] for one in np.unique(sensors[rows]))]
    return np.concatenate(parts) if parts else _NOTHING
