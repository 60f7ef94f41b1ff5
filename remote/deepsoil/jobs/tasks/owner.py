"""Which array may work on an attempt: the one whose task starts first. A second array of the same name ends at once."""

from __future__ import annotations

from pathlib import Path

from deepsoil.io import disk
from deepsoil.io.exclusive import write_once
from deepsoil.jobs.tasks import layout


def owns(job: Path, attempt: int, array: str) -> bool:
    """Whether ``array`` (its number in the scheduler) may work on the attempt; the first array that asks owns it."""
    path = layout.attempt_path(job, attempt) / "owner"
    disk.make_folder(path.parent)
    return write_once(path, f"{array}\n") or path.read_text(encoding="utf-8").strip() == array
