"""Makes the maps of a prediction by soil columns, field by field: simulates, takes mean and interval, publishes.

A map is an output as soon as it is finished; a job that continues simulates only the fields that still lack one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.management import management_of
from deepsoil.contract.text import Text
from deepsoil.field import interval, uncertainty
from deepsoil.field.ground import FieldGround
from deepsoil.field.member_batch import BATCH_COLUMNS
from deepsoil.field.model import field_model
from deepsoil.field.simulation import failed_share
from deepsoil.field.state_cache import StateCache, states_in
from deepsoil.inference import foreseen, machine
from deepsoil.inference.product import Mosaic, check_disk, file_name, water_file_name, write_product
from deepsoil.inference.quantities import OF_ROOT_ZONE, SOIL_MOISTURE
from deepsoil.kinds.column_readings import ColumnReadings
from deepsoil.kinds.predict_columns import ColumnRequest
from deepsoil.kinds.predict_output import attribution_tags
from deepsoil.labels.simulate import threads_used

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context

Values = NDArray[np.float32]
Array = NDArray[np.float64]
Layer = int | str
"""A depth in cm, or a map of the root zone by its name in ``options.products``."""
Wanted = list[tuple[date, Layer]]

_ENSEMBLE_BYTES = 256 << 20
_NOTEWORTHY_SHARE = 1e-3
_VALUES_OF_WATER = 16
"""Of a column and a day beside θ at the depths: θ at the nodes, and the water of the root zone."""
_LEAST_COLUMN_DAYS = 300_000
"""From which the speed of a run says something of the computer's."""


