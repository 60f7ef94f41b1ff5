"""Lists the jobs of a HOME."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from deepsoil.jobs.folder import JobFolder


def job_folders(jobs: Path) -> Iterator[JobFolder]:
    """Every job in ``HOME/jobs``; names of drafts and of jobs being removed begin with a dot."""
    if not jobs.is_dir():
        return
    with os.scandir(jobs) as entries:  # distinguishes folders from files without a call for each
        names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    for name in names:
        yield JobFolder(jobs / name)
