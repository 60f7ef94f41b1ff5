"""Makes the maps of a prediction from the arrays of its tasks, bit for bit as if one process had made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.inference.maps import empty_mosaic
from deepsoil.inference.product import Mosaic, check_disk
from deepsoil.kinds.predict_output import log_notes, map_names, publish_map
from deepsoil.kinds.predict_readings import Conditioning
from deepsoil.kinds.predict_tasks import Stretch, groups, plan_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.plan import PredictionPlan
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context, TaskResult


def assemble(specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
             published: Callable[[str], bool]) -> None:
    """Write every map whose arrays are all there as an output of ``folder``, unless it is ``published`` already.

    Raises ``array_damaged`` where an array is not what was planned, ``disk_full``, and what planning raises.
    """
    plan = plan_of(specification, context, results[0].task.payload)
    log_notes(folder, plan)
    parts_of: dict[tuple[date, int], list[tuple[Stretch, Path | None]]] = {
        (day, depth_cm): [] for day in plan.days for depth_cm in plan.layers}
    for result in results:
        for group in groups(result.task.payload, plan):
            array = None if result.outputs is None else result.outputs / group.name
            parts_of[group.day, group.depth_cm].append((group, array))
    check_disk(folder.path, plan.map_bytes)
    conditioning = Conditioning(specification, plan, folder)
    complete, done, total = True, 0, len(parts_of) * len(plan.blocks)
    for (day, depth_cm), every in parts_of.items():
        for block in range(len(plan.blocks)):
            numbers = plan.layers[depth_cm].of_block(block)
            parts = [(group, path) for group, path in every
                     if group.first < numbers.stop and numbers.start < group.last]
            left = [position for position, name in map_names(plan, block, depth_cm, day).items()
                    if not published(name)]
            if any(path is None for _, path in parts):
                complete = False
            elif left:
                folder.stop_if_cancelled()
                folder.progress(done, total, Text("{depth_cm} cm, {day}", depth_cm=depth_cm, day=day))
                with empty_mosaic(plan.layers[depth_cm].blocks[block], folder.path) as mosaic:
                    for group, path in parts:
                        assert path is not None
                        _fill(mosaic, plan, group, path, numbers)
                    corrected = conditioning.correct(mosaic, depth_cm, day)
                    for position in left:
                        publish_map(specification, folder, plan, position, depth_cm, day, corrected,
                                    conditioning.tags(day))
            done += 1
    if complete:
        folder.progress(total, total, "Finished")


def _fill(mosaic: Mosaic, plan: PredictionPlan, group: Stretch, path: Path, numbers: range) -> None:
    """Put those windows of an array that have these numbers into the mosaic; the array is not read whole."""
    windows = group.windows(plan)
    try:
        theta = np.load(path, mmap_mode="r", allow_pickle=False)
        if theta.dtype != np.float32 or theta.shape != (sum(window.width * window.height for window in windows),):
            raise ValueError(f"it holds {theta.dtype} {theta.shape}")
    except (OSError, ValueError) as error:
        raise DeepSoilError("array_damaged", "The file {path} with a part of a map cannot be used: {error}.",
                            "Send the job again.",
                            path=path, error=error) from error
    position = 0
    for number, window in zip(group.numbers, windows, strict=True):
        size = window.width * window.height
        if number in numbers:
            mosaic.theta[window.slices_in(mosaic.window)] = theta[position:position + size].reshape(window.shape)
        position += size
