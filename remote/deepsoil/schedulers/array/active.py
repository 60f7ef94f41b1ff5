"""Which jobs of a HOME and a scheduler have not ended. Lightweight: a service calls it before it loads more."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders


class ActiveJobs:
    """Remembers ended jobs, so that a check costs one listing and one small file per active job."""

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
                continue  # damaged: the list of jobs reports it
            if final or folder.scheduler != self._scheduler:
                self._done.add(folder.id)
            else:
                found.append(folder)
        return found
