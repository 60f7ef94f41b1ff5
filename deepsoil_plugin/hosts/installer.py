"""Installs the engine at hosts and remembers how far it is, so that windows may come and go meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient, Error
from ..text.translate import error_hint, error_message

_MOST_LINES = 2_000


@dataclass
class Installation:
    """One installation, under way (``running``, ``cancelling``) or ended (``done``, ``failed``, ``cancelled``)."""

    state: str = "running"
    message: str = ""
    hint: str = ""
    fraction: float = 0.0
    lines: list[str] = field(default_factory=list)


class HostInstaller(QObject):
    """``changed(host)`` at every step; ``ended(host)`` once."""

    changed = pyqtSignal(str)
    ended = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[str, Installation] = {}
        client.hostInstalled.connect(self._progressed)

    def of(self, host_id: str) -> Installation | None:
        """The latest installation at a host since QGIS started."""
        return self._known.get(host_id)

    def running(self, host_id: str) -> bool:
        known = self._known.get(host_id)
        return known is not None and known.state in ("running", "cancelling")

    def start(self, host_id: str) -> None:
        """Begin, unless it is under way."""
        if self.running(host_id):
            return
        self._known[host_id] = Installation(message=self.tr("Starting …"))
        self._client.call("install_host", {"host": host_id}, lambda answer: self._done(host_id, answer),
                          lambda error: self._failed(host_id, error), owner=self)
        self.changed.emit(host_id)

    def cancel(self, host_id: str) -> None:
        """Ask for its end; ``ended`` follows when the engine has left the host."""
        if (known := self.of(host_id)) is not None and known.state == "running":
            known.state, known.message = "cancelling", self.tr("Cancelling …")
            self._client.call("cancel_install", {"host": host_id})
            self.changed.emit(host_id)

    def _progressed(self, host_id: str, message: str, fraction: float) -> None:
        known = self._known.get(host_id)
        if known is None or known.state != "running":
            return
        # What is sent anew after a break does not take the bar back.
        known.message, known.fraction = message, max(known.fraction, fraction)
        if not known.lines or known.lines[-1] != message:
            known.lines = [*known.lines[-_MOST_LINES:], message]
        self.changed.emit(host_id)

    def _done(self, host_id: str, answer: Any) -> None:
        if self.running(host_id):
            self._known[host_id].fraction = 1.0
            engine = answer.get("engine") if isinstance(answer, dict) else None
            self._end(host_id, "done", self.tr("The engine is installed (version {0}).").format(engine or "?"))

    def _failed(self, host_id: str, error: Error) -> None:
        if not self.running(host_id):
            return
        known = self._known[host_id]
        if known.state == "cancelling":
            self._end(host_id, "cancelled",
                      self.tr("Cancelled. The files already downloaded on the host are kept for the next attempt."))
        else:
            known.hint = error_hint(error)
            self._end(host_id, "failed", error_message(error) or self.tr("The installation failed."))

    def _end(self, host_id: str, state: str, message: str) -> None:
        known = self._known[host_id]
        known.state, known.message = state, message
        known.lines.append(message)
        self.changed.emit(host_id)
        self.ended.emit(host_id)
