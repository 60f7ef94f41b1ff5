"""Which task a process runs, from Slurm's variables, and how to ask Slurm to start it again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping

from deepsoil.jobs.tasks.identity import Identity, alone, require_index

_TIMEOUT_S = 30.0


def identity(environment: Mapping[str, str], index: int | None) -> Identity:
    """See `Scheduler.identity`. Without Slurm's variables the process is a task by itself."""
    shown = environment.get("SLURM_ARRAY_TASK_ID", "")
    if index is None and shown.isdigit():
        index = int(shown)
    array = environment.get("SLURM_ARRAY_JOB_ID") or environment.get("SLURM_JOB_ID")
    if array is None:
        return alone(index)
    index = require_index(index)
    cpus = environment.get("SLURM_CPUS_PER_TASK", "")
    job = environment.get("SLURM_JOB_ID")
    number = job if job is not None and "SLURM_ARRAY_TASK_ID" not in environment else f"{array}_{index}"
    return Identity(index, array, restarts(environment), int(cpus) if cpus.isdigit() else None, _requeue(number))


def restarts(environment: Mapping[str, str]) -> int:
    count = environment.get("SLURM_RESTART_COUNT", "")
    return int(count) if count.isdigit() else 0


def _requeue(number: str) -> Callable[[], str | None]:
    def ask() -> str | None:
        program = shutil.which("scontrol")
        if program is None:
            return "scontrol was not found"
        try:
            done = subprocess.run([program, "requeue", number], capture_output=True, text=True, check=False,
                                  timeout=_TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return None if done.returncode == 0 else (done.stderr.strip() or f"scontrol ended with {done.returncode}")
    return ask
