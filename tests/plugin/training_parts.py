"""An engine that answers at once and in this process, for tests of widgets that only ask and show."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

FAILED = {"code": "host_lost", "message": "It is gone.", "hint": "Wait.", "field": None}


class Client(QObject):
    """``answers``: by method a value, or a function of the parameters. What is missing is not answered; an
    `Exception` is an error. ``asked``: (method, parameters) in their order.
    """

    ready = pyqtSignal(dict)
    stateChanged = pyqtSignal(str)
    hostChanged = pyqtSignal(dict)
    modelFetched = pyqtSignal(str, str, float)
    state, reason, is_ready = "ready", "", True

    def __init__(self, **answers: Any) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.waiting: list[tuple[Any, Any]] = []  # what is to be called with a result or an error

    def call(self, method: str, params: Any = None, on_result: Any = None, on_error: Any = None, **_: Any) -> None:
        self.asked.append((method, params or {}))
        if method not in self.answers:
            self.waiting.append((on_result, on_error))
            return
        answer = self.answers[method]
        answer = answer(params or {}) if callable(answer) else answer
        if isinstance(answer, Exception):
            on_error(FAILED)
        elif on_result is not None:
            on_result(answer)

    def of(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.asked if name == method]


def host(name: str, state: str = "ready", **more: Any) -> dict[str, Any]:
    return {"id": name, "title": name.title(), "address": "h", "scheduler": "process", "resources": {},
            "connection": {"state": state, "message": "", "hint": "", "code": None}, **more}
