"""Who may work on an attempt: the array whose first task was first. A second array of the same name ends at once."""

from __future__ import annotations

from pathlib import Path

from deepsoil.io.exclusive import write_once
from deepsoil.jobs.tasks import layout


def owns(job: Path, attempt: int, array: str) -> bool:
    """Whether ``array`` (the scheduler's number of it) may work on the attempt; the first who asks may."""
    path = layout.attempt_path(job, attempt) / "owner"
    path.parent.mkdir(exist_ok=True)
    return write_once(path, f"{array}\n") or path.read_text(encoding="utf-8").strip() == array
