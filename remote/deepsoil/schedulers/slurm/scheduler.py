"""Slurm as a backend for job arrays: which command is called when. The arguments and output of commands: `parser`."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.schedulers.array import commands
from deepsoil.schedulers.array.backend import ArrayBackend, Facts, NoAnswerError, Node, Record, Request, Submission
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.array.scheduler import ArrayScheduler
from deepsoil.schedulers.array.script import shell_script
from deepsoil.schedulers.base import Ask, Finding
from deepsoil.schedulers.slurm import connection_test, identity, parser, refusals
from deepsoil.schedulers.slurm.parser import Row
from deepsoil.schedulers.slurm.queue_state import QueueState
from deepsoil.schedulers.slurm.script import environment, sbatch_command

_FACTS_INTERVAL_S = 600.0
_FACTS_RETRY_S = 60.0
_NEEDED = ("sbatch", "squeue", "scancel", "scontrol")
# An argument of a command holds 128 KiB; a name has 36 to 45 characters.
_NAMES_PER_CALL = 2000


def scheduler() -> ArrayScheduler:
    """For the registry."""
    return ArrayScheduler(Slurm())


class Slurm(ArrayBackend):
    """The Slurm of this host."""

    name = "slurm"
    title = "Slurm"
    passed_variables = ("SLURM_CONF",)

    def __init__(self, timeout_s: float = commands.TIMEOUT_S) -> None:
        self.user = getpass.getuser()
        self._timeout_s = timeout_s
        self._facts: Facts | None = None
        self._facts_due = -1.0
        self._lock = threading.Lock()
        self._queue = QueueState(lambda command: self.run(command))

    def run(self, command: Sequence[str]) -> Reply:
        """Run a command of Slurm to its end; never raises."""
        return commands.run(command, environment(os.environ), self._timeout_s)

    def require(self) -> None:
        absent = [name for name in _NEEDED if shutil.which(name, path=environment(os.environ)["PATH"]) is None]
        if absent:
            raise DeepSoilError(
                "scheduler_missing", "This host has no Slurm: {absent} cannot be found.",
                "Use the cluster's login node, or set the scheduler of the host to a plain process. Where Slurm is "
                "loaded as a module, load it in the login script.", "resources.scheduler",
                absent=", ".join(absent))

    def facts(self) -> Facts | None:
        """The configuration, queried once every ten minutes."""
        with self._lock:
            if time.monotonic() >= self._facts_due:
                self._facts_due = time.monotonic() + _FACTS_RETRY_S
                reply = self.run(parser.config_command())
                with contextlib.suppress(parser.UnreadableError):
                    if reply.code == 0:
                        self._facts = parser.parse_config(reply.out)
                        self._facts_due = time.monotonic() + _FACTS_INTERVAL_S
            return self._facts

    def submit(self, request: Request) -> Submission:
        reply = self.run(sbatch_command(request))
        number = parser.parse_sbatch(reply.out) if reply.code == 0 else None
        if number is not None:
            return Submission("submitted", number)
        return Submission(refusals.verdict(reply.words) if reply.code else "unknown",
                          words=refusals.plain(reply.words))

    def observe(self, names: Sequence[str]) -> Sequence[Record]:
        rows = self._rows(names, parser.squeue_command, parser.parse_squeue)
        return [row for row in rows if not row.refused_ghost]

    def history(self, names: Sequence[str]) -> Sequence[Record]:
        return self._rows(names, parser.sacct_command, parser.parse_sacct)

    def _rows(self, names: Sequence[str], command: Callable[[Sequence[str], str], list[str]],
              parse: Callable[[str, Sequence[str], str], list[Row]]) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(names), _NAMES_PER_CALL):
            some = names[start:start + _NAMES_PER_CALL]
            reply = self.run(command(some, self.user))
            if reply.code != 0:
                raise NoAnswerError(reply.words)
            try:
                rows += parse(reply.out, some, self.user)
            except parser.UnreadableError as error:
                raise NoAnswerError(str(error)) from error
        return rows

    def cancel(self, names: Sequence[str]) -> None:
        for name in names:
            self.run(parser.scancel_command(name, self.user))

    def script(self, node: Node, command: Sequence[str], request: Request) -> str:
        return shell_script(node, command)

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        return self._queue.warnings(resources)

    def waiting_for(self, records: Sequence[Record], resources: Resources, memory_mb: int | None) -> str:
        return self._queue.waiting_for(cast(Sequence[Row], records), resources, memory_mb)

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        return identity.identity(environment, index)

    def restarts(self, environment: Mapping[str, str]) -> int:
        return identity.restarts(environment)

    def probe(self, ask: Ask, resources: Resources) -> Finding:
        return connection_test.probe(ask, resources)
