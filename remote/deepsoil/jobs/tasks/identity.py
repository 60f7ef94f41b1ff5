"""Which task this process is, as the scheduler says in the environment; and asking the scheduler to start it again."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from deepsoil.contract.errors import DeepSoilError

_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Identity:
    """index: of the task in the plan; array: the scheduler's number of the array; restart: how often it was requeued.

    by_slurm   the numbers are Slurm's; else this process is its own array
    """

    index: int
    array: str
    restart: int
    by_slurm: bool

    @classmethod
    def of(cls, environment: Mapping[str, str], index: int | None = None) -> Identity:
        """From the variables that Slurm sets; ``index`` where they do not say it. DeepSoilError ``index_missing``."""
        array = environment.get("SLURM_ARRAY_JOB_ID") or environment.get("SLURM_JOB_ID")
        said = environment.get("SLURM_ARRAY_TASK_ID", "")
        if index is None and not said.isdigit():
            raise DeepSoilError("index_missing", "It is not said which task is to run.",
                                "Run this as a task of a job array, or give --index.", "index")
        restart = environment.get("SLURM_RESTART_COUNT", "")
        return cls(int(said) if index is None else index, array or f"alone-{secrets.token_hex(8)}",
                   int(restart) if restart.isdigit() else 0, array is not None)

    def requeue(self) -> str | None:
        """Ask Slurm to start this task again later, which ends this process soon; None, or why that is not to be."""
        program = shutil.which("scontrol")
        if not self.by_slurm or program is None:
            return "there is no scontrol"
        try:
            done = subprocess.run([program, "requeue", self._slurm_name()], capture_output=True, text=True, check=False,
                                  timeout=_PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return None if done.returncode == 0 else (done.stderr.strip() or f"scontrol ended with {done.returncode}")

    def _slurm_name(self) -> str:
        number = os.environ.get("SLURM_JOB_ID")
        return f"{self.array}_{self.index}" if number is None or "SLURM_ARRAY_TASK_ID" in os.environ else number
