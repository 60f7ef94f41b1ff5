"""Results of jobs on other hosts: retrieved when the user asks. What comes by itself is decided by the engine."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from .status_text import not_here


class ResultRetrieval(QObject):
    """``changed(summary)``: what the engine says of a job that is being brought. ``failed(text)``: what went wrong."""

    changed = pyqtSignal(dict)
    failed = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._asked: set[str] = set()
        self._to_show: set[str] = set()

    def bring(self, job_id: str, show: bool = False) -> None:
        """Ask for a job's results; with ``show`` they are to be seen when they are here."""
        if show:
            self._to_show.add(job_id)
        self._asked.add(job_id)
        self._client.call("retrieve", {"id": job_id}, self.changed.emit,
                          lambda error: self._refused(job_id, error), owner=self)

    def is_coming(self, job: dict[str, Any]) -> bool:
        """Whether the results of a job are on their way to this computer: by themselves, or because they were asked
        for.
        """
        if not job.get("away") or not not_here(job):
            return False
        state = (job.get("retrieval") or {}).get("state", "none")
        return state == "running" or (state != "failed" and job["id"] in self._asked)

    def show_when_here(self, job_id: str) -> None:
        self._to_show.add(job_id)

    def take(self, job: dict[str, Any]) -> bool:
        """Whether a job is to be seen now that its results are here; said once."""
        if job["id"] not in self._to_show or not_here(job) or not job.get("outputs"):
            return False
        self._to_show.discard(job["id"])
        return True

    def _refused(self, job_id: str, error: dict[str, Any]) -> None:
        self._to_show.discard(job_id)
        self._asked.discard(job_id)
        self.failed.emit(plain_error(error))
