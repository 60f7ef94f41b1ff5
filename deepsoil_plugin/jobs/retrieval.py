"""Downloads the results of jobs on other hosts when the user asks.

Small results come by themselves; which ones, the engine decides.
"""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from .status_text import not_here


def is_coming(job: dict[str, Any]) -> bool:
    """Whether results that are not here are being downloaded, or soon will be."""
    return bool(not_here(job)) and (job.get("retrieval") or {}).get("state") == "running"


class ResultRetrieval(QObject):
    """``changed(summary)``: the new state of a job whose results are downloaded. ``failed(text)``: what went wrong."""

    changed = pyqtSignal(dict)
    failed = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._to_show: set[str] = set()

    def retrieve(self, job_id: str, show: bool = False) -> None:
        """Ask for a job's results; with ``show`` they are shown as soon as they are here."""
        if show:
            self._to_show.add(job_id)
        self._client.call("retrieve", {"id": job_id}, self.changed.emit,
                          lambda error: self._refused(job_id, error), owner=self)

    def show_when_here(self, job_id: str) -> None:
        self._to_show.add(job_id)

    def take(self, job: dict[str, Any]) -> bool:
        """Whether a job is to be shown now that its results are here; True once."""
        if job["id"] not in self._to_show or not_here(job) or not job.get("outputs"):
            return False
        self._to_show.discard(job["id"])
        return True

    def _refused(self, job_id: str, error: dict[str, Any]) -> None:
        self._to_show.discard(job_id)
        self.failed.emit(plain_error(error))
