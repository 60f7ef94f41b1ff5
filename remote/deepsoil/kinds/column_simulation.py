"""Simulates the columns of one field of a prediction: mean and interval of every map, and the field's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.irrigation_maps import Refill
from deepsoil.contract.management import Management, management_of
from deepsoil.field import interval, uncertainty
from deepsoil.field.allowed import allowed_depletion
from deepsoil.field.continuation import continue_from
from deepsoil.field.field_figures import AHEAD_DAYS, FieldFigures, FieldTally
from deepsoil.field.ground import FieldGround, shares_of
from deepsoil.field.look_ahead import look_ahead
from deepsoil.field.member_batch import BATCH_COLUMNS
from deepsoil.field.model import field_model
from deepsoil.field.refill import rain_ahead, refill_mm
from deepsoil.field.simulation import FieldModel, failed_share
from deepsoil.field.weather_ahead import WeatherAhead, weather_ahead

if TYPE_CHECKING:
    from deepsoil.field.ensemble import Ensemble
    from deepsoil.field.state_cache import StateCache
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.kinds.predict_columns import ColumnRequest

Values = NDArray[np.float32]
Array = NDArray[np.float64]

REFILL = "refill_mm"

_ENSEMBLE_BYTES = 256 << 20
_NOTEWORTHY_SHARE = 1e-3
_VALUES_OF_WATER = 16
"""Of a column and a day beside θ at the depths: θ at the nodes, and the water of the root zone."""


@dataclass(frozen=True)
class Simulated:
    """mean and half_width (N, layers, T) of the columns; figures of the field, where they are asked for and it has
    soil; column_days: simulated, of all columns and members."""

    mean: Values
    half_width: Values
    figures: FieldFigures | None
    column_days: int


def simulate(request: ColumnRequest, folder: JobFolder, z: Array, states: StateCache, position: int,
             step: Callable[[int], None]) -> Simulated:
    """The field at a position of the request, in parts, so that the memory is bounded.

    Raises DeepSoilError as `field_model` and its simulation.
    """
    ground, field = request.grounds[position], request.fields.inside[position]
    management = management_of(request.options.management, field.name)
    depths, days, products = request.depths_cm, request.days, request.options.products
    of_water = bool(products) or request.options.field_table
    count = len(ground.columns)
    mean, half_width = np.full((2, count, len(depths) + len(products), len(days)), np.nan, np.float32)
    values = len(depths) + (_VALUES_OF_WATER if of_water else 0)
    water = _Water(request, folder, position, management) if of_water else None
    weights, lost, column_days = np.full(len(z), 1.0 / len(z)), 0.0, 0
    for some in _parts(ground, values * len(days)):
        model = field_model(request.store, ground.columns.select(some), days, depths, management,
                            _from(int(some[0]) * len(z), step), states)
        if water is not None:
            ensemble, of_products = water.run(model, z, some)
            found = np.concatenate([ensemble.theta, *(of_products[name][:, :, None] for name in products)], axis=2)
        else:
            ensemble = model.run(z)
            found = ensemble.theta
        lower, upper = interval.bounds(found, ensemble.weights)
        mean[some], half_width[some] = interval.mean(found, ensemble.weights), (upper - lower) / 2
        lost += failed_share(ensemble) * len(some) / count
        column_days += model.column_days
    if lost > _NOTEWORTHY_SHARE:
        folder.log(f"{lost:.1%} of the draws of the soil columns did not converge; the map is made from the others.",
                   "warning")
    return Simulated(mean, half_width, None if water is None else water.figures(weights), column_days)


class _Water:
    """The water of the root zone of one field, part by part."""

    def __init__(self, request: ColumnRequest, folder: JobFolder, position: int, management: Management) -> None:
        self._options, self._allowed = request.options, allowed_depletion(management)
        self._wanted = request.options.refill or Refill()
        self._shares = shares_of(request.grounds[position], request.fields.inside[position].coverage.inside)
        self._tally = FieldTally(np.datetime64(request.days[-1], "D"), self._allowed)
        self._ahead = _ahead(request, folder, position, self._days_ahead)

    @property
    def _days_ahead(self) -> int:
        if self._options.field_table:
            return AHEAD_DAYS
        return self._wanted.rain_days if REFILL in self._options.products else 0

    def run(self, model: FieldModel, z: Array, some: NDArray[np.int64]) -> tuple[Ensemble, dict[str, Values]]:
        """The ensemble of the columns ``some``, and its maps (E, n, T) by the names of products."""
        ahead = None
        if self._options.field_table and self._ahead is not None:
            ensemble, water, state = model.run_to_end(z)
            driving = look_ahead(model, z, self._ahead.forcing).given(z, np.zeros(self._ahead.forcing.days))
            ahead = continue_from(state, driving)[1]
        else:
            ensemble, water = model.run_with_water(z)
        rain_mm = self._rain(model, water.depletion_mm.shape[2])
        refill = refill_mm(water, self._wanted, self._allowed, rain_mm, ensemble.weights)
        self._tally.add(water, refill, ahead, rain_mm[:, -1], self._shares[some], ensemble.weights)
        return ensemble, {name: refill if name == REFILL else getattr(water, name) for name in self._options.products}

    def figures(self, weights: Array) -> FieldFigures | None:
        """Where they are asked for and the field has soil."""
        known = 0 if self._ahead is None else self._ahead.known
        return self._tally.figures(weights, known) if self._options.field_table else None

    def _rain(self, model: FieldModel, days: int) -> Array:
        """(n, T) mm that is left to the sky after each of the last ``days`` days of a model."""
        known = model.forcing.precipitation[:, len(model.dates) - days + 1:]
        if self._ahead is not None:
            known = np.concatenate([known, self._ahead.forcing.precipitation[:, :self._ahead.known]], axis=1)
        return rain_ahead(known, days, self._wanted.rain_days)[model.columns.place]


def _ahead(request: ColumnRequest, folder: JobFolder, position: int, days: int) -> WeatherAhead | None:
    """The weather of the ``days`` after the last one; None where none is wanted, or the region has none to go by."""
    columns = request.grounds[position].columns
    if not days or not len(columns):
        return None
    try:
        return weather_ahead(request.store, columns.longitudes, columns.latitudes,
                             np.datetime64(request.days[-1], "D"), days)
    except DeepSoilError as problem:
        folder.log(f"{problem.message} What comes after the last day is therefore not known.", "warning")
        return None


def _from(begun: int, step: Callable[[int], None]) -> Callable[[int, int], None]:
    return lambda done, total: step(begun + done)


def _parts(ground: FieldGround, values: int) -> Iterator[NDArray[np.int64]]:
    """Columns, in order, whose ensembles of ``values`` values fit into the memory together."""
    size = max(1, min(BATCH_COLUMNS, _ENSEMBLE_BYTES // (4 * uncertainty.MEMBERS * values)))
    for start in range(0, len(ground.columns), size):
        yield np.arange(start, min(start + size, len(ground.columns)))
