"""The lock of a job folder, held while the job's state changes."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from deepsoil.io import disk, disk_errors, locks
from deepsoil.jobs.folder_errors import damaged


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a job.

    DeepSoilError ``lock_held``, or ``job_damaged`` if it cannot be opened; OSError if the disk is full, read-only or
    does not answer.
    """
    path = folder / "lock"
    with ExitStack() as stack:
        try:
            _clear(path)
            stack.enter_context(locks.locked(path))
        except OSError as error:
            if disk.may_pass(error) or disk_errors.is_storage_failure(error):
                raise
            raise damaged(path, error) from error
        yield


def _clear(path: Path) -> None:
    """Remove what has the name of the lock and is no file; a lock has no content that could be lost."""
    with suppress(FileNotFoundError):
        kind = path.lstat().st_mode
        if stat.S_ISDIR(kind):
            shutil.rmtree(path)
        elif not stat.S_ISREG(kind):
            path.unlink()
