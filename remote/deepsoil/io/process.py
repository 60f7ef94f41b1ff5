"""Detached processes: start one that outlives its parent, know it again, stop it. What it does is not known here."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deepsoil.contract.states import Worker


def start_of(pid: int) -> str | None:
    """When the process ``pid`` began, as a text to compare; None where there is no such process.

    With it a process is known again although its number was given to another one, also after a restart of the
    machine. A process that ended and that its parent did not bury yet (a zombie) counts as gone.
    """
    if sys.platform == "win32":
        return _start_on_windows(pid)
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        return None if fields[0] in "ZXx" else f"{boot}:{fields[19]}"
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False,
                           env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    state, _, began = shown.stdout.strip().partition(" ")
    return None if not began or state.startswith("Z") else began.strip()


def this_host() -> str:
    """The name of this machine: only here can a process number be judged."""
    return platform.node() or "localhost"


def this_worker() -> Worker:
    """This process."""
    return Worker(this_host(), os.getpid(), start_of(os.getpid()))


def alive(pid: int | None, start: str | None) -> bool:
    """Whether exactly this process still runs."""
    return pid is not None and start is not None and start_of(pid) == start


def spawn(arguments: Sequence[str], *, folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """Start ``deepsoil`` with ``arguments`` as a process of its own session, its output appended to ``output``.

    It gets no pipe of ours and does not end with us, with a terminal, or with a Ctrl-C. OSError where it cannot start.
    """
    # -P: the folder where we happen to stand is no host to import from.
    command = [sys.executable, "-P", "-m", "deepsoil", *arguments]
    with output.open("ab") as stream:
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            try:
                # Some programs keep their children in a job object that dies with them; leave it where that is allowed.
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                        creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
            except PermissionError:
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                        creationflags=flags)
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=folder,
                                start_new_session=True)


def stop(pid: int, start: str, *, force: bool = False) -> None:
    """Ask the process (and the group it leads) to end, or end it; nothing where it is gone."""
    if not alive(pid, start):
        return
    if sys.platform == "win32":
        command = ["taskkill", "/PID", str(pid), "/T", "/F"]
        subprocess.run(command, capture_output=True, check=False)
        return
    chosen = signal.SIGKILL if force else signal.SIGTERM
    try:
        if force and os.getpgid(pid) == pid:
            os.killpg(pid, chosen)
        else:
            os.kill(pid, chosen)
    except ProcessLookupError:
        return


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _QUERY_LIMITED = 0x1000
    _STILL_ACTIVE = 259

    def _start_on_windows(pid: int) -> str | None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(_QUERY_LIMITED, False, pid)
        if not handle:
            return None
        try:
            code = wintypes.DWORD()
            times = [wintypes.FILETIME() for _ in range(4)]
            if not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value != _STILL_ACTIVE:
                return None
            if not kernel.GetProcessTimes(handle, *map(ctypes.byref, times)):
                return None
            return str(times[0].dwHighDateTime << 32 | times[0].dwLowDateTime)
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
else:
    def _start_on_windows(pid: int) -> str | None:
        raise NotImplementedError(f"asked for process {pid} of Windows")
