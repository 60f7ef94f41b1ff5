"""Calls Slurm's commands on this host. What they are asked and how they are read is in ``codec``."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from deepsoil.contract.errors import DeepSoilError
from deepsoil.schedulers.slurm import parser
from deepsoil.schedulers.slurm.parser import Facts
from deepsoil.schedulers.slurm.script import environment

_PATIENCE_S = 60.0
_FACTS_FOR_S = 600.0
_FACTS_AGAIN_S = 60.0
_NEEDED = ("sbatch", "squeue", "scancel", "scontrol")


@dataclass(frozen=True)
class Reply:
    """How a command ended; ``code``: None where it did not end in time or could not be started."""

    code: int | None
    out: str
    err: str

    @property
    def words(self) -> str:
        return (self.err.strip() or self.out.strip() or f"exit code {self.code}")[:2000]


class Slurm:
    """This host's Slurm, as this process's user sees it. Safe for several threads."""

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self.user = getpass.getuser()
        self._patience_s = patience_s
        self._facts: Facts | None = None
        self._facts_due = -1.0
        self._lock = threading.Lock()

    def run(self, command: Sequence[str]) -> Reply:
        """Run a command to its end; never raises."""
        try:
            done = subprocess.run(command, env=environment(os.environ), stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=self._patience_s, check=False, cwd="/")
        except subprocess.TimeoutExpired:
            return Reply(None, "", f"{command[0]} did not answer within {self._patience_s:.0f} s")
        except OSError as error:
            return Reply(None, "", f"{command[0]} cannot be started: {error.strerror}")
        return Reply(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def facts(self) -> Facts | None:
        """The configuration, asked once in ten minutes; None while it was never told."""
        with self._lock:
            if time.monotonic() >= self._facts_due:
                self._facts_due = time.monotonic() + _FACTS_AGAIN_S
                reply = self.run(parser.config_command())
                with contextlib.suppress(parser.UnreadableError):
                    if reply.code == 0:
                        self._facts = parser.parse_config(reply.out)
                        self._facts_due = time.monotonic() + _FACTS_FOR_S
            return self._facts

    @staticmethod
    def require() -> None:
        """DeepSoilError ``slurm_missing`` where the commands of Slurm are not there."""
        absent = [name for name in _NEEDED if shutil.which(name, path=environment(os.environ)["PATH"]) is None]
        if absent:
            raise DeepSoilError(
                "slurm_missing", "This host has no Slurm: {absent} cannot be found.",
                "Use the cluster's login node, or set the scheduler of the host to a plain process. Where Slurm is "
                "loaded as a module, load it in the login script.", "resources.scheduler",
                absent=', '.join(absent))
