"""Disk functions: whether a disk is full, and flushing files to it."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_Result = TypeVar("_Result")

_BUSY_FOR_S = 2.0
_RETRY_EVERY_S = 0.02


def is_full(error: OSError) -> bool:
    """Whether a disk, a quota or the largest file size was exceeded."""
    return error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def retry_while_busy(action: Callable[[], _Result]) -> _Result:
    """``action()``, repeated for up to 2 s while Windows reports that another process has the file open."""
    deadline = time.monotonic() + _BUSY_FOR_S
    while True:
        try:
            return action()
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_EVERY_S)


def sync_file(path: Path) -> None:
    """Flush the content of a file to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk, so that a rename or a link survives a power failure.

    Windows has no such call, and some network disks refuse it; the system then decides when to write.
    """
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES):
            raise
    finally:
        os.close(handle)
