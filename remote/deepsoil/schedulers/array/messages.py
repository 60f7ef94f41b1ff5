"""One-line messages about what a job with an array is doing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.backend import WAITING
from deepsoil.schedulers.array.decide import Decision


def job_message(scheduler: str, decision: Decision, views: Sequence[TaskView], waiting_for: str | None) -> str:
    """The job's message; ``scheduler``: its title."""
    total, done = len(decision.tasks), decision.count("succeeded")
    if decision.stage == "cancelling":
        return "Stopping"
    if decision.stage == "merge":
        return "Merging the results"
    if not decision.known:
        return (f"{scheduler} no longer knows {decision.count('unknown')} of {total} tasks, and they left no result. "
                "Cancel the job or send it again; finished results are kept")
    running = decision.count("running")
    if running:
        if total == 1 and views[0].message:
            return views[0].message
        return "Running" if total == 1 else f"Running, {done} of {total} done"
    if done and decision.count("waiting", "new", "retry"):
        return f"{done} of {total} done. {waiting_for or WAITING}"
    return waiting_for or WAITING
