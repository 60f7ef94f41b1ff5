"""From the arrays that the parts of a prediction left to its maps, bit for bit as if one process had made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.inference.job import Plan
from deepsoil.inference.maps import empty_mosaic, publish_map
from deepsoil.inference.product import Mosaic, check_disk, file_name, needed_bytes
from deepsoil.kinds.predict_tasks import Stretch, groups, plan_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.kinds.context import Context


def assemble(specification: Specification, folder: JobFolder, context: Context, payloads: Sequence[Mapping[str, Any]],
             arrays: Sequence[Path | None], done: Callable[[str], bool]) -> list[str]:
    """Write every map whose arrays are all there as an output of ``folder``; the names of those that lack some.

    arrays   by part the folder with its arrays, None where it has not finished
    done     whether the map of a name need not be made any more

    Raises ``array_damaged`` where an array is not what was planned, ``disk_full``, and what `make_plan` raises.
    """
    plan = plan_of(specification, context, payloads[0])
    for warning in plan.warnings():
        folder.log(f"{warning.message} {warning.hint}", "warning")
    of_map: dict[tuple[date, int], list[tuple[Stretch, Path | None]]] = {
        (day, depth_cm): [] for day in plan.days for depth_cm in plan.layers}
    for payload, host in zip(payloads, arrays, strict=True):
        for group in groups(payload, plan):
            of_map[group.day, group.depth_cm].append((group, None if host is None else host / group.name))
    check_disk(folder.path, needed_bytes(plan.target))
    lacking = []
    for number, ((day, depth_cm), parts) in enumerate(of_map.items()):
        name = file_name(depth_cm, day.isoformat())
        if any(path is None for _, path in parts):
            lacking.append(name)
        elif not done(name):
            folder.stop_if_cancelled()
            folder.progress(number, len(of_map), f"{depth_cm} cm, {day.isoformat()}")
            with empty_mosaic(plan.layers[depth_cm].whole, folder.path) as mosaic:
                for group, path in parts:
                    assert path is not None
                    _fill(mosaic, plan, group, path)
                publish_map(specification, folder, plan, depth_cm, day, mosaic)
    if not lacking:
        folder.progress(len(of_map), len(of_map), "Finished")
    return lacking


def _fill(mosaic: Mosaic, plan: Plan, group: Stretch, path: Path) -> None:
    """Put the windows of an array in their hosts; the array is not read whole."""
    windows = group.windows(plan)
    try:
        theta = np.load(path, mmap_mode="r", allow_pickle=False)
        if theta.dtype != np.float32 or theta.shape != (sum(window.width * window.height for window in windows),):
            raise ValueError(f"it holds {theta.dtype} {theta.shape}")
    except (OSError, ValueError) as error:
        raise DeepSoilError("array_damaged", "The part {path} of a map cannot be used: {error}.",
                            "Send the job again.",
                            path=path, error=error) from error
    position = 0
    for window in windows:
        size = window.width * window.height
        mosaic.theta[window.slices_in(mosaic.window)] = theta[position:position + size].reshape(window.shape)
        position += size
