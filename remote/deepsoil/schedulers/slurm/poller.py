"""Advances the Slurm jobs of a HOME in a thread of its own, so that a slow Slurm holds up nothing else."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.jobs.kind import Context
from deepsoil.schedulers.slurm.active import Active
from deepsoil.schedulers.slurm.poll_interval import Rhythm
from deepsoil.schedulers.slurm.timeouts import times

if TYPE_CHECKING:
    from deepsoil.schedulers.slurm.advance import Advancer


class Keeper:
    """Runs until the process ends; `wake` after a submission or a cancel."""

    def __init__(self, home: Path, make_context: Callable[[], Context]) -> None:
        self._home, self._make_context = home, make_context
        self._active = Active(home)
        self._advancer: Advancer | None = None
        self._woken = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="slurm", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    def stop(self, patience_s: float) -> None:
        """Let a round that is under way come to its end."""
        self._ending = True
        self._woken.set()
        self._thread.join(patience_s)

    def _work(self) -> None:
        rhythm = Rhythm(times())
        while not self._ending:
            self._woken.clear()
            try:
                rhythm.note(self._round())
            except Exception:  # noqa: BLE001 - e.g. a network drive that is away; the next look may succeed
                traceback.print_exc(file=sys.stderr)
            if self._woken.wait(rhythm.pause_s):
                rhythm.note(True)

    def _round(self) -> bool:
        if self._advancer is None:
            if not self._active.look():
                return False
            # Deferred: most services never have a job of Slurm, and all must be ready at once.
            from deepsoil.schedulers.slurm.advance import Advancer

            self._advancer = Advancer(self._home, self._make_context)
        return self._advancer.round()
