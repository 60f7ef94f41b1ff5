"""Locks between processes: released when the holder ends, however it ends; a timeout error names the holder.

Based on ``filelock``; on disks that support no locks (``flock``), on `lease`. The holder is recorded beside the lock
(``….holder``): Windows locks are unreadable, and older versions of ``filelock`` empty it when they wait.
"""

from __future__ import annotations

import errno
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic, disk, lease, regular

TIMEOUT_S = 30.0
_POLL_EVERY_S = 0.01
_LONGEST_HOLDER = 1000
_POLL_LEASE_EVERY_S = 0.1
_UNSUPPORTED = frozenset(number for name in ("ENOSYS", "EOPNOTSUPP", "ENOTSUP", "ENOLCK")
                         if (number := getattr(errno, name, None)) is not None)


@contextmanager
def locked(path: Path, *, wait: bool = True, timeout_s: float = TIMEOUT_S) -> Iterator[bool]:
    """Hold the lock file ``path``; its folder is created if missing.

    Yields False immediately if ``wait`` is false and another process, or another thread of this one, holds it.

    Raises
    ------
    DeepSoilError
        ``lock_held``: it was not free within ``timeout_s``; ``not_permitted``: it belongs to another user. OSError if
        the file cannot be opened.
    """
    disk.make_folder(path.parent)
    try:
        release = _acquire(path, timeout_s if wait else 0.0)
    except PermissionError as error:
        raise _not_ours(path, error) from error
    if release is None:
        if wait:
            raise _held(path, timeout_s)
        yield False
        return
    try:
        yield True
    finally:
        release()


def _acquire(path: Path, timeout_s: float) -> Callable[[], None] | None:
    """Take the lock within ``timeout_s``: the function that releases it; None if it is held. Raises OSError."""
    if _has_locks(path):
        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(timeout=timeout_s, poll_interval=_POLL_EVERY_S)
        except Timeout:
            return None
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
        else:
            _note_holder(path)
            return lock.release
    deadline = time.monotonic() + timeout_s
    while (held := lease.acquire(path)) is None:
        if time.monotonic() >= deadline:
            return None
        time.sleep(_POLL_LEASE_EVERY_S)
    return held.release


def _has_locks(path: Path) -> bool:
    """Whether the disk supports locks. Unlocking is tried: it changes nothing for whoever holds the lock."""
    if sys.platform == "win32":
        return True
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_UN)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return False
        raise
    finally:
        os.close(handle)
    return True


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")


def _note_holder(path: Path) -> None:
    file, holder = _holder_file(path), f"process {os.getpid()} on {platform.node()}"
    with suppress(OSError):  # reading is cheaper, and a process often takes the same lock many times in a row
        if not file.is_symlink() and regular.read_text(file, _LONGEST_HOLDER) == holder:
            return
    with suppress(OSError):  # a full disk must not stop a process that could free space
        # Replaced, never written into: the name may be a link that somebody has put there.
        atomic.write_text(file, holder, sync=False)


def _held(path: Path, timeout_s: float) -> DeepSoilError:
    holder = lease.holder(path)
    with suppress(OSError):
        holder = holder or regular.read_text(_holder_file(path), _LONGEST_HOLDER).strip()[:200]
    return DeepSoilError(
        "lock_held", "Another program has held {path} for more than {timeout_s:.0f} s ({holder}).",
        "Wait until it has finished, or end that program, then try again.",
        path=path, timeout_s=timeout_s, holder=holder or "it is not known which")


def _not_ours(path: Path, error: PermissionError) -> DeepSoilError:
    return DeepSoilError(
        "not_permitted", "The lock {path} cannot be opened: it belongs to {owner} ({strerror}).",
        "Two users cannot share a folder of DeepSoil. Set DEEPSOIL_HOME to a folder of your own.",
        path=path, owner=_owner(path), strerror=error.strerror or "not permitted")


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError, NotImplementedError):  # a user without a name, or Windows
        return "another user"
