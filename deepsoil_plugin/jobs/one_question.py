"""Asks the engine one question at a time: while one is under way, only the latest other one waits."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient

Params = dict[str, Any]


class OneQuestion(QObject):
    """``answered(params, result)`` or ``refused(params, error)`` for each question that was still wanted when its
    answer came. ``late(params, result)`` for one that comes when something else is wanted already.
    """

    answered = pyqtSignal(dict, object)
    refused = pyqtSignal(dict, dict)
    late = pyqtSignal(dict, object)

    def __init__(self, client: EngineClient, method: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._method = client, method
        self._asked: Params | None = None    # what is under way
        self._wanted: Params | None = None   # what the answer must be of

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None

    def ask(self, params: Params) -> None:
        """Ask this, at once or as soon as the engine has answered what is under way; whatever else waited is dropped.
        """
        self._wanted = params
        if self._asked is None:
            self._send()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._wanted = None

    def _send(self) -> None:
        asked = self._asked = self._wanted
        if asked is not None:
            self._client.call(self._method, asked, lambda result: self._came(asked, result, None),
                              lambda error: self._came(asked, None, error), owner=self)

    def _came(self, asked: Params, result: Any, error: dict[str, Any] | None) -> None:
        wanted, self._asked = self._wanted, None
        if wanted is not asked:
            self._send()
            if error is None:
                self.late.emit(asked, result)
            return
        self._wanted = None
        if error is None:
            self.answered.emit(asked, result)
        else:
            self.refused.emit(asked, error)