def run(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Make every map that ``folder`` lacks. DeepSoilError as the plan, the weather and the simulation say."""
    request = ColumnRequest("", specification, context)
    for warning in request.warnings():
        folder.log(f"{warning.message} {warning.hint}", "warning")
    for problem in request.problems():
        raise problem
    check_disk(folder.path, request.map_bytes)
    there = {record["name"] for record in folder.output_records()}
    done = 0
    readings = ColumnReadings(request, folder, uncertainty.draw(uncertainty.MEMBERS))
    states = states_in(context.home, lambda message: folder.log(message, "warning"))
    for position, ground in enumerate(request.grounds):
        wanted = [(day, layer) for day in request.days for layer in _layers(request)
                  if _name(request, position, layer, day) not in there]
        if wanted:
            _make_maps(specification, folder, context, request, readings, states, position, wanted, done)
        done += len(ground.columns)
    folder.progress(1.0, 1.0, "Finished")


def _make_maps(specification: Specification, folder: JobFolder, context: Context, request: ColumnRequest,
               readings: ColumnReadings, states: StateCache, position: int, wanted: Wanted, before: int) -> None:
    ground = request.grounds[position]

    def step(done: int) -> None:
        folder.stop_if_cancelled()
        columns = before + done / uncertainty.MEMBERS
        # The last step is the last map's file.
        folder.progress(min(columns, 0.999 * request.columns), request.columns,
                        Text("{done:,} of {total:,} soil columns", done=int(columns), total=request.columns))

    began = time.perf_counter()
    with threads_used(request.options.threads) as threads:
        mean, half_width, column_days = _simulated(specification, folder, request, readings.z, states, position, step)
        if column_days >= _LEAST_COLUMN_DAYS:
            machine.Speeds(context.home).remember_columns(threads, (time.perf_counter() - began) / column_days)
    for day, layer in wanted:
        folder.stop_if_cancelled()
        at = (slice(None), _layers(request).index(layer), (day - request.days[0]).days)
        quantity = SOIL_MOISTURE if isinstance(layer, int) else OF_ROOT_ZONE[layer]
        mosaic = Mosaic(ground.window, ground.values(mean[at]), ground.values(half_width[at]), "ensemble", quantity)
        if isinstance(layer, int):
            readings.correct(mosaic, layer, day)
        _publish(specification, folder, request, position, layer, day, mosaic, readings.tags(day))


def _layers(request: ColumnRequest) -> list[Layer]:
    """The maps of a day."""
    return [*request.depths_cm, *request.options.products]


def _simulated(specification: Specification, folder: JobFolder, request: ColumnRequest, z: Array, states: StateCache,
               position: int, step: Callable[[int], None]) -> tuple[Values, Values, int]:
    """Mean and half-width (N, layers, T) of the columns of a field, and the days simulated of all its columns and
    members; in parts, so that the memory is bounded."""
    ground, field = request.grounds[position], request.fields.inside[position]
    management = management_of(request.options.management, field.name)
    count, depths, days = len(ground.columns), specification.depths, request.days
    products = request.options.products
    mean, half_width = np.full((2, count, len(depths) + len(products), len(days)), np.nan, np.float32)
    values = len(depths) + (_VALUES_OF_WATER if products else 0)
    lost, column_days = 0.0, 0
    for some in _parts(ground, values * len(days)):
        model = field_model(request.store, ground.columns.select(some), days, depths, management,
                            _from(int(some[0]) * len(z), step), states)
        if products:
            ensemble, water = model.run_with_water(z)
            found = np.concatenate([ensemble.theta, *(getattr(water, name)[:, :, None] for name in products)], axis=2)
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
    return mean, half_width, column_days


def _from(begun: int, step: Callable[[int], None]) -> Callable[[int, int], None]:
    return lambda done, total: step(begun + done)


def _parts(ground: FieldGround, values: int) -> Iterator[NDArray[np.int64]]:
    """Columns, in order, whose ensembles of ``values`` values fit into the memory together."""
    size = max(1, min(BATCH_COLUMNS, _ENSEMBLE_BYTES // (4 * uncertainty.MEMBERS * values)))
    for start in range(0, len(ground.columns), size):
        yield np.arange(start, min(start + size, len(ground.columns)))


def _name(request: ColumnRequest, position: int, layer: Layer, day: date) -> str:
    number = request.fields.inside[position].number
    if isinstance(layer, int):
        return file_name(layer, day.isoformat(), number)
    return water_file_name(OF_ROOT_ZONE[layer], day.isoformat(), number)


def _publish(specification: Specification, folder: JobFolder, request: ColumnRequest, position: int, layer: Layer,
             day: date, mosaic: Mosaic, more_tags: dict[str, str]) -> None:
    field, store = request.fields.inside[position], request.store
    name = _name(request, position, layer, day)
    depth_cm = layer if isinstance(layer, int) else None
    what = {"DEEPSOIL_PRODUCT": str(layer)} if depth_cm is None else {"DEEPSOIL_DEPTH_CM": str(depth_cm)}
    tags = {"DEEPSOIL_METHOD": "column", "DEEPSOIL_MEMBERS": str(uncertainty.MEMBERS),
            "DEEPSOIL_SEED": str(uncertainty.SEED), **what, "DEEPSOIL_DATE": day.isoformat(),
            "DEEPSOIL_ENGINE": __version__, "DEEPSOIL_JOB": specification.id,
            "DEEPSOIL_REGION": specification.region or store.name,
            "DEEPSOIL_SYNTHETIC": "yes" if store.synthetic else "no", **attribution_tags(store),
            **foreseen.tags(store, day), **request.watering.fields[position].tags(day), **more_tags}
    at_depth = "" if depth_cm is None else f" at {depth_cm} cm"
    title = f"{mosaic.quantity.title}{at_depth}, {day.isoformat()}{foreseen.in_title(store, day)}"
    if field.name is not None:
        tags["DEEPSOIL_FIELD"] = field.name
        title += f", {field.name}"
    draft = write_product(folder.temporary(name), mosaic, request.targets[position], title=title, tags=tags)
    folder.add_output(draft, "map", depth_cm, day, field.name)
    folder.log(f"{name} is finished")
