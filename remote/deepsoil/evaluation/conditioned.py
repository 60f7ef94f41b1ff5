"""What readings add at stations that are held out: of other stations, of their own some time ago, or both. Pure.

A prediction never sees the station's own readings of its day or later, and those of others only up to its day. The
score is "at the sensor": what is predicted is what that sensor would show, with the offset and the slope that its own
earlier readings give it (none: those that are usual).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.covariance import Places
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import Readings, interpolate, thinned

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """What is known when a station is predicted.

    others       how many other stations, the nearest ones; None: all
    own_days     the station's own readings at least so many days old; None: none of them
    own_count    how many of them, the youngest; None: all
    """

    others: int | None = None
    own_days: int | None = None
    own_count: int | None = None


def conditioned(background: Array, record: Array, day_numbers: NDArray[np.integer], places: Places,
                depths_cm: Array, settings: ErrorSettings, known: Known, targets: NDArray[np.bool_]) -> Array:
    """Predictions (S, D, T) where ``targets`` (S, T), NaN elsewhere.

    background, record (S, D, T): maps and readings at the stations on consecutive days, m³/m³, NaN missing.
    """
    predicted = np.full(background.shape, np.nan)
    sensors = np.arange(record.shape[0] * record.shape[1]).reshape(record.shape[:2])
    correlation = settings.depth_correlation(depths_cm)
    distance = places.distances_km(places)
    for station in range(len(places)):
        order = [other for other in np.argsort(distance[station], kind="stable") if other != station]
        for number in np.flatnonzero(targets[station]):
            used = np.zeros(record.shape, bool)
            used[order[:known.others], :, :number + 1] = True
            if known.own_days is not None:
                used[station, :, :max(0, number - known.own_days + 1)] = _youngest(
                    record[station, :, :max(0, number - known.own_days + 1)], known.own_count)
            s, d, t = np.nonzero(used & np.isfinite(record) & np.isfinite(background))
            near = thinned(day_numbers[t], sensors[s, d], int(day_numbers[number]), later=False)
            s, d, t = s[near], d[near], t[near]
            readings = Readings(record[s, d, t], places, s, day_numbers[t], sensors[s, d], np.eye(len(depths_cm))[d],
                                np.full(len(s), settings.sensors.noise))
            solved = interpolate(readings, background[s, d, t], settings.covariance, correlation, settings.sensors,
                                 doubt=False)
            for depth in range(len(depths_cm)):
                here = background[station, depth, number]
                predicted[station, depth, number] = here + solved.at_sensor(
                    int(sensors[station, depth]), float(here), station, depth, int(day_numbers[number]))
    return predicted


def _youngest(record: Array, count: int | None) -> NDArray[np.bool_]:
    """(D, T) whether a reading is among the last ``count`` of its depth."""
    there = np.isfinite(record)
    if count is None:
        return there
    return there & (np.cumsum(there[:, ::-1], axis=1)[:, ::-1] <= count)
