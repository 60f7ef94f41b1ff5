"""Accepts a job for an array: plans its tasks, and reuses finished tasks of an earlier job with the same request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Specification
from deepsoil.io import json_files
from deepsoil.io.exclusive import link_or_copy
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import JobPlan
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_json_or_none
from deepsoil.jobs.tasks.plan import divided, read_plan, tasks_wanted
from deepsoil.schedulers.array.backend import ArrayBackend, Facts

# The files of a run that readers, or the run that continues it, need.
_RUN_FILES = ("outputs", "progress.jsonl", "log.jsonl", "worker.txt", "end.json", "heartbeat")


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
    if len(plan.tasks) > most:
        raise DeepSoilError("too_many_tasks", "The job has {count} tasks; {scheduler} allows {most} in one job.",
                            "Send it as several jobs.", "options.configurations",
                            count=len(plan.tasks), scheduler=backend.title, most=most)

    def fill_draft(draft: Path) -> None:
        path = layout.plan_path(draft)
        path.parent.mkdir()
        json_files.write(path, plan.to_dict())
        if earlier is not None and not _merged(earlier):
            for task in plan.tasks:
                _copy_finished(layout.task_path(earlier.path, task.index), layout.task_path(draft, task.index))

    return fill_draft


def _merged(job: JobFolder) -> bool:
    """Whether the results of the tasks have become outputs; a merge deletes what it has read."""
    return (layout.task_path(job.path, layout.MERGE) / layout.RESULT).exists()


def _copy_finished(task: Path, target: Path) -> None:
    """Copy a finished task's result and the files of its run to another job, by hard links where possible."""
    result = read_json_or_none(task / layout.RESULT)
    run = task / str((result or {}).get("run"))
    if result is None or not run.is_dir():
        return
    target.mkdir()
    for name in _RUN_FILES:
        for source in sorted(path for path in (run / name, *(run / name).rglob("*")) if path.is_file()):
            _link(source, target / run.name / source.relative_to(run))
    _link(task / layout.RESULT, target / layout.RESULT)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    link_or_copy(source, target)
