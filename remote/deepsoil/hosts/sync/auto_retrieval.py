"""Brings the outputs of a host's jobs here, one job at a time, in the background; what was begun is gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import Link
from deepsoil.hosts.rpc.connection_state import OF_THE_NETWORK
from deepsoil.hosts.sync.job_cache import Mirror, Summary, is_final
from deepsoil.hosts.sync.journal import Journal, Record
from deepsoil.hosts.sync.retrieval import RetrievalStopped, retrieve, wanted_files
from deepsoil.io import locks
from deepsoil.io.background_thread import PeriodicThread

# What comes by itself, without being asked for: the maps and tables of a job that this computer sent.
KINDS_BROUGHT = frozenset({"predict", "evaluate"})
LARGEST_BROUGHT_BYTES = 2 << 30

_LOOK_EVERY_S = 5.0
_TELL_EVERY_S = 0.5


class Retriever(PeriodicThread):
    """One thread for one host. ``changed``: the summary of a job is another one now."""

    def __init__(self, link: Link, journal: Journal, mirror: Mirror, changed: Callable[[str], None]) -> None:
        super().__init__(f"retrieval {link.host.id}", self._bring_all, _LOOK_EVERY_S)
        self._link, self._journal, self._mirror, self._changed = link, journal, mirror, changed
        self._running: dict[str, dict[str, Any]] = {}

    def progress(self, job: str) -> dict[str, Any] | None:
        """The ``retrieval`` of a job's summary while it is under way, also while it waits for the network."""
        return self._running.get(job)

    def want(self, job: str) -> None:
        """Bring the outputs of a job, also where that failed or was stopped before."""
        self._journal.note(job, "retrieve")
        self.wake()

    def give_up(self, job: str) -> bool:
        """Stop a retrieval; what has come is kept and continued when it is wanted again."""
        record = self._journal.get(job)
        if record is None or record.retrieval != "wanted":
            return False
        self._journal.note(job, "retrieval_stopped")
        self._changed(job)
        return True

    # ---- the thread ----

    def _bring_all(self) -> None:
        self._want_by_itself()
        wanted = [record for record in self._journal.records().values() if record.retrieval == "wanted"]
        for record in wanted:
            if self._link.standing.open and not self.stopping:
                self._bring(record.id)

    def _want_by_itself(self) -> None:
        """Bring what the user waits for, once. Looked at again and again: a crash may come before it is written."""
        for record in self._journal.records().values():
            job = self._mirror.get(record.id) if _never(record) else None
            if job is None or job.get("state") != "succeeded" or job.get("kind") not in KINDS_BROUGHT:
                continue
            if 0 < sum(int(output.get("size") or 0) for output in job.get("outputs") or []) <= LARGEST_BROUGHT_BYTES:
                self._journal.note(record.id, "retrieve", when=_never)
                self._changed(record.id)

    def _bring(self, job: str) -> None:
        summary = self._mirror.get(job)
        if summary is None:
            return
        folder = self._mirror.folder(job)
        with locks.locked(folder / "retrieval.lock", wait=False) as mine:
            if not mine:
                return  # another process is at it
            try:
                self._fetch(job, summary)
                self._journal.note(job, "retrieved", whole=is_final(summary))
            except RetrievalStopped:
                pass  # what has come is kept; whoever stopped it has noted that
            except DeepSoilError as error:
                if error.code in OF_THE_NETWORK:
                    self._wait_for_the_network()  # how far it came is still told
                    return
                self._journal.note(job, "retrieval_failed", error=error.to_dict())
            self._running.pop(job, None)
        self._changed(job)

    def _wait_for_the_network(self) -> None:
        if self._link.standing.open:
            time.sleep(1.0)  # the transfer alone broke; where it is more, the link notices
            self.wake()

    def _fetch(self, job: str, summary: Summary) -> None:
        told = [0.0]

        def progress(done: int, total: int) -> None:
            self._running[job] = {"state": "running", "bytes": done, "total": total, "error": None}
            if time.monotonic() - told[0] > _TELL_EVERY_S:
                told[0] = time.monotonic()
                self._changed(job)

        def stopped() -> bool:
            if self.stopping:
                return True
            if time.monotonic() - looked[0] > _TELL_EVERY_S:
                looked[0] = time.monotonic()
                record = self._journal.get(job)
                gone[0] = record is None or record.removed or record.retrieval != "wanted"
            return gone[0]

        looked, gone = [0.0], [False]
        # A job that still runs adds to its outputs; the last word is asked for.
        outputs = summary["outputs"] if is_final(summary) else self._link.request("outputs", {"id": job})
        retrieve(self._link.connection(), wanted_files(outputs), self._mirror.outputs(job), progress=progress,
                 stopped=stopped)


def _never(record: Record | None) -> bool:
    """Whether a job was sent from this computer and nobody ever asked for its outputs."""
    return record is not None and record.mine and record.retrieval == "none"
