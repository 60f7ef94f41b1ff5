"""Conditions the maps of soil columns on readings: first what is not known of the columns, then what remains.

The columns at the readings are simulated with those of the field's own water. Their ensemble is conditioned once, on
what was known on the first day of the maps; what the mean then misses is interpolated day by day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, management_of
from deepsoil.contract.options import PredictOptions
from deepsoil.contract.text import Text
from deepsoil.field import uncertainty
from deepsoil.field.analysis import Analysis, Usable, usable
from deepsoil.field.checkpoints import NoStates, States
from deepsoil.field.ensemble import ColumnModel, Ensemble
from deepsoil.field.ground import NONE, columns_at
from deepsoil.field.likeness import said_of
from deepsoil.field.model import field_model, simulated_from
from deepsoil.field.simulation import SPINUP_DAYS, FieldModel
from deepsoil.field.smoother import CAUTION, LEAST_SPREAD, STEPS, condition
from deepsoil.field.weather import NEEDED
from deepsoil.grid import lonlat_to_pixel
from deepsoil.inference.field_water import ManagedField
from deepsoil.inference.fields import Fields
from deepsoil.kinds.reading_doubts import tell_doubts
from deepsoil.soil.column_state import ColumnState
from deepsoil.stations.gathered import gather

if TYPE_CHECKING:
    from deepsoil.inference.product import Mosaic
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.store.store import Store

Array = NDArray[np.float64]

_OWN_SHARE = 0.1  # of the errors at a depth, what no other depth has part in, whatever the ensemble says


class Request(Protocol):
    """What is asked for: the maps by soil columns of some fields, on consecutive days."""

    store: Store
    options: PredictOptions
    days: list[date]
    depths_cm: list[int]
    fields: Fields
    managed: list[ManagedField]
    readings: Usable | None

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of all fields, degrees."""


@dataclass(frozen=True)
class Together:
    """Several models as one: the columns of the first, then those of the next."""

    models: Sequence[FieldModel]

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.models[0].parameters

    def run(self, z: Array) -> Ensemble:
        """The ensemble of all columns."""
        found = [model.run(z) for model in self.models]
        return Ensemble(np.concatenate([one.theta for one in found], axis=1), found[0].depths_cm, found[0].dates, z,
                        found[0].weights)

    def name(self, z: Array) -> str:
        """Of all that decides what a run for scores (E, P) gives."""
        return " ".join(model.name(z) for model in self.models)

    def without_states(self) -> Together:
        """The same, for scores of which no other run will go on."""
        return Together([replace(model, states=NoStates()) for model in self.models])


class Told(Protocol):
    """Who waits for the columns: a job, or a question."""

    def progress(self, done: float, total: float, message: str) -> None:
        """How far it is."""

    def stop_if_cancelled(self) -> None:
        """DeepSoilError or `JobCancelledError` where nobody wants it any more."""

    def log(self, message: str, level: str = "info") -> None:
        """Something to be told."""


@dataclass(frozen=True)
class Conditioned:
    """Scores z (E, P) of the members after the readings ``some``; ``model``: of the columns at all readings, whose
    column at each place has the ``number``, NONE where there is no soil."""

    z: Array
    readings: Usable
    some: NDArray[np.int64]
    model: ColumnModel
    number: NDArray[np.int64]


def conditioned(request: Request, told: Told, z: Array, states: States) -> Conditioned | None:
    """What the readings of a request say of scores z (E, P); None without any. DeepSoilError as the simulation says.

    What was found once is kept with the ``states``: it is the same for the map of a day and for a question about it.
    """
    readings = request.readings
    if readings is None or not len(readings.gathered):
        return None
    told.progress(0.0, 1.0, Text("Readings: {count:,} at {places} places", count=len(readings.gathered),
                                 places=len(readings.positions)))
    model, number = _model(request, readings, told, states)
    known = number[readings.place] != NONE
    some = readings.of_day(request.days[0])
    some = some[known[some]]
    before = model.run(z)
    error = _error(request, readings, np.nanmean(_at(before, readings, number)[:, some], axis=0), some)
    theta = readings.gathered.theta[some]
    name = _name(model, z, theta, error, number[readings.place][some], readings.gathered.days[some])
    if (kept := states.load(name, *z.shape)) is not None:
        return Conditioned(kept.values, readings, some, model, number)
    found = condition(model.without_states(), z, lambda ensemble: _at(ensemble, readings, number)[:, some], theta,
                      error, first=before)
    if found.collapsed:
        told.log("The readings left next to no spread in a part of the ensemble; it was held open.", "warning")
    states.save({name: ColumnState(found.z, np.zeros(len(z)))})
    return Conditioned(found.z, readings, some, model, number)


