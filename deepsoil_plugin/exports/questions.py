"""Questions to the dock's engine from a thread: asked and answered in the thread of the windows, waited for here."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from ..text.translate import tr
from .report_series import AskError

_TURN_S = 0.2
_LONGEST_S = 240.0  # the client has limits of its own; an engine that is missing never answers


class Questions(QObject):
    """Lives in the thread of the windows; ``ask`` may be called from any other."""

    _wanted = pyqtSignal(str, object, object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._wanted.connect(self._pass_on)

    def ask(self, method: str, params: dict[str, Any], check: Callable[[], None]) -> Any:
        """The engine's answer. AskError with the reason; what ``check`` raises ends the waiting."""
        answers: queue.Queue[tuple[Any, str]] = queue.Queue()
        self._wanted.emit(method, params, answers)
        end = time.monotonic() + _LONGEST_S
        while time.monotonic() < end:
            check()
            try:
                result, problem = answers.get(timeout=_TURN_S)
            except queue.Empty:
                continue
            if problem:
                raise AskError(problem)
            return result
        raise AskError(tr("The engine does not answer."))

    def _pass_on(self, method: str, params: dict[str, Any], answers: queue.Queue[tuple[Any, str]]) -> None:
        self._client.call(method, params, lambda result: answers.put((result, "")),
                          lambda error: answers.put((None, plain_error(error))), owner=self)
