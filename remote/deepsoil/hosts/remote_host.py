"""One other host as known here: its connection, its jobs, and what is sent and fetched."""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.events import of_question
from deepsoil.contract.host import Host
from deepsoil.contract.times import is_time
from deepsoil.hosts.prompts.prompt import Ask
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.rpc.connection_state import ConnectionStatus, Timing
from deepsoil.hosts.rpc.interfaces import Connect
from deepsoil.hosts.sync.job_cache import MOST_JOBS, JobCache, Summary, is_final
from deepsoil.hosts.sync.job_view import HostView, view_of_job, view_of_record
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.hosts.sync.retrieval import is_retrieved, remote_files
from deepsoil.hosts.sync.retriever import Retriever
from deepsoil.hosts.sync.submitter import Submitter
from deepsoil.jobs.folder import now
from deepsoil.jobs.listing import is_job_id

ANSWER_WITHIN_S = 15.0  # a user who sends or cancels a job
_FILE_TIME_STEP_S = 3.0  # resolution
_SMALL_SKEW_S = 30

Emit = Callable[..., None]


class RemoteHost:
    """``emit(event, **content)`` is called for every change."""

    def __init__(self, host: Host, home: Path, connect: Connect, ask: Ask, emit: Emit,
                 timing: Timing | None = None) -> None:
        self.host = host
        self._emit = emit
        folder = home / "hosts" / host.id
        self.journal, self.job_cache = Journal(folder), JobCache(folder)
        self.engine = EngineConnection(host, home, self, connect, ask, timing=timing)
        self.submitter = Submitter(self.engine, self.journal, partial(self._received, reply=True), self.report,
                                   self._look_for_changes)
        self.retriever = Retriever(self.engine, self.journal, self.job_cache, self.report)
        self._timing = timing or Timing()
        self._guard = threading.Lock()
        self._reporting = threading.RLock()  # what is told of a job is never older than what was told before
        self._reported: dict[str, Summary] = {}
        self._known_records: dict[str, Record] = {}
        self._silent_since: str | None = now()
        self._new_at_listing: set[str] = set()
        self._events_during_listing: set[str] | None = None

    def start(self) -> None:
        self.engine.start()
        self.submitter.start()
        self.retriever.start()

    def stop(self) -> None:
        """Close the connection; its jobs continue, and unsent requests are sent next time."""
        self.submitter.stop()
        self.retriever.stop()
        self.engine.stop()

    def document(self) -> dict[str, Any]:
        """The host document of the contract, with its connection."""
        return {**self.host.to_dict(), "connection": self.engine.status.to_dict()}

    @property
    def busy(self) -> bool:
        """Whether a request was not sent to the host yet."""
        return any(record.pending for record in self.journal.records().values())

    # ---- jobs ----

    def knows(self, job: str) -> bool:
        record = self.journal.get(job)
        return self.job_cache.get(job) is not None or (record is not None and not record.removed)

    def jobs(self) -> list[Summary]:
        """All known jobs of the host."""
        summaries, records, host = self.job_cache.jobs(), self.journal.records(), self._host_view()
        views = (self._view_or_none(records.get(name), summaries.get(name), host) for name in {**summaries, **records})
        return [view for view in views if view is not None]

    def _view_or_none(self, record: Record | None, summary: Summary | None, host: HostView) -> Summary | None:
        try:
            return self._view(record, summary, host)
        except Exception:  # noqa: BLE001 - the boundary: one job must not hide the others
            traceback.print_exc(file=sys.stderr)
            return None

    def view(self, job: str) -> Summary | None:
        """One job as clients see it; None if there is none."""
        return self._view(self.journal.get(job), self.job_cache.get(job), self._host_view())

    def _host_view(self) -> HostView:
        return HostView(self.host.id, self.host.title, self.engine.status, self._silent_since, self.job_cache.skew_s,
                        self.job_cache.folder, self._local_path)

    def _view(self, record: Record | None, summary: Summary | None, host: HostView) -> Summary | None:
        if record is not None and record.removed:
            return None
        if summary is not None:
            return view_of_job(summary, record, host, self.retriever.progress(summary["id"]))
        if record is None or (record.phase == "accepted" and record.specification is None):
            return None
        return view_of_record(record, host)

    def submit(self, specification: dict[str, Any], earlier: str | None = None) -> Summary:
        """Send a job; returns when the host has accepted it, or immediately if the host cannot be reached now.

        ``earlier``: a job of the host with the same request, whose finished work the host takes over.
        """
        job = specification["id"]
        if not self.knows(job):
            self._require_engine()
        self.journal.note(job, "submit", specification=specification, earlier=earlier)
        self.submitter.wake()
        self.submitter.wait(job, ANSWER_WITHIN_S)
        return self._answer(job)

    def cancel(self, job: str) -> Summary:
        """Stop a job, whatever its status; if it has ended, stop the retrieval of its outputs."""
        known = self.job_cache.get(job)
        if known is not None and is_final(known):
            self.retriever.cancel(job)
            return self._answer(job)
        # A job that was certainly never sent is cancelled here; any other must be cancelled on the host.
        record = self.journal.note(job, "cancelled", when=lambda record: record is not None
                                   and record.phase == "waiting")
        if record is None or record.phase not in ("cancelled", "refused"):
            self.journal.note(job, "cancel")
            self.submitter.wake()
            self.submitter.wait(job, ANSWER_WITHIN_S)
        return self._answer(job)

    def remove(self, job: str) -> dict[str, Any]:
        """Delete an ended job on the host, and its files on this computer."""
        record = self.journal.get(job)
        if record is not None and record.phase in ("waiting", "sent"):
            raise DeepSoilError("job_active", "The job has not ended.", "Cancel it first, then remove it.", "id")
        if record is None or record.phase == "accepted":
            try:
                self.engine.request("remove", {"id": job})
            except DeepSoilError as error:
                if error.code != "job_missing":
                    raise
        self.journal.note(job, "removed")
        self._forget(job, everything=True)
        return {}

    def retrieve(self, job: str) -> Summary:
        """Retrieve the existing outputs in the background."""
        summary = self.job_cache.get(job)
        if summary is None or not summary.get("outputs"):
            raise DeepSoilError("output_missing", "The job has no outputs yet.", "Wait until there are some.", "id")
        self.retriever.request(job)
        return self._answer(job)

    def outputs(self, job: str) -> list[dict[str, Any]]:
        return list(self._answer(job)["outputs"])

    def ask(self, method: str, params: dict[str, Any], timeout_s: float) -> Any:
        """The answer of the host's engine."""
        return self.engine.request(method, params, timeout_s)

    def _require_engine(self) -> None:
        """Raise before sending if the host's engine is known to be unable to run the job."""
        status = self.engine.status
        if status.state in ("other_engine", "no_engine"):
            raise DeepSoilError(status.state, "{problem}", "{advice}", "host",
                                problem=status.message, advice=status.hint)

    def _answer(self, job: str) -> Summary:
        with self._reporting:
            view = self.view(job)
            if view is not None:
                self._emit_job(view)
        if view is None:
            raise DeepSoilError("job_missing", "There is no job '{job}' on {title} any more.",
                                "It was removed; look in the list of jobs.", "id",
                                job=job, title=self.host.title)
        return view

    # ---- what the connection reports ----

    def status_changed(self, status: ConnectionStatus) -> None:
        if status.open:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = status.since
        self._emit("host", host=self.document())
        with self._guard:
            new, self._new_at_listing = self._new_at_listing, set()
        with self._reporting:
            for job in self.jobs():
                if job["id"] in new or not is_final(job):
                    self._emit_job(job)
        self.submitter.wake()
        self.retriever.wake()

    def event(self, message: dict[str, Any]) -> None:
        if (question := of_question(message)) is not None:
            self._emit("what_if", **question)
        job = message.get("job")
        name = str(job.get("id")) if isinstance(job, dict) else str(message.get("id"))
        if not is_job_id(name):
            return
        with self._guard:
            if self._events_during_listing is not None:
                self._events_during_listing.add(name)
        if message["event"] == "job":
            self._received(job, event=True)
        elif message["event"] == "removed":
            self._forget(name, everything=False)

    def connected(self, ask: Callable[..., Any]) -> None:
        """Watch first, then list the changes since the last time; a job that is not listed no longer exists."""
        known = self.job_cache.jobs()
        before = known.keys() | {name for name, record in self.journal.records().items() if record.phase == "accepted"}
        with self._guard:
            self._events_during_listing = set()
        watched = ask("watch", {}, self._timing.hello)
        moment = _time_of(watched)
        seen = self.job_cache.seen if known else None
        listing = ask("list", {"after": _earlier(seen)} if seen else {}, self._timing.listing)
        listing = _listed(listing)
        if any("state" not in job and job["id"] not in known for job in listing):
            listing = _listed(ask("list", {}, self._timing.listing))  # the local cache was lost
        with self._guard:
            newer, self._events_during_listing = self._events_during_listing, None
        self.job_cache.listed(moment, _skew_s(moment))
        for job in listing:
            if "state" in job and job["id"] not in newer and self.job_cache.put(job):
                with self._guard:
                    self._new_at_listing.add(job["id"])  # reported when the connection is open
        # Only jobs known before the request can be missing in the answer.
        missing = before - {job["id"] for job in listing} - newer if len(listing) < MOST_JOBS else set()
        for name in missing:
            self._forget(name, everything=False)

    def _received(self, document: Any, *, reply: bool = False, event: bool = False) -> None:
        """A summary from the host, in an ``event`` or (``reply``) as an answer."""
        job = self.job_cache.put(document, reply=reply, event=event)
        if job is None:
            return
        if is_final(job):
            self.retriever.wake()
        self.report(job["id"])

    def _forget(self, job: str, *, everything: bool) -> None:
        """Forget a job that no longer exists on the host. Retrieved files are kept, unless the user removed it here."""
        self.job_cache.drop(job, everything=everything)
        record = self.journal.get(job)
        if record is not None and record.phase == "accepted":
            self.journal.note(job, "removed")
        with self._reporting:
            self._reported.pop(job, None)
            self._emit("removed", id=job)

    def report_after(self, after_s: float) -> None:
        """Report the jobs that changed after a time, in seconds since the epoch."""
        with self._reporting:
            for job in self.jobs():
                if self.job_cache.changed_s(job["id"]) > after_s:
                    self._emit("job", job=job)

    def report(self, job: str) -> None:
        """Report a job if it has changed."""
        with self._reporting:
            view = self.view(job)
            if view is not None:
                self._emit_job(view)

    def _emit_job(self, view: Summary) -> None:
        """Called with `_reporting` held since before the view was made."""
        if self._reported.get(view["id"]) != view:
            self._reported[view["id"]] = view
            self._emit("job", job=view)

    def _look_for_changes(self) -> None:
        """Report changes that another process of this HOME wrote to the journal."""
        for name, record in self.journal.records().items():
            if name not in self._known_records or self._known_records[name] != record:
                self._known_records[name] = record
                self.report(name)

    def _local_path(self, job: str, output: dict[str, Any]) -> Path | None:
        target = self.job_cache.outputs(job)
        try:
            (file,) = remote_files([output])
        except DeepSoilError:
            return None
        return target / file.name if is_retrieved(target, file) else None


def _listed(document: Any) -> list[dict[str, Any]]:
    """A received list of jobs; entries without a valid job id are skipped. DeepSoilError ``bad_reply``."""
    if not isinstance(document, list):
        raise DeepSoilError("bad_reply", "The engine there sent no list of jobs.", "Install the engine there again.")
    return [job for job in document[:MOST_JOBS]
            if isinstance(job, dict) and isinstance(job.get("id"), str) and is_job_id(job["id"])]


def _time_of(watched: Any) -> str | None:
    """The host's time in its answer to `watch`; None if missing."""
    moment = watched.get("time") if isinstance(watched, dict) else None
    return str(moment) if is_time(moment) else None


def _earlier(seen: str) -> str:
    return (dt.datetime.fromisoformat(seen) - dt.timedelta(seconds=_FILE_TIME_STEP_S)).isoformat()


def _skew_s(moment: str | None) -> int:
    """By how many seconds this computer's clock is ahead of the host's."""
    if moment is None:
        return 0
    ahead = time.time() - dt.datetime.fromisoformat(moment).timestamp()
    return round(ahead) if abs(ahead) > _SMALL_SKEW_S else 0
