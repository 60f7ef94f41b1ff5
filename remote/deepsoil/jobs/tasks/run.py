"""Runs one task of a job and records in its files how it ended. In every case the first complete run counts.

The work itself is done by the kind of job; what is specific to tasks is in this package.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import disk_errors
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Task
from deepsoil.jobs.runner import when_writable
from deepsoil.jobs.tasks import heartbeat, layout, resume
from deepsoil.jobs.tasks.folder import TaskFolder
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.jobs.tasks.owner import owns
from deepsoil.jobs.tasks.plan import require_plan
from deepsoil.jobs.tasks.status import last_step

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context

Ending = Literal["succeeded", "failed", "cancelled", "interrupted", "duplicate", "done"]

MOST_RESTARTS = 100
"""The most requeues that a task requests; before each it must have made progress."""


@dataclass(frozen=True)
class _Outcome:
    state: Literal["succeeded", "failed", "cancelled", "interrupted"]
    message: str
    reason: DeepSoilError | None = None


def prepare(job: JobFolder, attempt: int, me: Identity, say: Callable[[str], None] = print) -> TaskFolder | None:
    """The folder in which this process runs its task; None if there is nothing to do, which is printed.

    DeepSoilError ``task_missing``, ``job_damaged``.
    """
    _task(job, me)
    if not owns(job.path, attempt, me.array):
        say(f"duplicate: attempt {attempt} belongs to another array")
        return None
    if (layout.task_path(job.path, me.index) / layout.RESULT).exists():
        say(f"task {me.index} is done already")
        return None
    return TaskFolder.begin(job, me.index, attempt, me.restart)


def run(folder: TaskFolder, me: Identity, make_context: Callable[[], Context]) -> Ending:
    """Run the task in its new folder and record how it ended. Errors of the task are recorded, never raised."""
    task = _task(folder.job, me)
    with heartbeat.beating(folder), heartbeat.handling_signals(folder):
        try:
            outcome = _outcome(folder, me, task, make_context)
            heartbeat.ignore_signals()
        except JobCancelledError:
            heartbeat.ignore_signals()
            outcome = _stopped(folder)
        if outcome.reason is not None:
            folder.log(str(outcome.reason), "error")
        if outcome.state == "succeeded" and not when_writable(folder.write_result):
            outcome = _Outcome("succeeded", "Another run of this task was complete before; its result counts")
        reason = outcome.reason.to_dict() if outcome.reason else None
        when_writable(lambda: folder.write_end(outcome.state, outcome.message, reason))
        if outcome.state == "interrupted" and folder.time_is_up:
            _requeue(folder, me, make_context)
    return outcome.state


def _task(job: JobFolder, me: Identity) -> Task:
    tasks = require_plan(job).tasks
    if not 0 <= me.index < len(tasks):
        raise DeepSoilError("task_missing", "The job '{id}' has no task {index}.",
                            "It has the tasks 0 to {count}.", "index",
                            id=job.id, index=me.index, count=len(tasks) - 1)
    return tasks[me.index]


def _outcome(folder: TaskFolder, me: Identity, task: Task, make_context: Callable[[], Context]) -> _Outcome:
    try:
        folder.stop_if_cancelled()
        source = resume.continue_earlier(folder)
        if source is not None:
            folder.log(f"Continues {source}")
        _do(folder, me, task, make_context())
        return _Outcome("succeeded", "Finished")
    except DeepSoilError as error:
        reason = error
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
        reason = _translate(error, folder)
        folder.log("".join(traceback.format_exception(error)).rstrip(), "error")
    # A library that is stopped midway may raise its own error; what happened is that the task was asked to stop.
    return _stopped(folder) if folder.cancelled() else _Outcome("failed", reason.message, reason)


def _stopped(folder: TaskFolder) -> _Outcome:
    if folder.job_cancelled():
        return _Outcome("cancelled", "Stopped")
    code, why = (("time_limit", Text("the time limit was near")) if folder.time_is_up
                 else ("interrupted", Text("the system asked for it")))
    return _Outcome("interrupted", Text("Stopped, because {reason}", reason=why), DeepSoilError(
        code, "The task was stopped before it was done, because {why}.", "It can be continued.",
        why=why))


def _do(folder: TaskFolder, me: Identity, task: Task, context: Context) -> None:
    specification = with_threads(folder.specification(), me.cpus)
    kind = context.find_kind(specification.kind)
    kind.require_packages()
    kind.run_task(specification, folder, context, task)


def take_part(job: JobFolder, me: Identity, run_name: str, make_context: Callable[[], Context]) -> int:
    """Do the part of one of several processes of a task in its folder ``run_name``; returns the exit code."""
    task, specification, context = _task(job, me), with_threads(job.specification(), me.cpus), make_context()
    folder = TaskFolder(layout.task_path(job.path, task.index) / run_name, job)
    return context.find_kind(specification.kind).run_part(specification, folder, context, task)


def with_threads(specification: Specification, cpus: int | None) -> Specification:
    """The job with as many threads as the scheduler gives each process of a task, unless the user chose the number."""
    resources = specification.resources
    if getattr(specification.options, "threads", 0) is not None or cpus is None:
        return specification
    processes = (resources.processes if resources is not None else None) or 1
    return specification.with_options(threads=max(1, cpus // processes))


def _translate(error: Exception, folder: TaskFolder) -> DeepSoilError:
    if isinstance(error, OSError) and disk_errors.is_storage_failure(error):
        return disk_errors.storage_failed(error)
    if type(error).__name__ == "OutOfMemoryError":  # torch's, for a GPU
        return DeepSoilError("out_of_memory", "The memory of the GPU was not enough: {error}.",
                             "Choose smaller batches, or a partition with larger GPUs.",
                             error=error)
    return runner.translate(error, folder)


def _requeue(folder: TaskFolder, me: Identity, make_context: Callable[[], Context]) -> None:
    """Have the scheduler restart the task, if that run would get further than this one."""
    if me.requeue is None or not make_context().find_kind(folder.specification().kind).resumable:
        return
    done = max(folder.done, last_step(folder.path)[0])  # the output of its processes, if there are several
    if me.restart >= MOST_RESTARTS:
        folder.log(f"Not restarted again after {me.restart} restarts", "warning")
    elif done <= resume.reached_before(folder):
        folder.log("Not restarted: it came no further than before. Give it a longer time limit.", "warning")
    elif problem := me.requeue():
        folder.log(f"The scheduler did not requeue the task: {problem}", "warning")
