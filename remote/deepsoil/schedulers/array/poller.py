"""Advances the array jobs of a HOME in a separate thread, so that a slow scheduler delays nothing else."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.schedulers.array.active import ActiveJobs
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.backend import ArrayBackend
from deepsoil.schedulers.array.poll_interval import PollInterval
from deepsoil.schedulers.array.timeouts import timeouts
from deepsoil.schedulers.base import Watch

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context


class Poller(Watch):
    """Runs until it is stopped."""

    def __init__(self, home: Path, backend: ArrayBackend, make_context: Callable[[], Context]) -> None:
        self._active = ActiveJobs(home, backend.name)
        self._advancer = Advancer(home, backend, make_context)
        self._woken = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name=backend.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self, timeout_s: float) -> None:
        self._ending = True
        self._woken.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        interval = PollInterval(timeouts())
        while not self._ending:
            self._woken.clear()
            try:
                interval.update(bool(self._active.look()) and self._advancer.round())
            except Exception:  # noqa: BLE001 - e.g. a network drive that is away; the next look may succeed
                traceback.print_exc(file=sys.stderr)
            if self._woken.wait(interval.seconds):
                interval.update(True)
