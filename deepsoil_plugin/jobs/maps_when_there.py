"""Makes the maps of a field as soon as its data have come: a request for maps waits for a job that fetches them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from .gather_request import fitted, host_parameters
from .map_request import MapRequest
from .session import Session


class MapsWhenThere(QObject):
    """``refused(text)`` where the maps cannot be asked for. A request waits as long as its project is open, also when
    the job failed: trying the job again takes it along.
    """

    refused = pyqtSignal(str)

    def __init__(self, client: EngineClient, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._session = client, session
        self._waiting: dict[str, MapRequest] = {}
        self._sent: set[str] = set()
        client.jobChanged.connect(self._changed)
        session.retried.connect(self._retried)
        session.sent.connect(self._answered)

    def expect(self, job_id: str, request: MapRequest) -> None:
        """Send the request once the job has made its region."""
        self._waiting[job_id] = request

    def forget_all(self) -> None:
        """Another project is open: maps must not come into it."""
        self._waiting.clear()

    def _retried(self, job_id: str, again: str) -> None:
        if (request := self._waiting.pop(job_id, None)) is not None:
            self._waiting[again] = request

    def _changed(self, job: Mapping[str, Any]) -> None:
        if job["state"] != "succeeded" or job["id"] not in self._waiting:
            return
        request, region_id = self._waiting.pop(job["id"]), job.get("region")
        self._client.call("regions", host_parameters(request.host), lambda regions: self._send(
            request, next((region for region in regions if region["id"] == region_id), None)),
            lambda error: self.refused.emit(plain_error(error)), owner=self)

    def _send(self, request: MapRequest, region: Mapping[str, Any] | None) -> None:
        if region is not None and region.get("first_date") and region.get("last_date"):
            request = fitted(request, *(dt.date.fromisoformat(region[name]) for name in ("first_date", "last_date")))
        self._sent.add(self._session.submit(request))

    def _answered(self, problem: str, job_id: str) -> None:
        if problem and self._session.model.job(job_id) is None:
            self._waiting.pop(job_id, None)  # refused: there is no such job
        if job_id in self._sent:
            self._sent.discard(job_id)
            if problem:
                self.refused.emit(problem)
