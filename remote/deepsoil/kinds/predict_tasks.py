"""A prediction in parts that know nothing of each other: how it is divided, and what one task computes and leaves.

A task leaves θ of its windows as arrays (``theta_….npy``, float32, window after window in the order of the plan), from
which ``predict_merge`` makes the maps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window
from deepsoil.inference.plan import PredictionPlan, cover_area, make_plan
from deepsoil.inference.predict import haloed, infer
from deepsoil.inference.product import check_disk
from deepsoil.inference.reading import Wanted, reading_ahead
from deepsoil.kinds.predict_progress import PredictionProgress
from deepsoil.kinds.region_and_models import models_of, store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context

GROUP_PIXELS = 1 << 24
"""An array has at most so many pixels: a task that is stopped keeps the arrays that it has finished."""

_USUAL_MEMORY_MB = 4400
_OTHER_MEMORY_MB = 300
_MEMORY_SHARE = 0.8  # a task shares its memory with nobody


@dataclass(frozen=True)
class Stretch:
    """Windows ``first`` to ``last`` (not included), in the order of the plan, of the map of a day and a depth."""

    day: date
    depth_cm: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """Of its array."""
        return f"theta_{self.depth_cm:02d}cm_{self.day.isoformat()}_{self.first:06d}-{self.last:06d}.npy"

    @property
    def numbers(self) -> range:
        """The numbers of its windows."""
        return range(self.first, self.last)

    def windows(self, plan: PredictionPlan) -> list[Window]:
        return plan.layers[self.depth_cm].windows[self.first:self.last]

    def to_list(self) -> list[Any]:
        return [self.day.isoformat(), self.depth_cm, self.first, self.last]

    @classmethod
    def from_list(cls, values: Sequence[Any]) -> Stretch:
        return cls(date.fromisoformat(values[0]), int(values[1]), int(values[2]), int(values[3]))


def task_memory_bytes(specification: Specification) -> float:
    """What the network of one task may use of the memory that a scheduler gives the task."""
    resources = specification.resources
    memory_mb = (resources.memory_mb if resources is not None else None) or _USUAL_MEMORY_MB
    return 1e6 * max(0.0, memory_mb - _OTHER_MEMORY_MB) * _MEMORY_SHARE


def payloads(plan: PredictionPlan, sides: Mapping[int, int], tasks: int) -> list[dict[str, Any]]:
    """What each of at most ``tasks`` tasks does, as JSON: ``sides`` (by depth the side of a window), ``stretches``."""
    work = {depth: np.array(layer.work) for depth, layer in plan.layers.items()}
    return [{"sides": {str(depth): side for depth, side in sides.items()},
             "stretches": [stretch.to_list() for stretch in part]} for part in cut(work, plan.days, tasks)]


def cut(work: Mapping[int, NDArray[np.float64]], days: Sequence[date], parts: int) -> list[list[Stretch]]:
    """All windows of all maps, day by day, divided into at most ``parts`` parts of equal work. Pure.

    ``work``: by depth the work of every window of a map. No part is empty.
    """
    a_day = np.cumsum(np.concatenate(list(work.values())))
    units = len(days) * len(a_day)
    wanted = np.arange(1, parts) * (len(days) * a_day[-1] / parts)
    day, rest = np.divmod(wanted, a_day[-1])
    # To the nearer side of the window that lies on the cut.
    within = np.searchsorted(a_day - 0.5 * np.diff(a_day, prepend=0.0), rest)
    cuts = np.unique(np.clip(day.astype(np.int64) * len(a_day) + within, 0, units))
    edges = [0, *(int(edge) for edge in cuts if 0 < edge < units), units]
    return [list(_stretches(work, days, first, last)) for first, last in pairwise(edges)]


def _stretches(work: Mapping[int, NDArray[np.float64]], days: Sequence[date], first: int, last: int,
               ) -> Iterator[Stretch]:
    """The windows ``first`` to ``last`` of the whole work, map by map."""
    a_day = sum(len(values) for values in work.values())
    for number in range(first // a_day, -(-last // a_day)):
        begin = number * a_day
        for depth_cm, values in work.items():
            low, high = max(first, begin) - begin, min(last, begin + len(values)) - begin
            if low < high:
                yield Stretch(days[number], depth_cm, low, high)
            begin += len(values)


def plan_of(specification: Specification, context: Context, payload: Mapping[str, Any]) -> PredictionPlan:
    """The prediction as it was planned, whatever this computer's memory is."""
    store = store_of(specification, context)
    sides = {int(depth): int(side) for depth, side in payload["sides"].items()}
    return make_plan(specification, store, cover_area(specification, store), models_of(specification, context), sides)


def groups(payload: Mapping[str, Any], plan: PredictionPlan) -> list[Stretch]:
    """What a task computes, array by array, in order."""
    found = []
    for stretch in map(Stretch.from_list, payload["stretches"]):
        first, pixels = stretch.first, 0
        for number, window in enumerate(stretch.windows(plan), stretch.first):
            size = window.width * window.height
            if number > first and pixels + size > GROUP_PIXELS:
                found.append(Stretch(stretch.day, stretch.depth_cm, first, number))
                first, pixels = number, 0
            pixels += size
        found.append(Stretch(stretch.day, stretch.depth_cm, first, stretch.last))
    return found


def run_task(specification: Specification, folder: JobFolder, context: Context, payload: Mapping[str, Any]) -> None:
    """Compute the windows of one task; arrays that ``folder`` has already are not computed again.

    Raises as a prediction; finished arrays stay.
    """
    plan = plan_of(specification, context, payload)
    planned = groups(payload, plan)
    there = {record["name"] for record in folder.output_records()}
    left = [group for group in planned if group.name not in there]
    total, rest = (sum(_work(plan, group) for group in some) for some in (planned, left))
    progress = PredictionProgress(plan, folder, total, total - rest)
    check_disk(folder.path, 4 * sum(_pixels(plan, group) for group in left))
    # As a whole prediction reads it: only the very first window, and only where no other day follows, in bands.
    begins = planned[0].day == plan.days[0] and planned[0].depth_cm == min(plan.layers) and planned[0].first == 0
    once = len(plan.days) == 1 and begins and left[:1] == planned[:1]
    with reading_ahead(_wanted(plan, left), plan.threads, once=once) as inputs:
        for group in left:
            layer, parts = plan.layers[group.depth_cm], []
            for number in group.numbers:
                folder.stop_if_cancelled()
                with progress.window(group.depth_cm, group.day, number):
                    parts.append(infer(layer.model, layer.windows[number], *next(inputs), plan.threads).ravel())
            draft = folder.temporary(group.name)
            np.save(draft, np.concatenate(parts))
            folder.add_output(draft, "other", group.depth_cm, group.day)
    if left:
        progress.finish(context.home)


def _wanted(plan: PredictionPlan, planned: Sequence[Stretch]) -> Iterator[Wanted]:
    for group in planned:
        layer = plan.layers[group.depth_cm]
        for window in group.windows(plan):
            yield layer.stack, group.day, haloed(layer.model, window)


def _work(plan: PredictionPlan, group: Stretch) -> float:
    return sum(plan.layers[group.depth_cm].work[group.first:group.last])


def _pixels(plan: PredictionPlan, group: Stretch) -> int:
    return sum(window.width * window.height for window in group.windows(plan))
