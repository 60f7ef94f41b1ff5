"""How far a prediction is, in work as it was expected; and what is learned of the speed of the networks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.text import Text
from deepsoil.inference import machine

if TYPE_CHECKING:
    from deepsoil.inference.plan import PredictionPlan
    from deepsoil.jobs.folder import JobFolder


class PredictionProgress:
    """Counts the work of the windows that are done."""

    def __init__(self, plan: PredictionPlan, folder: JobFolder, total: float, done: float = 0.0) -> None:
        """``total``: work pixels of all that is to be done; ``done``: of what was done before."""
        self._folder, self._plan, self._total, self._done = folder, plan, total, done
        self._measured_s = dict.fromkeys(plan.layers, 0.0)
        self._worked = dict.fromkeys(plan.layers, 0.0)

    @contextmanager
    def window(self, depth_cm: int, day: date, number: int) -> Iterator[None]:
        """One window (its number in the layer) of one map."""
        message = Text("{depth_cm} cm, {day}", depth_cm=depth_cm, day=day)
        self._folder.progress(self._done, self._total, message)
        begun = time.perf_counter()
        yield
        self._measured_s[depth_cm] += time.perf_counter() - begun
        work = self._plan.layers[depth_cm].work[number]
        self._worked[depth_cm] += work
        self._done += work
        # The last step is the last map's file.
        self._folder.progress(min(self._done, 0.999 * self._total), self._total, message)

    def finish(self, home: Path) -> None:
        """All maps are finished: say so, and remember the speed."""
        speeds = machine.Speeds(home)
        for depth_cm, layer in self._plan.layers.items():
            if self._worked[depth_cm]:
                speeds.remember(layer.model, self._plan.threads, self._measured_s[depth_cm] / self._worked[depth_cm])
        self._folder.progress(self._total, self._total, "Finished")