def _name(model: Together, z: Array, *arrays: NDArray[np.generic]) -> str:
    """Of conditioned scores: of all that led to them, the code that did included."""
    digest = hashlib.blake2b(model.name(z).encode(), digest_size=20)
    digest.update(f"{__version__} {STEPS} {CAUTION} {LEAST_SPREAD}".encode())
    for values in (z, *arrays):
        digest.update(np.ascontiguousarray(values).tobytes())
    return f"conditioned-{digest.hexdigest()}"


class ColumnReadings:
    """The readings of a prediction by columns; without any, nothing changes."""

    def __init__(self, request: Request, folder: JobFolder, z: Array, states: States) -> None:
        """Condition the scores z (E, P). DeepSoilError as the simulation says."""
        self.z, self._folder, self._analysis, self._told = z, folder, None, set[str]()
        self._readings = request.readings
        found = conditioned(request, folder, z, states)
        if found is None:
            return
        self.z, readings, number = found.z, found.readings, found.number
        after = found.model.run(self.z)
        background = np.where(number[readings.place] != NONE, np.nanmean(_at(after, readings, number), axis=0), np.nan)
        self._analysis = Analysis(request.store, readings, background, request.middle, said_of(request.managed),
                                  _correlation(after, readings, number, found.some))

    @property
    def _tagged(self) -> bool:
        return self._readings is not None

    def correct(self, mosaic: Mosaic, depth_cm: int, day: date) -> None:
        """Add what the readings say of the mean's error. The interval is that of the conditioned ensemble."""
        if self._analysis is None:
            return
        tell_doubts(self._analysis, day, self._folder, self._told)
        self._analysis.correct(mosaic.theta, mosaic.window, float(depth_cm), day)

    def tags(self, day: date) -> dict[str, str]:
        """Of the products of a day."""
        if self._analysis is not None:
            return dict(self._analysis.tags(day))
        return {"DEEPSOIL_READINGS": "0 readings of 0 sensors"} if self._tagged else {}


def column_readings(request: Request) -> Usable | None:
    """What the maps can use of the readings asked for; None where none are. DeepSoilError as `gather`."""
    wanted = request.options.readings
    if wanted is None:
        return None
    west, south, east, north = shapely.total_bounds([one.coverage.inside for one in request.fields.inside])
    gathered = gather(request.store, wanted, (float(west), float(south), float(east), float(north)))
    depths = sorted({*map(float, request.depths_cm), *gathered.depths_cm.tolist()})
    series = [request.store.coarse(name) for name in NEEDED]
    begin = max(one.dates[0] for one in series).astype("datetime64[D]").astype(np.int64)
    end = min(one.dates[-1] for one in series).astype("datetime64[D]").astype(np.int64)
    without = (gathered.days < begin) | (gathered.days > end)
    if without.any():
        gathered = gathered.select(~without, [DeepSoilError(
            "readings_outside", "{count} of {total} readings are of days for which the region has no weather and are "
            "not used: {which}.", "Extend the weather of the region.", "options.readings", count=int(without.sum()),
            total=len(gathered), which=gathered.said(without))] if wanted.values else [])
    return usable(gathered, list(request.days), tuple(depths), later=wanted.later_days)


def column_days(request: Request) -> int:
    """What conditioning simulates before any map: days of the columns at the readings, of all members and runs."""
    readings = request.readings
    if readings is None or not len(readings.gathered):
        return 0
    first, last = (np.datetime64(day, "D") for day in _period(request, readings))
    simulated = SPINUP_DAYS + int((last - simulated_from(first)).astype(int)) + 1
    runs = STEPS + 1 if readings.of_day(request.days[0]).size else 2
    return runs * len(readings.positions) * uncertainty.MEMBERS * simulated


