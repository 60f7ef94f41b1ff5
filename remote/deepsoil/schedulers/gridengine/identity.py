"""Which task a process runs, from Grid Engine's variables, and how to ask Grid Engine to start it again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping

from deepsoil.jobs.tasks.identity import Identity, alone, require_index

_TIMEOUT_S = 30.0


def identity(environment: Mapping[str, str], index: int | None) -> Identity:
    """See `Scheduler.identity`. Without Grid Engine's variables the process is a task by itself."""
    task, job = environment.get("SGE_TASK_ID", ""), environment.get("JOB_ID")
    if index is None and task.isdigit():
        index = int(task) - 1
    if job is None:
        return alone(index)
    slots = environment.get("NSLOTS", "")
    return Identity(require_index(index), job, restarts(environment), int(slots) if slots.isdigit() else None,
                    _requeue(f"{job}.{task}" if task.isdigit() else job))


def restarts(environment: Mapping[str, str]) -> int:
    """1 if the job was restarted: Grid Engine does not say how often; a run's folder takes the next free number."""
    return int(environment.get("RESTARTED", "0") == "1")


def _requeue(number: str) -> Callable[[], str | None]:
    def ask() -> str | None:
        try:
            done = subprocess.run(["qmod", "-rj", number], capture_output=True, text=True, check=False,
                                  timeout=_TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return None if done.returncode == 0 else (done.stderr or done.stdout).strip()
    return ask
