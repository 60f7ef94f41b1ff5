"""Makes the maps of a prediction by soil columns, field by field: simulates, takes mean and interval, publishes.

A map is an output as soon as it is finished; a job that continues makes only the maps that it and the job before it
lack, and simulates only their fields.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from deepsoil import __version__
from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.field import uncertainty
from deepsoil.field.state_cache import StateCache, states_in
from deepsoil.inference import foreseen, intervals, machine
from deepsoil.inference.product import Mosaic, check_disk, file_name, water_file_name, write_product
from deepsoil.inference.quantities import OF_ROOT_ZONE, SOIL_MOISTURE
from deepsoil.jobs.warnings import add_warning
from deepsoil.kinds import field_table, predict_earlier, priority_zones
from deepsoil.kinds.column_readings import ColumnReadings
from deepsoil.kinds.column_simulation import simulate
from deepsoil.kinds.field_table import FIGURES_TAG
from deepsoil.kinds.predict_columns import ColumnRequest
from deepsoil.kinds.predict_output import attribution_tags
from deepsoil.labels.simulate import threads_used

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.field.field_figures import FieldFigures
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context

Layer = int | str
"""A depth in cm, or a map of the root zone by its name in ``options.products``."""
Wanted = list[tuple[date, Layer]]

_LEAST_COLUMN_DAYS = 300_000
"""From which the speed of a run says something of the computer's."""

_OF_ONE_FIELD = ("ensemble_failed", "weather_gap")
"""Problems of one of several fields that the others do not have."""


