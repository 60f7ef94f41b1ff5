"""Installs the engine at places and remembers how far it is, so that windows may come and go meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient, Error

_TIMEOUT_S = 3_600.0
_MOST_LINES = 2_000


@dataclass
class Installation:
    """One installation, under way (``running``, ``cancelling``) or ended (``done``, ``failed``, ``cancelled``)."""

    state: str = "running"
    message: str = ""
    hint: str = ""
    fraction: float = 0.0
    lines: list[str] = field(default_factory=list)


class PlaceInstaller(QObject):
    """``changed(place)`` at every step; ``ended(place)`` once."""

    changed = pyqtSignal(str)
    ended = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[str, Installation] = {}
        client.placeInstalled.connect(self._progressed)

    def of(self, place_id: str) -> Installation | None:
        """The latest installation at a place since QGIS started."""
        return self._known.get(place_id)

    def running(self, place_id: str) -> bool:
        known = self._known.get(place_id)
        return known is not None and known.state in ("running", "cancelling")

    def start(self, place_id: str) -> None:
        """Begin, unless it is under way."""
        if self.running(place_id):
            return
        self._known[place_id] = Installation(message=self.tr("Starting …"))
        self._client.call("install_place", {"place": place_id}, lambda answer: self._done(place_id, answer),
                          lambda error: self._failed(place_id, error), owner=self, timeout_s=_TIMEOUT_S)
        self.changed.emit(place_id)

    def cancel(self, place_id: str) -> None:
        """Ask for its end; ``ended`` follows when the engine has left the place."""
        if (known := self.of(place_id)) is not None and known.state == "running":
            known.state, known.message = "cancelling", self.tr("Cancelling …")
            self._client.call("cancel_install", {"place": place_id})
            self.changed.emit(place_id)

    def _progressed(self, place_id: str, message: str, fraction: float) -> None:
        known = self._known.get(place_id)
        if known is None or known.state != "running":
            return
        # What is sent anew after a break does not take the bar back.
        known.message, known.fraction = message, max(known.fraction, fraction)
        if not known.lines or known.lines[-1] != message:
            known.lines = [*known.lines[-_MOST_LINES:], message]
        self.changed.emit(place_id)

    def _done(self, place_id: str, answer: Any) -> None:
        if self.running(place_id):
            self._known[place_id].fraction = 1.0
            engine = answer.get("engine") if isinstance(answer, dict) else None
            self._end(place_id, "done", self.tr("The engine is installed (version {0}).").format(engine or "?"))

    def _failed(self, place_id: str, error: Error) -> None:
        if not self.running(place_id):
            return
        known = self._known[place_id]
        if known.state == "cancelling":
            self._end(place_id, "cancelled",
                      self.tr("Cancelled. What has been fetched there is kept for the next time."))
        else:
            known.hint = str(error.get("hint") or "")
            self._end(place_id, "failed", str(error.get("message") or self.tr("The installation failed.")))

    def _end(self, place_id: str, state: str, message: str) -> None:
        known = self._known[place_id]
        known.state, known.message = state, message
        known.lines.append(message)
        self.changed.emit(place_id)
        self.ended.emit(place_id)
