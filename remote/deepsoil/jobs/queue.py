"""The queue of this computer: one small detached process a HOME that starts waiting jobs, a few at a time.

It needs no service: what waits is begun when its turn comes, though QGIS was closed long ago. It knows nothing that is
not in the job folders; killed, it is started again by the next submission or by the next service.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, Status
from deepsoil.io import locks, process
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.reconcile import job_folders, reconcile

_LOOK_EVERY_S = 0.2
_PATIENCE_S = 0.5

# Children of this process that must be buried, or they would stay as zombies.
_started: list[subprocess.Popen[bytes]] = []


def start(home: Path) -> None:
    """Start the queue's process; it ends at once where there is one already."""
    _started[:] = [child for child in _started if child.poll() is None]
    home.mkdir(parents=True, exist_ok=True)
    _started.append(process.spawn(["run-queue", str(home)], folder=home, output=home / "queue.txt"))


def at_work(home: Path) -> bool:
    """Whether there is a queue that begins what waits."""
    with locks.locked(_lock(home), wait=False) as free:
        return not free


def work(home: Path, at_once: int | None = None) -> None:
    """Run what waits, oldest first, until nothing waits or runs; the body of ``deepsoil run-queue``.

    ``at_once``: how many jobs at a time; by default ``DEEPSOIL_JOBS_AT_ONCE``, else one.
    """
    limit = at_once or _limit()
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        with locks.locked(_lock(home), wait=False) as mine:
            if mine:
                _drain(home / "jobs", limit)
        if not mine and time.monotonic() > deadline:
            return  # another one is at work
        # A job may have been sent between our last look and the moment when the lock was free again.
        if mine and not any(_state(folder) == "queued" for folder in job_folders(home / "jobs") if not folder.by_slurm):
            return
        if not mine:
            time.sleep(0.05)


def _drain(jobs: Path, limit: int) -> None:
    children: dict[str, subprocess.Popen[bytes]] = {}
    while True:
        statuses = _look(jobs)
        for name in [name for name, child in children.items() if child.poll() is not None]:
            _bury(JobFolder(jobs / name), children.pop(name))
        running = {name for name, status in statuses.items() if status.state == "running"} | set(children)
        waiting = sorted((status.created, name) for name, status in statuses.items()
                         if status.state == "queued" and name not in children)
        for _, name in waiting[:max(0, limit - len(running))]:
            folder = JobFolder(jobs / name)
            try:
                children[name] = process.spawn(["run-job", str(folder.path)], folder=folder.path,
                                               output=folder.path / "worker.txt")
            except OSError as error:
                _fail_to_start(folder, str(error))
        if not waiting and not running:
            return
        time.sleep(_LOOK_EVERY_S)


def _look(jobs: Path) -> dict[str, Status]:
    """The true status of every job of this host that has not ended; damaged ones are left to whoever lists them."""
    statuses = {}
    for folder in job_folders(jobs):
        try:
            status = reconcile(folder)
        except (DeepSoilError, OSError):
            continue
        if not status.final and not folder.by_slurm:
            statuses[folder.id] = status
    return statuses


def _bury(folder: JobFolder, child: subprocess.Popen[bytes]) -> None:
    """After the end of a worker: one that never took its job would otherwise be started for ever."""
    if _state(folder) == "queued":
        _fail_to_start(folder, f"exit code {child.returncode}; see worker.txt in the job's folder")


def _fail_to_start(folder: JobFolder, why: str) -> None:
    reason = DeepSoilError("worker_not_started", "The job's process could not start ({why}).",
                           "Try again; if it fails again, repair the engine in DeepSoil's options.",
                           why=why)
    try:
        folder.finish("failed", "The job's process could not start", reason)
    except (IllegalStepError, DeepSoilError):
        return  # cancelled, removed or damaged meanwhile: nothing to start any more


def _state(folder: JobFolder) -> str | None:
    try:
        return folder.state
    except DeepSoilError:
        return None


def _lock(home: Path) -> Path:
    return home / "jobs" / ".queue.lock"


def _limit() -> int:
    text = os.environ.get("DEEPSOIL_JOBS_AT_ONCE", "1")
    return max(1, int(text)) if text.isdigit() else 1
