"""The status of one task: from its own files, then from the scheduler, then from how long it has been missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.tasks import layout, memory
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.attempts import Attempt
from deepsoil.schedulers.array.backend import Record
from deepsoil.schedulers.array.observation import Snapshot

TaskState = Literal["new", "waiting", "running", "succeeded", "failed", "retry", "unknown"]
_STEP = 1e-6


@dataclass(frozen=True)
class TaskStatus:
    """new: never submitted; retry: ended because of the computer, for ``reason``; unknown: no information.

    active    the scheduler still has the task
    advanced  it made progress in this attempt, so continuing it will eventually finish it
    """

    index: int
    state: TaskState
    reason: dict[str, Any] | None = None
    record: Record | None = None
    active: bool = False
    advanced: bool = False

    @property
    def code(self) -> str:
        return str((self.reason or {}).get("code", ""))


@dataclass(frozen=True)
class Delays:
    """See `timeouts.Timeouts`."""

    lag_s: float
    grace_s: float


class StatusResolver:
    """The status of the tasks of one job; ``scheduler``: its title, for messages; ``memory_mb``: what a task asked for.
    """

    def __init__(self, scheduler: str, attempts: Sequence[Attempt], snapshot: Snapshot, delays: Delays,
                 memory_mb: int | None = None) -> None:
        self._scheduler, self._delays, self._snapshot, self._memory_mb = scheduler, delays, snapshot, memory_mb
        self._latest: dict[int, Attempt] = {index: attempt for attempt in attempts for index in attempt.tasks}
        self._records = {(record.array, record.index): record for record in snapshot.records or ()}
        self._history = {(record.array, record.index): record for record in snapshot.history}

    def task(self, view: TaskView) -> TaskStatus:
        """The status of a task of the array."""
        attempt = self._latest.get(view.index)
        if view.state == "succeeded":
            record = None if attempt is None else self._records.get((attempt.array or "", view.index - attempt.first))
            return TaskStatus(view.index, "succeeded", active=record is not None and record.phase != "ended")
        if attempt is None:
            return TaskStatus(view.index, "new")
        if attempt.array is None:
            if attempt.refused is not None:
                return TaskStatus(view.index, "failed", refused(self._scheduler, attempt.refused))
            return TaskStatus(view.index, "waiting")
        before = (attempt.fractions or {}).get(view.index, 0.0)
        return self._submitted(view, attempt, attempt.name("array"), attempt.array, view.index - attempt.first,
                               view.fraction > before + _STEP)

    def merge(self, view: TaskView, attempt: Attempt) -> TaskStatus:
        """The status of the merge of an attempt whose number is known."""
        if view.state == "succeeded":
            return TaskStatus(-1, "succeeded")
        assert attempt.merge is not None
        return self._submitted(view, attempt, attempt.name("merge"), attempt.merge, None, False)

    def _submitted(self, view: TaskView, attempt: Attempt, name: str, number: str, index: int | None,
                   advanced: bool) -> TaskStatus:
        if not _of_attempt(view, attempt):
            # The latest run belongs to an earlier attempt, on a node thought dead: it tells nothing about this attempt.
            view = TaskView(view.index, view.title, "waiting", view.fraction)
        record = self._records.get((number, index))
        if record is None and self._snapshot.records is None:
            return TaskStatus(view.index, _by_files(view), advanced=advanced)
        absent_s = self._snapshot.absent_s.get((name, index), 0.0)
        past = self._history.get((number, index))
        if record is None and past is not None and absent_s >= self._delays.grace_s:
            record = past
        if record is not None and record.phase != "ended":
            waiting = record.phase == "waiting" or (record.phase == "unknown" and view.state == "waiting")
            return TaskStatus(view.index, "waiting" if waiting else "running", record=record, active=True,
                              advanced=advanced)
        if view.state == "failed" and not view.retryable:
            return TaskStatus(view.index, "failed", view.reason, record)
        if view.state == "cancelled":
            return TaskStatus(view.index, "failed", self._cancelled(view.title), record)
        if absent_s < self._delays.grace_s:
            return TaskStatus(view.index, _by_files(view), record=record, advanced=advanced)
        if record is not None or view.state == "failed" or view.reason is not None:
            return self._ended(view, record, advanced, self._short_of_memory(view, attempt, record, past))
        if absent_s < self._delays.lag_s or view.state == "running":
            return TaskStatus(view.index, _by_files(view), advanced=advanced)
        if view.state == "stale":
            return self._ended(view, record, advanced, self._short_of_memory(view, attempt, record, past))
        return TaskStatus(view.index, "unknown", record=record)

    def _short_of_memory(self, view: TaskView, attempt: Attempt, record: Record | None, past: Record | None) -> bool:
        """Whether a task that has ended without a result had too little memory.

        Slurm often calls that a failure with signal 9. Then the accounting may know, the task's script may have
        recorded it, or the run's own record of its memory came near a limit before it was killed.
        """
        ends = {one.end for one in (record, past) if one is not None}
        if "out_of_memory" in ends or (view.reason or {}).get("code") == "out_of_memory":
            return True
        if view.memory is None or view.reason is not None or not ends <= {"failed", None}:
            return False
        peak_mb, own_limit_mb = view.memory
        limits = [limit for limit in (own_limit_mb, attempt.memory_mb or self._memory_mb) if limit]
        return bool(limits) and peak_mb >= memory.NEAR * min(limits)

    def _ended(self, view: TaskView, record: Record | None, advanced: bool, short_of_memory: bool) -> TaskStatus:
        """The status of a task that has certainly ended without a result."""
        end = record.end if record is not None else None
        own = str((view.reason or {}).get("code", ""))
        if short_of_memory:
            reason = DeepSoilError("out_of_memory", "{task}: its memory was not enough.", "Ask for more memory.", None,
                                   task=view.title)
            return TaskStatus(view.index, "retry", reason.to_dict(), record, advanced=advanced)
        if end == "cancelled":  # whatever it could still record
            return TaskStatus(view.index, "failed", self._cancelled(view.title), record)
        late = end == "time_limit" or own == "time_limit"
        if advanced and (late or own == "interrupted"):
            reason = DeepSoilError("interrupted", "{task} was interrupted.", "It is continued.", None, task=view.title)
            return TaskStatus(view.index, "retry", reason.to_dict(), record, advanced=True)
        if late:
            return TaskStatus(view.index, "failed", _time_limit(view.title), record)
        if end == "node_lost":
            reason = DeepSoilError("node_lost", "{task}: the cluster's computer that ran it failed.",
                                   "Send the job again; tell the cluster's administrator if it happens often.", None,
                                   task=view.title)
            return TaskStatus(view.index, "retry", reason.to_dict(), record, advanced=advanced)
        if end == "preempted":
            reason = DeepSoilError("preempted", "{task} was stopped to make room for a job of higher priority.",
                                   "Send the job again later, or choose a partition or QOS that is not preempted.",
                                   None, task=view.title)
            return TaskStatus(view.index, "retry", reason.to_dict(), record, advanced=advanced)
        return TaskStatus(view.index, "retry", view.reason or self._lost(view.title, record), record, advanced=advanced)

    def _cancelled(self, title: str) -> dict[str, Any]:
        return DeepSoilError("cancelled_in_scheduler", "{task} was cancelled in {scheduler}, not by DeepSoil.",
                             "Ask who cancelled it, perhaps an administrator, then send the job again. Finished "
                             "results are kept.", None, task=title, scheduler=self._scheduler).to_dict()

    def _lost(self, title: str, record: Record | None = None) -> dict[str, Any]:
        how = f" ({self._scheduler}: {record.words})" if record is not None and record.words else ""
        return DeepSoilError("task_lost", "{task} ended unexpectedly{how}.",
                             "Look at attempt-*/output-*.txt in the job's folder on the cluster, then send the job "
                             "again.", None, task=title, how=how).to_dict()


def _of_attempt(view: TaskView, attempt: Attempt) -> bool:
    number = layout.run_number(view.run) if view.run else None
    return number is not None and number[0] == attempt.number


def _by_files(view: TaskView) -> TaskState:
    return "running" if view.state in ("running", "stale", "failed", "cancelled") else "waiting"


def refused(scheduler: str, words: str) -> dict[str, Any]:
    return DeepSoilError("scheduler_refused", "{scheduler} refused the job: {words}",
                         "Check the partition, account, QOS and resources of the host, then send the job again.", None,
                         scheduler=scheduler, words=words).to_dict()


def _time_limit(title: str) -> dict[str, Any]:
    return DeepSoilError("time_limit", "{task} was not finished within its time limit.",
                         "Send the job again with more minutes for a task, or split it into more tasks.", None,
                         task=title).to_dict()


def attempts_of(index: int, attempts: Sequence[Attempt], reached: Mapping[int, float], *, all_count: bool) -> int:
    """How often a task was tried; without ``all_count``, attempts in which it advanced are not counted."""
    tried = [attempt for attempt in attempts if index in attempt.tasks]
    if all_count:
        return len(tried)
    marks = [*((attempt.fractions or {}).get(index, 0.0) for attempt in tried), reached.get(index, 0.0)]
    return sum(after <= before + _STEP for before, after in pairwise(marks))
