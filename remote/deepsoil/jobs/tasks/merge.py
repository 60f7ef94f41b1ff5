"""The merge of a job: the results of all its tasks become outputs, each published as soon as it is finished."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import TaskResult
from deepsoil.jobs.tasks import heartbeat, layout
from deepsoil.jobs.tasks.finish import publish
from deepsoil.jobs.tasks.folder import TaskFolder, read_result
from deepsoil.jobs.tasks.plan import TaskPlan, require_plan

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context


class _MergeFolder(TaskFolder):
    """A task folder whose outputs become the job's outputs immediately."""

    def _record_output(self, final: Path, record: dict[str, Any]) -> None:
        super()._record_output(final, record)
        publish(self.job, final, record)


def prepare(job: JobFolder, attempt: int, restart: int, say: Callable[[str], None] = print) -> TaskFolder | None:
    """The folder in which the merge runs; None if it is already done, in which case a message is printed."""
    require_plan(job)
    if (layout.task_path(job.path, layout.MERGE) / layout.RESULT).exists():
        say("the merge is done already")
        return None
    return _MergeFolder.begin(job, layout.MERGE, attempt, restart)


def run(folder: TaskFolder, make_context: Callable[[], Context], say: Callable[[str], None] = print) -> str:
    """Make all outputs that can be made: ``succeeded``, ``failed``, ``cancelled`` or ``interrupted``.

    Also ``interrupted`` if task results are missing; the missing ones are printed and recorded with the end.
    """
    plan = require_plan(folder.job)
    with heartbeat.beating(folder), heartbeat.handling_signals(folder):
        state, reason = "succeeded", None
        try:
            missing = _merge(folder, plan, make_context)
            if missing:
                state, reason = "interrupted", _missing(missing)
                say(reason.message)
        except JobCancelledError:
            state = "cancelled" if folder.job_cancelled() else "interrupted"
        except DeepSoilError as error:
            state, reason = "failed", error
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
            state, reason = "failed", runner.translate(error, folder)
            folder.log("".join(traceback.format_exception(error)).rstrip(), "error")
        heartbeat.ignore_signals()
        if reason is not None:
            folder.log(str(reason), "warning" if state == "interrupted" else "error")
        if state == "succeeded":
            runner.when_writable(folder.write_result)
            _remove_results(folder.job, plan)
        message = reason.message if reason else {"succeeded": "Finished"}.get(state, "Stopped")
        runner.when_writable(lambda: folder.write_end(state, message, reason.to_dict() if reason else None))
    return state


def _merge(folder: TaskFolder, plan: TaskPlan, make_context: Callable[[], Context]) -> list[int]:
    """Run the merge; returns the numbers of the tasks without a result."""
    folder.stop_if_cancelled()
    context, specification = make_context(), folder.specification()
    results = [TaskResult(task, _outputs(folder.job, task.index)) for task in plan.tasks]
    published = {record["name"] for record in folder.job.output_records()}
    context.find_kind(plan.kind).merge(
        specification, folder, context, results,
        lambda name: name in published and (folder.job.outputs_path / name).is_file())
    return [result.task.index for result in results if result.outputs is None]


def _outputs(job: JobFolder, index: int) -> Path | None:
    """The output folder of a finished task; None if it has not finished."""
    result = read_result(layout.task_path(job.path, index))
    return None if result is None else result[0] / "outputs"


def _remove_results(job: JobFolder, plan: TaskPlan) -> None:
    """Delete the task results, often many times larger than the outputs, once the outputs exist."""
    for task in plan.tasks:
        for run in layout.runs(layout.task_path(job.path, task.index)):
            for file in list((run / "outputs").rglob("*")):
                if not file.is_dir():
                    file.unlink(missing_ok=True)


def _missing(tasks: Sequence[int]) -> DeepSoilError:
    shown = ", ".join(map(str, tasks[:20])) + (" …" if len(tasks) > 20 else "")
    return DeepSoilError("results_missing", "These tasks have no result yet: {tasks}. The outputs that need them "
                         "are not made.", "They are made when the tasks have been repeated.", tasks=shown)
