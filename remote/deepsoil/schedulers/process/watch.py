"""Monitors the processes of this computer while a service runs: corrects their states, and restarts a lost queue."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.states import State
from deepsoil.io.background_thread import PeriodicThread
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders, with_each
from deepsoil.schedulers.base import Watch
from deepsoil.schedulers.process import queue
from deepsoil.schedulers.process.recovery import refresh

_INTERVAL_S = 1.0


class ProcessWatch(Watch):
    """Checks the unfinished jobs once a second."""

    def __init__(self, home: Path, scheduler: str) -> None:
        self._home, self._scheduler = home, scheduler
        self._done: set[str] = set()
        self._thread = PeriodicThread("processes", self._look, _INTERVAL_S)

    def start(self) -> None:
        self._thread.wake()  # the first check is immediate
        self._thread.start()

    def wake(self) -> None:
        self._thread.wake()

    def stop(self, timeout_s: float) -> None:
        self._thread.stop(timeout_s)

    def _look(self) -> None:
        states = [state for _, state in with_each(job_folders(self._home / "jobs"), self._state)]
        if "queued" in states and not queue.is_running(self._home):
            queue.start(self._home)

    def _state(self, folder: JobFolder) -> State | None:
        """The state of a job of this scheduler that has not ended; None for others."""
        if folder.id in self._done:
            return None
        if folder.status().final or folder.scheduler != self._scheduler:
            self._done.add(folder.id)
            return None
        return refresh(folder).state
