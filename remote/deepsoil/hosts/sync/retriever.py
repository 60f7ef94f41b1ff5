"""Retrieves outputs of a host's jobs in the background, one job at a time; an interrupted retrieval is continued."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.rpc.connection_state import OF_THE_NETWORK
from deepsoil.hosts.sync.auto_retrieval import comes_by_itself, is_untouched
from deepsoil.hosts.sync.job_cache import JobCache, Summary, is_final
from deepsoil.hosts.sync.journal import Journal
from deepsoil.hosts.sync.retrieval import RetrievalStopped, remote_files, retrieve
from deepsoil.io import disk_errors, locks
from deepsoil.io.background_thread import PeriodicThread

_LOOK_EVERY_S = 5.0
_REPORT_EVERY_S = 0.5
_AFTER_A_BREAK_S = 1.0


class Retriever(PeriodicThread):
    """One thread for one host. ``changed(job id)``: the summary of a job has changed."""

    def __init__(self, engine: EngineConnection, journal: Journal, job_cache: JobCache,
                 changed: Callable[[str], None]) -> None:
        super().__init__(f"retriever {engine.host.id}", self._retrieve_all, _LOOK_EVERY_S)
        self._engine, self._journal, self._job_cache, self._changed = engine, journal, job_cache, changed
        self._running: dict[str, dict[str, Any]] = {}

    def progress(self, job: str) -> dict[str, Any] | None:
        """The ``retrieval`` of a job's summary while it is in progress or waits for the network."""
        return self._running.get(job)

    def request(self, job: str) -> None:
        """Retrieve the outputs of a job, also after a failed or stopped retrieval."""
        self._journal.note(job, "retrieve")
        self.wake()

    def cancel(self, job: str) -> bool:
        """Stop a retrieval; the part received is kept, and continued on the next request."""
        record = self._journal.get(job)
        if record is None or record.retrieval != "wanted":
            return False
        self._journal.note(job, "retrieval_stopped")
        self._changed(job)
        return True

    # ---- the thread ----

    def _retrieve_all(self) -> None:
        self._request_by_itself()
        wanted = [record for record in self._journal.records().values() if record.retrieval == "wanted"]
        for record in wanted:
            if self._engine.status.open and not self.stopping:
                try:
                    self._retrieve(record.id)
                except OSError as error:
                    self._not_now(record.id, disk_errors.explained(error, self._job_cache.folder(record.id)), error)
                except Exception:  # noqa: BLE001 - the boundary: one job must not hold up the others
                    traceback.print_exc(file=sys.stderr)

    def _request_by_itself(self) -> None:
        """Request automatic retrievals, once each. Repeated in every round: a crash may come before it is recorded."""
        for record in self._journal.records().values():
            job = self._job_cache.get(record.id) if is_untouched(record) else None
            if job is not None and comes_by_itself(job, record):
                self._journal.note(record.id, "retrieve", when=is_untouched)
                self._changed(record.id)

    def _retrieve(self, job: str) -> None:
        summary = self._job_cache.get(job)
        if summary is None:
            return
        folder = self._job_cache.folder(job)
        with locks.locked(folder / "retrieval.lock", wait=False) as mine:
            if not mine:
                return  # another process retrieves it
            try:
                self._fetch(job, summary)
                self._journal.note(job, "retrieved", whole=is_final(summary))
            except RetrievalStopped:
                pass  # the part received is kept; the caller that stopped it has recorded that
            except DeepSoilError as error:
                if error.code in OF_THE_NETWORK:
                    self._wait_for_the_network()  # the amount received is still shown
                    return
                try:
                    self._journal.note(job, "retrieval_failed", error=error.to_dict())
                except (OSError, DeepSoilError) as second:
                    self._not_now(job, error, second)
                    return
            self._running.pop(job, None)
        self._changed(job)

    def _not_now(self, job: str, problem: DeepSoilError | None, error: Exception) -> None:
        """Show why a retrieval stands still although that cannot be recorded; it is tried again."""
        if problem is None:
            raise error
        before = self._running.get(job) or {"bytes": 0, "total": 0}
        self._running[job] = {**before, "state": "failed", "error": problem.to_dict()}
        self._changed(job)

    def _wait_for_the_network(self) -> None:
        if self._engine.status.open:
            time.sleep(_AFTER_A_BREAK_S)  # only the transfer broke; a broken connection is detected by its own thread
            self.wake()

    def _fetch(self, job: str, summary: Summary) -> None:
        reported_at = checked_at = 0.0
        is_stopped = False

        def progress(done: int, total: int) -> None:
            nonlocal reported_at
            self._running[job] = {"state": "running", "bytes": done, "total": total, "error": None}
            if time.monotonic() - reported_at > _REPORT_EVERY_S:
                reported_at = time.monotonic()
                self._changed(job)

        def stopped() -> bool:
            nonlocal checked_at, is_stopped
            if self.stopping:
                return True
            if time.monotonic() - checked_at > _REPORT_EVERY_S:
                checked_at = time.monotonic()
                record = self._journal.get(job)
                is_stopped = record is None or record.removed or record.retrieval != "wanted"
            return is_stopped

        # A running job adds outputs: the host is asked for the latest list.
        outputs = summary["outputs"] if is_final(summary) else self._engine.request("outputs", {"id": job})
        retrieve(self._engine.ssh_connection(), remote_files(outputs), self._job_cache.outputs(job),
                 progress=progress, stopped=stopped)
