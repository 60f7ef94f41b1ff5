"""One-line messages about what a job with an array is doing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from deepsoil.contract.text import Text
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.backend import WAITING
from deepsoil.schedulers.array.decide import Decision


def job_message(scheduler: str, decision: Decision, views: Sequence[TaskView], waiting_for: str | None) -> str:
    """The job's message; ``scheduler``: its title."""
    total, done = len(decision.tasks), decision.count("succeeded")
    if decision.stage == "cancelling":
        return Text("Stopping")
    if decision.stage == "merge":
        return Text("Merging the results")
    if not decision.known:
        return Text("{scheduler} no longer knows {unknown} of {total} tasks, and they left no result. "
                    "Cancel the job or send it again; finished results are kept",
                    scheduler=scheduler, unknown=decision.count("unknown"), total=total)
    running = decision.count("running")
    if running:
        if total == 1 and views[0].message:
            return views[0].message
        return Text("Running") if total == 1 else Text("Running, {done} of {total} done", done=done, total=total)
    if done and decision.count("waiting", "new", "retry"):
        return Text("{done} of {total} done. {waiting_for}", done=done, total=total, waiting_for=waiting_for or WAITING)
    return waiting_for or WAITING
