"""Asks the engine ``what_if`` while a hand moves: at most one question is under way, and only the newest one waits."""

from __future__ import annotations

import time
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal


class Questions(QObject):
    """``answered(answer, asked)`` and ``failed(error)`` for the field that is asked about; ``busy(bool)``.

    An answer about another field than the last one asked about is dropped. ``asked``: when the movement was, by
    `time.perf_counter`.
    """

    answered = pyqtSignal(object, float)
    failed = pyqtSignal(object)
    busy = pyqtSignal(bool)

    def __init__(self, client: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._field = 0  # counts up with each field
        self._under_way = False
        self._waiting: tuple[dict[str, Any], float] | None = None

    @property
    def waits(self) -> bool:
        """Whether anything is still to be answered."""
        return self._under_way or self._waiting is not None

    def other_field(self) -> None:
        """What is under way or waits is no longer wanted."""
        self._field += 1
        self._waiting = None

    def ask(self, params: dict[str, Any]) -> None:
        self._waiting = (params, time.perf_counter())
        if not self._under_way:
            self._send()

    def _send(self) -> None:
        if self._waiting is None:
            self.busy.emit(False)
            return
        (params, asked), self._waiting = self._waiting, None
        field, self._under_way = self._field, True
        self.busy.emit(True)
        self._client.call("what_if", params, lambda answer: self._came(answer, field, asked),
                          lambda error: self._refused(error, field), owner=self)

    def _came(self, answer: dict[str, Any], field: int, asked: float) -> None:
        self._under_way = False
        self._send()  # first: the engine computes while this answer is drawn
        if field == self._field:
            self.answered.emit(answer, asked)

    def _refused(self, error: dict[str, Any], field: int) -> None:
        self._under_way = False
        self._send()
        if field == self._field:
            self.failed.emit(error)
