"""How one task stands: its own files first, then Slurm's word, then how long Slurm has been silent about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.slurm.attempts import Attempt
from deepsoil.schedulers.slurm.observation import Seen
from deepsoil.schedulers.slurm.parser import Row

Stand = Literal["new", "waiting", "running", "succeeded", "failed", "again", "unknown"]
_STEP = 1e-6


@dataclass(frozen=True)
class Verdict:
    """new: never submitted; again: ended for a reason of the machine, ``reason`` says which; unknown: nobody knows.

    active   Slurm has the task still
    further  it came further than before, so that to go on leads to the end
    """

    index: int
    stand: Stand
    reason: dict[str, Any] | None = None
    row: Row | None = None
    active: bool = False
    further: bool = False

    @property
    def code(self) -> str:
        return str((self.reason or {}).get("code", ""))


@dataclass(frozen=True)
class Patience:
    """See ``times.Times``."""

    lag_s: float
    grace_s: float


class Judge:
    """Judges the tasks of one job by one look."""

    def __init__(self, attempts: Sequence[Attempt], seen: Seen, patience: Patience) -> None:
        self._patience, self._seen = patience, seen
        self._latest: dict[int, Attempt] = {index: attempt for attempt in attempts for index in attempt.tasks}
        self._rows = {(row.array, row.index): row for row in seen.rows or ()}
        self._accounts = {(row.array, row.index): row for row in seen.accounts}

    def task(self, view: TaskView) -> Verdict:
        """How a task of the array stands."""
        attempt = self._latest.get(view.index)
        if view.state == "succeeded":
            row = None if attempt is None else self._rows.get((attempt.array or "", view.index))
            return Verdict(view.index, "succeeded", active=row is not None and not row.ended)
        if attempt is None:
            return Verdict(view.index, "new")
        if attempt.array is None:
            if attempt.refused is not None:
                return Verdict(view.index, "failed", refused(attempt.refused))
            return Verdict(view.index, "waiting")
        before = (attempt.fractions or {}).get(view.index, 0.0)
        return self._placed(view, attempt, attempt.name("array"), attempt.array, view.index,
                            view.fraction > before + _STEP)

    def merge(self, view: TaskView, attempt: Attempt) -> Verdict:
        """How the merge of an attempt, whose number is known, stands."""
        if view.state == "succeeded":
            return Verdict(-1, "succeeded")
        assert attempt.merge is not None
        return self._placed(view, attempt, attempt.name("merge"), attempt.merge, None, False)

    def _placed(self, view: TaskView, attempt: Attempt, name: str, number: str, index: int | None,
                further: bool) -> Verdict:
        if not _of_attempt(view, attempt):
            # The latest run is of an earlier attempt, on a node that was thought dead: nothing is told of this one.
            view = TaskView(view.index, view.title, "waiting", view.fraction)
        row = self._rows.get((number, index))
        if row is None and self._seen.rows is None:
            return Verdict(view.index, _by_files(view), further=further)
        quiet_s = self._seen.quiet_s.get((name, index), 0.0)
        account = self._accounts.get((number, index))
        if row is None and account is not None and quiet_s >= self._patience.grace_s:
            row = account
        if row is not None and not row.ended:
            waiting = row.waiting or (row.state == "UNKNOWN" and view.state == "waiting")
            return Verdict(view.index, "waiting" if waiting else "running", row=row, active=True, further=further)
        if view.state == "failed" and not view.retryable:
            return Verdict(view.index, "failed", view.reason, row)
        if view.state == "cancelled":
            return Verdict(view.index, "failed", _cancelled(view.title), row)
        if quiet_s < self._patience.grace_s:
            return Verdict(view.index, _by_files(view), row=row, further=further)
        if row is not None or view.state == "failed" or view.reason is not None:
            return self._ended(view, row, further)
        if quiet_s < self._patience.lag_s or view.state == "running":
            return Verdict(view.index, _by_files(view), further=further)
        if view.state == "lost-looking":
            return Verdict(view.index, "again", _lost(view.title), further=further)
        return Verdict(view.index, "unknown", row=row)

    def _ended(self, view: TaskView, row: Row | None, further: bool) -> Verdict:
        """It is certain that it has ended, and without a result."""
        state = row.state if row is not None else ""
        own = str((view.reason or {}).get("code", ""))
        if state == "OUT_OF_MEMORY" or own == "out_of_memory":
            return Verdict(view.index, "again", _reason("out_of_memory", f"{view.title}: its memory was not enough.",
                                                        "Ask for more memory."), row, further=further)
        if state == "CANCELLED":  # whatever it could still write down
            return Verdict(view.index, "failed", _cancelled(view.title), row)
        late = state in ("TIMEOUT", "DEADLINE") or own == "time_limit"
        if further and (late or own == "interrupted"):
            return Verdict(view.index, "again", _reason("interrupted", f"{view.title} was interrupted.",
                                                        "It is continued."), row, further=True)
        if late:
            return Verdict(view.index, "failed", _time_limit(view.title), row)
        if state in ("NODE_FAIL", "BOOT_FAIL"):
            return Verdict(view.index, "again", _reason(
                "node_lost", f"{view.title}: the computer of the cluster that ran it failed.",
                "Send the job again; tell the cluster's administrator if it happens often."), row, further=further)
        if state == "PREEMPTED":
            return Verdict(view.index, "again", _reason(
                "preempted", f"{view.title} had to make room for a job that goes before.",
                "Send the job again later, or choose a partition or QOS that is not preempted."), row, further=further)
        return Verdict(view.index, "again", view.reason or _lost(view.title, row), row, further=further)


def _of_attempt(view: TaskView, attempt: Attempt) -> bool:
    number = layout.run_number(view.run) if view.run else None
    return number is not None and number[0] == attempt.number


def _by_files(view: TaskView) -> Stand:
    return "running" if view.state in ("running", "lost-looking", "failed", "cancelled") else "waiting"


def _reason(code: str, message: str, hint: str) -> dict[str, Any]:
    return dict(DeepSoilError(code, message, hint).to_dict())


def refused(words: str) -> dict[str, Any]:
    return _reason("slurm_refused", f"Slurm refused the job: {words}",
                   "Check the partition, account, QOS and resources of the host, then send the job again.")


def _cancelled(title: str) -> dict[str, Any]:
    return _reason("cancelled_in_slurm", f"{title} was cancelled in Slurm, not by DeepSoil.",
                   "Ask who did it (perhaps an administrator), then send the job again; what is finished is kept.")


def _time_limit(title: str) -> dict[str, Any]:
    return _reason("time_limit", f"{title} was not done within its time limit.",
                   "Send the job again with more minutes for a task, or split it into more tasks.")


def _lost(title: str, row: Row | None = None) -> dict[str, Any]:
    how = "" if row is None else f" (Slurm: {row.state.lower()}{', ' + row.reason if row.reason else ''})"
    return _reason("task_lost", f"{title} ended unexpectedly{how}.",
                   "Look into the job's folder on the cluster, attempt-*/slurm-*.txt; send the job again.")


def attempts_of(index: int, attempts: Sequence[Attempt], reached: Mapping[int, float], *, all_count: bool) -> int:
    """How often a task was tried; without ``all_count`` tries that brought it further are not counted."""
    mine = [attempt for attempt in attempts if index in attempt.tasks]
    if all_count:
        return len(mine)
    marks = [*((attempt.fractions or {}).get(index, 0.0) for attempt in mine), reached.get(index, 0.0)]
    return sum(after <= before + _STEP for before, after in pairwise(marks))
