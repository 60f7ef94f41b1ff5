"""A training task in several processes: the task starts torchrun and watches it; each process runs the same handler.

Owner, heartbeat, signals, result and end are the starting task's; the processes only train, and the first of them tells
in ``processes.json`` how it went.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import TaskFolder, read_json_or_none
from deepsoil.jobs.tasks.plan import Task

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.kinds.context import Context

_END = "processes.json"
_LOOK_EVERY_S = 0.2
_TO_END_S = 5.0


def train(folder: TaskFolder, task: Task, processes: int) -> None:
    """Run the task's training in ``processes`` processes of this computer; returns when it is complete.

    JobCancelledError where it was stopped; DeepSoilError with what the processes say, ``processes_failed`` where they
    say nothing.
    """
    number = layout.run_number(folder.path.name)
    assert number is not None
    (folder.path / _END).unlink(missing_ok=True)
    command = [sys.executable, "-P", "-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1",
               f"--nproc-per-node={processes}", "-m", "deepsoil", "run-task", str(folder.job.path),
               "--attempt", str(number[0]), "--index", str(task.index), "--within", folder.path.name]
    with (folder.path / "worker.txt").open("ab") as stream:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder.path,
                                   env={**os.environ, "PYTHONSAFEPATH": "1"})
    try:
        while started.poll() is None:
            if folder.cancelled():
                (folder.path / layout.STOP).touch()  # the processes agree on the epoch after which they stop
            time.sleep(_LOOK_EVERY_S)
    finally:
        _end(started)
    _judge(folder, started.returncode)


def _end(started: subprocess.Popen[bytes]) -> None:
    """End torchrun, which ends its processes, where it still runs."""
    if started.poll() is None:
        started.terminate()
        with suppress(subprocess.TimeoutExpired):
            started.wait(_TO_END_S)
        started.kill()
        started.wait()


def _judge(folder: TaskFolder, code: int) -> None:
    end = read_json_or_none(folder.path / _END) or {}
    if end.get("state") == "succeeded" and code == 0:
        return
    if end.get("state") == "stopped" or folder.cancelled():
        raise JobCancelledError
    reason = end.get("reason")
    if isinstance(reason, dict):
        raise DeepSoilError.from_dict(reason)
    raise DeepSoilError("processes_failed", "The processes of the training ended with code {code_text}.",
                        "What they printed is in {path}.",
                        code_text=code, path=folder.path / 'worker.txt')


class _Follower(TaskFolder):
    """The folder as the other processes have it: they hear, and say nothing."""

    def progress(self, done: float, total: float, message: str) -> None:
        pass

    def log(self, message: str, level: str = "info") -> None:
        pass


def take_part(job: JobFolder, index: int, run: str, specification: Specification, context: Context) -> int:
    """What each process does in the run's folder; its exit code."""
    from deepsoil.training import distributed

    path = layout.task_path(job.path, index) / run
    with distributed.joined() as world:
        folder = TaskFolder(path, job) if world.leads else _Follower(path, job)
        end: dict[str, Any] = {"state": "succeeded", "reason": None}
        try:
            runner.find_handler(specification.kind)(specification, folder, context)
        except JobCancelledError:
            end["state"] = "stopped"
        except DeepSoilError as error:
            end = {"state": "failed", "reason": error.to_dict()}
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
            traceback.print_exc()
            end = {"state": "failed", "reason": runner.translate(error, folder).to_dict()}
        if world.leads:
            json_files.write(path / _END, end)
        # Whoever waits for this process in a computation must hear that it is gone.
        if end["state"] == "failed":
            print(end["reason"], file=sys.stderr, flush=True)
            os._exit(1)
    return 0
