"""The jobs of this QGIS: sends requests, follows jobs, loads what they bring, says once that they have ended.

A job is kept with the project before it is sent. If the engine is lost before it answers, the same job (the same id)
is sent again when the engine is back: that makes one job, never two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices

from .. import preferences
from ..contract import FINAL_STATES, LOCAL
from ..engine.client import EngineClient
from ..text.formatting import plain_error
from ..text.translate import error_message
from ..widgets.message_bar import Messages
from .actions import BRING_AND_SHOW, FOLDER, SHOW, first_action, first_action_text, goes_on
from .map_request import MapRequest, new_id
from .project_state import KeptJob, ProjectMemory
from .retrieval import ResultRetrieval, is_coming
from .status_text import concerns, end_text, maps_here, not_here, outputs_folder
from .table_model import JobModel
from .unsent import HeldMaps, row_of

# The engine may or may not have the job; the next one to answer is asked again.
_UNDECIDED = ("engine_lost", "engine_timeout", "engine_stopped")


class Session(QObject):
    """``sent(problem, id)``: how the latest sending went, empty where it is well. ``chosen(id)``: a new job to look at.
    ``modelsWanted(host)``: the user asks for the models of a host. ``consentWanted(id)``: the user asks to send a job
    that came with the project file; it waits for `send_kept`. ``retried(id, new id)``: a job is sent anew.
    """

    sent = pyqtSignal(str, str)
    chosen = pyqtSignal(str)
    resultsShown = pyqtSignal(dict)
    modelsWanted = pyqtSignal(str)
    consentWanted = pyqtSignal(str)
    retried = pyqtSignal(str, str)

    def __init__(self, client: EngineClient, memory: ProjectMemory, results: Any, messages: Messages,
                 titles: Callable[[str], str] = str, parent: QObject | None = None) -> None:
        """``titles`` tells what a host is called."""
        super().__init__(parent)
        self.model = JobModel(self)
        self._titles = titles
        self._client, self._memory, self._results, self._messages = client, memory, results, messages
        self._sent_here = preferences.sent_jobs()
        self._announced = preferences.announced_jobs()
        self.held = HeldMaps(memory)
        # Sent in this session: sent again, as it was, when the engine was lost.
        self._own: dict[str, dict[str, Any]] = {}
        self._under_way: set[str] = set()    # sent, not answered yet
        self._shown_outputs: dict[str, int] = {}
        self._retrieval = ResultRetrieval(client, self)
        self._retrieval.changed.connect(self._job_changed)
        self._retrieval.failed.connect(messages.warning)
        client.ready.connect(self._engine_ready)
        client.jobChanged.connect(self._job_changed)
        client.jobRemoved.connect(self._job_removed)
        memory.changed.connect(self._project_changed)
        self._warn_of_the_project()
        if client.is_ready:
            self._engine_ready()

    def close(self) -> None:
        """Remember what is to be remembered."""
        self._sent_here.flush()
        self._announced.flush()
        self.held.flush()

    # --- what the user asks for

    def submit(self, request: MapRequest) -> str:
        """Keep a request with the project and send it where it is to run; the job's id."""
        threads = preferences.threads() if request.host == LOCAL else 0  # a cluster's nodes are not this computer
        return self.send(request.specification(new_id(), threads or None), request.host)

    def send(self, specification: dict[str, Any], host: str = LOCAL) -> str:
        """Keep a job with the project and send it to a host; the job's id."""
        job_id = str(specification["id"])
        self._memory.keep(job_id, specification, host=host)
        self._own[job_id] = specification
        self._sent_here.add(job_id)
        self.model.put(self._unsent(job_id, self.tr("Sending to the engine")))
        self.chosen.emit(job_id)
        self._send(job_id)
        return job_id

    def show_unsent(self, job_id: str) -> None:
        """Show a kept job that waits, as it stands now."""
        self.model.put(self._unsent(job_id))

    def release(self, job_id: str, specification: dict[str, Any]) -> None:
        """Send maps whose data have come."""
        self._memory.keep(job_id, specification, after="")
        self.send(specification, self._memory.jobs[job_id].host)

    def cancel(self, job_id: str) -> None:
        if (self.model.job(job_id) or {}).get("held"):
            self._job_removed(job_id)
            return
        self._note(job_id, self.tr("Cancelling …"))
        self._client.call("cancel", {"id": job_id}, self._job_changed, self._refused, owner=self)

    def retry(self, job_id: str) -> None:
        """The same request as a new job; where that takes over the maps, theirs is the place of the earlier ones."""
        job = self.model.job(job_id)
        if job is None:
            return
        if job.get("unsent"):
            if self._is_own(job_id):
                self._send(job_id)
            elif job_id in self._memory.jobs:
                self.consentWanted.emit(job_id)
            return
        again = new_id()
        specification = {**job["specification"], "id": again}
        self._memory.keep(again, specification, host=job["host"])
        self._own[again] = specification
        self._sent_here.add(again)
        self.retried.emit(job_id, again)
        replaced = job_id if goes_on(job) else ""
        self._client.call("retry", {"id": job_id, "new_id": again}, lambda made: self._accepted_again(made, replaced),
                          lambda error: self._not_accepted(again, error), owner=self)

    def kept(self, job_id: str) -> KeptJob | None:
        """A job as the project keeps it."""
        return self._memory.jobs.get(job_id)

    def send_kept(self, job_id: str, kept: KeptJob) -> None:
        """Send a job that came with the project, which the user has seen; nothing where it is another one by now."""
        if self._memory.jobs.get(job_id) is not kept or kept.accepted:
            return
        self._own[job_id] = kept.specification
        self._sent_here.add(job_id)
        self._send(job_id)

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
        """Show what there is of a job: its maps, its files, or first bring them here."""
        job = self.model.job(job_id)
        action = first_action(job)
        if job is None or not job.get("outputs"):
            return
        if action == SHOW:
            self._show(job, zoom=True)
        elif action == FOLDER:
            QDesktopServices.openUrl(QUrl.fromLocalFile(outputs_folder(job)))
        elif action:
            self._retrieval.retrieve(job_id, show=action == BRING_AND_SHOW)
        else:
            self._retrieval.show_when_here(job_id)  # it is on its way

    # --- sending

    def _is_own(self, job_id: str) -> bool:
        """Whether what is kept is what was sent in this session, and no other project's job with the same id."""
        kept = self._memory.jobs.get(job_id)
        return kept is not None and self._own.get(job_id) == kept.specification

    def _send(self, job_id: str) -> None:
        if job_id in self._under_way:
            return
        self._under_way.add(job_id)
        kept = self._memory.jobs[job_id]
        self._client.call("submit", {"specification": kept.specification, "host": kept.host}, self._accepted,
                          lambda error: self._not_accepted(job_id, error), owner=self)

    def _accepted(self, job: dict[str, Any]) -> None:
        self._under_way.discard(job["id"])
        self._memory.keep(job["id"], accepted=True)
        self.sent.emit("", job["id"])
        self._job_changed(job)
        self.chosen.emit(job["id"])

    def _accepted_again(self, job: dict[str, Any], replaced: str) -> None:
        if replaced:
            self._results.remove(replaced)
        self._accepted(job)

    def _not_accepted(self, job_id: str, error: dict[str, Any]) -> None:
        self._under_way.discard(job_id)
        if error["code"] in _UNDECIDED:
            self._note(job_id, self.tr("Waiting for the engine: {0}").format(error_message(error)))
        else:
            # The engine has said no: there is no job, and the request stands in the dock as it was.
            self._memory.forget(job_id)
            self._own.pop(job_id, None)
            self.model.remove(job_id)
        self.sent.emit(plain_error(error), job_id)

    def _refused(self, error: dict[str, Any]) -> None:
        self._messages.warning(plain_error(error))
        self._ask_for_list()

    # --- what the engine says

    def _engine_ready(self, *_: Any) -> None:
        self._ask_for_list()

    def _ask_for_list(self) -> None:
        self._client.call("list", {}, self._listed, lambda error: self._messages.warning(plain_error(error)),
                          owner=self)

    def _listed(self, jobs: list[dict[str, Any]]) -> None:
        jobs = [self._placed(job) for job in jobs]
        known = {job["id"]: job for job in jobs}
        waiting = [job_id for job_id, kept in self._memory.jobs.items() if not kept.accepted and job_id not in known]
        self.model.replace([*jobs, *(self._unsent(job_id, known=known) for job_id in waiting)])
        news = [job for job in jobs if self._follow(job)]
        if len(news) == 1:
            self._announce(news[0])
        elif news:
            self._messages.success(self.tr("%n job(s) ended while QGIS was closed.", None, len(news)),
                                   self.tr("Show the newest"), lambda: self.chosen.emit(news[0]["id"]))
        for job_id in waiting:
            if self._is_own(job_id):
                self._send(job_id)

    def _job_changed(self, job: dict[str, Any]) -> None:
        job = self._placed(job)
        self.model.put(job)
        if self._follow(job):
            self._announce(job)

    def _placed(self, job: dict[str, Any]) -> dict[str, Any]:
        """A summary with ``away``: whether the job runs elsewhere than on this computer."""
        return {**job, "away": job["host"] != LOCAL}

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
        ended = job["state"] in FINAL_STATES
        if self._retrieval.take(job):
            self._show(job, zoom=True)
        # Only into the project it was sent from; and what the user removed later does not come back by itself.
        elif kept is not None and not kept.loaded and len(maps_here(job)) > self._shown_outputs.get(job_id, 0):
            self._show(job, zoom=False)
        elif kept is not None and not kept.loaded and ended:
            self._results.note(job)
        if kept is not None and not kept.loaded and ended and not not_here(job):
            self._memory.keep(job_id, loaded=True)
        # Results that are being downloaded are announced when they are here.
        if not ended or is_coming(job) or job_id in self._announced:
            return False
        if kept is None and job_id not in self._sent_here:
            return False
        self._announced.add(job_id)
        return True

    def _show(self, job: dict[str, Any], zoom: bool) -> None:
        self._shown_outputs[job["id"]] = len(maps_here(job))
        self._results.show(job, zoom=zoom)
        self.resultsShown.emit(job)

    def _announce(self, job: dict[str, Any]) -> None:
        """Say that a job has ended, with the one thing that one would do next."""
        job_id, action = job["id"], first_action_text(job)
        text = end_text(job)
        if job["state"] == "succeeded":
            if job["kind"] == "train":
                host = job["host"] if job.get("away") else ""
                self._messages.success(text, self.tr("Models…"), lambda: self.modelsWanted.emit(host))
            else:
                say = self._messages.warning if concerns(job) else self._messages.success
                say(text, action, lambda: self.show_on_map(job_id))
        elif job["state"] == "failed":
            if first_action(job):
                what = self.tr("Show finished maps") if first_action(job) == SHOW else action
                self._messages.warning(text, what, lambda: self.show_on_map(job_id))
            else:
                self._messages.warning(text, self.tr("Show in list"), lambda: self.chosen.emit(job_id))

    # --- inside

    def _warn_of_the_project(self) -> None:
        if self._memory.is_newer:
            self._messages.warning(self.tr("This project was saved with a newer version of DeepSoil. Its jobs are left "
                                           "as they are; update DeepSoil to work with them."))
        elif self._memory.skipped:
            self._messages.warning(self.tr("Left out, because damaged or not a request for maps: %n job(s) of the "
                                           "project file.", None, self._memory.skipped))

    def _project_changed(self) -> None:
        self._shown_outputs = {}
        self._warn_of_the_project()
        if self._client.is_ready:
            self._ask_for_list()

    def _note(self, job_id: str, message: str) -> None:
        """A remark on a job until the engine says something new."""
        job = self.model.job(job_id)
        if job is not None:
            self.model.put({**job, "message": message})

    def _unsent(self, job_id: str, message: str = "", known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A row for a kept job that the engine does not have yet."""
        kept, held = self._memory.jobs[job_id], False
        if not message:
            message, held = self.held.status(kept, known[kept.after] if known and kept.after in known
                                             else self.model.job(kept.after))
        return row_of(kept, message, self._titles(kept.host), held)
