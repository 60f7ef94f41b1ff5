"""The queue of this computer: one small detached process per HOME that starts waiting jobs, a few at a time.

It needs no service: a waiting job starts in its turn, even if QGIS was closed long ago. Its whole state
is in the job folders; if killed, it is started again by the next submission or service.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.states import IllegalStepError, Status
from deepsoil.io import atomic, disk, locks, process
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders, with_each
from deepsoil.schedulers.process.recovery import refresh

_POLL_INTERVAL_S = 0.2
_LOCK_TIMEOUT_S = 0.5
_INSTEAD_TIMEOUT_S = 30.0
_SETTINGS = ".queue.settings"
"""Its text changes with the settings that jobs inherit; a queue's process that was sent before then starts no job."""

# Children of this process; they are polled so that they do not stay as zombies.
_started: list[subprocess.Popen[bytes]] = []


def start(home: Path) -> None:
    """Start the queue's process; it ends immediately if one is already running."""
    _started[:] = [child for child in _started if child.poll() is None]
    home.mkdir(parents=True, exist_ok=True)
    _started.append(process.spawn(_command(home), folder=home, output=home / "queue.txt"))


def replace(home: Path) -> None:
    """Replace the queue's process, if one is running, by one with this process's environment; its jobs run on.

    One that is about to end, or has been sent and does not run yet, starts no job either.
    """
    with suppress(OSError):  # on a full or read-only disk no job starts anyway
        (home / "jobs").mkdir(parents=True, exist_ok=True)
        atomic.write_text(home / "jobs" / _SETTINGS, secrets.token_hex(8))
    if is_running(home) or any(child.poll() is None for child in _started):
        _started.append(process.spawn([*_command(home), "--instead"], folder=home, output=home / "queue.txt"))


def _command(home: Path) -> list[str]:
    return ["run-queue", str(home), "--settings", settings(home)]


def settings(home: Path) -> str:
    """What a queue's process that is sent now is to find when it starts a job; empty: nobody changed settings."""
    try:
        return (home / "jobs" / _SETTINGS).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def is_running(home: Path) -> bool:
    """Whether a queue process is running."""
    with locks.locked(_lock(home), wait=False) as free:
        return not free


def run(home: Path, at_once: int | None = None, *, instead: bool = False, sent_with: str | None = None) -> None:
    """Run waiting jobs, oldest first, until none waits or runs; the body of ``deepsoil run-queue``.

    ``at_once``: how many jobs at a time; by default ``DEEPSOIL_JOBS_AT_ONCE``, else one. ``instead``: in the place of
    a running queue, see `replace`. ``sent_with``: `settings` when this process was sent; by default those of now.
    """
    limit = at_once or _limit()
    known = settings(home) if sent_with is None else sent_with
    deadline = time.monotonic() + (_INSTEAD_TIMEOUT_S if instead else _LOCK_TIMEOUT_S)
    while True:
        with locks.locked(_lock(home), wait=False) as acquired:
            if acquired and not _drain(home, limit, known):
                return  # another one takes over
        if not acquired and time.monotonic() > deadline:
            return  # another one is running
        # A job may have arrived between our last check and the release of the lock.
        if acquired and not any(_state(folder) == "queued" for folder in own_jobs(home / "jobs")):
            return
        if not acquired:
            time.sleep(0.05)


def _drain(home: Path, limit: int, known: str) -> bool:
    """Run jobs until none waits or runs; False if another process is to go on, with settings that are not ``known``."""
    jobs = home / "jobs"
    children: dict[str, subprocess.Popen[bytes]] = {}
    while True:
        statuses = _look(jobs)
        if settings(home) != known:  # looked for after the jobs: those that came later are the other process's
            return False
        for name in [name for name, child in children.items() if child.poll() is not None]:
            _reap(JobFolder(jobs / name), children.pop(name))
        running = {name for name, status in statuses.items() if status.state == "running"} | set(children)
        waiting = sorted((status.created, name) for name, status in statuses.items()
                         if status.state == "queued" and name not in children)
        # A job that begins on a full disk only fails; it waits instead.
        free = 0 if waiting and disk.has_no_space(jobs) else limit - len(running)
        for _, name in waiting[:max(0, free)]:
            folder = JobFolder(jobs / name)
            try:
                children[name] = process.spawn(["run-job", str(folder.path)], folder=folder.path,
                                               output=folder.path / "worker.txt")
            except OSError as error:
                _fail_to_start(folder, str(error))
        if not waiting and not running:
            return True
        time.sleep(_POLL_INTERVAL_S)


def _look(jobs: Path) -> dict[str, Status]:
    """The true status of every unfinished job of this queue; without damaged jobs, which the list of jobs reports."""
    return {folder.id: status for folder, status in with_each(own_jobs(jobs), refresh) if not status.final}


def own_jobs(jobs: Path) -> Iterator[JobFolder]:
    """The jobs that are run by this queue."""
    schedulers = with_each(job_folders(jobs), lambda folder: folder.scheduler)
    return (folder for folder, scheduler in schedulers if scheduler == DEFAULT_SCHEDULER)


def _reap(folder: JobFolder, child: subprocess.Popen[bytes]) -> None:
    """Handle ended workers: one that never claimed its job would otherwise be started again and again."""
    if _state(folder) == "queued":
        _fail_to_start(folder, f"exit code {child.returncode}; see worker.txt in the job's folder")


def _fail_to_start(folder: JobFolder, why: str) -> None:
    reason = DeepSoilError("worker_not_started", "The job's process could not start ({why}).",
                           "Try again; if it fails again, repair the engine in DeepSoil's options.",
                           why=why)
    try:
        folder.finish("failed", "The job's process could not start", reason)
    except (IllegalStepError, DeepSoilError, OSError):
        return  # full or read-only disk, cancelled, removed or damaged in the meantime: nothing left to start


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
