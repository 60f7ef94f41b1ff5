"""Asks the engine something a moment after the last change; only the latest answer counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..engine.client import EngineClient

_QUIET_MS = 300


class LatestAnswer(QObject):
    """``answered(result)`` of one method; an error of the engine comes as its only problem."""

    answered = pyqtSignal(dict)

    def __init__(self, client: EngineClient, method: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._method = client, method
        self._serial = 0
        self._params: dict[str, Any] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self._ask)

    def want(self, params: dict[str, Any]) -> None:
        self._params = params
        self._serial += 1
        self._timer.start()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._serial += 1
        self._timer.stop()

    def _ask(self) -> None:
        serial = self._serial
        self._client.call(self._method, self._params,
                          lambda result: self._came(serial, result),
                          lambda error: self._came(serial, {"problems": [error]}), owner=self)

    def _came(self, serial: int, result: dict[str, Any]) -> None:
        if serial == self._serial:
            self.answered.emit(result)


class Estimator(LatestAnswer):
    """``estimated(estimate)``: what a request would take, as in the contract."""

    estimated = pyqtSignal(dict)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(client, "estimate", parent)
        self.answered.connect(self.estimated)

    def ask(self, specification: dict[str, Any], host: Mapping[str, str]) -> None:
        """``host``: ``{"host": id}`` of the one that is to answer, empty for this computer."""
        self.want({"specification": specification, **host})
