"""A request to the engine while it waits for its answer, and the form of errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject

from ..contract import TIMEOUTS_S

_OTHER_TIMEOUT_S = 60.0         # of a method that the contract does not know

Error = dict[str, Any]
OnResult = Callable[[Any], None]
OnError = Callable[[Error], None]


@dataclass
class Call:
    method: str
    params: dict[str, Any]
    on_result: OnResult | None
    on_error: OnError | None
    owner: QObject | None
    timeout_s: float
    deadline: float

    @property
    def wanted(self) -> bool:
        """Whether whoever asked still exists."""
        return self.owner is None or not sip.isdeleted(self.owner)


def timeout_of(method: str) -> float:
    return TIMEOUTS_S.get(method, _OTHER_TIMEOUT_S)


def error_of(code: str, message: str, hint: str) -> Error:
    return {"code": code, "message": message, "hint": hint, "field": None}
