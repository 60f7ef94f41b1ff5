"""Accepts a job for an array: plans its tasks, and takes over the work of an earlier job with the same request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Specification
from deepsoil.io import disk, json_files
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import JobPlan
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.plan import divided, read_plan, tasks_wanted
from deepsoil.jobs.tasks.takeover import take_over
from deepsoil.schedulers.array.backend import ArrayBackend, Facts
from deepsoil.schedulers.array.decide import MOST_ATTEMPTS

# A job of more tasks than an array may have is sent as several arrays; a part of its attempts is left for retries.
_MOST_ARRAYS = MOST_ATTEMPTS // 4


def accept(backend: ArrayBackend, specification: Specification, job_plan: JobPlan,
           earlier: JobFolder | None = None) -> Callable[[Path], None]:
    """A function that writes the plan of a job into the draft of its folder.

    Raises
    ------
    DeepSoilError
        ``too_many_tasks``, and the errors of planning.
    """
    most = (backend.facts() or Facts()).largest_array
    plan = (None if earlier is None else read_plan(earlier)) or \
        divided(specification.kind, job_plan, min(most, tasks_wanted(specification)))
    if len(plan.tasks) > _MOST_ARRAYS * most:
        raise DeepSoilError("too_many_tasks", "The job has {count} tasks; {scheduler} allows {most} in one job.",
                            "Send it as several jobs.", "options.configurations",
                            count=len(plan.tasks), scheduler=backend.title, most=_MOST_ARRAYS * most)

    def fill_draft(draft: Path) -> None:
        path = layout.plan_path(draft)
        disk.make_folder(path.parent)
        json_files.write(path, plan.to_dict())
        if earlier is not None:
            take_over(plan, earlier.path, draft)

    return fill_draft
