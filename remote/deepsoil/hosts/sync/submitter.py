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

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.sync.job_cache import Summary
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.io.background_thread import PeriodicThread

# After these it is unknown whether the job was accepted; another request with the same id shows it.
_UNCERTAIN = frozenset({"internal", "out_of_memory", "bad_reply"})
_ATTEMPTS_WHERE_UNCERTAIN = 3
_LOOK_EVERY_S = 2.0
_BATCH = 64
_AT_ONCE = 8
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
        """Send jobs, several at a time; the journal is flushed once before them and once after them."""
        now = self._journal.note_all([record.id for record in batch], "send")
        # Others were just cancelled, or submitted by another process.
        ready = [record for record in now.values() if record.phase == "sent" and not record.cancel_wanted]
        accepted: list[str] = []
        try:
            if len(ready) == 1:
                self._send(ready[0], accepted)
            elif ready:
                with ThreadPoolExecutor(_AT_ONCE, "submitting") as pool:
                    for record in ready:
                        pool.submit(self._send_one_of_many, record, accepted)
        finally:
            self._journal.note_all(accepted, "accepted")

    def _send_one_of_many(self, record: Record, accepted: list[str]) -> None:
        with self._settling([record]):
            self._send(record, accepted)

    def _send(self, record: Record, accepted: list[str]) -> None:
        if self.stopping:
            return
        try:
            earlier = {} if record.earlier is None else {"earlier": record.earlier}
            job = self._engine.request("submit", {"specification": record.specification, **earlier})
        except DeepSoilError as error:
            if error.code == "host_unreachable":
                raise  # it may have arrived
            if error.code in _UNCERTAIN:
                attempts = self._attempts[record.id] = self._attempts.get(record.id, 0) + 1
                if attempts < _ATTEMPTS_WHERE_UNCERTAIN:
                    return
            self._journal.note(record.id, "refused", error=error.to_dict())
            return
        self._received(job)
        accepted.append(record.id)

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
