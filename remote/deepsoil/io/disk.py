"""Disk functions: whether a disk is full, making folders, and flushing files and folders to the disk."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

_Result = TypeVar("_Result")

_BUSY_FOR_S = 2.0
_RETRY_EVERY_S = 0.02
_FULL_BELOW_BYTES = 1 << 20
_TRIAL_BYTES = 1 << 18
_SYNCS_AT_ONCE = 16


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


def sync_file(path: Path, becomes: Path | None = None) -> None:
    """Flush the content of a file, which will be renamed to ``becomes``, to the disk."""
    if not _is_put_off(becomes or path):
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def sync_open_file(file: BinaryIO, becomes: Path) -> None:
    """`sync_file` for a file that was just written, and is open."""
    file.flush()
    if not _is_put_off(becomes):
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk, so that a rename or a link survives a power failure.

    Windows has no such call, and some network disks refuse it; the system then decides when to write.
    """
    if sys.platform == "win32" or _is_put_off(folder):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES):
            raise
    finally:
        os.close(handle)


@contextmanager
def syncing_together() -> Iterator[None]:
    """What this thread writes in the block is flushed to the disk at its end, many files at the same time.

    The disk does that with few writes of its own; file by file it needs some for each. For many files that mean
    nothing before the end of the block, such as drafts. OSError: one of them could not be flushed.
    """
    paths: dict[Path, None] = {}
    _put_off.paths = paths
    try:
        yield
    finally:
        _put_off.paths = None
    with ThreadPoolExecutor(_SYNCS_AT_ONCE, "syncing") as pool:
        for _ in pool.map(lambda path: sync_folder(path) if path.is_dir() else sync_file(path), paths):
            pass


class _PutOff(threading.local):
    """The paths to be flushed later, in a block of `syncing_together` of this thread."""

    paths: dict[Path, None] | None = None


_put_off = _PutOff()


def _is_put_off(path: Path) -> bool:
    if _put_off.paths is None:
        return False
    _put_off.paths[path] = None
    return True
