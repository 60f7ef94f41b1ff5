"""Makes the maps of a field as soon as its data have come: a request for maps waits for a job that fetches them.

The request is kept with the project. It waits also while QGIS is closed, and when the job failed: trying the job again
takes it along.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from .. import preferences
from ..contract import LOCAL
from ..engine.client import EngineClient
from ..text.formatting import plain_error
from .gather_request import fitted, host_parameters
from .map_request import MapRequest, new_id
from .project_state import KeptJob
from .session import Session


class MapsWhenThere(QObject):
    """``refused(text)`` where the maps cannot be asked for."""

    refused = pyqtSignal(str)

    def __init__(self, client: EngineClient, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._session, self._held = client, session, session.held
        self._asking: set[str] = set()  # maps whose region is being looked up
        self._sent: set[str] = set()
        client.jobChanged.connect(self._changed)
        session.model.modelReset.connect(self._listed)
        session.retried.connect(self._retried)
        session.sent.connect(self._answered)

    def expect(self, job_id: str, request: MapRequest) -> None:
        """Send the request once the job has made its region."""
        threads = preferences.threads() if request.host == LOCAL else 0
        specification = request.specification(new_id(), threads or None)
        self._held.keep(specification, request.host, job_id)
        self._session.show_unsent(specification["id"])

    def _retried(self, job_id: str, again: str) -> None:
        for waiting in self._held.waiting_for(job_id):
            self._held.move(waiting, again)

    def _listed(self) -> None:
        """Of the jobs that ended while QGIS was closed."""
        for after in {kept.after for kept in self._held.all().values()}:
            if (job := self._session.model.job(after)) is not None and job["state"] == "succeeded":
                self._changed(job)

    def _changed(self, job: Mapping[str, Any]) -> None:
        for waiting in self._held.waiting_for(job["id"]):
            if job["state"] == "succeeded":
                self._look_up(waiting, job)
            else:
                self._session.show_unsent(waiting)

    def _look_up(self, waiting: str, job: Mapping[str, Any]) -> None:
        kept = self._session.kept(waiting)
        if waiting in self._asking or kept is None:
            return
        self._asking.add(waiting)
        self._client.call("regions", host_parameters(kept.host),
                          lambda regions: self._send(waiting, kept, next(
                              (region for region in regions if region["id"] == job.get("region")), None)),
                          lambda error: self._not_found(waiting, error), owner=self)

    def _not_found(self, waiting: str, error: dict[str, Any]) -> None:
        self._asking.discard(waiting)  # asked again with the next list of jobs
        self.refused.emit(plain_error(error))

    def _send(self, waiting: str, kept: KeptJob, region: Mapping[str, Any] | None) -> None:
        self._asking.discard(waiting)
        if self._held.all().get(waiting) is not kept:
            return  # cancelled, or another project is open
        specification = kept.specification
        if region is not None and region.get("first_date") and region.get("last_date"):
            days = (dt.date.fromisoformat(region[name]) for name in ("first_date", "last_date"))
            specification = fitted(specification, *days)
        self._sent.add(waiting)
        self._session.release(waiting, specification)

    def _answered(self, problem: str, job_id: str) -> None:
        if problem and self._session.model.job(job_id) is None:  # refused: there is no such job
            for waiting in self._held.waiting_for(job_id):
                self._session.cancel(waiting)
        if job_id in self._sent:
            self._sent.discard(job_id)
            if problem:
                self.refused.emit(problem)
