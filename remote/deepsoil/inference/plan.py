"""A prediction, worked out and not yet begun: which windows are computed with which model, onto which grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING

import shapely

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, management_of
from deepsoil.contract.options import PredictOptions
from deepsoil.grid import Window
from deepsoil.inference import area, foreseen, intervals, machine, open_water, windows
from deepsoil.inference.blended import BlendedModel, blended
from deepsoil.inference.field_water import ManagedField, Watering, plan_water
from deepsoil.inference.fields import Fields, blocks, cover_fields
from deepsoil.inference.predict import haloed
from deepsoil.inference.product import needed_bytes
from deepsoil.inference.target import Target
from deepsoil.inputs import data_age, trained_range
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
    """What the maps of one depth are made with.

    blocks   by block of fields the window that covers it
    windows  those of the first block, then those of the next; numbered from 0
    work     of each window its work pixels (``machine.work_pixels``)
    begins   of each block the number of its first window, and at the end the number of all windows
    """

    model: Model
    stack: Stack
    blocks: list[Window]
    windows: list[Window]
    work: list[float]
    begins: list[int]

    @property
    def bands(self) -> int:
        """Of a map: θ, and the half-width of its interval where the model is calibrated."""
        return 1 if self.model.contract.intervals is None else 2

    def of_block(self, block: int) -> range:
        """The numbers of the windows of a block."""
        return range(self.begins[block], self.begins[block + 1])


@dataclass(frozen=True)
class PredictionPlan:
    """All maps of a prediction.

    targets  by field of ``fields.inside`` the grid of its maps
    blocks   fields that share windows, as positions in ``fields.inside``
    layers   by depth in cm
    threads  how many the networks run on
    watering what the fields of ``fields.inside`` get beside rain
    """

    store: Store
    fields: Fields
    targets: list[Target]
    blocks: list[list[int]]
    layers: dict[int, Layer]
    days: list[date]
    threads: int
    watering: Watering

    @property
    def work(self) -> float:
        """Work pixels of all maps."""
        return len(self.days) * sum(sum(layer.work) for layer in self.layers.values())

    @property
    def maps(self) -> int:
        return len(self.days) * len(self.layers) * len(self.targets)

    @property
    def map_bytes(self) -> int:
        """The most space on the disk that writing one map takes."""
        bands = max(layer.bands for layer in self.layers.values())
        return max(needed_bytes(target, bands) for target in self.targets)

    def warnings(self) -> list[DeepSoilError]:
        """What the user should know that does not prevent the job."""
        of_data = data_age.warnings((layer.stack for layer in self.layers.values()), self.days)
        of_range = trained_range.warnings([(layer.stack, layer.windows[0]) for layer in self.layers.values()],
                                          self.days)
        fields = self.fields.inside
        of_water = open_water.warnings(self.store, [area.to_pixels(field.coverage.inside) for field in fields],
                                       [field.name for field in fields])
        of_intervals = intervals.warnings((layer.model.contract for layer in self.layers.values()),
                                          (field.irrigation for field in self.watering.fields))
        of_clusters = [warning for layer in self.layers.values() if isinstance(layer.model, BlendedModel)
                       for warning in layer.model.warnings(layer.windows)]
        return (self.fields.warnings(self.store.title) + foreseen.warnings(self.store, self.days) + of_water + of_data
                + of_range + self.watering.warnings() + of_intervals + of_clusters)

    def without_intervals(self) -> list[str]:
        """Models whose maps have no second band: they were never calibrated."""
        return [layer.model.id for layer in self.layers.values() if layer.model.contract.intervals is None]


def make_plan(specification: Specification, store: Store, fields: Fields, models: Mapping[int, Model],
              sides: Mapping[int, int]) -> PredictionPlan:
    """Windows and targets of a prediction.

    ``fields``: what the store covers. ``models`` and ``sides`` (the side of a window in pixels): by depth in cm.
    Raises DeepSoilError ``crs_invalid``, ``channel_missing``, ``irrigation_no_weather``.
    """
    options, days, output = specification.options_as(PredictOptions), specification.days, specification.output
    models = {depth_cm: blended(model, store) for depth_cm, model in models.items()}
    targets = [Target.of(field.coverage.inside, output.crs, output.resolution_m) for field in fields.inside]
    outlines = [area.to_pixels(field.coverage.inside) for field in fields.inside]
    together = blocks(outlines, max(model.contract.halo for model in models.values()))
    of_blocks = [outlines[members[0]] if len(members) == 1 else shapely.union_all([outlines[n] for n in members])
                 for members in together]
    planned_of = {depth_cm: [windows.plan(outline, model.contract.multiple, sides[depth_cm]) for outline in of_blocks]
                  for depth_cm, model in models.items()}
    watering = plan_water(store, _managed(fields, options.management),
                          [haloed(models[depth_cm], window) for depth_cm, planned in planned_of.items()
                           for some in planned for window in some])
    layers = {}
    for depth_cm, model in models.items():
        planned = planned_of[depth_cm]
        every = [window for some in planned for window in some]
        static_bytes = 4 * len(model.contract.channels) * max(_haloed_pixels(model, window) for window in every)
        kept = max(1, _KEPT_STATIC_BYTES // static_bytes) if len(days) > 1 else 0
        layers[depth_cm] = Layer(
            model, Stack(store, model.contract.channel_uses(), options.vegetation, kept_windows=kept,
                         watered=watering.areas),
            [windows.covering_window(outline, model.contract.multiple) for outline in of_blocks], every,
            [machine.work_pixels(window.width * window.height, _haloed_pixels(model, window)) for window in every],
            list(accumulate(map(len, planned), initial=0)))
    return PredictionPlan(store, fields, targets, together, layers, days, options.threads or machine.cores(),
                          watering)


def _managed(fields: Fields, entries: Sequence[Management]) -> list[ManagedField]:
    return [ManagedField(field.coverage.inside, management_of(entries, field.name)) for field in fields.inside]


def cover_area(specification: Specification, store: Store) -> Fields:
    """What the store covers of the area. DeepSoilError ``area_outside`` where that is nothing."""
    return cover_fields(specification.area_document, store.footprint(), store.title)


def local_memory_bytes() -> float:
    """What the network of a prediction may use of this computer's memory."""
    return _MEMORY_SHARE * available_memory_bytes()


def side_for(model: Model, budget_bytes: float) -> int:
    """The side in pixels of the largest window whose network fits into the budget."""
    return windows.side_for_memory(budget_bytes, BYTES_PER_PIXEL, model.contract.halo, model.contract.multiple)


def weather_problem(plan: PredictionPlan) -> DeepSoilError | None:
    """The first date without weather, found before any work is done by reading one pixel of the area."""
    for layer in plan.layers.values():
        inside = layer.windows[0].intersect(plan.store.window)
        if inside is None:
            continue
        for day in plan.days:
            try:
                layer.stack.read(day, Window(inside.column, inside.row, 1, 1))
            except DeepSoilError as problem:
                return problem
    return None


def _haloed_pixels(model: Model, window: Window) -> int:
    border = 2 * model.contract.halo
    return (window.width + border) * (window.height + border)
