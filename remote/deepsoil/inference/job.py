"""A prediction as a job: what it would take, and doing it, one map after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from deepsoil.channels import in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inference import area, machine, windows
from deepsoil.inference.maps import empty_mosaic, publish_map
from deepsoil.inference.predict import haloed, infer
from deepsoil.inference.product import check_disk, needed_bytes
from deepsoil.inference.reading import Wanted, reading_ahead
from deepsoil.inference.target import Target
from deepsoil.inputs.stack import Stack
from deepsoil.io.process import available_memory_bytes
from deepsoil.models.library import Model
from deepsoil.store.store import Mode

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.kinds.context import Context
    from deepsoil.store.store import Store

# Peak memory of ONNX Runtime and the stack for one haloed pixel of the hungriest network (measured: 2,210 + 240).
BYTES_PER_PIXEL = 2600
_MEMORY_SHARE = 0.4
_KEPT_STATIC_BYTES = 256 << 20
_SECONDS_TO_START, _SECONDS_PER_MAP, _SECONDS_PER_MEGAPIXEL = 1.5, 0.1, 0.15
_COMPRESSED_BYTES_PER_PIXEL = 1.6


@dataclass(frozen=True)
class Layer:
    """What the maps of one depth are made with."""

    model: Model
    stack: Stack
    whole: Window
    work: dict[Window, float]
    """Window → its work pixels (``machine.work_pixels``); ``whole`` covers them all."""

    @cached_property
    def windows(self) -> list[Window]:
        """In the order in which they are numbered."""
        return list(self.work)


@dataclass(frozen=True)
class Plan:
    """A prediction, worked out and not yet begun."""

    store: Store
    coverage: area.Coverage
    target: Target
    layers: dict[int, Layer]
    days: list[date]
    threads: int

    @property
    def work(self) -> float:
        """Work pixels of all maps."""
        return len(self.days) * sum(sum(layer.work.values()) for layer in self.layers.values())

    def warnings(self) -> list[DeepSoilError]:
        """What the user should know that does not prevent the job."""
        partly = self.coverage.warning(self.store.title)
        filled = [DeepSoilError("channel_filled", "The region has no {in_words}; "
                                "the map for {depth_cm} cm is made with the training mean instead.",
                                "Add it to the region for a better map.", "region",
                                in_words=', '.join(in_words(layer.stack.missing)), depth_cm=depth_cm)
                  for depth_cm, layer in self.layers.items() if layer.stack.missing]
        return ([partly] if partly else []) + filled


def estimate(specification: Specification, context: Context) -> dict[str, Any]:
    """What a prediction with region and models filled in would take, as the contract with the plugin says.

    What the user can put right is listed in ``problems`` and not raised.
    """
    try:
        store = context.regions.get(specification.region or "")
        plan = make_plan(specification, store, context)
    except DeepSoilError as error:
        return {"area_ha": None, "pixels": None, "windows": None, "seconds": None, "bytes": None, "warnings": [],
                "problems": [error.to_dict()]}
    found = (weather_problem(plan), _disk_problem(context.home, plan))
    speeds = machine.Speeds(context.home)
    maps = len(plan.days) * len(plan.layers)
    pixels = plan.target.width * plan.target.height
    network_s = sum(sum(layer.work.values()) * speeds.seconds_per_pixel(layer.model, plan.threads)
                    for layer in plan.layers.values()) * len(plan.days)
    seconds = _SECONDS_TO_START + network_s / _tasks(specification) + \
        maps * (_SECONDS_PER_MAP + _SECONDS_PER_MEGAPIXEL * pixels / 1e6)
    return {"area_ha": round(area.area_m2(plan.coverage.inside) / 1e4, 2), "pixels": pixels,
            "windows": len(plan.days) * sum(len(layer.work) for layer in plan.layers.values()),
            "seconds": round(seconds, 1), "bytes": int(maps * (pixels * _COMPRESSED_BYTES_PER_PIXEL + 4096)),
            "warnings": [warning.to_dict() for warning in plan.warnings()],
            "problems": [problem.to_dict() for problem in found if problem is not None]}


def make_plan(specification: Specification, store: Store, context: Context,
              sides: Mapping[int, int] | None = None) -> Plan:
    """Models, windows and target of a prediction.

    ``sides``: by depth the side of a window in pixels, where that was decided before, and the size of the area with
    it; else as this computer's memory allows. Raises DeepSoilError ``area_outside``, ``area_too_large``,
    ``crs_invalid``, ``channel_missing``, ``model_…``.
    """
    threads = specification.options.threads or machine.cores()
    models = {depth: model_of(specification, context, depth) for depth in specification.depths}
    coverage = area.cover(specification.area_geometry, store.footprint(), store.title)
    days = specification.days
    if sides is None:
        speeds = machine.Speeds(context.home)
        a_pixel_s = sum(speeds.seconds_per_pixel(model, threads) for model in models.values())
        area.check_size(specification.area_geometry, len(days), a_pixel_s / _tasks(specification))
        budget = _MEMORY_SHARE * available_memory_bytes()
        sides = {depth: side_for(model, budget) for depth, model in models.items()}
    target = Target.of(coverage.inside, specification.output.crs, specification.output.resolution_m)
    outline = area.to_pixels(coverage.inside)
    layers = {depth: _layer(model, store, outline, len(days), sides[depth], specification.options.vegetation)
              for depth, model in models.items()}
    return Plan(store, coverage, target, layers, days, threads)


def side_for(model: Model, budget_bytes: float) -> int:
    """The side in pixels of the largest window whose network fits into the budget."""
    return windows.side_for_memory(budget_bytes, BYTES_PER_PIXEL, model.contract.halo, model.contract.multiple)


def _tasks(specification: Specification) -> int:
    """Into how many tasks a scheduler is to split the work; 1 on this computer."""
    resources = specification.resources
    return resources.tasks or 1 if resources is not None and specification.by_slurm else 1


def _layer(model: Model, store: Store, outline: shapely.Geometry, days: int, side: int, vegetation: Mode) -> Layer:
    contract = model.contract
    planned, border = windows.plan(outline, contract.multiple, side), 2 * contract.halo
    seen = [(window.width + border) * (window.height + border) for window in planned]
    work = {window: machine.work_pixels(window.width * window.height, outer)
            for window, outer in zip(planned, seen, strict=True)}
    static_bytes = 4 * len(contract.channels) * max(seen)
    kept = max(1, _KEPT_STATIC_BYTES // static_bytes) if days > 1 else 0
    stack = Stack(store, contract.channel_uses(), vegetation, kept_windows=kept)
    return Layer(model, stack, windows.covering_window(outline, contract.multiple), work)


def run_predict(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Make every map of a prediction; each is published as soon as it is finished."""
    plan = make_plan(specification, context.regions.get(specification.region or ""), context)
    for warning in plan.warnings():
        folder.log(f"{warning.message} {warning.hint}", "warning")
    if problem := weather_problem(plan):
        raise problem
    check_disk(folder.path, needed_bytes(plan.target))
    progress = Progress(plan, folder, plan.work)
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
    progress.finish(context.home)


