"""A prediction, worked out and not yet begun: which windows are computed with which model, onto which grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import shapely

from deepsoil.channels import in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import PredictOptions
from deepsoil.grid import Window
from deepsoil.inference import area, machine, windows
from deepsoil.inference.target import Target
from deepsoil.inputs.stack import Stack
from deepsoil.io.process import available_memory_bytes

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.models.library import Model
    from deepsoil.store.store import Store

BYTES_PER_PIXEL = 2600
"""Peak memory of ONNX Runtime and the stack for one haloed pixel of the hungriest network (measured: 2,210 + 240)."""

_MEMORY_SHARE = 0.4
_KEPT_STATIC_BYTES = 256 << 20


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
class PredictionPlan:
    """All maps of a prediction. ``layers``: by depth in cm; ``threads``: how many the networks run on."""

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
        filled = [DeepSoilError("channel_filled", "The region has no {channels}; "
                                "the map for {depth_cm} cm is made with the training mean instead.",
                                "Add it to the region for a better map.", "region",
                                channels=", ".join(in_words(layer.stack.missing)), depth_cm=depth_cm)
                  for depth_cm, layer in self.layers.items() if layer.stack.missing]
        return ([partly] if partly else []) + filled


def make_plan(specification: Specification, store: Store, coverage: area.Coverage, models: Mapping[int, Model],
              sides: Mapping[int, int]) -> PredictionPlan:
    """Windows and target of a prediction.

    ``coverage``: of the area by the store. ``models`` and ``sides`` (the side of a window in pixels): by depth in cm.
    Raises DeepSoilError ``crs_invalid``, ``channel_missing``.
    """
    options, days = specification.options_as(PredictOptions), specification.days
    target = Target.of(coverage.inside, specification.output.crs, specification.output.resolution_m)
    outline = area.to_pixels(coverage.inside)
    layers = {}
    for depth_cm, model in models.items():
        work = _work(model, outline, sides[depth_cm])
        static_bytes = 4 * len(model.contract.channels) * max(_haloed_pixels(model, window) for window in work)
        kept = max(1, _KEPT_STATIC_BYTES // static_bytes) if len(days) > 1 else 0
        stack = Stack(store, model.contract.channel_uses(), options.vegetation, kept_windows=kept)
        layers[depth_cm] = Layer(model, stack, windows.covering_window(outline, model.contract.multiple), work)
    return PredictionPlan(store, coverage, target, layers, days, options.threads or machine.cores())


def cover_area(specification: Specification, store: Store) -> area.Coverage:
    """What the store covers of the area. DeepSoilError ``area_outside`` where that is nothing."""
    return area.cover(specification.area_geometry, store.footprint(), store.title)


def local_memory_bytes() -> float:
    """What the network of a prediction may use of this computer's memory."""
    return _MEMORY_SHARE * available_memory_bytes()


def side_for(model: Model, budget_bytes: float) -> int:
    """The side in pixels of the largest window whose network fits into the budget."""
    return windows.side_for_memory(budget_bytes, BYTES_PER_PIXEL, model.contract.halo, model.contract.multiple)


def weather_problem(plan: PredictionPlan) -> DeepSoilError | None:
    """The first date without weather, found before any work is done by reading one pixel of the area."""
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


def _work(model: Model, outline: shapely.Geometry, side: int) -> dict[Window, float]:
    planned = windows.plan(outline, model.contract.multiple, side)
    return {window: machine.work_pixels(window.width * window.height, _haloed_pixels(model, window))
            for window in planned}


def _haloed_pixels(model: Model, window: Window) -> int:
    border = 2 * model.contract.halo
    return (window.width + border) * (window.height + border)
