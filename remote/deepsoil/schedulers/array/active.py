"""Which jobs of a HOME and a scheduler have not ended. Lightweight: a service calls it before it loads more."""

from __future__ import annotations

from pathlib import Path

from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders, with_each


class ActiveJobs:
    """Remembers ended jobs, so that a check costs one listing and one small file per active job."""

    def __init__(self, home: Path, scheduler: str) -> None:
        self._jobs, self._scheduler = home / "jobs", scheduler
        self._done: set[str] = set()

    def look(self) -> list[JobFolder]:
        """The jobs that have not ended."""
        return [folder for folder, active in with_each(job_folders(self._jobs), self._is_active) if active]

    def _is_active(self, folder: JobFolder) -> bool:
        if folder.id in self._done:
            return False
        if folder.status().final or folder.scheduler != self._scheduler:
            self._done.add(folder.id)
            return False
        return True
