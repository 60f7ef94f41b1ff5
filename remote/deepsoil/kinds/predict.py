"""Prediction as a job: what it would take, and making its maps one after the other, or in parts by many tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry import shape

from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import named_outlines
from deepsoil.contract.options import PredictOptions
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.inference import area, machine
from deepsoil.inference.maps import empty_mosaic
from deepsoil.inference.plan import (
    PredictionPlan,
    cover_area,
    local_memory_bytes,
    make_plan,
    side_for,
    weather_problem,
)
from deepsoil.inference.predict import haloed, infer
from deepsoil.inference.product import check_disk
from deepsoil.inference.reading import Wanted, reading_ahead
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task, TaskResult
from deepsoil.kinds import (
    column_maps,
    field_table,
    predict_earlier,
    predict_merge,
    predict_tasks,
    predict_verification,
)
from deepsoil.kinds.predict_columns import ColumnRequest
from deepsoil.kinds.predict_output import log_notes, map_names, publish_map
from deepsoil.kinds.predict_progress import PredictionProgress
from deepsoil.kinds.predict_readings import Conditioning, usable_readings
from deepsoil.kinds.region_and_models import filled, models_of, store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.tasks.folder import TaskFolder
    from deepsoil.models.library import Model

_SECONDS_TO_START, _SECONDS_PER_MAP, _SECONDS_PER_MEGAPIXEL = 1.5, 0.1, 0.15
_COMPRESSED_BYTES_PER_PIXEL = 1.6
_COMPRESSED_BYTES_OF_A_CONSTANT_BAND = 0.2

_Mosaic = tuple[date, int, int, Sequence[int]]

MOST_MAPS = 10_000
"""Of one job: more files than that make lists of jobs slow."""


class PredictionRequest(JobPlan):
    """A prediction that was asked for, planned once for its estimate and its tasks."""

    merges = True

    def __init__(self, title: str, specification: Specification, context: Context) -> None:
        """Raises DeepSoilError ``area_outside``, ``area_too_large``, ``crs_invalid``, ``channel_missing``, ``model_…``.
        """
        super().__init__(title)
        self._home, self._library, self._sharers = context.home, context.library, _sharers(specification)
        store, models = store_of(specification, context), models_of(specification, context)
        fields = cover_area(specification, store)
        _check_count(len(fields.inside), len(specification.days), len(models))
        _check_size(specification, models, context.home, self._sharers)
        budget = predict_tasks.task_memory_bytes(specification) if _has_tasks(specification) else local_memory_bytes()
        self.sides = {depth: side_for(model, budget) for depth, model in models.items()}
        self.plan = make_plan(specification, store, fields, models, self.sides)
        readings = usable_readings(specification, self.plan)
        self._of_readings = [] if readings is None else readings.gathered.warnings

    def estimate(self) -> dict[str, Any]:
        plan, speeds = self.plan, machine.Speeds(self._home)
        maps_of_a_field = len(plan.days) * len(plan.layers)
        bytes_a_pixel = sum(_COMPRESSED_BYTES_PER_PIXEL + (layer.bands - 1) * _COMPRESSED_BYTES_OF_A_CONSTANT_BAND
                            for layer in plan.layers.values())
        pixels = sum(target.width * target.height for target in plan.targets)
        network_s = len(plan.days) * sum(sum(layer.work) * speeds.seconds_per_pixel(layer.model, plan.threads)
                                         for layer in plan.layers.values())
        seconds = _SECONDS_TO_START + network_s / self._sharers + plan.maps * _SECONDS_PER_MAP + \
            maps_of_a_field * _SECONDS_PER_MEGAPIXEL * pixels / 1e6
        return {"area_ha": round(sum(area_m2(field.coverage.inside) for field in plan.fields.inside) / 1e4, 2),
                "fields": len(plan.targets), "pixels": pixels,
                "windows": len(plan.days) * sum(len(layer.windows) for layer in plan.layers.values()),
                "seconds": round(seconds, 1),
                "bytes": int(len(plan.days) * pixels * bytes_a_pixel + plan.maps * 4096)}

    def warnings(self) -> list[DeepSoilError]:
        return [*self.plan.warnings(), *self._of_readings]

    def problems(self) -> list[DeepSoilError]:
        return [problem for problem in (weather_problem(self.plan), _disk_problem(self._home, self.plan)) if problem]

    def tasks(self, most: int) -> list[Task]:
        return self.numbered(predict_tasks.payloads(self.plan, self.sides, most))

    def rests_on(self) -> list[Path] | None:
        return [self._home / "regions.json", self.plan.store.path / "zarr.json", *self._library.folders,
                *(layer.model.path for layer in self.plan.layers.values())]

    def made_from(self) -> list[Path]:
        return [self.plan.store.path / "zarr.json", *(layer.model.path for layer in self.plan.layers.values())]


class Predict(Kind):
    """Tasks compute windows; the merge puts them together to maps."""

    name = "predict"
    title = "Prediction"
    options = PredictOptions
    resumable = True

    def prepare(self, specification: Specification, context: Context) -> Specification:
        return filled(specification, context)

    def plan(self, specification: Specification, context: Context) -> JobPlan:
        if _by_columns(specification):
            return ColumnRequest(self.title, specification, context)
        return PredictionRequest(self.title, specification, context)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Make every map of a prediction; each is published as soon as it is finished."""
        if _by_columns(specification):
            column_maps.run(specification, folder, context)
            predict_verification.publish(specification, folder, context)
            return
        store, models = store_of(specification, context), models_of(specification, context)
        budget = local_memory_bytes()
        sides = {depth: side_for(model, budget) for depth, model in models.items()}
        plan = make_plan(specification, store, cover_area(specification, store), models, sides)
        log_notes(folder, plan)
        if problem := weather_problem(plan):
            raise problem
        check_disk(folder.path, plan.map_bytes)
        _make_maps(specification, folder, plan, context.home)
        field_table.publish(specification, folder, context)
        predict_verification.publish(specification, folder, context)

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        if _by_columns(specification):
            column_maps.run(specification, folder, context)
        else:
            predict_tasks.run_task(specification, folder, context, task.payload)

    def merge(self, specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        predict_merge.assemble(specification, folder, context, results, published)
        if any(result.outputs is None for result in results):
            return
        if not published(field_table.output_name(specification.days[-1])):
            field_table.publish(specification, folder, context)
        if not published(predict_verification.OUTPUT):
            predict_verification.publish(specification, folder, context)


def _by_columns(specification: Specification) -> bool:
    return specification.options_as(PredictOptions).method == "column"


def _make_maps(specification: Specification, folder: JobFolder, plan: PredictionPlan, home: Path) -> None:
    conditioning = Conditioning(specification, plan, folder)
    finished = predict_earlier.publish(folder)
    mosaics = [mosaic for mosaic in _mosaics(plan) if _names(plan, mosaic) - finished]
    done = sum(plan.layers[mosaic[1]].work[number] for mosaic in _mosaics(plan) if not _names(plan, mosaic) - finished
               for number in mosaic[3])
    progress = PredictionProgress(plan, folder, plan.work, done)
    with reading_ahead(_inputs_wanted(plan, mosaics), plan.threads, once=len(plan.days) == 1) as inputs:
        for day, depth_cm, block, order in mosaics:
            layer = plan.layers[depth_cm]
            with empty_mosaic(layer.blocks[block], folder.path) as mosaic:
                for number in order:
                    window = layer.windows[number]
                    folder.stop_if_cancelled()
                    with progress.window(depth_cm, day, number):
                        theta = infer(layer.model, window, *next(inputs), plan.threads)
                        mosaic.theta[window.slices_in(mosaic.window)] = theta
                corrected = conditioning.correct(mosaic, depth_cm, day)
                for position, name in map_names(plan, block, depth_cm, day).items():
                    folder.stop_if_cancelled()
                    if name in finished:
                        continue
                    publish_map(specification, folder, plan, position, depth_cm, day, corrected, conditioning.tags(day))
    progress.finish(home)


def _names(plan: PredictionPlan, mosaic: _Mosaic) -> set[str]:
    """The names of the maps that are cut from a mosaic."""
    day, depth_cm, block, _ = mosaic
    return set(map_names(plan, block, depth_cm, day).values())


def _mosaics(plan: PredictionPlan) -> Iterator[_Mosaic]:
    """Day, depth, block and numbers of the windows of every mosaic in the order in which they are made."""
    for number, day in enumerate(plan.days):
        for depth_cm, layer in plan.layers.items():
            # Back and forth over the windows: the stack still has the static maps of the last ones.
            step = 1 if number % 2 == 0 else -1
            for block in range(len(plan.blocks))[::step]:
                yield day, depth_cm, block, layer.of_block(block)[::step]


def _inputs_wanted(plan: PredictionPlan, mosaics: Sequence[_Mosaic]) -> Iterator[Wanted]:
    """The input of every window of the mosaics, in the order in which it is needed."""
    for day, depth_cm, _, order in mosaics:
        layer = plan.layers[depth_cm]
        for number in order:
            yield layer.stack, day, haloed(layer.model, layer.windows[number])


def _check_count(fields: int, days: int, depths: int) -> None:
    maps = fields * days * depths
    if maps > MOST_MAPS:
        raise DeepSoilError("maps_too_many", "{fields} fields, {days} days and {depths} depths make {maps:,} maps. One "
                            "job makes at most {most:,}.", "Choose fewer fields or fewer days.", "area",
                            fields=fields, days=days, depths=depths, maps=maps, most=MOST_MAPS)


def _check_size(specification: Specification, models: dict[int, Model], home: Path, sharers: int) -> None:
    speeds = machine.Speeds(home)
    threads = specification.options_as(PredictOptions).threads or machine.cores()
    a_pixel_s = sum(speeds.seconds_per_pixel(model, threads) for model in models.values())
    outlines = [shape(outline) for _, outline in named_outlines(specification.area_document)]
    area.check_size(outlines, len(specification.days), a_pixel_s / sharers)


def _sharers(specification: Specification) -> int:
    """How many tasks share the work; 1 on this computer."""
    resources = specification.resources
    return resources.tasks or 1 if resources is not None and _has_tasks(specification) else 1


def _has_tasks(specification: Specification) -> bool:
    """Whether a scheduler divides it into tasks; otherwise it is one process of this computer."""
    return specification.scheduler != DEFAULT_SCHEDULER


def _disk_problem(folder: Path, plan: PredictionPlan) -> DeepSoilError | None:
    try:
        check_disk(folder, plan.map_bytes)
    except DeepSoilError as problem:
        return problem
    return None


KIND = Predict()
