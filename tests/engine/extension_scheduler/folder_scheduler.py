"""A scheduler of another package, the example of docs/extending.md: a queue in a folder, and a daemon that runs it.

Each submission is a folder ``<number>`` in ``$FOLDER_QUEUE`` with ``request.json``, and for each task a file
``<index>.state``: ``running``, or ``ended`` and how. The daemon (`folder_daemon`) starts the tasks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, cast

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.identity import Identity, alone
from deepsoil.schedulers.array.backend import (
    ArrayBackend,
    End,
    Facts,
    NoAnswerError,
    Node,
    Phase,
    Record,
    Request,
    Submission,
    TaskRecord,
)
from deepsoil.schedulers.array.scheduler import ArrayScheduler
from deepsoil.schedulers.array.script import shell_script
from deepsoil.schedulers.base import Ask, Finding

VARIABLE = "FOLDER_QUEUE"


def scheduler() -> ArrayScheduler:
    """Named in the package's entry points."""
    return ArrayScheduler(FolderQueue())


class FolderQueue(ArrayBackend):
    name = "folder"
    title = "The folder queue"
    passed_variables = (VARIABLE,)

    @property
    def folder(self) -> Path:
        return Path(os.environ[VARIABLE])

    def require(self) -> None:
        if VARIABLE not in os.environ:
            raise DeepSoilError("scheduler_missing", "There is no folder queue: {variable} is not set.",
                                "Set it to a folder.", "resources.scheduler", variable=VARIABLE)

    def facts(self) -> Facts | None:
        return Facts("1.0", largest_array=100)

    def submit(self, request: Request) -> Submission:
        draft = self.folder / f".{request.name}-{os.getpid()}"
        try:
            draft.mkdir(parents=True)
            (draft / "request.json").write_text(json.dumps({
                "name": request.name, "tasks": list(request.tasks) or [None], "after": list(request.after),
                "folder": str(request.folder), "script": str(request.script)}))
            number = next(number for number in count(1) if _renamed(draft, self.folder / str(number)))
            subprocess.Popen([sys.executable, "-P", "-m", "folder_daemon", self.folder], start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError as error:
            return Submission("unknown", words=str(error))
        return Submission("submitted", str(number))

    def observe(self, names: Sequence[str]) -> Sequence[Record]:
        return [record for job in jobs(self.folder) if job["name"] in names for record in _records(job)]

    def cancel(self, names: Sequence[str]) -> None:
        for job in jobs(self.folder):
            if job["name"] in names:
                (self.folder / job["number"] / "cancel").touch()

    def script(self, node: Node, command: Sequence[str], request: Request) -> str:
        return shell_script(node, command)

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        if "FOLDER_ARRAY" not in environment:
            return alone(index)
        return Identity(int(environment["FOLDER_TASK"]), environment["FOLDER_ARRAY"])

    def probe(self, ask: Ask, resources: Resources) -> Finding:
        there = ask({"there": f'test -d "${VARIABLE}"'})["there"].ok
        return Finding("passed", "There is a folder queue.") if there else Finding("failed", "There is none.")


def jobs(folder: Path) -> list[dict[str, Any]]:
    """All submissions, oldest first. NoAnswerError where one cannot be read."""
    try:
        numbers = sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())
        return [{"number": str(number), "path": folder / str(number),
                 **json.loads((folder / str(number) / "request.json").read_text())} for number in numbers]
    except (OSError, ValueError) as error:
        raise NoAnswerError(str(error)) from error


def state(job: dict[str, Any], index: int | None) -> list[str]:
    """``[]`` while the task waits, ``["running"]``, or ``["ended", end]``."""
    try:
        return (job["path"] / f"{index}.state").read_text().split()
    except FileNotFoundError:
        return []


def _records(job: dict[str, Any]) -> list[Record]:
    found: list[Record] = []
    for index in job["tasks"]:
        phase, *end = state(job, index) or ["waiting"]
        found.append(TaskRecord(job["name"], job["number"], index, cast(Phase, phase),
                                cast(End, end[0]) if end else None, " ".join([phase, *end])))
    return found


def _renamed(draft: Path, target: Path) -> bool:
    if target.exists():
        return False
    try:
        draft.rename(target)
    except OSError:
        return False
    return True
