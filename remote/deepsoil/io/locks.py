"""Locks between processes: released when the holder ends, however it ends; a timeout error names the holder.

Based on ``filelock``. The holder is recorded beside the lock (``….holder``): Windows locks are unreadable, and older
versions of ``filelock`` empty it when they wait.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from deepsoil.contract.errors import DeepSoilError

TIMEOUT_S = 30.0
_POLL_EVERY_S = 0.01


@contextmanager
def locked(path: Path, *, wait: bool = True, timeout_s: float = TIMEOUT_S) -> Iterator[bool]:
    """Hold the lock file ``path``; its folder is created if missing.

    Yields False immediately if ``wait`` is false and another process, or another thread of this one, holds it.

    Raises
    ------
    DeepSoilError
        ``lock_held``: it was not free within ``timeout_s``. OSError if the file cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=timeout_s if wait else 0.0, poll_interval=_POLL_EVERY_S)
    except Timeout:
        if wait:
            raise _held(path, timeout_s) from None
        yield False
        return
    try:
        _note_holder(path)
        yield True
    finally:
        lock.release()


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")


def _note_holder(path: Path) -> None:
    with suppress(OSError):  # a full disk must not stop a process that could free space
        _holder_file(path).write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")


def _held(path: Path, timeout_s: float) -> DeepSoilError:
    try:
        holder = _holder_file(path).read_text(encoding="utf-8", errors="replace").strip()[:200]
    except OSError:
        holder = ""
    return DeepSoilError(
        "lock_held", "Another program has held {path} for more than {timeout_s:.0f} s ({holder}).",
        "Wait until it has finished, or end that program, then try again.",
        path=path, timeout_s=timeout_s, holder=holder or "it is not known which")
