"""Asks the engine ``what_if`` while a hand moves: at most one question is under way, and only the newest one waits."""

from __future__ import annotations

import time
import uuid
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

CANCELLED = "cancelled"


class Questions(QObject):
    """``answered(answer, asked)`` and ``failed(error)`` for the field that is asked about; ``busy(bool)``;
    ``told(stage, fraction)``: how far the engine is with the question under way.

    An answer about another field than the last one asked about is dropped. ``asked``: when the movement was, by
    `time.perf_counter`.
    """

    answered = pyqtSignal(object, float)
    failed = pyqtSignal(object)
    busy = pyqtSignal(bool)
    told = pyqtSignal(str, float)

    def __init__(self, client: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._field = 0  # counts up with each field
        self._under_way: dict[str, Any] | None = None
        self._waiting: tuple[dict[str, Any], float] | None = None
        client.questionTold.connect(self._told)

    @property
    def waits(self) -> bool:
        """Whether anything is still to be answered."""
        return self._under_way is not None or self._waiting is not None

    def other_field(self) -> None:
        """What is under way or waits is no longer wanted."""
        self._field += 1
        self.cancel()

    def cancel(self) -> None:
        """Stop what is under way, which then fails, and forget what waits."""
        self._waiting = None
        self._stop()

    def ask(self, params: dict[str, Any]) -> None:
        """Another question; one under way about another simulation is stopped, for nobody waits for it."""
        self._waiting = (params, time.perf_counter())
        if self._under_way is None:
            self._send()
        elif _simulation(self._under_way) != _simulation(params):
            self._stop()

    def _stop(self) -> None:
        if self._under_way is not None:
            host = {name: self._under_way[name] for name in ("host",) if name in self._under_way}
            self._client.call("cancel_what_if", {"asking": self._under_way["asking"], **host}, owner=self)

    def _send(self) -> None:
        if self._waiting is None:
            self.busy.emit(False)
            return
        (params, asked), self._waiting = self._waiting, None
        field, self._under_way = self._field, {**params, "asking": uuid.uuid4().hex}
        self.busy.emit(True)
        self._client.call("what_if", self._under_way, lambda answer: self._came(answer, field, asked),
                          lambda error: self._refused(error, field), owner=self)

    def _told(self, event: dict[str, Any]) -> None:
        if self._under_way is not None and event.get("asking") == self._under_way["asking"]:
            self.told.emit(str(event.get("stage")), float(event.get("fraction") or 0.0))

    def _came(self, answer: dict[str, Any], field: int, asked: float) -> None:
        self._under_way = None
        self._send()  # first: the engine computes while this answer is drawn
        if field == self._field:
            self.answered.emit(answer, asked)

    def _refused(self, error: dict[str, Any], field: int) -> None:
        self._under_way, another = None, self._waiting is not None
        self._send()
        if field == self._field and not (another and error.get("code") == CANCELLED):
            self.failed.emit(error)


def _simulation(params: dict[str, Any]) -> dict[str, Any]:
    """What decides the field that the engine simulates before it answers."""
    return {name: value for name, value in params.items() if name not in ("events", "asking")}
