"""Questions under way: how far each is, and whether anybody still waits for its answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deepsoil.contract.errors import DeepSoilError

Emit = Callable[..., None]

_EVERY_S = 0.2


class Question:
    """One question; without a name nobody is told how far it is, and it cannot be cancelled."""

    def __init__(self, name: str | None, emit: Emit) -> None:
        self._name, self._emit = name, emit
        self._cancelled = threading.Event()
        self._told_at = -_EVERY_S

    def cancel(self) -> None:
        """It is no longer wanted."""
        self._cancelled.set()

    def stop_if_cancelled(self) -> None:
        """DeepSoilError ``cancelled`` where it is no longer wanted."""
        if self._cancelled.is_set():
            raise DeepSoilError("cancelled", "The simulation was cancelled.", "Ask again to start it again.")

    def step(self, done: int, total: int) -> None:
        """So many of its soil columns are simulated. DeepSoilError ``cancelled``."""
        self.stop_if_cancelled()
        moment = time.monotonic()
        if self._name is not None and (moment - self._told_at >= _EVERY_S or done == total):
            self._told_at = moment
            self._emit("what_if", asking=self._name, stage="columns", fraction=done / max(total, 1))

    def progress(self, done: float, total: float, message: str) -> None:
        """What comes before the columns of the field: the readings, if there is a message. DeepSoilError ``cancelled``.
        """
        self.stop_if_cancelled()
        if self._name is not None:
            self._emit("what_if", asking=self._name, stage="readings" if message else "ground", fraction=done / total)

    def log(self, message: str, level: str = "info") -> None:
        """Nobody reads it."""


class Asked:
    """All questions of a client. ``emit(event, **content)`` sends how far they are."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._guard = threading.Lock()
        self._open: dict[str, Question] = {}

    @contextmanager
    def under(self, name: str | None) -> Iterator[Question]:
        """A question while it is answered."""
        question = Question(name, self._emit)
        if name is not None:
            with self._guard:
                self._open[name] = question
        try:
            yield question
        finally:
            if name is not None:
                with self._guard:
                    self._open.pop(name, None)

    def cancel(self, name: str) -> None:
        """Stop a question; one that is answered already is left alone."""
        with self._guard:
            question = self._open.get(name)
        if question is not None:
            question.cancel()
