"""The readings that predictions at the stations of a region may rest on, and these predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, management_of
from deepsoil.contract.readings import Readings as WantedReadings
from deepsoil.contract.station_readings import StationReadings
from deepsoil.evaluation.background import Background, Positions, Step
from deepsoil.evaluation.conditioned import HeldOut, Known, Pool, Predicted, conditioned
from deepsoil.field.analysis import at_depths
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import OLDEST_DAYS, Readings
from deepsoil.field.likeness import places_at
from deepsoil.grid import distance_km, lonlat_to_pixel
from deepsoil.stations.gathered import NEAR_KM, Gathered, gather, joined, name_of, readings_of
from deepsoil.store.series import Stations

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]

WITH_READINGS = {
    "without_readings": "the same method without any reading",
    "last_reading": "the youngest reading of the station that the prediction may use",
}
"""Baselines of predictions that rest on readings."""

_SHARE_OF_BACKGROUND = 0.7  # of the work, for the progress


@dataclass(frozen=True)
class WithReadings:
    """Predictions (S, D, T) at the scored stations, m³/m³; D are the depths that are asked for.

    background     without any reading
    at_sensor      what the stations' sensors would show; at_place: what a map has there
    half_width     of the map's 90 % interval, narrower by what the readings say
    after          at_sensor with so many own readings
    warnings       what is to be told of readings that are left out
    """

    background: NDArray[np.float32]
    half_width: NDArray[np.float32]
    at_sensor: NDArray[np.float32]
    at_place: NDArray[np.float32]
    after: dict[int, NDArray[np.float32]]
    warnings: list[DeepSoilError]


def known_of(wanted: StationReadings, first: date) -> Known:
    """What is known of the stations in a prediction from the day ``first`` on."""
    others = None if wanted.other_stations == "all" else wanted.other_stations
    own, start = wanted.own, int(np.datetime64(first, "D").astype(np.int64))
    return Known(others) if own is None else Known(others, own.least_age_days, own.most, own.every_days, start)


def predict_with_readings(store: Store, background: Background, stations: Stations, chosen: Sequence[int],
                          days: Sequence[date], management: Sequence[Management], wanted: StationReadings, step: Step,
                          ) -> WithReadings:
    """The predictions of a method on consecutive days, conditioned on the readings that are known on each of them.

    Raises what `gather` and the method raise.
    """
    settings, known = ErrorSettings(), known_of(wanted, days[0])
    gathered, owner, kept = _gathered(store, stations, chosen, days, wanted)
    levels_cm = background.levels_cm(np.unique(gathered.depths_cm).tolist())
    near, weights, noise = at_depths(gathered, levels_cm, settings)
    rest, owner, weights, noise = gathered.select(near), owner[near], weights[near], noise[near]
    probes, probe = np.unique(np.stack([rest.longitudes, rest.latitudes], 1)[owner < 0].round(6), axis=0,
                              return_inverse=True)
    at = _positions(stations, kept, probes, management)
    place = np.searchsorted(kept, owner)
    place[owner < 0] = len(kept) + probe.reshape(-1)

    before = [one.item() for one in np.unique(rest.days[rest.days < _number(days[0])]).astype("datetime64[D]")]
    theta, half_width = background.series(at, days, levels_cm, _within(step, 0.0, _SHARE_OF_BACKGROUND), before=before)
    numbers = np.array([_number(day) for day in (*before, *days)])
    period = slice(len(before), None)

    # Of the scored stations alone: a reading that is not used must not move the plane either.
    origin = float(stations.longitudes[chosen].mean()), float(stations.latitudes[chosen].mean())
    places = places_at(store, at.longitudes, at.latitudes, origin, at.said)
    readings = Readings(rest.theta, places, place, rest.days, rest.sensors, weights, noise)
    at_readings = np.asarray(theta[place, :, np.searchsorted(numbers, rest.days)], np.float64)
    found = np.where(weights > 0, weights * at_readings, 0.0).sum(1)
    pool = Pool(readings, found, np.where(owner < 0, -1, place))
    scored = np.searchsorted(kept, np.asarray(chosen))
    own = np.asarray(theta[scored][..., period], np.float64)
    held = HeldOut(scored, _sensors(rest, stations, chosen, levels_cm), own, numbers[period],
                   np.asarray(np.isfinite(own).any(1)), np.asarray(half_width[scored][..., period], np.float64))
    depths = settings.depth_correlation(np.array(levels_cm))
    asked = [levels_cm.index(float(depth)) for depth in background.depths_cm]
    tasks = [known, *(Known(known.others, known.own_days, count, known.own_every, known.own_from)
                      for count in wanted.after)]
    done: list[Predicted] = []
    for number, one in enumerate(tasks):
        low, high = (_SHARE_OF_BACKGROUND + (1 - _SHARE_OF_BACKGROUND) * part / len(tasks)
                     for part in (number, number + 1))
        done.append(conditioned(pool, held, depths, settings, one, _within(step, low, high), doubt=True))

    def shown(values: Array | NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(values[:, asked], np.float32)

    return WithReadings(shown(own), shown(half_width[scored][..., period] * done[0].left), shown(done[0].at_sensor),
                        shown(done[0].at_place),
                        {count: shown(one.at_sensor) for count, one in zip(wanted.after, done[1:], strict=True)},
                        list(gathered.warnings))


def last_reading(record: NDArray[np.float32], dates: NDArray[np.datetime64], days: Sequence[date],
                 wanted: StationReadings) -> NDArray[np.float32] | None:
    """(S, T) the youngest reading of a station that its prediction may use, from the record (S, all days); None where
    none may be used."""
    known = known_of(wanted, days[0])
    if known.own_days is None:
        return None
    numbers = dates.astype("datetime64[D]").astype(np.int64)
    allowed = (numbers - known.own_from) % known.own_every == 0
    found = np.full((len(record), len(days)), np.nan, np.float32)
    for time, day in enumerate(days):
        age = _number(day) - numbers
        usable = np.isfinite(record) & (allowed & (age >= known.own_days) & (age <= OLDEST_DAYS))
        last = usable.shape[1] - 1 - usable[:, ::-1].argmax(1)
        found[:, time] = np.where(usable.any(1), record[np.arange(len(record)), last], np.nan)
    return found


def _gathered(store: Store, stations: Stations, chosen: Sequence[int], days: Sequence[date], wanted: StationReadings,
              ) -> tuple[Gathered, NDArray[np.int64], NDArray[np.int64]]:
    """The readings that any prediction may use, the station of each (-1: a probe elsewhere), and the stations (sorted)
    whose place is needed."""
    first, last = _number(days[0] - timedelta(days=OLDEST_DAYS)), _number(days[-1])
    of_stations = readings_of(stations)
    of_stations = of_stations.select((of_stations.days >= first) & (of_stations.days <= last))
    names = {name_of(station): number for number, station in enumerate(stations.ids)}
    owner = np.array([names[name] for name in of_stations.names], np.int64)
    used = set(chosen) if wanted.own is not None else set()
    apart = distance_km(stations.longitudes[:, None], stations.latitudes[:, None], stations.longitudes,
                        stations.latitudes)
    for index in chosen:
        near = [one for one in np.argsort(apart[index], kind="stable").tolist()
                if one != index and apart[index, one] <= NEAR_KM and one in owner]
        used.update(near if wanted.other_stations == "all" else near[:wanted.other_stations])
    allowed = np.isin(owner, sorted(used))
    parts, owners = [of_stations.select(allowed)], [owner[allowed]]
    if wanted.values:
        west, east = (float(bound(stations.longitudes[chosen])) for bound in (np.min, np.max))
        south, north = (float(bound(stations.latitudes[chosen])) for bound in (np.min, np.max))
        probes = gather(store, WantedReadings(values=wanted.values), (west, south, east, north))
        probes = probes.select((probes.days >= first) & (probes.days <= last))
        parts.append(probes)
        owners.append(_in_pixels(probes, stations))
    owner = np.concatenate(owners)
    return joined(parts), owner, np.unique([*chosen, *owner[owner >= 0].tolist()]).astype(np.int64)


def _in_pixels(probes: Gathered, stations: Stations) -> NDArray[np.int64]:
    """(n,) the station in whose pixel a reading lies, -1 for none."""
    def pixels(longitudes: Array, latitudes: Array) -> NDArray[np.int64]:
        return np.stack([np.floor(values).astype(np.int64) for values in lonlat_to_pixel(longitudes, latitudes)], 1)

    same = (pixels(probes.longitudes, probes.latitudes)[:, None]
            == pixels(stations.longitudes, stations.latitudes)[None]).all(2)
    return np.where(same.any(1), same.argmax(1), -1)


def _positions(stations: Stations, kept: NDArray[np.int64], probes: Array, management: Sequence[Management],
               ) -> Positions:
    """The stations, then the probes elsewhere, of which only what is said of all fields is known."""
    managed = [management_of(management, stations.ids[one], stations.names[one]) for one in kept]
    return Positions(np.concatenate([stations.longitudes[kept], probes[:, 0]]),
                     np.concatenate([stations.latitudes[kept], probes[:, 1]]),
                     [*managed, *(management_of(management) for _ in probes)])


def _sensors(gathered: Gathered, stations: Stations, chosen: Sequence[int], levels_cm: Sequence[float],
             ) -> NDArray[np.int64]:
    """(S, D) the number of the sensor that stands for a depth at a station, -1 where none of its readings is known."""
    number = dict(zip(zip(gathered.names, gathered.depths_cm.tolist(), strict=True), gathered.sensors.tolist(),
                      strict=True))
    nearest = [float(stations.depths_cm[np.abs(stations.depths_cm - level).argmin()]) for level in levels_cm]
    return np.array([[number.get((name_of(stations.ids[index]), depth), -1) for depth in nearest]
                     for index in chosen], np.int64)


def _within(step: Step, low: float, high: float) -> Step:
    return lambda share, message: step(low + (high - low) * share, message)


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


