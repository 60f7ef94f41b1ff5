"""Optimal interpolation: what readings say of the errors of a background, at any place, depth and day. Pure.

Readings minus background are a sample of a Gaussian field with the covariance of `field.covariance`; depths go together
through a correlation of the background's depths; sensors have offsets and slopes (`field.sensors`). The estimate is
that of simple kriging (Daley 1991, Atmospheric Data Analysis, ch. 4; Chilès & Delfiner 2012, §3.3), solved once for a
day and evaluated anywhere. A reading that neither the background nor the other readings explain is reported and
counts for less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from deepsoil.field.covariance import ErrorCovariance, Places
from deepsoil.field.sensors import SensorSpread

Array = NDArray[np.float64]

CONTRADICTION = 3.5
"""Standard deviations between a reading and what all else says of it, from which it is reported."""

OLDEST_DAYS = 400
"""Readings further from a map's day are not used."""

SENSORS_FOR_AN_INTERVAL = 4.0
"""What the calibration of an interval elsewhere counts for, in sensors, beside the readings here; assumed."""

DEVIATIONS_OF_AN_INTERVAL = 1.645
"""Standard deviations in the half-width of a 90 % interval."""

FURTHEST_DEVIATIONS = 4.0
"""As so many standard deviations a reading counts at most where an interval is widened; assumed."""

_NEVER_LESS_M3M3 = 0.02  # for the contradiction of readings that the covariance thinks it knows to a hair
_MOST_ROUNDS = 5


