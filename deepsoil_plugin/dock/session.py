"""The jobs of this QGIS: sends requests, follows jobs, loads what they bring, says once that they have ended.

A job is kept with the project before it is sent. If the engine is lost before it answers, the same job (the same id)
is sent again when the engine is back: that makes one job, never two.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..project import ProjectMemory
from ..settings import store
from .job_model import FINAL, JobModel
from .messages import Messages
from .request import Request, new_id
from .words import plain_error

_SUBMIT_TIMEOUT_S = 120.0
_ONE_LINE = 100  # characters that QGIS's message bar shows without scrolling on a small screen
# The engine may or may not have the job; the next one to answer is asked again.
_UNDECIDED = ("engine_lost", "engine_timeout", "engine_stopped")


class Session(QObject):
    """``sent(problem)``: how the latest sending went, empty where it is well. ``chosen(id)``: a new job to look at."""

    sent = pyqtSignal(str)
    chosen = pyqtSignal(str)
    resultsShown = pyqtSignal(dict)

    def __init__(self, client: EngineClient, memory: ProjectMemory, results: Any, messages: Messages,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = JobModel(self)
        self._client, self._memory, self._results, self._messages = client, memory, results, messages
        self._sent_here = store.sent_jobs()
        self._announced = store.announced_jobs()
        self._own: set[str] = set()          # sent in this session: sent again when the engine was lost
        self._under_way: set[str] = set()    # sent, not answered yet
        self._shown_outputs: dict[str, int] = {}
        client.ready.connect(self._engine_ready)
        client.jobChanged.connect(self._job_changed)
        client.jobRemoved.connect(self._job_removed)
        memory.changed.connect(self._project_changed)
        if client.is_ready:
            self._engine_ready()

    def close(self) -> None:
        """Remember what is to be remembered."""
        self._sent_here.flush()
        self._announced.flush()

    # --- wishes

    def submit(self, request: Request) -> str:
        """Keep a request with the project and send it; the job's id."""
        job_id = new_id()
        specification = request.specification(job_id, store.threads() or None)
        self._memory.keep(job_id, specification)
        self._own.add(job_id)
        self._sent_here.add(job_id)
        self.model.put(_unsent(specification, self.tr("Being sent to the engine")))
        self.chosen.emit(job_id)
        self._send(job_id)
        return job_id

    def cancel(self, job_id: str) -> None:
        self._note(job_id, self.tr("Cancelling …"))
        self._client.call("cancel", {"id": job_id}, self._job_changed, self._refused, owner=self)

    def retry(self, job_id: str) -> None:
        """The same request as a new job."""
        job = self.model.job(job_id)
        if job is None:
            return
        if job.get("unsent"):
            self._send(job_id)
            return
        again = new_id()
        specification = {**job["specification"], "id": again}
        self._memory.keep(again, specification)
        self._own.add(again)
        self._sent_here.add(again)
        self._client.call("retry", {"id": job_id, "new_id": again}, self._accepted,
                          lambda error: self._not_accepted(again, error), owner=self, timeout_s=_SUBMIT_TIMEOUT_S)

    def remove(self, job_id: str) -> None:
        """Take the job's layers and its files away."""
        job = self.model.job(job_id)
        if job is None:
            return
        self._results.remove(job_id)
        if job.get("unsent"):
            self._job_removed(job_id)
            return
        self._client.call("remove", {"id": job_id}, lambda _: self._job_removed(job_id), self._refused, owner=self)

    def show_on_map(self, job_id: str) -> None:
        job = self.model.job(job_id)
        if job is not None and job.get("outputs"):
            self._show(job, zoom=True)

    # --- sending

    def _send(self, job_id: str) -> None:
        if job_id in self._under_way:
            return
        self._under_way.add(job_id)
        self._client.call("submit", {"specification": self._memory.jobs[job_id].specification}, self._accepted,
                          lambda error: self._not_accepted(job_id, error), owner=self, timeout_s=_SUBMIT_TIMEOUT_S)

    def _accepted(self, job: dict[str, Any]) -> None:
        self._under_way.discard(job["id"])
        self._memory.keep(job["id"], accepted=True)
        self.sent.emit("")
        self._job_changed(job)
        self.chosen.emit(job["id"])

    def _not_accepted(self, job_id: str, error: dict[str, Any]) -> None:
        self._under_way.discard(job_id)
        if error["code"] in _UNDECIDED:
            self._note(job_id, self.tr("Waiting for the engine: {0}").format(error["message"]))
        else:
            # The engine has said no: there is no job, and the request stands in the dock as it was.
            self._memory.forget(job_id)
            self._own.discard(job_id)
            self.model.remove(job_id)
        self.sent.emit(plain_error(error))

    def _refused(self, error: dict[str, Any]) -> None:
        self._messages.warning(plain_error(error))
        self._ask_for_list()

    # --- what the engine says

    def _engine_ready(self, *_: Any) -> None:
        self._ask_for_list()

    def _ask_for_list(self) -> None:
        self._client.call("list", {}, self._listed, lambda error: self._messages.warning(plain_error(error)),
                          owner=self, timeout_s=120)

    def _listed(self, jobs: list[dict[str, Any]]) -> None:
        known = {job["id"] for job in jobs}
        waiting = [(job_id, kept.specification) for job_id, kept in self._memory.jobs.items()
                   if not kept.accepted and job_id not in known]
        self.model.replace([*jobs, *(_unsent(specification, self.tr("Was never sent: try again, or remove it"))
                                     for _, specification in waiting)])
        news = [job for job in jobs if self._follow(job)]
        if len(news) == 1:
            self._announce(news[0])
        elif news:
            self._messages.success(self.tr("{0} jobs have ended while QGIS was closed.").format(len(news)),
                                   self.tr("Show the newest"), lambda: self.show_on_map(news[0]["id"]))
        for job_id, _ in waiting:
            if job_id in self._own:
                self._send(job_id)

    def _job_changed(self, job: dict[str, Any]) -> None:
        self.model.put(job)
        if self._follow(job):
            self._announce(job)

    def _job_removed(self, job_id: str) -> None:
        self.model.remove(job_id)
        self._memory.forget(job_id)
        self._shown_outputs.pop(job_id, None)

    def _follow(self, job: dict[str, Any]) -> bool:
        """Load what a job of this session or project has brought; True where its end is yet to be said."""
        job_id = job["id"]
        kept = self._memory.jobs.get(job_id)
        if kept is not None and not kept.accepted:
            self._memory.keep(job_id, accepted=True)
        ended = job["state"] in FINAL
        count = len(job["outputs"])
        # Only into the project it was sent from; and what the user removed later does not come back by itself.
        if kept is not None and not kept.loaded and count:
            if count > self._shown_outputs.get(job_id, 0):
                self._show(job, zoom=False)
            if ended:
                self._memory.keep(job_id, loaded=True)
        if not ended or job_id in self._announced or not (kept is not None or job_id in self._sent_here):
            return False
        self._announced.add(job_id)
        return True

    def _show(self, job: dict[str, Any], zoom: bool) -> None:
        self._shown_outputs[job["id"]] = len(job["outputs"])
        self._results.show(job, zoom=zoom)
        self.resultsShown.emit(job)

    def _announce(self, job: dict[str, Any]) -> None:
        job_id, name = job["id"], job["name"]
        count = len(job["outputs"])
        if job["state"] == "succeeded":
            self._messages.success(self.tr("{0} is ready.").format(name), self.tr("Show on map"),
                                   lambda: self.show_on_map(job_id))
        elif job["state"] == "failed":
            text = self.tr("{0} failed. {1}").format(name, plain_error(job.get("reason") or {}))
            if len(text) > _ONE_LINE:
                text = self.tr("{0} failed; its line in the list of jobs says why.").format(name)
            if count:
                self._messages.warning(text, self.tr("Show what is there"), lambda: self.show_on_map(job_id))
            else:
                self._messages.warning(text, self.tr("Show in list"), lambda: self.chosen.emit(job_id))

    # --- inside

    def _project_changed(self) -> None:
        self._shown_outputs = {}
        if self._client.is_ready:
            self._ask_for_list()

    def _note(self, job_id: str, message: str) -> None:
        """A remark on a job until the engine says something new."""
        job = self.model.job(job_id)
        if job is not None:
            self.model.put({**job, "message": message})


def _unsent(specification: dict[str, Any], message: str) -> dict[str, Any]:
    """A row for a job that the engine does not have yet."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": specification["id"], "kind": specification["kind"], "name": specification["name"], "state": "queued",
            "reason": None, "message": message, "progress": 0.0, "seconds_left": None, "created": now, "started": None,
            "ended": None, "place": "", "specification": specification, "folder": "", "outputs": [], "unsent": True}
