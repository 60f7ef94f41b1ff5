"""Prediction as a job: what it would take, and making its maps one after the other, or in parts by many tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import PredictOptions
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.grid import Window
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
from deepsoil.inference.product import check_disk, needed_bytes
from deepsoil.inference.reading import Wanted, reading_ahead
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task, TaskResult
from deepsoil.kinds import predict_merge, predict_tasks
from deepsoil.kinds.predict_output import publish_map
from deepsoil.kinds.predict_progress import PredictionProgress
from deepsoil.kinds.region_and_models import filled, models_of, store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.tasks.folder import TaskFolder
    from deepsoil.models.library import Model

_SECONDS_TO_START, _SECONDS_PER_MAP, _SECONDS_PER_MEGAPIXEL = 1.5, 0.1, 0.15
_COMPRESSED_BYTES_PER_PIXEL = 1.6


class PredictionRequest(JobPlan):
    """A prediction that was asked for, planned once for its estimate and its tasks."""

    merges = True

    def __init__(self, title: str, specification: Specification, context: Context) -> None:
        """Raises DeepSoilError ``area_outside``, ``area_too_large``, ``crs_invalid``, ``channel_missing``, ``model_…``.
        """
        super().__init__(title)
        self._home, self._library, self._sharers = context.home, context.library, _sharers(specification)
        store, models = store_of(specification, context), models_of(specification, context)
        coverage = cover_area(specification, store)
        _check_size(specification, models, context.home, self._sharers)
        budget = predict_tasks.task_memory_bytes(specification) if _has_tasks(specification) else local_memory_bytes()
        self.sides = {depth: side_for(model, budget) for depth, model in models.items()}
        self.plan = make_plan(specification, store, coverage, models, self.sides)

    def estimate(self) -> dict[str, Any]:
        plan, speeds = self.plan, machine.Speeds(self._home)
        maps = len(plan.days) * len(plan.layers)
        pixels = plan.target.width * plan.target.height
        network_s = len(plan.days) * sum(
            sum(layer.work.values()) * speeds.seconds_per_pixel(layer.model, plan.threads)
            for layer in plan.layers.values())
        seconds = _SECONDS_TO_START + network_s / self._sharers + \
            maps * (_SECONDS_PER_MAP + _SECONDS_PER_MEGAPIXEL * pixels / 1e6)
        return {"area_ha": round(area_m2(plan.coverage.inside) / 1e4, 2), "pixels": pixels,
                "windows": len(plan.days) * sum(len(layer.work) for layer in plan.layers.values()),
                "seconds": round(seconds, 1), "bytes": int(maps * (pixels * _COMPRESSED_BYTES_PER_PIXEL + 4096))}

    def warnings(self) -> list[DeepSoilError]:
        return self.plan.warnings()

    def problems(self) -> list[DeepSoilError]:
        return [problem for problem in (weather_problem(self.plan), _disk_problem(self._home, self.plan)) if problem]

    def tasks(self, most: int) -> list[Task]:
        return self.numbered(predict_tasks.payloads(self.plan, self.sides, most))

    def rests_on(self) -> list[Path] | None:
        return [self._home / "regions.json", self.plan.store.path / "zarr.json", *self._library.folders,
                *(layer.model.path for layer in self.plan.layers.values())]


class Predict(Kind):
    """Tasks compute windows; the merge puts them together to maps."""

    name = "predict"
    title = "Prediction"
    options = PredictOptions
    resumable = True

    def prepare(self, specification: Specification, context: Context) -> Specification:
        return filled(specification, context)

    def plan(self, specification: Specification, context: Context) -> PredictionRequest:
        return PredictionRequest(self.title, specification, context)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Make every map of a prediction; each is published as soon as it is finished."""
        store, models = store_of(specification, context), models_of(specification, context)
        budget = local_memory_bytes()
        sides = {depth: side_for(model, budget) for depth, model in models.items()}
        plan = make_plan(specification, store, cover_area(specification, store), models, sides)
        for warning in plan.warnings():
            folder.log(f"{warning.message} {warning.hint}", "warning")
        if problem := weather_problem(plan):
            raise problem
        check_disk(folder.path, needed_bytes(plan.target))
        _make_maps(specification, folder, plan, context.home)

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        predict_tasks.run_task(specification, folder, context, task.payload)

    def merge(self, specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        predict_merge.assemble(specification, folder, context, results, published)


def _make_maps(specification: Specification, folder: JobFolder, plan: PredictionPlan, home: Path) -> None:
    progress = PredictionProgress(plan, folder, plan.work)
    with reading_ahead(_inputs_wanted(plan), plan.threads, once=len(plan.days) == 1) as inputs:
        for day, depth_cm, order in _maps(plan):
            layer = plan.layers[depth_cm]
            with empty_mosaic(layer.whole, folder.path) as mosaic:
                for window in order:
                    folder.stop_if_cancelled()
                    with progress.window(depth_cm, day, window):
                        theta = infer(layer.model, window, *next(inputs), plan.threads)
                        mosaic.theta[window.slices_in(mosaic.window)] = theta
                folder.stop_if_cancelled()
                publish_map(specification, folder, plan, depth_cm, day, mosaic)
    progress.finish(home)


def _maps(plan: PredictionPlan) -> Iterator[tuple[date, int, list[Window]]]:
    """Day, depth and windows of every map in the order in which they are made."""
    for number, day in enumerate(plan.days):
        for depth_cm, layer in plan.layers.items():
            # Back and forth over the windows: the stack still has the static maps of the last ones.
            yield day, depth_cm, list(layer.work) if number % 2 == 0 else list(layer.work)[::-1]


def _inputs_wanted(plan: PredictionPlan) -> Iterator[Wanted]:
    """The input of every window of every map, in the order in which it is needed."""
    for day, depth_cm, order in _maps(plan):
        layer = plan.layers[depth_cm]
        for window in order:
            yield layer.stack, day, haloed(layer.model, window)


def _check_size(specification: Specification, models: dict[int, Model], home: Path, sharers: int) -> None:
    speeds = machine.Speeds(home)
    threads = specification.options_as(PredictOptions).threads or machine.cores()
    a_pixel_s = sum(speeds.seconds_per_pixel(model, threads) for model in models.values())
    area.check_size(specification.area_geometry, len(specification.days), a_pixel_s / sharers)


def _sharers(specification: Specification) -> int:
    """How many tasks share the work; 1 on this computer."""
    resources = specification.resources
    return resources.tasks or 1 if resources is not None and _has_tasks(specification) else 1


def _has_tasks(specification: Specification) -> bool:
    """Whether a scheduler divides it into tasks; otherwise it is one process of this computer."""
    return specification.scheduler != DEFAULT_SCHEDULER


def _disk_problem(folder: Path, plan: PredictionPlan) -> DeepSoilError | None:
    try:
        check_disk(folder, needed_bytes(plan.target))
    except DeepSoilError as problem:
        return problem
    return None


KIND = Predict()
