"""Follows the processes of this computer while a service runs: corrects their states, and restarts a lost queue."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.listing import job_folders
from deepsoil.schedulers.base import Watch
from deepsoil.schedulers.process import queue
from deepsoil.schedulers.process.recovery import refresh

_INTERVAL_S = 1.0


class ProcessWatch(Watch):
    """Looks once a second at the jobs that have not ended."""

    def __init__(self, home: Path, scheduler: str) -> None:
        self._home, self._scheduler = home, scheduler
        self._done: set[str] = set()
        self._woken = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="processes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self, timeout_s: float) -> None:
        self._ending = True
        self._woken.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._ending:
            self._woken.clear()
            try:
                self._look()
            except Exception:  # noqa: BLE001 - e.g. a network drive that is away; the next look may succeed
                traceback.print_exc(file=sys.stderr)
            self._woken.wait(_INTERVAL_S)

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
                continue  # damaged: the list of jobs says so
            waiting = waiting or status.state == "queued"
        if waiting and not queue.is_running(self._home):
            queue.start(self._home)
