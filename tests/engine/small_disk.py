"""For tests of full and read-only disks: a real ext4 of a few MB, and a process that fills it at one of its writes."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.rename", "os.link", "os.mkdir", "os.truncate")


class SmallDisk:
    """A mounted file system that is filled, emptied and made read-only for real."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ballast = path / "ballast-of-the-test"

    def fill(self, left_kb: int = 0) -> None:
        """Leave ``left_kb`` of space."""
        handle = os.open(self.ballast, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.lseek(handle, 0, os.SEEK_END)
            for size in (1 << 20, 1 << 16, 1 << 12):
                with suppress(OSError):
                    while True:
                        os.write(handle, b"\1" * size)
            os.fsync(handle)
            os.ftruncate(handle, max(0, os.fstat(handle).st_size - left_kb * 1024))
        finally:
            os.close(handle)

    def use_up_files(self) -> None:
        """Leave no room for another file, as a quota of files does; there is space for content."""
        with suppress(OSError):
            for number in itertools.count():
                (self.path / f"file-of-the-test-{number}").touch()

    def free(self) -> None:
        self.ballast.unlink(missing_ok=True)
        for file in self.path.glob("file-of-the-test-*"):
            file.unlink()

    def remount(self, mode: str) -> None:
        """``ro`` or ``rw``."""
        until(lambda: subprocess.run(["mount", "-o", f"remount,{mode}", str(self.path)], capture_output=True,
                                     check=False).returncode == 0, f"remount {mode}")


@contextmanager
def small_ext4(folder: Path, megabytes: int = 12, files: int = 400) -> Iterator[SmallDisk]:
    """Skips the test where no loop device can be mounted."""
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    made = subprocess.run(["mkfs.ext4", "-q", "-b", "4096", "-m", "0", "-N", str(files), str(image)],
                          capture_output=True, check=False)
    if made.returncode or subprocess.run(["mount", "-o", "loop", str(image), str(mounted)], capture_output=True,
                                         check=False).returncode:
        pytest.skip("a small ext4 needs root and a loop device")
    try:
        yield SmallDisk(mounted)
    finally:
        subprocess.run(["umount", "-l", str(mounted)], check=True)


def until(what: Callable[[], Any], message: str, timeout_s: float = 30.0) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (value := what()):
        assert time.monotonic() < deadline, message
        time.sleep(0.01)
    return value


class Child:
    """A forked process that does ``work`` and fills the disk at its ``number``-th write (from 1; 0: never).

    ``left_kb`` below 0: space is left, but no room for another file.
    """

    def __init__(self, disk: SmallDisk, work: Callable[[], int], number: int, left_kb: int, notes: Path) -> None:
        self._notes = notes
        self._reaped = False
        notes.write_text("")
        self.pid = os.fork()
        if self.pid == 0:
            code = 99
            try:
                _watch_writes(disk, number, left_kb, notes)
                code = work()
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(code)

    @property
    def writes(self) -> list[str]:
        """What was written so far."""
        return self._notes.read_text().splitlines()

    def ended(self, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while not self._reaped and time.monotonic() < deadline:
            self._reaped = os.waitpid(self.pid, os.WNOHANG) != (0, 0)
            time.sleep(0.005)
        return self._reaped


def apart(work: Callable[[], Any]) -> Any:
    """What ``work`` returns, from a forked process.

    Libraries start threads for what they read and write. In a process that is forked afterwards these are missing, and
    what is held by them is never let go: it would wait without end.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            there.send(work())
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    there.close()
    try:
        return here.recv()
    except EOFError:
        raise AssertionError("the forked process failed; what it says is above") from None
    finally:
        os.waitpid(pid, 0)


def _watch_writes(disk: SmallDisk, number: int, left_kb: int, notes: Path) -> None:
    """In the child: count what it opens for writing, renames, links and makes on the disk."""
    count, busy = 0, False
    output = os.open(notes, os.O_WRONLY | os.O_APPEND)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count, busy
        if busy:
            return
        if event == "open":
            path, mode, flags = args
            if not isinstance(flags, int) or not flags & _WRITES:
                return
        elif event in _CHANGES:
            path, mode = args[0], event[3:]
        else:
            return
        name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        if not str(name).startswith(str(disk.path)):
            return
        busy = True
        count += 1
        os.write(output, f"{mode or 'open'} {Path(str(name)).name}\n".encode())
        if count == number and left_kb < 0:
            disk.use_up_files()
        elif count == number:
            disk.fill(left_kb)
        busy = False

    sys.addaudithook(hook)
