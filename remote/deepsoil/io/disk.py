"""Disk functions: whether a disk is full, making folders, and flushing files and folders to the disk."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

_Result = TypeVar("_Result")

_BUSY_FOR_S = 2.0
_RETRY_EVERY_S = 0.02
_FULL_BELOW_BYTES = 1 << 20
_TRIAL_BYTES = 1 << 18


def is_full(error: OSError) -> bool:
    """Whether a disk, a quota or the largest file size was exceeded."""
    return error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def may_pass(error: OSError) -> bool:
    """Whether the same write may succeed later: the disk is full or read-only."""
    return is_full(error) or error.errno == errno.EROFS


def has_no_space(folder: Path) -> bool:
    """Whether the disk with ``folder`` is known to be full. Does not notice a quota; False if that cannot be read."""
    try:
        return shutil.disk_usage(folder).free < _FULL_BELOW_BYTES
    except OSError:
        return False


def takes_no_files(folder: Path) -> bool:
    """Whether a file of 256 kB cannot be written in ``folder`` for lack of space, also by a quota. Leaves nothing."""
    if has_no_space(folder):
        return True
    trial = folder / f".part-{secrets.token_hex(4)}-trial"
    try:
        trial.write_bytes(secrets.token_bytes(_TRIAL_BYTES))
    except OSError as error:
        return is_full(error)
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
    return False


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


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in, so that it survives a power failure. Raises OSError."""
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    except FileNotFoundError:
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


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
