"""Which jobs of a HOME are Slurm's and have not ended. Light: a service looks here before it loads anything else."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.reconcile import job_folders


class Active:
    """Remembers what has ended, so that a look costs one listing and one small file for each job under way."""

    def __init__(self, home: Path) -> None:
        self._jobs = home / "jobs"
        self._passed: set[str] = set()

    def look(self) -> list[JobFolder]:
        """The Slurm jobs that have not ended."""
        found = []
        for folder in job_folders(self._jobs):
            if folder.id in self._passed:
                continue
            try:
                final = folder.status().final
            except DeepSoilError:
                continue  # damaged: the list says so
            if final or not folder.by_slurm:
                self._passed.add(folder.id)
            else:
                found.append(folder)
        return found