@dataclass(frozen=True)
class Readings:
    """n readings at places.

    theta (n,) m³/m³; place (n,) index into ``places``; day (n,) days since 1970; sensor (n,) a number for each sensor
    (a name and a depth); depth_weights (n, D): how the errors of the background's D depths make that of the reading;
    noise (n,) its own standard deviation m³/m³, what the depth does to it included.
    """

    theta: Array
    places: Places
    place: NDArray[np.integer]
    day: NDArray[np.integer]
    sensor: NDArray[np.integer]
    depth_weights: Array
    noise: Array

    def __len__(self) -> int:
        return len(self.theta)

    def select(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> Readings:
        """Some of them, of the same places."""
        return replace(self, theta=self.theta[chosen], place=self.place[chosen], day=self.day[chosen],
                       sensor=self.sensor[chosen], depth_weights=self.depth_weights[chosen], noise=self.noise[chosen])


@dataclass(frozen=True)
class Contradiction:
    """Readings, as indices, that all else contradicts, by how many standard deviations, and by what amount (m³/m³)."""

    readings: tuple[int, ...]
    deviations: float
    amount: float


@dataclass(frozen=True)
class Interpolation:
    """The solved system: the error of the background anywhere.

    weights (n,): the covariance's inverse times the innovations; factor: its Cholesky factor; depths (D, D): the
    correlation of the background's errors between its depths.
    """

    readings: Readings
    background: Array
    covariance: ErrorCovariance
    sensors: SensorSpread
    depths: Array
    weights: Array
    factor: Array
    contradictions: tuple[Contradiction, ...]

    def increments(self, places: Places, depth: int, day: int) -> Array:
        """(P,) m³/m³ to add to the background of a depth (its index) on a day."""
        return self._by_place(depth, day) @ self._to(places)

    def variances(self, places: Places, depth: int, day: int) -> Array:
        """(P,) of the background's error that is left; before any reading it is that of the covariance."""
        left = self.depths[depth, depth] * self.covariance.variances(places)
        if len(self.readings):
            shared = np.zeros((len(self.readings), len(places)))
            for in_space, in_time in zip(self.covariance.in_space(self.readings.places, places),
                                         self._in_time(depth, day), strict=True):
                shared += in_space[self.readings.place] * in_time[:, None]
            half = scipy.linalg.solve_triangular(self.factor, shared, lower=True)
            left -= np.einsum("ij,ij->j", half, half)
        return np.maximum(left, 0.0)

    def left_share(self, places: Places, depth: int, day: int) -> Array:
        """(P,) 0-1: of the standard deviation between the background and a sensor there, what is left.

        Intervals are calibrated at sensors, and what a sensor of its own adds is not known from any other reading.
        """
        before = self.depths[depth, depth] * self.covariance.variances(places)
        sensor = self.sensors.offset ** 2 + self.sensors.noise ** 2
        return np.sqrt((self.variances(places, depth, day) + sensor) / (before + sensor))

    def widening(self, half_width: float) -> float:
        """By what the 90 % interval of the background, ± half_width m³/m³, is too narrow for the readings; 1 or more.

        The scale of the error is that of the readings, a mean of squares in which each sensor counts once, shrunk
        towards 1 by `SENSORS_FOR_AN_INTERVAL` (the mean of an inverse gamma distribution of the variance). A reading
        counts as `FURTHEST_DEVIATIONS` at most: one that is further off says more of its sensor than of the map.
        """
        if not len(self.readings) or not half_width > 0.0:
            return 1.0
        square = ((self.readings.theta - self.background) * DEVIATIONS_OF_AN_INTERVAL / half_width) ** 2
        square = np.minimum(square, FURTHEST_DEVIATIONS**2)
        _, sensor, count = np.unique(self.readings.sensor, return_inverse=True, return_counts=True)
        total = float((np.bincount(sensor, square) / count).sum())
        return float(np.sqrt(max(1.0, (SENSORS_FOR_AN_INTERVAL + total) / (SENSORS_FOR_AN_INTERVAL + count.size))))

    def at_sensor(self, sensor: int, theta: float, place: int, depth: int, day: int) -> tuple[float, float]:
        """What to add to a background of ``theta`` at one of the readings' places: the increment, and what a sensor
        there would show beyond it by its own offset and slope."""
        if not len(self.readings):
            return 0.0, 0.0
        own = self.sensors.covariance(self.readings.sensor, self.background, np.array([sensor]), np.array([theta]))
        parts = self.covariance.in_space(self.readings.places, self.readings.places)
        field = sum(in_space[self.readings.place, place] * in_time
                    for in_space, in_time in zip(parts, self._in_time(depth, day), strict=True))
        return float(self.weights @ field), float(self.weights @ own[:, 0])

    def _in_time(self, depth: int, day: int) -> list[Array]:
        with_depth = self.readings.depth_weights @ self.depths[:, depth]
        return [rho[:, 0] * with_depth for rho in self.covariance.in_time(self.readings.day, np.array([day]))]

    def _by_place(self, depth: int, day: int) -> Array:
        """(parts × S,) the readings' weights summed over the S places."""
        count = len(self.readings.places)
        return np.concatenate([np.bincount(self.readings.place, self.weights * in_time, minlength=count)
                               for in_time in self._in_time(depth, day)])

    def _to(self, places: Places) -> Array:
        return np.concatenate(self.covariance.in_space(self.readings.places, places))


def interpolate(readings: Readings, background: Array, covariance: ErrorCovariance, depths: Array,
                sensors: SensorSpread | None = None, *, doubt: bool = True) -> Interpolation:
    """Solve for the errors of a background. background (n,): at the readings, m³/m³; NaN where it has none.

    depths (D, D): correlation of the errors of the background's depths. Readings without background are left out.
    ``doubt``: whether readings that all else contradicts are looked for.
    """
    usual = sensors or SensorSpread()
    known = np.isfinite(background)
    used, background = readings.select(known), background[known]
    innovation = used.theta - background
    matrix = _matrix(used, background, covariance, depths, usual)
    extra = np.zeros(len(used))
    found: dict[tuple[int, ...], Contradiction] = {}
    for _ in range(_MOST_ROUNDS):
        factor = np.asarray(np.linalg.cholesky(matrix + np.diag(used.noise ** 2 + extra)), np.float64)
        weights = scipy.linalg.cho_solve((factor, True), innovation) if len(used) else innovation
        known_ones = {n for one in found.values() for n in one.readings}
        new = _contradictions(used, factor, weights, known_ones) if doubt else []
        if not new:
            break
        for one in new:
            found[one.readings] = one
            extra[list(one.readings)] += one.amount ** 2
    numbers = np.flatnonzero(known)
    reported = tuple(replace(one, readings=tuple(int(numbers[n]) for n in one.readings)) for one in found.values())
    return Interpolation(used, background, covariance, usual, depths, weights, factor, reported)


def error_matrix(used: Readings, background: Array, covariance: ErrorCovariance, depths: Array,
                 sensors: SensorSpread) -> Array:
    """(n, n) covariance of readings minus background, their noise included."""
    return _matrix(used, background, covariance, depths, sensors) + np.diag(used.noise ** 2)


def _matrix(used: Readings, background: Array, covariance: ErrorCovariance, depths: Array, sensors: SensorSpread,
            ) -> Array:
    """(n, n) of the innovations, their noise left out."""
    matrix = np.zeros((len(used), len(used)))
    for in_space, in_time in zip(covariance.in_space(used.places, used.places), covariance.in_time(used.day, used.day),
                                 strict=True):
        matrix += in_space[np.ix_(used.place, used.place)] * in_time
    matrix *= used.depth_weights @ depths @ used.depth_weights.T
    return matrix + sensors.covariance(used.sensor, background, used.sensor, background)


def _contradictions(used: Readings, factor: Array, weights: Array, known: set[int]) -> list[Contradiction]:
    """The one reading, or the one sensor, that differs most from what all others say of it, if by too much.

    Of a sensor the mean of its readings is judged, against the readings of the others (Dubrule 1983, Math. Geology
    15:687: kriging's leave-one-out residuals need no second solution).
    """
    if not len(used):
        return []
    inverse = scipy.linalg.cho_solve((factor, True), np.eye(len(used)))
    diagonal = np.diag(inverse)
    deviations = np.abs(weights / diagonal) / np.maximum(1.0 / np.sqrt(diagonal), _NEVER_LESS_M3M3)
    deviations[list(known)] = 0.0
    one = int(deviations.argmax())
    worst = Contradiction((one,), float(deviations[one]), float(weights[one] / diagonal[one]))
    for sensor in np.unique(used.sensor):
        rows = np.flatnonzero(used.sensor == sensor)
        if len(rows) == 1 or known & set(rows.tolist()):
            continue
        block = np.linalg.inv(inverse[np.ix_(rows, rows)])
        amount, sd = float((block @ weights[rows]).mean()), float(np.sqrt(block.mean()))
        if (size := abs(amount) / max(sd, _NEVER_LESS_M3M3)) > worst.deviations:
            worst = Contradiction(tuple(rows.tolist()), size, amount)
    return [worst] if worst.deviations > CONTRADICTION else []


def depth_weights(depths_cm: Array, background_cm: Array) -> tuple[Array, Array]:
    """(n, D) linear weights of the background's depths for readings at ``depths_cm``, and (n,) the distance in cm to
    the nearest of them. Above the first and below the last depth, that depth stands."""
    order = np.argsort(background_cm)
    weights = np.stack([np.interp(depths_cm, background_cm[order], unit[order]) for unit in np.eye(len(order))], axis=1)
    return weights, np.abs(np.subtract.outer(depths_cm, background_cm)).min(1)


def thinned(days: NDArray[np.integer], sensor: NDArray[np.integer], day: int, *, later: bool,
            oldest_days: int = OLDEST_DAYS) -> NDArray[np.int64]:
    """Indices of the readings that a map of ``day`` rests on.

    Of each sensor those of the last days, and the further back, the fewer: the next is at least half as old again than
    the last, for what lies between adds next to nothing. ``later``: readings after the day count as those before it.
    """
    chosen: list[int] = []
    for one in np.unique(sensor):
        rows = np.flatnonzero(sensor == one)
        for side in (1, -1) if later else (1,):
            ages = side * (day - days[rows])
            last = None
            for row in rows[np.argsort(ages, kind="stable")]:
                age = int(side * (day - days[row]))
                if age < (0 if side == 1 else 1) or age > oldest_days:
                    continue
                if last is None or age - last >= max(1.0, 0.5 * last):
                    chosen.append(int(row))
                    last = age
    return np.array(sorted(chosen), np.int64)
