"""Starts a watch for each scheduler that has jobs in a HOME, when it has the first one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders, with_each
from deepsoil.schedulers import registry
from deepsoil.schedulers.base import Watch

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context


class Watches:
    """The watches of one service. Most services only need the one for this computer's processes."""

    def __init__(self, home: Path, make_context: Callable[[], Context]) -> None:
        self._home, self._make_context = home, make_context
        self._watches: dict[str, Watch] = {}
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def look(self) -> None:
        """Start the watches needed by new jobs. One listing, and two small files for each new job."""
        # Tried again: a damaged job, and one of a scheduler that this engine does not have.
        new = (folder for folder in job_folders(self._home / "jobs") if folder.id not in self._seen)
        self._seen.update(folder.id for folder, _ in with_each(new, self._follow))

    def _follow(self, folder: JobFolder) -> None:
        if not folder.status().final:
            self._ensure(folder.scheduler)

    def wake(self, scheduler: str) -> None:
        """Make the watch of a scheduler check immediately. DeepSoilError ``scheduler_unknown``."""
        watch = self._ensure(scheduler)
        if watch is not None:
            watch.wake()

    def stop(self, timeout_s: float) -> None:
        """End all watches; each may take ``timeout_s``."""
        with self._lock:
            self._stopped = True
            watches = list(self._watches.values())
        for watch in watches:
            watch.stop(timeout_s)

    def _ensure(self, name: str) -> Watch | None:
        with self._lock:
            if name not in self._watches:
                if self._stopped:
                    return None
                self._watches[name] = registry.find(name).watch(self._home, self._make_context)
                self._watches[name].start()
            return self._watches[name]
