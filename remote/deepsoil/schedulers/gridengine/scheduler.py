"""Grid Engine as a backend for job arrays.

``partition`` is a queue, ``account`` a project; ``cpus`` are slots of the parallel environment ``smp``, ``gpus`` the
consumable resource ``gpu``, which a site must have. ``qos`` has no meaning here.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, cast

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.schedulers.array import commands
from deepsoil.schedulers.array.backend import (
    WAITING,
    ArrayBackend,
    Facts,
    NoAnswerError,
    Node,
    Record,
    Request,
    Submission,
)
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.array.scheduler import ArrayScheduler
from deepsoil.schedulers.base import Ask, Finding
from deepsoil.schedulers.gridengine import identity, parser
from deepsoil.schedulers.gridengine import script as scripts

_FACTS_INTERVAL_S = 600.0
_VARIABLES = ("SGE_ROOT", "SGE_CELL", "SGE_CLUSTER_NAME", "SGE_QMASTER_PORT", "SGE_EXECD_PORT")


def scheduler() -> ArrayScheduler:
    """For the registry."""
    return ArrayScheduler(GridEngine())


class GridEngine(ArrayBackend):
    """The Grid Engine of this host."""

    name = "gridengine"
    title = "Grid Engine"
    passed_variables = (*_VARIABLES, "LD_LIBRARY_PATH")

    def __init__(self, timeout_s: float = commands.TIMEOUT_S) -> None:
        self.user = getpass.getuser()
        self._timeout_s = timeout_s
        self._facts: Facts | None = None
        self._facts_due = -1.0
        self._lock = threading.Lock()

    def run(self, command: Sequence[str]) -> Reply:
        """Run a command to its end; never raises."""
        return commands.run(command, commands.login_environment(os.environ, *_VARIABLES), self._timeout_s)

    def require(self) -> None:
        absent = [name for name in ("qsub", "qstat", "qdel") if shutil.which(name) is None]
        if absent:
            raise DeepSoilError("scheduler_missing", "This host has no Grid Engine: {absent} cannot be found.",
                                "Use the cluster's login node, or set the scheduler of the host to a plain process.",
                                "resources.scheduler", absent=", ".join(absent))

    def facts(self) -> Facts | None:
        """The configuration, queried once every ten minutes."""
        with self._lock:
            if time.monotonic() >= self._facts_due:
                self._facts_due = time.monotonic() + _FACTS_INTERVAL_S
                with contextlib.suppress(parser.UnreadableError):
                    self._facts = parser.parse_config(self.run(parser.config_command()).out)
            return self._facts

    def submit(self, request: Request) -> Submission:
        reply = self.run(scripts.qsub_command(request))
        number = parser.parse_qsub(reply.out) if reply.code == 0 else None
        if number is not None:
            return Submission("submitted", number)
        kind = parser.parse_refusal(reply.words) if reply.code else "unknown"
        return Submission(cast(Any, kind), words=" ".join(reply.words.split()))

    def observe(self, names: Sequence[str]) -> Sequence[Record]:
        reply = self.run(parser.qstat_command(self.user))
        if reply.code != 0:
            raise NoAnswerError(reply.words)
        try:
            return parser.parse_qstat(reply.out, names, self.user)
        except parser.UnreadableError as error:
            raise NoAnswerError(str(error)) from error

    def history(self, names: Sequence[str]) -> Sequence[Record]:
        records: list[Record] = []
        for name in names:
            reply = self.run(parser.qacct_command(name, self.user))
            if reply.code != 0 and "not found" in reply.words:
                continue
            if reply.code != 0:
                raise NoAnswerError(reply.words)
            try:
                records += parser.parse_qacct(reply.out, name)
            except parser.UnreadableError as error:
                raise NoAnswerError(str(error)) from error
        return records

    def cancel(self, names: Sequence[str]) -> None:
        self.run(["qdel", *names])

    def script(self, node: Node, command: Sequence[str], request: Request) -> str:
        return scripts.script(node, command, request)

    def waiting_for(self, records: Sequence[Record], resources: Resources, memory_mb: int | None) -> str:
        if any(record.words.startswith("E") for record in records):
            return Text("Grid Engine could not start it and holds it back (`qstat -j` says why)")
        if all("h" in record.words for record in records):
            return Text("Held in Grid Engine (`qrls` releases it)")
        return WAITING

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        """Warns about a queue that does not exist."""
        reply = self.run(parser.queues_command())
        queues = reply.out.split() if reply.code == 0 else []
        if not queues or resources.partition is None or resources.partition in queues:
            return []
        return [DeepSoilError("partition_unknown", "Grid Engine shows you no queue '{name}'.",
                              "The queues are: {known}. Check the spelling.", "resources.partition",
                              name=resources.partition, known=", ".join(queues)).to_dict()]

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        return identity.identity(environment, index)

    def restarts(self, environment: Mapping[str, str]) -> int:
        return identity.restarts(environment)

    def probe(self, ask: Ask, resources: Resources) -> Finding:
        answers = ask({"there": "command -v qsub && command -v qstat && command -v qdel",
                       "queues": shlex.join(parser.queues_command())})
        if not answers["there"].ok:
            return Finding("failed", "Grid Engine was not found there.",
                           "If it is there, its commands are not in the PATH of a shell that is not interactive: load "
                           "its settings.sh in ~/.bashrc. Otherwise choose 'plain host'.", answers["there"].text)
        queues = answers["queues"].text.split()
        if not answers["queues"].ok:
            return Finding("failed", "Grid Engine is there and does not answer.",
                           "Try again later; if it stays so, ask the administrators.", answers["queues"].text)
        if resources.partition is not None and resources.partition not in queues:
            return Finding("failed", Text("There is no queue '{partition}'.", partition=resources.partition),
                           Text("There are: {names}.", names=", ".join(queues)))
        return Finding("passed", Text("Grid Engine answers; its queues are {names}.", names=", ".join(queues)))
