"""The heartbeat of a running task, the record of its memory, and how it reacts to the signals of the scheduler."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from deepsoil.io.background_thread import PeriodicThread
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.tasks import layout, memory
from deepsoil.jobs.tasks.folder import TaskFolder

HEARTBEAT_S = 10.0
MEMORY_S = 1.0
GRACE_S = 10.0
"""How long a run may continue to its next checkpoint after SIGTERM; most clusters kill after 30 s."""


@contextmanager
def beating(folder: JobFolder) -> Iterator[None]:
    """Renew the time of the file ``heartbeat`` while the block runs, and record the memory of a task."""
    path = folder.path / layout.HEARTBEAT

    def beat() -> None:
        with suppress(OSError):  # a full disk must not end the thread
            path.touch()

    beat()
    thread = PeriodicThread("heartbeat", beat, HEARTBEAT_S)
    recorder = memory.Recorder(folder.path)
    watching = PeriodicThread("memory", recorder.look, MEMORY_S)
    thread.start()
    if isinstance(folder, TaskFolder):
        recorder.look()
        watching.start()
    try:
        yield
    finally:
        watching.stop()
        thread.stop(HEARTBEAT_S)


@contextmanager
def handling_signals(folder: TaskFolder) -> Iterator[None]:
    """SIGUSR2 and SIGTERM ask the run to stop at its next checkpoint; `GRACE_S` after SIGTERM it is stopped anywhere.

    It works in the main thread of a system with signals; elsewhere it does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGUSR2"):
        yield
        return

    def soon(number: int, frame: FrameType | None) -> None:
        folder.stop_requested = True
        if number == signal.SIGTERM:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGALRM, now)
            signal.setitimer(signal.ITIMER_REAL, GRACE_S)
        else:
            folder.time_is_up = True

    def now(number: int, frame: FrameType | None) -> None:
        raise JobCancelledError

    before = {number: signal.getsignal(number) for number in (signal.SIGUSR2, signal.SIGTERM, signal.SIGALRM)}
    signal.signal(signal.SIGUSR2, soon)
    signal.signal(signal.SIGTERM, soon)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """From now on no signal of the scheduler stops this process, because its end is being written."""
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGUSR2"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for number in (signal.SIGUSR2, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