def run(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Make every map that ``folder`` lacks, the table of fields and the zones.

    Raises DeepSoilError as the plan, the weather and the simulation say. Of several fields, one that cannot be
    simulated is left out and told; the error is raised where that is so of all.
    """
    request = ColumnRequest("", specification, context)
    for warning in request.warnings():
        folder.log(f"{warning.message} {warning.hint}", "warning")
    for problem in request.problems():
        raise problem
    check_disk(folder.path, request.map_bytes)
    predict_earlier.publish(folder)
    there = {record["name"] for record in folder.output_records()}
    done, failed = 0.0, dict[int, DeepSoilError]()
    states = states_in(context.home, lambda message: folder.log(message, "warning"))
    readings = ColumnReadings(request, folder, uncertainty.draw(uncertainty.MEMBERS), states)
    for position, ground in enumerate(request.grounds):
        wanted = [(day, layer) for day in request.days for layer in _layers(request)
                  if _name(request, position, layer, day) not in there]
        try:
            if wanted:
                _make_maps(specification, folder, context, request, readings, states, position, wanted, done)
        except DeepSoilError as problem:
            if len(request.grounds) == 1 or problem.code not in _OF_ONE_FIELD:
                raise
            failed[request.fields.inside[position].number or 1] = problem
            _tell(folder, request.fields.inside[position].name or "", problem)
        done += len(ground.columns) + request.columns_per_map * len(request.days) * request.layers
    if len(failed) == len(request.grounds):
        raise next(iter(failed.values()))
    field_table.publish(specification, folder, context, failed)
    priority_zones.publish(specification, folder, context)
    folder.progress(1.0, 1.0, "Finished")


def _tell(folder: JobFolder, name: str, problem: DeepSoilError) -> None:
    told = DeepSoilError("field_failed", "The field {name} gets no map: {problem}", "{what}", "area", name=name,
                         problem=problem.message, what=problem.hint)
    folder.log(f"{told.message} {told.hint}", "warning")
    add_warning(folder.path, told)


def _make_maps(specification: Specification, folder: JobFolder, context: Context, request: ColumnRequest,
               readings: ColumnReadings, states: StateCache, position: int, wanted: Wanted, before: float) -> None:
    ground = request.grounds[position]

    total = request.columns + request.columns_per_map * request.maps  # the last step is the last map's file
    simulated = sum(len(one.columns) for one in request.grounds[:position])

    def step(done: int) -> None:
        folder.stop_if_cancelled()
        columns = int(done / uncertainty.MEMBERS)
        folder.progress(before + columns, total, Text("{done:,} of {total:,} soil columns", done=simulated + columns,
                                                      total=request.columns) if columns < len(ground.columns)
                        else Text("The soil columns are simulated; the maps follow"))

    began = time.perf_counter()
    with threads_used(request.options.threads) as threads:
        found = simulate(request, folder, readings.z, states, position, step)
        if found.column_days >= _LEAST_COLUMN_DAYS:
            machine.Speeds(context.home).remember_columns(threads, (time.perf_counter() - began) / found.column_days)
    for number, (day, layer) in enumerate(wanted):
        folder.stop_if_cancelled()
        folder.progress(before + len(ground.columns) + request.columns_per_map * number, total,
                        Text("Writing map {number:,} of {count:,}", number=number + 1, count=len(wanted)))
        at = (slice(None), _layers(request).index(layer), (day - request.days[0]).days)
        quantity = SOIL_MOISTURE if isinstance(layer, int) else OF_ROOT_ZONE[layer]
        mosaic = Mosaic(ground.window, ground.values(found.mean[at]), ground.values(found.half_width[at]), "ensemble",
                        quantity)
        if isinstance(layer, int):
            readings.correct(mosaic, layer, day)
        of_field = _tags_of(found.figures) if day == request.days[-1] else {}
        _publish(specification, folder, request, position, layer, day, mosaic, {**readings.tags(day), **of_field})


def _tags_of(figures: FieldFigures | None) -> dict[str, str]:
    """What the products of the last day say of their field."""
    return {} if figures is None else {FIGURES_TAG: json_text.write(figures.document())}


def _layers(request: ColumnRequest) -> list[Layer]:
    """The maps of a day."""
    return [*request.depths_cm, *request.options.products]


def _name(request: ColumnRequest, position: int, layer: Layer, day: date) -> str:
    number = request.fields.inside[position].number
    if isinstance(layer, int):
        return file_name(layer, day.isoformat(), number)
    return water_file_name(OF_ROOT_ZONE[layer], day.isoformat(), number)


def _publish(specification: Specification, folder: JobFolder, request: ColumnRequest, position: int, layer: Layer,
             day: date, mosaic: Mosaic, more_tags: dict[str, str]) -> None:
    field, store, water = request.fields.inside[position], request.store, request.watering.fields[position]
    name = _name(request, position, layer, day)
    depth_cm = layer if isinstance(layer, int) else None
    what = {"DEEPSOIL_PRODUCT": str(layer)} if depth_cm is None else {"DEEPSOIL_DEPTH_CM": str(depth_cm)}
    tags = {"DEEPSOIL_METHOD": "column", "DEEPSOIL_MEMBERS": str(uncertainty.MEMBERS),
            "DEEPSOIL_SEED": str(uncertainty.SEED), **what, "DEEPSOIL_DATE": day.isoformat(),
            "DEEPSOIL_ENGINE": __version__, "DEEPSOIL_JOB": specification.id,
            "DEEPSOIL_REGION": specification.region or store.name,
            "DEEPSOIL_SYNTHETIC": "yes" if store.synthetic else "no", **attribution_tags(store),
            **foreseen.tags(store, day), **water.tags(day), **intervals.tags(water.irrigation), **more_tags}
    at_depth = "" if depth_cm is None else f" at {depth_cm} cm"
    title = (f"{mosaic.quantity.title}{at_depth} ({mosaic.quantity.sign}), {day.isoformat()}"
             f"{foreseen.in_title(store, day)}")
    if field.name is not None:
        tags["DEEPSOIL_FIELD"] = field.name
        title += f", {field.name}"
    draft = write_product(folder.temporary(name), mosaic, request.targets[position], title=title, tags=tags)
    folder.add_output(draft, "map", depth_cm, day, field.name)
    folder.log(f"{name} is finished")
