"""Hands over to a host what the journal says is wanted there, oldest first, until the host has said yes or no.

Everything is safe to repeat: the id makes a second hand-over the same job, and a cancel forbids what may still come.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import Link
from deepsoil.hosts.sync.job_cache import Summary
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.io.background_thread import PeriodicThread

# After these nobody knows whether the job was taken; asking again with the same id tells.
_UNSURE = frozenset({"internal", "out_of_memory", "bad_reply"})
_TRIES_WHERE_UNSURE = 3
_LOOK_EVERY_S = 2.0
_REPLY_WITHIN_S = 60.0


class Outbox(PeriodicThread):
    """One thread for one host. ``told``: the host gave a summary; ``changed``: something about a job changed."""

    def __init__(self, link: Link, journal: Journal, told: Callable[[Summary], None], changed: Callable[[str], None],
                 look: Callable[[], None]) -> None:
        super().__init__(f"outbox {link.host.id}", self._look_and_deliver, _LOOK_EVERY_S)
        self._link, self._journal = link, journal
        self._told, self._changed, self._look_there = told, changed, look
        self._settled = threading.Condition()
        self._unsure: dict[str, int] = {}

    def wait(self, job: str, timeout_s: float) -> None:
        """Until nothing about the job is left to be told to the host, or the host cannot be told, or the time is
        over."""
        deadline = time.monotonic() + timeout_s
        with self._settled:
            while (record := self._journal.get(job)) is not None and record.pending:
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not (self._able(record) or self._link.standing.state == "connecting"):
                    return
                self._settled.wait(min(left_s, 0.5))

    def _able(self, record: Record) -> bool:
        """Whether the host can be told now: an engine of another version gets no new jobs."""
        state = self._link.standing.state
        return state == "ready" or (state == "other_engine" and record.cancel_wanted)

    def _look_and_deliver(self) -> None:
        self._look_there()
        self._deliver_all()

    def _deliver_all(self) -> None:
        pending = [record for record in self._journal.records().values() if record.pending]
        for record in sorted(pending, key=lambda record: record.created):
            if self.stopping or not self._able(record):
                continue
            try:
                if record.cancel_wanted:
                    self._cancel(record)
                else:
                    self._submit(record)
            except DeepSoilError as error:
                if error.code != "host_unreachable":
                    raise
            finally:
                self._changed(record.id)
                with self._settled:
                    self._settled.notify_all()

    def _submit(self, record: Record) -> None:
        now = self._journal.note(record.id, "send")
        if now is None or now.phase != "sent" or now.cancel_wanted:
            return  # cancelled in this moment, or another process has handed it over
        try:
            job = self._link.request("submit", {"specification": record.specification}, _REPLY_WITHIN_S)
        except DeepSoilError as error:
            if error.code == "host_unreachable":
                raise  # it may have arrived
            if error.code in _UNSURE:
                tries = self._unsure[record.id] = self._unsure.get(record.id, 0) + 1
                if tries < _TRIES_WHERE_UNSURE:
                    return
            self._journal.note(record.id, "refused", error=error.to_dict())
            return
        self._told(job)
        self._journal.note(record.id, "accepted")

    def _cancel(self, record: Record) -> None:
        forbid = record.phase != "accepted"
        params: dict[str, Any] = {"id": record.id, **({"forbid": True} if forbid else {})}
        try:
            job = self._link.request("cancel", params, _REPLY_WITHIN_S)
        except DeepSoilError as error:
            if error.code != "job_missing":
                raise
            job = None
        if isinstance(job, dict) and job.get("specification"):
            self._told(job)
        elif forbid:
            self._journal.note(record.id, "cancelled")  # it never arrived, and never will
            return
        self._journal.note(record.id, "cancel_told")
