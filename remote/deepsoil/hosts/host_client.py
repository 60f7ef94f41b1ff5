"""One host as this computer knows it: its link, its journal, its jobs, and what is on its way to and fro."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host
from deepsoil.hosts.prompts.prompt import Ask
from deepsoil.hosts.rpc.connection import Connect, Link
from deepsoil.hosts.rpc.connection_state import Standing, Timing
from deepsoil.hosts.sync.auto_retrieval import Retriever
from deepsoil.hosts.sync.job_cache import Mirror, Summary, is_final, is_id
from deepsoil.hosts.sync.job_view import Here, of_job, of_record
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.hosts.sync.retrieval import here
from deepsoil.hosts.sync.retrieval import wanted_files as _wanted_files
from deepsoil.hosts.sync.submitter import Outbox
from deepsoil.jobs.folder import now

# A user who sends or cancels a job waits this long for the host's word; then the summary says how it stands.
ANSWER_WITHIN_S = 15.0
# Files' times may be as coarse as this.
_GRAIN_S = 3.0
_SMALL_SKEW_S = 30

Emit = Callable[..., None]


class Site:
    """``emit(event, **content)`` is told of everything that changes."""

    def __init__(self, host: Host, home: Path, connect: Connect, ask: Ask, emit: Emit,
                 timing: Timing | None = None) -> None:
        self.host = host
        self._emit = emit
        folder = home / "hosts" / host.id
        self.journal, self.mirror = Journal(folder), Mirror(folder)
        self.link = Link(host, home, self, connect, ask, timing=timing)
        self.outbox = Outbox(self.link, self.journal, partial(self._told, reply=True), self.tell, self._look)
        self.retriever = Retriever(self.link, self.journal, self.mirror, self.tell)
        self._timing = timing or Timing()
        self._guard = threading.Lock()
        self._said: dict[str, Summary] = {}
        self._looked: dict[str, Record] = {}
        self._silent_since: str | None = now()
        self._fresh: set[str] = set()
        self._heard_of: set[str] | None = None

    def start(self) -> None:
        self.link.start()
        self.outbox.start()
        self.retriever.start()

    def stop(self) -> None:
        """End the connection; jobs there go on, and what was not handed over is handed over another time."""
        self.outbox.stop()
        self.retriever.stop()
        self.link.stop()

    def document(self) -> dict[str, Any]:
        """The host of the contract, with its connection."""
        return {**self.host.to_dict(), "connection": self.link.standing.to_dict()}

    @property
    def busy(self) -> bool:
        """Whether something was not handed over yet."""
        return any(record.pending for record in self.journal.records().values())

    # ---- jobs ----

    def knows(self, job: str) -> bool:
        record = self.journal.get(job)
        return self.mirror.get(job) is not None or (record is not None and not record.removed)

    def jobs(self) -> list[Summary]:
        """All jobs of the host, as far as they are known here."""
        summaries, records, around = self.mirror.jobs(), self.journal.records(), self._here()
        views = (self._view(records.get(name), summaries.get(name), around) for name in {**summaries, **records})
        return [view for view in views if view is not None]

    def view(self, job: str) -> Summary | None:
        """One job as a client is told; None where there is none."""
        return self._view(self.journal.get(job), self.mirror.get(job), self._here())

    def _here(self) -> Here:
        return Here(self.host.id, self.host.title, self.link.standing, self._silent_since, self.mirror.skew_s,
                    self.mirror.folder, self._local)

    def _view(self, record: Record | None, summary: Summary | None, around: Here) -> Summary | None:
        if record is not None and record.removed:
            return None
        if summary is not None:
            return of_job(summary, record, around, self.retriever.progress(summary["id"]))
        if record is None or (record.phase == "accepted" and record.specification is None):
            return None
        return of_record(record, around)

    def submit(self, specification: dict[str, Any]) -> Summary:
        """Send a job; answered when the host has taken it, or at once where it cannot be told now."""
        job = specification["id"]
        if not self.knows(job):
            self._require_engine()
        self.journal.note(job, "submit", specification=specification)
        self.outbox.wake()
        self.outbox.wait(job, ANSWER_WITHIN_S)
        return self._answer(job)

    def cancel(self, job: str) -> Summary:
        """Stop a job, whatever is known of it; or, where it has ended, the retrieval of its outputs."""
        known = self.mirror.get(job)
        if known is not None and is_final(known):
            self.retriever.give_up(job)
            return self._answer(job)
        # Of a job that was surely never sent the cancel is the whole truth; otherwise the host must be told.
        record = self.journal.note(job, "cancelled", when=lambda record: record is not None
                                   and record.phase == "waiting")
        if record is None or record.phase not in ("cancelled", "refused"):
            self.journal.note(job, "cancel")
            self.outbox.wake()
            self.outbox.wait(job, ANSWER_WITHIN_S)
        return self._answer(job)

    def remove(self, job: str) -> dict[str, Any]:
        """Delete a job that has ended: there, and what is here of it."""
        record = self.journal.get(job)
        if record is not None and record.phase in ("waiting", "sent"):
            raise DeepSoilError("job_active", "The job has not ended.", "Cancel it first, then remove it.", "id")
        if record is None or record.phase == "accepted":
            try:
                self.link.request("remove", {"id": job})
            except DeepSoilError as error:
                if error.code != "job_missing":
                    raise
        self.journal.note(job, "removed")
        self._gone(job, everything=True)
        return {}

    def retrieve(self, job: str) -> Summary:
        """Bring the outputs that there are, in the background."""
        summary = self.mirror.get(job)
        if summary is None or not summary.get("outputs"):
            raise DeepSoilError("output_missing", "The job has no outputs yet.", "Wait until there are some.", "id")
        self.retriever.want(job)
        return self._answer(job)

    def outputs(self, job: str) -> list[dict[str, Any]]:
        return list(self._answer(job)["outputs"])

    def ask(self, method: str, params: dict[str, Any], timeout_s: float) -> Any:
        """The answer of the engine there."""
        return self.link.request(method, params, timeout_s)

    def _require_engine(self) -> None:
        """Where it is known that the engine there cannot take the job, that is said before it is sent."""
        standing = self.link.standing
        if standing.state in ("other_engine", "no_engine"):
            raise DeepSoilError(standing.state, standing.message, standing.hint, "host")

    def _answer(self, job: str) -> Summary:
        view = self.view(job)
        if view is None:
            raise DeepSoilError("job_missing", "There is no job '{job}' on {title} any more.",
                                "It was removed; look in the list of jobs.", "id",
                                job=job, title=self.host.title)
        self._say(view)
        return view

    # ---- what the link hears ----

    def changed(self, standing: Standing) -> None:
        if standing.open:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = standing.since
        self._emit("host", host=self.document())
        with self._guard:
            fresh, self._fresh = self._fresh, set()
        for job in self.jobs():
            if job["id"] in fresh or not is_final(job):
                self._say(job)
        self.outbox.wake()
        self.retriever.wake()

    def event(self, message: dict[str, Any]) -> None:
        job = message.get("job")
        name = str(job.get("id")) if isinstance(job, dict) else str(message.get("id"))
        if not is_id(name):
            return
        self._hear_of(name)
        if message["event"] == "job" and isinstance(job, dict):
            self._told(job)
        elif message["event"] == "removed":
            self._gone(name, everything=False)

    def greeted(self, ask: Callable[..., Any]) -> None:
        """Watch first, then list what has changed since the last time; what is not listed is gone."""
        known = self.mirror.jobs()
        before = known.keys() | {name for name, record in self.journal.records().items() if record.phase == "accepted"}
        with self._guard:
            self._heard_of = set()
        watched = ask("watch", {}, self._timing.hello)
        moment = watched.get("time") if isinstance(watched, dict) else None
        seen = self.mirror.seen if known else None
        listing = ask("list", {"after": _earlier(seen)} if seen else {}, self._timing.listing)
        if any("state" not in job and job["id"] not in known for job in listing):
            listing = ask("list", {}, self._timing.listing)  # what was known here was lost
        with self._guard:
            heard_of, self._heard_of = self._heard_of, None
        self.mirror.listed(moment, _skew_s(moment))
        for job in listing:
            if "state" in job and job["id"] not in heard_of and self.mirror.put(job):
                with self._guard:
                    self._fresh.add(job["id"])  # told when the link is open, as a job whose host answers
        # Only what was known before the question can be missing in the answer.
        for name in before - {job["id"] for job in listing} - heard_of:
            self._gone(name, everything=False)

    def _hear_of(self, job: str) -> None:
        with self._guard:
            if self._heard_of is not None:
                self._heard_of.add(job)

    def _told(self, job: Summary, *, reply: bool = False) -> None:
        """The host says how a job is."""
        if not self.mirror.put(job, reply=reply):
            return
        if is_final(job):
            self.retriever.wake()
        self.tell(job["id"])

    def _gone(self, job: str, *, everything: bool) -> None:
        """A job is no longer there. What was brought here is the user's, unless the user removed the job here."""
        self.mirror.drop(job, everything=everything)
        record = self.journal.get(job)
        if record is not None and record.phase == "accepted":
            self.journal.note(job, "removed")
        with self._guard:
            self._said.pop(job, None)
        self._emit("removed", id=job)

    def tell_after(self, after_s: float) -> None:
        """Say how the jobs are of which something new came after a time, in seconds of the epoch."""
        for job in self.jobs():
            if self.mirror.changed_s(job["id"]) > after_s:
                self._emit("job", job=job)

    def tell(self, job: str) -> None:
        """Say how a job is, where that is new."""
        view = self.view(job)
        if view is not None:
            self._say(view)

    def _say(self, view: Summary) -> None:
        with self._guard:
            if self._said.get(view["id"]) == view:
                return
            self._said[view["id"]] = view
        self._emit("job", job=view)

    def _look(self) -> None:
        """What another process on this HOME wrote into the journal is told, too."""
        for name, record in self.journal.records().items():
            if name not in self._looked or self._looked[name] != record:
                self._looked[name] = record
                self.tell(name)

    def _local(self, job: str, output: dict[str, Any]) -> Path | None:
        target = self.mirror.outputs(job)
        try:
            (wanted,) = _wanted_files([output])
        except DeepSoilError:
            return None
        return target / wanted.name if here(target, wanted) else None


def _earlier(seen: str) -> str:
    return (dt.datetime.fromisoformat(seen) - dt.timedelta(seconds=_GRAIN_S)).isoformat()


def _skew_s(moment: str | None) -> int:
    """How far this computer's clock is ahead of the host's."""
    try:
        ahead = time.time() - dt.datetime.fromisoformat(moment or "").timestamp()
    except ValueError:
        return 0
    return round(ahead) if abs(ahead) > _SMALL_SKEW_S else 0
