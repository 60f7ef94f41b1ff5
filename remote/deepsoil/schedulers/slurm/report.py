"""Writes down what is known of a job, for whoever looks: ``scheduler.json``, its progress and the state's message."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from deepsoil.contract.resources import Resources
from deepsoil.io import json_files
from deepsoil.jobs.folder import JobFolder, now
from deepsoil.jobs.tasks.folder import read_json_or_none
from deepsoil.jobs.tasks.status import last_step
from deepsoil.schedulers.slurm import messages, parser
from deepsoil.schedulers.slurm.commands import Slurm
from deepsoil.schedulers.slurm.decide import Decision, Known
from deepsoil.schedulers.slurm.parser import Partition

_AHEAD_EVERY_S = 30.0
_PARTITIONS_EVERY_S = 600.0
_CHECKED_EVERY_S = 60.0
# The merge of a job counts as much as this part of its tasks.
_MERGE_SHARE = 0.05


class Reporter:
    """Asks Slurm now and then about what is ahead and what the partitions have."""

    def __init__(self, slurm: Slurm, clock: Callable[[], float] = time.monotonic) -> None:
        self._slurm, self._clock = slurm, clock
        self._ahead: dict[str, tuple[float, str | None]] = {}
        self._partitions: tuple[float, dict[str, Partition]] | None = None
        self._written: dict[str, tuple[float, dict[str, Any]]] = {}
        self._complained: dict[str, str] = {}

    def complain(self, folder: JobFolder, text: str) -> None:
        """Into the job's log, once."""
        if self._complained.get(folder.id) != text:
            self._complained[folder.id] = text
            folder.log(text, "error")

    def report(self, folder: JobFolder, resources: Resources, known: Known, decision: Decision, said: str) -> bool:
        """Write what is new; whether anything was. ``said``: what came of an attempt to submit."""
        waiting_for = said or self._waiting_for(known, resources, decision)
        message = messages.doing(decision, known.tasks, waiting_for)
        if decision.count("running", "succeeded", "failed") and folder.state == "queued":
            folder.step("running", message=message)
        changed = folder.say(message)
        shown = waiting_for if not decision.count("running") or not known.seen.fresh else None
        changed |= self._write(folder, known, decision, shown)
        return self._progress(folder, known, message) or changed

    def last(self, folder: JobFolder, known: Known) -> None:
        """The figures of a job that ends now."""
        succeeded = sum(view.state == "succeeded" for view in known.tasks)
        self._put(folder, {"name": "slurm", "ids": _ids(known), "waiting_for": None, "problem": None,
                           "knowledge": "current", "since": None,
                           "tasks": {"total": len(known.tasks), "waiting": 0, "running": 0, "succeeded": succeeded,
                                     "failed": len(known.tasks) - succeeded}})
        self._progress(folder, known, "")
        self._written.pop(folder.id, None)

    def _write(self, folder: JobFolder, known: Known, decision: Decision, waiting_for: str | None) -> bool:
        before = read_json_or_none(folder.path / "scheduler.json") or {}
        knowledge = "current" if decision.known else "unknown"
        since = before.get("since") if before.get("knowledge") == knowledge else now()
        running, succeeded, failed = (decision.count(stand) for stand in ("running", "succeeded", "failed"))
        return self._put(folder, {
            "name": "slurm", "ids": _ids(known), "waiting_for": waiting_for, "problem": known.seen.problem or None,
            "knowledge": knowledge, "since": None if knowledge == "current" else since,
            "tasks": {"total": len(decision.verdicts), "waiting": len(decision.verdicts) - running - succeeded - failed,
                      "running": running, "succeeded": succeeded, "failed": failed}})

    def _put(self, folder: JobFolder, document: dict[str, Any]) -> bool:
        before = self._written.get(folder.id)
        changed = before is None or before[1] != document
        if changed or (before is not None and self._clock() - before[0] > _CHECKED_EVERY_S):
            json_files.write(folder.path / "scheduler.json", {"checked": now(), **document})
            self._written[folder.id] = self._clock(), document
        return changed

    def _progress(self, folder: JobFolder, known: Known, message: str) -> bool:
        """One figure over all tasks; a line only where it has moved."""
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
                          {"time": now(), "done": round(done, 4), "total": round(total, 4), "message": message})
        return True

    # ---- what it waits for ----

    def _waiting_for(self, known: Known, resources: Resources, decision: Decision) -> str | None:
        if not known.seen.fresh:
            return f"Slurm does not answer at the moment: {known.seen.problem.splitlines()[-1][:300]}"
        rows = [row for row in known.seen.rows or () if row.waiting and not row.name.endswith("-merge")]
        if not rows or decision.count("running"):
            return None
        reason = messages.main_reason(rows)
        memory_mb = known.attempts[-1].memory_mb if known.attempts else None
        never = messages.for_ever(reason, rows, resources, self.partitions(), memory_mb)
        if never:
            return f"It would wait for ever. {never}. Cancel it and ask for less"
        ahead = None
        if reason in ("Priority", "Resources"):
            priority = max((row.priority for row in rows if row.priority is not None), default=None)
            if priority is not None:
                ahead = self._count_ahead(rows[0].partition, {row.array for row in rows}, priority)
        return messages.waiting(reason, ahead)

    def _count_ahead(self, partition: str, own: set[str], priority: int) -> int | None:
        asked = self._ahead.get(partition)
        if asked is None or self._clock() - asked[0] > _AHEAD_EVERY_S:
            reply = self._slurm.run(parser.ahead_command(partition))
            asked = self._ahead[partition] = self._clock(), reply.out if reply.code == 0 else None
        try:
            return None if asked[1] is None else parser.parse_ahead(asked[1], own, priority)
        except parser.UnreadableError:
            return None

    def partitions(self) -> dict[str, Partition]:
        """What the partitions have, asked now and then; empty while that cannot be told."""
        if self._partitions is None or self._clock() - self._partitions[0] > _PARTITIONS_EVERY_S:
            reply = self._slurm.run(parser.sinfo_command())
            try:
                told = parser.parse_sinfo(reply.out) if reply.code == 0 else {}
            except parser.UnreadableError:
                told = {}
            if not told:
                return {} if self._partitions is None else self._partitions[1]
            self._partitions = self._clock(), told
        return self._partitions[1]


def _ids(known: Known) -> list[str]:
    return [number for attempt in known.attempts for number in (attempt.array, attempt.merge) if number is not None]
