"""A background thread that repeats an action at an interval, and immediately when it is woken."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress

from deepsoil.contract.errors import DeepSoilError


class PeriodicThread:
    """Calls ``action`` every ``interval_s`` seconds, and immediately after `wake`, until `stop`.

    An error of the action is written to stderr, once if it repeats; the action runs again at the next interval.
    A daemon thread.
    """

    def __init__(self, name: str, action: Callable[[], None], interval_s: float) -> None:
        self._action, self._interval_s = action, interval_s
        self._woken = threading.Event()
        self.stopping = False
        self._reported = ""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, wait_s: float = 0.0) -> None:
        """Stop repeating; waits up to ``wait_s`` for an action in progress."""
        self.stopping = True
        self._woken.set()
        if wait_s > 0:
            self._thread.join(wait_s)

    def wake(self) -> None:
        self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.wait(self._interval_s)
            self._woken.clear()
            if self.stopping:
                return
            try:
                self._action()
                self._reported = ""
            except (DeepSoilError, OSError) as error:
                self._say(f"{self._thread.name}: {error}\n")  # e.g. the disk is full; it is retried
            except Exception:  # noqa: BLE001 - the thread must live as long as its owner
                self._say(traceback.format_exc())

    def _say(self, text: str) -> None:
        """Write an error to stderr unless it is the same as the last time."""
        if text != self._reported:
            self._reported = text
            with suppress(OSError):
                print(text, end="", file=sys.stderr)


def start_daemon(name: str, target: Callable[[], object]) -> threading.Thread:
    """Run ``target`` once in a daemon thread."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread
