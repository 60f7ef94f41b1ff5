"""Writes the files with which the folder of a job begins, and names the process that runs it."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import Status, Worker
from deepsoil.io import disk, disk_errors, json_files, process
from deepsoil.jobs import reserve

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification


_DRAFT = ".new-"
# Writing a draft takes seconds; the clock of a network drive may differ by hours.
_ABANDONED_S = 86_400.0


def draft_of(jobs: Path, job: str) -> Path:
    """A free name for the draft of a job's folder."""
    return jobs / f"{_DRAFT}{job}-{secrets.token_hex(4)}"


def remove_abandoned(jobs: Path) -> None:
    """Remove the drafts that processes which were killed left behind, a day after. What cannot be removed stays."""
    with suppress(OSError):
        for draft in jobs.glob(f"{_DRAFT}*"):
            if time.time() - draft.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(draft, ignore_errors=True)


def waiting(created: str) -> Status:
    """The status of a new job."""
    return Status("queued", created=created, message="Waiting for its turn")


def write(draft: Path, specification: Specification, status: Status,
          fill_draft: Callable[[Path], None] | None) -> None:
    """Make the folder ``draft``, flushed to the disk when this returns. Raises OSError."""
    (draft / "outputs").mkdir(parents=True)
    json_files.write_new(draft / "job.json", specification.to_dict())
    json_files.write_new(draft / "state.json", status.to_dict())
    (draft / "lock").touch()  # later there may be no room for another file
    reserve.make(draft)
    if fill_draft is not None:
        fill_draft(draft)
    disk.sync_folder(draft)


def problem(error: OSError, jobs: Path) -> DeepSoilError:
    """Why no folder can be made in ``jobs``."""
    full_or_read_only = disk_errors.explained(error, jobs) if disk.may_pass(error) else None
    return full_or_read_only or DeepSoilError(
        "home_not_writable", "The job's folder cannot be made in {jobs}: {strerror}.",
        "Check that you may write there, or set DEEPSOIL_HOME to another folder.",
        jobs=jobs, strerror=error.strerror)


def this_worker() -> Worker:
    """This process."""
    return Worker(process.this_machine(), os.getpid(), process.start_of(os.getpid()))


def place(draft: Path, target: Path, admission: AbstractContextManager[object] | None) -> None:
    """Give a written draft its name. ``admission`` is entered for the rename alone, so that several jobs can be
    written at the same time; a DeepSoilError that it raises forbids the job, and the draft is deleted. OSError."""
    try:
        with admission or nullcontext():
            disk.retry_while_busy(lambda: draft.replace(target))
    except DeepSoilError:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    disk.sync_folder(target.parent)
