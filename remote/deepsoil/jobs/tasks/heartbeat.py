"""What a running task tells and hears: a sign of life every few seconds, and the signals of the scheduler."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from deepsoil.io.background_thread import PeriodicThread
from deepsoil.jobs.folder import JobCancelledError
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import TaskFolder

HEARTBEAT_S = 10.0
GRACE_S = 10.0
"""After SIGTERM a run may come to its next checkpoint for so long; most clusters kill after 30 s."""


@contextmanager
def alive(folder: TaskFolder) -> Iterator[None]:
    """Renew the time of the file ``heartbeat`` while the block runs."""
    path = folder.path / layout.HEARTBEAT

    def beat() -> None:
        with suppress(OSError):  # a full disk must not silence the log about it
            path.touch()

    path.touch()
    thread = PeriodicThread("heartbeat", beat, HEARTBEAT_S)
    thread.start()
    try:
        yield
    finally:
        thread.stop(HEARTBEAT_S)


@contextmanager
def listening(folder: TaskFolder) -> Iterator[None]:
    """SIGUSR2 and SIGTERM ask the run to stop at its next checkpoint; after SIGTERM it is stopped where it is, soon.

    Works in the main thread of a system with signals, elsewhere it does nothing.
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


def hush() -> None:
    """From now on no signal of the scheduler stops this process: its end is being written."""
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGUSR2"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for number in (signal.SIGUSR2, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
