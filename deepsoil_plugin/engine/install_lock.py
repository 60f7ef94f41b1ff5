"""Only one installation at a time in a folder, also of several QGIS windows. Standard library only.

The operating system's own lock on an open file: it ends with the process that holds it, however that ends, on Windows
too. No time of a file is compared with a clock, and the lock's file stays.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .install_text import Text
from .pip_advice import InstallError

WAIT_S = 3600.0
"""A slow network may need most of an hour for the packages."""
_LOOK_EVERY_S = 1.0


@contextlib.contextmanager
def installing(folder: Path, progress: Callable[[str, float], None], wait_s: float = WAIT_S) -> Iterator[int]:
    """Hold the lock of ``folder``, which is made; waits while another installation runs. InstallError.

    Yields the file descriptor, for the processes that work for this one: the lock ends with the last of them.
    """
    path = folder / "install.lock"
    try:
        os.fsencode(folder).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InstallError("The name of DeepSoil's folder is not valid UTF-8.",
                           "Choose another folder in DeepSoil's options, then try again.") from error
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InstallError(Text("The folder {folder} cannot be written: {detail}.", folder=folder, detail=error),
                           "Choose another folder in DeepSoil's options, then try again.") from error
    try:
        deadline = time.monotonic() + wait_s
        while not _taken(handle, folder):
            if time.monotonic() > deadline:
                raise InstallError(
                    Text("Another installation has not ended for {minutes:.0f} minutes ({holder}).",
                         minutes=wait_s / 60, holder=_holder(path)),
                    "End that program, or restart the computer, then try again.")
            progress(Text("Waiting for another installation to end ({holder})", holder=_holder(path)), 0.0)
            time.sleep(_LOOK_EVERY_S)
        _note_holder(path)
        yield handle
    finally:
        os.close(handle)  # this also frees the lock


def _taken(handle: int, folder: Path) -> bool:
    """Whether the lock is ours now. InstallError where the disk has no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise InstallError(Text("The disk with {folder} does not support locks ({detail}), so that two installations "
                                "could disturb each other.", folder=folder, detail=error),
                           "Choose a folder on another disk in DeepSoil's options, then try again.") from error
    return True


def _holder_file(path: Path) -> Path:
    return path.with_name("install.holder")  # Windows lets nobody read a locked file


def _note_holder(path: Path) -> None:
    with contextlib.suppress(OSError):
        _holder_file(path).write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")


def _holder(path: Path) -> str:
    try:
        return _holder_file(path).read_text(encoding="utf-8", errors="replace").strip()[:200] or "?"
    except OSError:
        return "?"
