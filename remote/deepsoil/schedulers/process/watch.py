"""Monitors the processes of this computer while a service runs: corrects their states, and restarts a lost queue."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io.background_thread import PeriodicThread
from deepsoil.jobs.listing import job_folders
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
        waiting = False
        for folder in job_folders(self._home / "jobs"):
            if folder.id in self._done:
                continue
            try:
                final = folder.status().final
                if final or folder.scheduler != self._scheduler:
                    self._done.add(folder.id)
                    continue
                status = refresh(folder)
            except DeepSoilError:
                continue  # damaged: the list of jobs reports it
            waiting = waiting or status.state == "queued"
        if waiting and not queue.is_running(self._home):
            queue.start(self._home)
