"""A training task in several processes: the task starts torchrun and watches it; every process trains.

Owner, heartbeat, signals, result and end are the matter of the task's own process. The others only train; the first of
them writes into ``processes.json`` how it went.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobCancelledError
from deepsoil.jobs.kind import Task
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import TaskFolder

_OUTCOME = "processes.json"
_POLL_INTERVAL_S = 0.2
_TERMINATE_TIMEOUT_S = 5.0


def run_in_processes(folder: TaskFolder, task: Task, processes: int) -> None:
    """Run the task's training in ``processes`` processes of this computer; returns when it is complete.

    JobCancelledError where it was stopped; DeepSoilError with what the processes say, ``processes_failed`` where they
    say nothing.
    """
    number = layout.run_number(folder.path.name)
    assert number is not None
    (folder.path / _OUTCOME).unlink(missing_ok=True)
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
            time.sleep(_POLL_INTERVAL_S)
    finally:
        _terminate(started)
    _check(folder, started.returncode)


def _terminate(started: subprocess.Popen[bytes]) -> None:
    """End torchrun, which ends its processes, if it is still running."""
    if started.poll() is None:
        started.terminate()
        with suppress(subprocess.TimeoutExpired):
            started.wait(_TERMINATE_TIMEOUT_S)
        started.kill()
        started.wait()


def _check(folder: TaskFolder, code: int) -> None:
    end = json_files.read_or_none(folder.path / _OUTCOME) or {}
    if end.get("state") == "succeeded" and code == 0:
        return
    if end.get("state") == "stopped" or folder.cancelled():
        raise JobCancelledError
    reason = end.get("reason")
    if isinstance(reason, dict):
        raise DeepSoilError.from_dict(reason)
    raise DeepSoilError("processes_failed", "The processes of the training ended with code {exit_code}.",
                        "What they printed is in {path}.",
                        exit_code=code, path=folder.path / 'worker.txt')


class _Follower(TaskFolder):
    """The folder for all processes but the first: they see a cancel, and report nothing."""

    def progress(self, done: float, total: float, message: str) -> None:
        pass

    def log(self, message: str, level: str = "info") -> None:
        pass


def take_part(folder: TaskFolder, work: Callable[[TaskFolder], None]) -> int:
    """Do ``work`` in the run's folder as one of its processes; the exit code."""
    from deepsoil.training import distributed

    with distributed.joined() as world:
        own = folder if world.leads else _Follower(folder.path, folder.job)
        end: dict[str, Any] = {"state": "succeeded", "reason": None}
        try:
            work(own)
        except JobCancelledError:
            end["state"] = "stopped"
        except DeepSoilError as error:
            end = {"state": "failed", "reason": error.to_dict()}
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
            traceback.print_exc()
            end = {"state": "failed", "reason": runner.translate(error, own).to_dict()}
        if world.leads:
            json_files.write(folder.path / _OUTCOME, end)
        # The other processes wait for this one in a computation; they must learn that it has ended.
        if end["state"] == "failed":
            print(end["reason"], file=sys.stderr, flush=True)
            os._exit(1)
        elif not world.leads:  # a thread of torch that runs when Python ends would abort it, which fails the training
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    return 0