def _maps(plan: Plan) -> Iterator[tuple[date, int, list[Window]]]:
    """Day, depth and windows of every map in the order in which they are made."""
    for number, day in enumerate(plan.days):
        for depth_cm, layer in plan.layers.items():
            # Back and forth over the windows: the stack still has the static maps of the last ones.
            yield day, depth_cm, list(layer.work) if number % 2 == 0 else list(layer.work)[::-1]


def _inputs_wanted(plan: Plan) -> Iterator[Wanted]:
    """The input of every window of every map, in the order in which it is needed."""
    for day, depth_cm, order in _maps(plan):
        layer = plan.layers[depth_cm]
        for window in order:
            yield layer.stack, day, haloed(layer.model, window)


class Progress:
    """Counts the work as expected, and learns how fast the networks really are."""

    def __init__(self, plan: Plan, folder: JobFolder, total: float, done: float = 0.0) -> None:
        """``total``: work pixels of all that is to be done; ``done``: of what was done before."""
        self._folder, self._plan, self._total, self._done = folder, plan, total, done
        self._measured_s = dict.fromkeys(plan.layers, 0.0)
        self._worked = dict.fromkeys(plan.layers, 0.0)

    @contextmanager
    def window(self, depth_cm: int, day: date, window: Window) -> Iterator[None]:
        """One window of one map."""
        message = f"{depth_cm} cm, {day.isoformat()}"
        self._folder.progress(self._done, self._total, message)
        begun = time.perf_counter()
        yield
        self._measured_s[depth_cm] += time.perf_counter() - begun
        work = self._plan.layers[depth_cm].work[window]
        self._worked[depth_cm] += work
        self._done += work
        # The last step is the last map's file.
        self._folder.progress(min(self._done, 0.999 * self._total), self._total, message)

    def finish(self, home: Path) -> None:
        """All maps are finished: say so, and remember the speed."""
        speeds = machine.Speeds(home)
        for depth_cm, layer in self._plan.layers.items():
            if self._worked[depth_cm]:
                speeds.remember(layer.model, self._plan.threads, self._measured_s[depth_cm] / self._worked[depth_cm])
        self._folder.progress(self._total, self._total, "Finished")


def model_of(specification: Specification, context: Context, depth_cm: int) -> Model:
    """The model that a prediction uses for a depth. DeepSoilError ``model_…``."""
    chosen = {int(depth): name for depth, name in specification.models.items()}
    return context.library.find(chosen.get(depth_cm) or depth_cm)


def weather_problem(plan: Plan) -> DeepSoilError | None:
    """The first date without weather, found before any work is done; one pixel of the area is asked."""
    for layer in plan.layers.values():
        inside = next(iter(layer.work)).intersect(plan.store.window)
        if inside is None:
            continue
        for day in plan.days:
            try:
                layer.stack.read(day, Window(inside.column, inside.row, 1, 1))
            except DeepSoilError as problem:
                return problem
    return None


def _disk_problem(folder: Path, plan: Plan) -> DeepSoilError | None:
    try:
        check_disk(folder, needed_bytes(plan.target))
    except DeepSoilError as problem:
        return problem
    return None