def _period(request: Request, readings: Usable) -> list[date]:
    """First and last day on which the columns at the readings are looked at."""
    needed = readings.needed_days
    first, last = (np.datetime64(int(day), "D").item() for day in (needed.min(), needed.max()))
    return [min(first, request.days[0]), max(last, request.days[-1])]


def _model(request: Request, readings: Usable, told: Told, states: States) -> tuple[Together, NDArray[np.int64]]:
    """The columns at the readings, and the number of that of each place, NONE where there is no soil."""
    longitudes, latitudes = readings.positions.T
    columns, rows = lonlat_to_pixel(longitudes, latitudes)
    days = _period(request, readings)
    number = np.full(len(longitudes), NONE, np.int64)
    models: list[FieldModel] = []
    count = 0
    for management, inside in _by_field(request, longitudes, latitudes):
        pixels = [(int(columns[n]), int(rows[n])) for n in inside]
        found, at = columns_at(request.store, longitudes[inside], latitudes[inside], pixels)
        if not len(found):
            continue
        number[inside] = np.where(at == NONE, NONE, at + count)
        count += len(found)
        models.append(field_model(request.store, found, days, readings.depths_cm, management,
                                  lambda done, total: told.stop_if_cancelled(), states))
    if not models:
        raise DeepSoilError("no_soil", "No reading lies where the region has soil.",
                            "Check the places of the readings.", "options.readings")
    return Together(models), number


def _by_field(request: Request, longitudes: Array, latitudes: Array,
              ) -> list[tuple[Management | None, NDArray[np.int64]]]:
    """The places in each field, with what is known of it, and those in none."""
    left = np.ones(len(longitudes), bool)
    found: list[tuple[Management | None, NDArray[np.int64]]] = []
    for one in request.fields.inside:
        inside = left & shapely.contains_xy(one.coverage.inside, longitudes, latitudes)
        if inside.any():
            found.append((management_of(request.options.management, one.name), np.flatnonzero(inside)))
            left &= ~inside
    return [*found, (None, np.flatnonzero(left))] if left.any() else found


def _at(ensemble: Ensemble, readings: Usable, number: NDArray[np.int64]) -> Array:
    """(E, n) θ of the members at the readings; NaN without a column, or on a day that is not simulated."""
    gathered = readings.gathered
    column = np.maximum(number[readings.place], 0)
    depth = np.searchsorted(np.array(ensemble.depths_cm), gathered.depths_cm)
    day = np.clip(gathered.days - ensemble.dates[0].astype("datetime64[D]").astype(np.int64), 0,
                  len(ensemble.dates) - 1)
    return np.asarray(ensemble.theta[:, column, depth, day], np.float64)


def _error(request: Request, readings: Usable, shown: Array, some: NDArray[np.int64]) -> Array:
    """(n, n) of the readings that the ensemble is conditioned on: their sensors, and the columns' own structure."""
    return Analysis(request.store, readings, np.zeros(len(readings.gathered)), request.middle,
                    said_of(request.managed)).error(some, shown)


def _correlation(ensemble: Ensemble, readings: Usable, number: NDArray[np.int64], some: NDArray[np.int64],
                 ) -> Array | None:
    """(D, D) of the errors at the ensemble's depths: how its members differ at them.

    Over the columns and days of the readings that the ensemble was conditioned on, no later ones; None without any.
    """
    if not some.size:
        return None
    columns = np.unique(number[readings.place[some]])
    last = np.datetime64(int(readings.gathered.days[some].max()), "D")
    theta = ensemble.theta[:, columns][..., ensemble.dates <= last].astype(np.float64)
    rows = (theta - np.nanmean(theta, axis=0)).transpose(2, 0, 1, 3).reshape(len(ensemble.depths_cm), -1)
    rows = rows[:, np.isfinite(rows).all(axis=0)]
    if rows.shape[1] < 2 or not rows.std(axis=1).all():
        return None
    return np.asarray((1 - _OWN_SHARE) * np.atleast_2d(np.corrcoef(rows)) + _OWN_SHARE * np.eye(len(rows)))
