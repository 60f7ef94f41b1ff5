"""Which jobs of a HOME a scheduler has that have not ended. Light: a service looks here before it loads more."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders


class ActiveJobs:
    """Remembers what has ended, so that a look costs one listing and one small file for each active job."""

    def __init__(self, home: Path, scheduler: str) -> None:
        self._jobs, self._scheduler = home / "jobs", scheduler
        self._done: set[str] = set()

    def look(self) -> list[JobFolder]:
        """The jobs that have not ended."""
        found = []
        for folder in job_folders(self._jobs):
            if folder.id in self._done:
                continue
            try:
                final = folder.status().final
            except DeepSoilError:
                continue  # damaged: the list of jobs says so
            if final or folder.scheduler != self._scheduler:
                self._done.add(folder.id)
            else:
                found.append(folder)
        return found
