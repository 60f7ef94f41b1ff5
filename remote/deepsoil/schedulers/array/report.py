"""Writes what is known of a job for other processes: ``scheduler.json``, its progress and the state's message."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from deepsoil.contract import text
from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.io import json_files
from deepsoil.jobs.folder import JobFolder, now
from deepsoil.jobs.tasks.status import last_step
from deepsoil.schedulers.array.backend import ArrayBackend, is_merge
from deepsoil.schedulers.array.decide import Decision, Known
from deepsoil.schedulers.array.messages import job_message

_CHECKED_INTERVAL_S = 60.0
# The merge of a job counts as much as this part of its tasks.
_MERGE_SHARE = 0.05


class Reporter:
    """Remembers what it wrote, so that only changes are written."""

    def __init__(self, backend: ArrayBackend, clock: Callable[[], float] = time.monotonic) -> None:
        self._backend, self._clock = backend, clock
        self._written: dict[str, tuple[float, dict[str, Any]]] = {}
        self._logged: dict[str, str] = {}
        self._begun: set[str] = set()

    def log_once(self, folder: JobFolder, line: str) -> None:
        """An error for the job's log, unless it is the same as before."""
        if self._logged.get(folder.id) != line:
            self._logged[folder.id] = line
            try:
                folder.log(line, "error")
            except OSError:
                print(f"{folder.id}: {line}", file=sys.stderr)

    def report(self, folder: JobFolder, resources: Resources, known: Known, decision: Decision, note: str) -> bool:
        """Write what has changed; returns whether anything had. ``note``: the outcome of a submission."""
        waiting_for = note or self._waiting_for(known, resources, decision)
        message = job_message(self._backend.title, decision, known.tasks, waiting_for)
        if decision.count("running", "succeeded", "failed") and folder.id not in self._begun:
            if folder.state == "queued":
                folder.step("running", message=message)
            self._begun.add(folder.id)
        changed = folder.set_message(message)
        shown = waiting_for if not decision.count("running") or not known.snapshot.fresh else None
        changed |= self._write(folder, known, decision, shown)
        return self._progress(folder, known, message) or changed

    def last(self, folder: JobFolder, known: Known) -> None:
        """The figures of a job that ends now."""
        succeeded = sum(view.state == "succeeded" for view in known.tasks)
        self._put(folder, {"name": self._backend.name, "ids": _ids(known), **text.fields(None, "waiting_for"),
                           "problem": None, "knowledge": "current", "since": None,
                           "tasks": {"total": len(known.tasks), "waiting": 0, "running": 0, "succeeded": succeeded,
                                     "failed": len(known.tasks) - succeeded}})
        self._progress(folder, known, "")
        self._written.pop(folder.id, None)

    def _write(self, folder: JobFolder, known: Known, decision: Decision, waiting_for: str | None) -> bool:
        written = self._written.get(folder.id)  # by this process, the only one that advances jobs now
        before = written[1] if written is not None else json_files.read_or_none(folder.path / "scheduler.json") or {}
        knowledge = "current" if decision.known else "unknown"
        since = before.get("since") if before.get("knowledge") == knowledge else now()
        running, succeeded, failed = (decision.count(state) for state in ("running", "succeeded", "failed"))
        return self._put(folder, {
            "name": self._backend.name, "ids": _ids(known), **text.fields(waiting_for, "waiting_for"),
            "problem": known.snapshot.problem or None,
            "knowledge": knowledge, "since": None if knowledge == "current" else since,
            "tasks": {"total": len(decision.tasks), "waiting": len(decision.tasks) - running - succeeded - failed,
                      "running": running, "succeeded": succeeded, "failed": failed}}, before)

    def _put(self, folder: JobFolder, document: dict[str, Any], shown: dict[str, Any] | None = None) -> bool:
        """Write ``document`` if it differs from ``shown``, the file's content, or was checked long ago."""
        before = self._written.get(folder.id)
        if before is None and shown is not None and {**shown, "checked": None} == {**document, "checked": None}:
            before = self._written[folder.id] = self._clock(), document
        changed = before is None or before[1] != document
        if changed or (before is not None and self._clock() - before[0] > _CHECKED_INTERVAL_S):
            json_files.write(folder.path / "scheduler.json", {"checked": now(), **document}, sync=False)
            self._written[folder.id] = self._clock(), document
        return changed

    def _progress(self, folder: JobFolder, known: Known, message: str) -> bool:
        """The progress over all tasks; a line is written only if it has changed."""
        if not known.tasks:
            return False
        total = float(len(known.tasks))
        done = sum(view.fraction for view in known.tasks)
        if known.merge is not None:
            total *= 1 + _MERGE_SHARE
            done += known.merge.fraction * len(known.tasks) * _MERGE_SHARE
        last_done, last_total, _ = last_step(folder.path)
        if abs(last_done - done) < 1e-4 * total and (last_total == round(total, 4) or not done):
            return False
        json_files.append_line(folder.path / "progress.jsonl",
                               {"time": now(), "done": round(done, 4), "total": round(total, 4),
                                **text.fields(message)})
        return True

    def _waiting_for(self, known: Known, resources: Resources, decision: Decision) -> str | None:
        if not known.snapshot.fresh:
            problem = known.snapshot.problem.splitlines()[-1][:300]
            return Text("{scheduler} does not answer at the moment: {problem}",
                        scheduler=self._backend.title, problem=problem)
        records = [record for record in known.snapshot.records or ()
                   if record.phase == "waiting" and not is_merge(record.name)]
        if not records or decision.count("running"):
            return None
        memory_mb = known.attempts[-1].memory_mb if known.attempts else None
        return self._backend.waiting_for(records, resources, memory_mb)


def _ids(known: Known) -> list[str]:
    return [number for attempt in known.attempts for number in (attempt.array, attempt.merge) if number is not None]
