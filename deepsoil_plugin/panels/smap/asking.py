"""Asks the engine for a comparison with SMAP, again and again until all maps are read, or the user has enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal


class Asking(QObject):
    """``came(answer)``: what is known so far. ``failed(error)``. ``stopped()``: before all maps were read."""

    came = pyqtSignal(object)
    failed = pyqtSignal(object)
    stopped = pyqtSignal()

    def __init__(self, client: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._wanted: dict[str, str] = {}
        self._run: object | None = None

    def begin(self, job: str, path: str = "") -> None:
        """Ask for another comparison; answers to what was asked before are dropped. ``path``: files of the user."""
        self._wanted = {"id": job, **({"path": path} if path else {})}
        self.go_on()

    def go_on(self) -> None:
        """Read the maps that are left."""
        self._run = object()
        self._ask(self._run)

    def stop(self) -> None:
        """What is known stays."""
        if self._run is not None:
            self._run = None
            self.stopped.emit()

    def _ask(self, run: object) -> None:
        self._client.call("compare_smap", self._wanted, lambda answer: self._came(run, answer),
                          lambda error: self._refused(run, error), owner=self)

    def _came(self, run: object, answer: Mapping[str, Any]) -> None:
        if run is not self._run:
            return
        if answer["read"] >= answer["of"]:
            self._run = None
        self.came.emit(answer)
        if run is self._run:  # nobody has stopped it meanwhile
            self._ask(run)

    def _refused(self, run: object, error: Mapping[str, Any]) -> None:
        if run is self._run:
            self._run = None
            self.failed.emit(error)
