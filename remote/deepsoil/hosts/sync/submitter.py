"""Sends the pending requests of the journal to a host, oldest first, until the host accepts or refuses them.

Every step can be repeated safely: a submission with the same id is the same job, and a cancel forbids a job that may
arrive later.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.rpc.pending_calls import as_error
from deepsoil.hosts.sync.job_cache import Summary
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.io.background_thread import PeriodicThread

# After these it is unknown whether the job was accepted; another request with the same id shows it.
_UNCERTAIN = frozenset({"internal", "out_of_memory", "bad_reply"})
_ATTEMPTS_WHERE_UNCERTAIN = 3
_LOOK_EVERY_S = 2.0
_BATCH = 128
# While the host makes the jobs of one request, the answer to another is taken in here.
_AT_ONCE = 2
_IN_A_REQUEST = 64
_MOST_IN_A_REQUEST = 4 << 20  # characters; a line holds 16 MiB
_CHECK_EVERY_S = 0.5


class Submitter(PeriodicThread):
    """One thread for one host. ``received(summary)``: the host sent one; ``changed(job id)``: a job
    has changed; ``look``: called at the start of every round."""

    def __init__(self, engine: EngineConnection, journal: Journal, received: Callable[[Summary], None],
                 changed: Callable[[str], None], look: Callable[[], None]) -> None:
        super().__init__(f"submitter {engine.host.id}", self._look_and_deliver, _LOOK_EVERY_S)
        self._engine, self._journal = engine, journal
        self._received, self._changed, self._look = received, changed, look
        self._settled = threading.Condition()
        self._attempts: dict[str, int] = {}

    def wait(self, job: str, timeout_s: float) -> None:
        """Return when nothing is left to send for the job, when nothing can be sent now, or after ``timeout_s``."""
        deadline = time.monotonic() + timeout_s
        with self._settled:
            while (record := self._journal.get(job)) is not None and record.pending:
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not (self._can_deliver(record) or self._engine.status.state == "connecting"):
                    return
                self._settled.wait(min(left_s, _CHECK_EVERY_S))

    def _can_deliver(self, record: Record) -> bool:
        """Whether a request can be sent now: an engine of another version gets no new jobs."""
        state = self._engine.status.state
        return state == "ready" or (state == "other_engine" and record.cancel_wanted)

    def _look_and_deliver(self) -> None:
        self._look()
        self._deliver_all()

    def _deliver_all(self) -> None:
        pending = sorted((record for record in self._journal.records().values() if record.pending),
                         key=lambda record: record.created)
        for record in pending:
            if record.cancel_wanted and not self.stopping and self._can_deliver(record):
                with self._settling([record]):
                    self._cancel(record)
        new = [record for record in pending if not record.cancel_wanted]
        for start in range(0, len(new), _BATCH):
            batch = new[start:start + _BATCH]
            if not self.stopping and self._can_deliver(batch[0]):
                with self._settling(batch):
                    self._submit(batch)

    @contextmanager
    def _settling(self, records: Sequence[Record]) -> Iterator[None]:
        """Report the records afterwards; an error of theirs must not hold up the others."""
        try:
            yield
        except DeepSoilError as error:
            if error.code != "host_unreachable":
                print(f"{records[0].id}: {error}", file=sys.stderr)
        except Exception:  # noqa: BLE001 - the boundary
            traceback.print_exc(file=sys.stderr)
        finally:
            for record in records:
                self._changed(record.id)
            with self._settled:
                self._settled.notify_all()

    def _submit(self, batch: Sequence[Record]) -> None:
        """Send jobs, many in a request; the journal is flushed once before them and once after them."""
        now = self._journal.note_all([record.id for record in batch], "send")
        # Others were just cancelled, or submitted by another process.
        ready = [record for record in now.values() if record.phase == "sent" and not record.cancel_wanted]
        accepted: list[str] = []
        try:
            if len(ready) == 1:
                self._send(ready[0], accepted)
            elif ready:
                with ThreadPoolExecutor(_AT_ONCE, "submitting") as pool:
                    for records in divided(ready):
                        pool.submit(self._send_many, records, accepted)
        finally:
            self._journal.note_all(accepted, "accepted")

    def _send_many(self, records: Sequence[Record], accepted: list[str]) -> None:
        with self._settling(records):
            if self.stopping:
                return
            try:
                answers = checked(self._engine.request("submit_many", {"requests": [_request(one) for one in records]}),
                                  len(records))
            except DeepSoilError as error:
                if error.code == "host_unreachable":
                    raise  # they may have arrived
                for record in records:  # the fault of one must not hold up the others
                    with self._settling([record]):
                        self._send(record, accepted)
                return
            for record, answer in zip(records, answers, strict=True):
                if answer is None:
                    self.wake()  # there was no time for it
                elif "job" in answer:
                    self._accepted(record, answer["job"], accepted)
                else:
                    self._failed(record, as_error(answer.get("error")))

    def _send(self, record: Record, accepted: list[str]) -> None:
        if self.stopping:
            return
        try:
            job = self._engine.request("submit", _request(record))
        except DeepSoilError as error:
            if error.code == "host_unreachable":
                raise  # it may have arrived
            self._failed(record, error)
            return
        self._accepted(record, job, accepted)

    def _accepted(self, record: Record, job: Any, accepted: list[str]) -> None:
        self._received(job)
        accepted.append(record.id)

    def _failed(self, record: Record, error: DeepSoilError) -> None:
        if error.code in _UNCERTAIN:
            attempts = self._attempts[record.id] = self._attempts.get(record.id, 0) + 1
            if attempts < _ATTEMPTS_WHERE_UNCERTAIN:
                return
        self._journal.note(record.id, "refused", error=error.to_dict())

    def _cancel(self, record: Record) -> None:
        forbid = record.phase != "accepted"
        params: dict[str, Any] = {"id": record.id, **({"forbid": True} if forbid else {})}
        try:
            job = self._engine.request("cancel", params)
        except DeepSoilError as error:
            if error.code != "job_missing":
                raise
            job = None
        if isinstance(job, dict) and job.get("specification"):
            self._received(job)
        elif forbid:
            self._journal.note(record.id, "cancelled")  # it never arrived, and never will
            return
        self._journal.note(record.id, "cancel_told")


def divided(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Records in their order, in lists that each fit into one request. Pure."""
    some: list[Record] = []
    size = 0
    for record in records:
        own = len(json_text.write(record.specification))
        if some and (len(some) == _IN_A_REQUEST or size + own > _MOST_IN_A_REQUEST):
            yield some
            some, size = [], 0
        some.append(record)
        size += own
    if some:
        yield some


def checked(answers: Any, count: int) -> list[dict[str, Any] | None]:
    """The answer to ``submit_many`` for ``count`` requests. DeepSoilError ``bad_reply``."""
    if isinstance(answers, list) and len(answers) == count \
            and all(answer is None or isinstance(answer, dict) for answer in answers):
        return answers
    raise DeepSoilError("bad_reply", "The answer of the engine there to '{method}' is not a {expected}.",
                        "Install the engine there again.", method="submit_many", expected="list of jobs")


def _request(record: Record) -> dict[str, Any]:
    earlier = {} if record.earlier is None else {"earlier": record.earlier}
    return {"specification": record.specification, **earlier}
