"""Maps corrected by readings: for each day the readings it may use, the interpolation, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import Interpolation, Readings, depth_weights, error_matrix, interpolate, thinned
from deepsoil.field.likeness import Said, nothing_said, places_at, places_of
from deepsoil.grid import Window
from deepsoil.stations.gathered import Gathered
from deepsoil.store.store import Store

Array = NDArray[np.float64]

DEEPER_CM = 12.0
"""A reading so much above the first or below the last depth of the background says nothing of it."""

LOWEST_THETA, HIGHEST_THETA = 0.01, 0.7
"""m³/m³; a corrected map stays within."""

_NOISE_PER_CM = 0.002  # m³/m³ for each cm between a reading and the nearest depth of the background
_STRIP_VALUES = 1 << 24


@dataclass(frozen=True)
class Usable:
    """What a background of ``depths_cm`` can use of the readings asked for, and when.

    places (S of the distinct positions), place (n,): index into it; weights, noise as in `interpolate.Readings`.
    ``later``: whether a map may use readings of later days.
    """

    gathered: Gathered
    positions: NDArray[np.float64]
    place: NDArray[np.int64]
    depths_cm: tuple[float, ...]
    weights: Array
    noise: Array
    later: bool
    settings: ErrorSettings

    @property
    def needed_days(self) -> NDArray[np.int64]:
        """Days since 1970 of all readings, once each."""
        return np.unique(self.gathered.days).astype(np.int64)

    def of_day(self, day: date) -> NDArray[np.int64]:
        """Indices of the readings that a map of a day rests on."""
        return thinned(self.gathered.days, self.gathered.sensors, _number(day), later=self.later)


def usable(gathered: Gathered, days: list[date], depths_cm: tuple[float, ...], *, later: bool,
           settings: ErrorSettings | None = None) -> Usable:
    """The readings that any of the maps (``days``, ``depths_cm``) rests on; its warnings name those that none does."""
    settings = settings or ErrorSettings()
    near, weights, noise = at_depths(gathered, depths_cm, settings)
    warnings = []
    if not near.all():
        warnings.append(DeepSoilError(
            "readings_outside", "{count} of {total} readings are at other depths than the maps and are not used: "
            "{which}.", "Ask for a depth near them.", "depths_cm", count=int((~near).sum()), total=len(gathered),
            which=gathered.said(~near)))
    kept = gathered.select(near)
    ever = np.zeros(len(kept), bool)
    for day in days:
        ever[thinned(kept.days, kept.sensors, _number(day), later=later)] = True
    late = kept.days > _number(max(days))
    if not later and late.any():
        warnings.append(DeepSoilError(
            "readings_later", "{count} of {total} readings are of days after the last map and are not used: {which}.",
            "A map rests on what was known on its day. For the best reconstruction of the past, allow later days.",
            "options.readings.later_days", count=int(late.sum()), total=len(kept), which=kept.said(late)))
    if not ever.any():
        warnings.append(DeepSoilError(
            "readings_none", "No reading can be used: there is none near the depths and days of the maps.",
            "Check the dates, depths and places of the readings.", "options.readings"))
    chosen = np.flatnonzero(near)[ever]
    mask = np.zeros(len(gathered), bool)
    mask[chosen] = True
    rest = gathered.select(mask, warnings)
    positions, place = np.unique(np.stack([rest.longitudes, rest.latitudes], axis=1).round(6), axis=0,
                                 return_inverse=True)
    return Usable(rest, positions, place.reshape(-1).astype(np.int64), depths_cm, weights[mask], noise[mask], later,
                  settings)


def at_depths(gathered: Gathered, depths_cm: tuple[float, ...], settings: ErrorSettings,
              ) -> tuple[NDArray[np.bool_], Array, Array]:
    """Of the n readings: which (n,) a background of ``depths_cm`` says something of, how its depths make them (n, D),
    and their noise (n,) in m³/m³."""
    weights, beyond = depth_weights(gathered.depths_cm, np.array(depths_cm, np.float64))
    between = (gathered.depths_cm >= min(depths_cm)) & (gathered.depths_cm <= max(depths_cm))
    return between | (beyond <= DEEPER_CM), weights, np.hypot(settings.sensors.noise, _NOISE_PER_CM * beyond)


@dataclass
class Analysis:
    """Corrects the maps of a background. background (n,): at the readings, m³/m³, NaN where there is none."""

    store: Store
    readings: Usable
    background: Array
    origin: tuple[float, float]
    said: Said = nothing_said
    correlation: Array | None = None
    _day: date | None = field(default=None, init=False)
    _solved: Interpolation | None = field(default=None, init=False)
    _used: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), init=False)

    def __post_init__(self) -> None:
        at = self.readings.positions
        self._places = places_at(self.store, at[:, 0], at[:, 1], self.origin, self.said)

    def of_day(self, day: date) -> Interpolation:
        """The interpolation of a day; the last one is kept."""
        if self._solved is None or self._day != day:
            some = self.readings.of_day(day)
            some = some[np.isfinite(self.background[some])]
            settings = self.readings.settings
            self._solved = interpolate(self._some(some), self.background[some], settings.covariance, self._depths,
                                       settings.sensors)
            self._day, self._used = day, some
        return self._solved

    def error(self, some: NDArray[np.int64], expected: Array) -> Array:
        """(n, n) covariance of some readings minus what is expected there (n,), before any is known."""
        settings = self.readings.settings
        return error_matrix(self._some(some), expected, settings.covariance, self._depths, settings.sensors)

    @property
    def _depths(self) -> Array:
        if self.correlation is not None:
            return self.correlation
        return self.readings.settings.depth_correlation(np.array(self.readings.depths_cm))

    def _some(self, some: NDArray[np.int64]) -> Readings:
        gathered, usable = self.readings.gathered, self.readings
        return Readings(gathered.theta[some], self._places, usable.place[some], gathered.days[some],
                        gathered.sensors[some], usable.weights[some], usable.noise[some])

    def correct(self, theta: NDArray[np.float32], window: Window, depth_cm: float, day: date,
                half_width: NDArray[np.float32] | None = None) -> None:
        """Add to a map (H, W) of a window, in place, what the readings say of its error.

        half_width (H, W): of the interval of the map without readings; it is multiplied, in place, by
        `Interpolation.left_share` and, where the readings are further from the map than it says, by ``widening``.
        """
        solved = self.of_day(day)
        if not len(solved.readings):
            return
        depth = self.readings.depths_cm.index(depth_cm)
        values = len(self._places) * len(solved.covariance.parts)
        wider = 1.0
        if half_width is not None:
            values = max(values, len(solved.readings))
            known = half_width[np.isfinite(half_width)]
            wider = solved.widening(float(np.median(known))) if known.size else 1.0
        rows = max(1, _STRIP_VALUES // (window.width * values))
        for first in range(0, window.height, rows):
            strip = Window(window.column, window.row + first, window.width, min(rows, window.height - first))
            places = places_of(self.store, strip, self.origin, self.said)
            added = solved.increments(places, depth, _number(day)).reshape(strip.shape)
            part = theta[first:first + strip.height]
            part[:] = np.clip(part + added, LOWEST_THETA, HIGHEST_THETA)
            if half_width is not None:
                left = solved.left_share(places, depth, _number(day)).reshape(strip.shape)
                half_width[first:first + strip.height] *= (wider * left).astype(np.float32)

    def tags(self, day: date) -> Mapping[str, str]:
        """What a product says of the readings that it rests on."""
        solved, gathered = self.of_day(day), self.readings.gathered
        sensors = {gathered.names[n] for n in self._used}
        tags = {"DEEPSOIL_READINGS": f"{len(self._used)} readings of {len(sensors)} sensors"}
        if len(self._used):
            last = np.datetime64(int(gathered.days[self._used].max()), "D")
            tags["DEEPSOIL_READINGS"] += f", last {last}"
        if self.readings.later:
            tags["DEEPSOIL_RECONSTRUCTION"] = "yes"
        if solved.contradictions:
            tags["DEEPSOIL_READINGS_DOUBTED"] = str(sum(len(one.readings) for one in solved.contradictions))
        return tags

    def doubts(self, day: date) -> list[DeepSoilError]:
        """The readings of a day's interpolation that all else contradicts."""
        solved, gathered = self.of_day(day), self.readings.gathered
        found = []
        for one in solved.contradictions:
            newest = int(self._used[max(one.readings, key=lambda n: gathered.days[self._used[n]])])
            found.append(DeepSoilError(
                "readings_contradict", "{sensor} at {depth_cm:g} cm ({day}, {count} readings) is {amount:+.2f} m³/m³ "
                "from what all other readings and the map say, {deviations:.1f} standard deviations. It counts for "
                "less.",
                "Check its unit, depth and place.", "options.readings", sensor=gathered.names[newest],
                depth_cm=float(gathered.depths_cm[newest]), day=np.datetime64(int(gathered.days[newest]), "D"),
                count=len(one.readings), amount=one.amount, deviations=one.deviations))
        return found


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
