"""Detached processes: start one that outlives its parent, identify it, stop it."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import psutil


def start_of(pid: int) -> str | None:
    """When the process ``pid`` began, as a text to compare; None if there is no such process.

    It identifies a process even if its number is reused, also after a restart of the
    machine. A zombie (ended, but not yet waited for by its parent) counts as gone.
    """
    return _start_on_linux(pid) if sys.platform == "linux" else _start_by_psutil(pid)


def _start_on_linux(pid: int) -> str | None:
    # Not by psutil: its start time depends on the wall clock, and a change by one second would lose every job.
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if fields[0] in "ZXx" else f"{boot}:{fields[19]}"


def _start_by_psutil(pid: int) -> str | None:
    try:
        found = psutil.Process(pid)
        gone = found.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        return None if gone else f"{found.create_time():.6f}"
    except psutil.Error:
        return None


def this_machine() -> str:
    """The name of this machine: process numbers are valid only on one machine."""
    return platform.node() or "localhost"


def is_of_this_boot(start: str | None) -> bool:
    """Whether a process of `start_of` began since this machine was started, whatever the machine's name was then.

    Only Linux numbers its starts; elsewhere False.
    """
    boot, colon, _ = (start or "").partition(":")
    mine = _start_on_linux(os.getpid()) if sys.platform == "linux" else None
    return bool(colon) and mine is not None and mine.startswith(f"{boot}:")


def alive(pid: int | None, start: str | None) -> bool:
    """Whether this very process still runs."""
    return pid is not None and start is not None and start_of(pid) == start


def spawn(arguments: Sequence[str], *, folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """Start ``deepsoil`` with ``arguments`` as a process of its own session, its output appended to ``output``.

    It inherits no pipe and does not end with this process, a terminal, or Ctrl-C. Without an output if that cannot
    be written. OSError if it cannot start.
    """
    # -P: modules are not imported from the working folder.
    command = [sys.executable, "-P", "-m", "deepsoil", *arguments]
    with _opened(output) as stream:
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            try:
                # Some programs keep their children in a job object that ends with them; leave it if that is allowed.
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                        creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
            except PermissionError:
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                        creationflags=flags)
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                start_new_session=True)


def _opened(output: Path) -> BinaryIO:
    try:
        return output.open("ab")
    except OSError:  # the disk is full or read-only
        return Path(os.devnull).open("ab")


def stop(pid: int, start: str, *, force: bool = False) -> None:
    """Ask the process to end, or (``force``) kill it and its process group; does nothing if it is gone.

    Windows has no such signal: there the process and its descendants are killed in either case.
    """
    if not alive(pid, start):
        return
    if sys.platform == "win32":
        _kill_tree(pid)
        return
    chosen = signal.SIGKILL if force else signal.SIGTERM
    with contextlib.suppress(ProcessLookupError):
        if force and os.getpgid(pid) == pid:
            os.killpg(pid, chosen)
        else:
            os.kill(pid, chosen)


def _kill_tree(pid: int) -> None:
    """Kill a process and its descendants."""
    try:
        found = psutil.Process(pid)
        family = [found, *found.children(recursive=True)]
    except psutil.Error:
        return
    for one in family:
        with contextlib.suppress(psutil.Error):
            one.kill()


def available_memory_bytes() -> int:
    """Memory that can be used without swapping out other programs."""
    return int(psutil.virtual_memory().available)
