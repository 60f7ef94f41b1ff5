"""Decides what to do next with a job from what is known of it. Pure: the same input gives the same decision.

Tasks that failed because of a computer are retried, as a sparse array in a further attempt; those that failed by their
own work are not. A job ends when all its tasks have ended, never because the scheduler has forgotten them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.states import State
from deepsoil.contract.text import Text
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.attempts import Attempt
from deepsoil.schedulers.array.backend import Part
from deepsoil.schedulers.array.observation import Snapshot
from deepsoil.schedulers.array.task_status import Delays, StatusResolver, TaskStatus, attempts_of, refused

MOST_ATTEMPTS = 100
_FIRST_MEMORY_MB = 8000


@dataclass(frozen=True)
class Submit:
    """Submit a part of an attempt. ``after``: the arrays that a merge waits for; ``why``: for the log."""

    attempt: Attempt
    part: Part
    after: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Cancel:
    """Cancel all jobs of these names."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Finish:
    """The job has ended."""

    state: State
    reason: dict[str, Any] | None = None
    message: str = ""


Action = Submit | Cancel | Finish


@dataclass(frozen=True)
class Decision:
    """actions in their order; ``stage``: what the job is doing, for messages; tasks: the status of each."""

    actions: tuple[Action, ...]
    tasks: tuple[TaskStatus, ...]
    stage: Literal["tasks", "merge", "cancelling"] = "tasks"
    merge: TaskStatus | None = None

    def count(self, *states: str) -> int:
        return sum(task.state in states for task in self.tasks)

    @property
    def known(self) -> bool:
        """False if tasks are neither finished nor known to the scheduler, and no other task is active."""
        return not (self.count("unknown") and not self.count("running", "waiting"))


@dataclass(frozen=True)
class Known:
    """Everything that is known of a job.

    scheduler      its title, for messages
    settle_s       how long a submission whose answer was lost may still take effect
    largest_array  how many tasks an array may have; their numbers in it begin with 0
    """

    job: str
    scheduler: str
    resources: Resources
    attempts: Sequence[Attempt]
    snapshot: Snapshot
    tasks: Sequence[TaskView]
    merge: TaskView | None
    cancel: bool
    delays: Delays
    settle_s: float
    largest_array: int = 1000


def decide(known: Known) -> Decision:
    """What to do now."""
    resolver = StatusResolver(known.scheduler, known.attempts, known.snapshot, known.delays,
                              known.resources.memory_mb)
    statuses = tuple(resolver.task(view) for view in known.tasks)
    if known.cancel:
        return _cancel(known, statuses)
    done = all(task.state == "succeeded" for task in statuses)
    if done and (known.merge is None or known.merge.state == "succeeded"):
        return Decision((Finish("succeeded", message="Finished"),), statuses)
    retry, lost = _retries(known, statuses)
    statuses = tuple(replace(task, state="failed", reason=lost[task.index]) if task.index in lost else task
                     for task in statuses)
    actions = _submissions(known, statuses, retry)
    if done:
        return _finish_merge(known, resolver, statuses, actions)
    if not actions:
        actions = _give_up(known, resolver, statuses)
    return Decision(tuple(actions), statuses)


def _retries(known: Known, statuses: Sequence[TaskStatus]) -> tuple[list[TaskStatus], dict[int, dict[str, Any]]]:
    """Tasks that ended because of a computer: (those to retry, the reasons of those without attempts left)."""
    reached = {view.index: view.fraction for view in known.tasks}
    retry, lost = [], {}
    for task in statuses:
        if task.state != "retry":
            continue
        tries = attempts_of(task.index, known.attempts, reached, all_count=task.code == "out_of_memory")
        if tries < known.resources.most_attempts and len(known.attempts) < MOST_ATTEMPTS:
            retry.append(task)
        else:
            reason = DeepSoilError.from_dict(task.reason or {})
            if known.resources.most_attempts > 1:
                reason = reason.reworded(Text("{problem} It was tried {tries} times.",
                                              problem=reason.text, tries=tries))
            lost[task.index] = reason.to_dict()
    return retry, lost


def _submissions(known: Known, statuses: Sequence[TaskStatus], retry: Sequence[TaskStatus]) -> list[Action]:
    """Parts that are not submitted yet: of the existing attempts, then of a new one."""
    actions: list[Action] = [Submit(attempt, "array") for attempt in known.attempts
                             if attempt.tasks and attempt.array is None and attempt.refused is None]
    new = [task.index for task in statuses if task.state == "new"]
    if not actions and (new or retry):
        actions.append(_next(known, sorted([*new, *(task.index for task in retry)]), retry))
    latest = known.attempts[-1] if known.attempts else None
    if (known.merge is not None and latest is not None and not actions and latest.refused is None
            and latest.merge is None and (latest.array is not None or not latest.tasks)):
        actions.append(Submit(latest, "merge", _unfinished_arrays(known, statuses)))
    return actions


def _next(known: Known, tasks: Sequence[int], retry: Sequence[TaskStatus]) -> Submit:
    """The next attempt: as many of ``tasks`` as an array can have. The others follow in further ones."""
    first = tasks[0] // known.largest_array * known.largest_array
    tasks = [index for index in tasks if index < first + known.largest_array]
    chosen = frozenset(tasks)
    retry = [task for task in retry if task.index in chosen]
    reached = {view.index: view.fraction for view in known.tasks if view.index in chosen and view.fraction > 0}
    short_of_memory = {task.index for task in retry if task.code == "out_of_memory"}
    before = known.attempts[-1].memory_mb if known.attempts else None
    memory_mb, why = before, ""
    if short_of_memory:
        had = [attempt.memory_mb or known.resources.memory_mb for attempt in known.attempts
               if short_of_memory & set(attempt.tasks)]
        memory_mb = max((2 * mb for mb in had if mb), default=_FIRST_MEMORY_MB)
        why = f"The memory was not enough; the next attempt asks for {memory_mb} MB"
    elif retry:
        why = str((retry[0].reason or {}).get("message", ""))
    number = 1 + (known.attempts[-1].number if known.attempts else 0)
    return Submit(Attempt(known.job, number, tuple(tasks), reached, memory_mb, first=first), "array", why=why)


def _unfinished_arrays(known: Known, statuses: Sequence[TaskStatus]) -> tuple[str, ...]:
    active = {task.record.array for task in statuses if task.active and task.record is not None}
    # Right after the submission no observation has shown an array yet.
    latest = {index: attempt.array for attempt in known.attempts for index in attempt.tasks}
    active |= {array for task in statuses if task.state in ("waiting", "running")
               and (array := latest.get(task.index)) is not None}
    return tuple(attempt.array for attempt in known.attempts if attempt.array is not None and attempt.array in active)


def _finish_merge(known: Known, resolver: StatusResolver, statuses: tuple[TaskStatus, ...],
                  actions: list[Action]) -> Decision:
    """All tasks are done; their results are merged."""
    assert known.merge is not None
    latest = known.attempts[-1] if known.attempts else Attempt(known.job, 0)
    if latest.refused is not None:
        actions.append(Finish("failed", _refusal(known, latest), _refusal(known, latest)["message"]))
        return Decision(tuple(actions), statuses, "merge")
    if not known.attempts:  # all results are those of an earlier job
        return Decision((Submit(Attempt(known.job, 1), "merge"),), statuses, "merge")
    if actions or latest.merge is None:
        return Decision(tuple(actions), statuses, "merge")
    merge = resolver.merge(known.merge, latest)
    if merge.state == "retry":
        tries = sum(not attempt.tasks for attempt in known.attempts)
        if tries < known.resources.most_attempts:
            actions.append(Submit(Attempt(known.job, latest.number + 1, memory_mb=_merge_memory(known, latest, merge)),
                                  "merge", why=str((merge.reason or {}).get("message", ""))))
        else:
            merge = replace(merge, state="failed")
    if merge.state == "failed":
        reason = merge.reason or {}
        actions.append(Finish("failed", reason, str(reason.get("message", ""))))
    return Decision(tuple(actions), statuses, "merge", merge)


def _merge_memory(known: Known, latest: Attempt, merge: TaskStatus) -> int | None:
    had = latest.memory_mb or known.resources.memory_mb
    if merge.code != "out_of_memory":
        return latest.memory_mb
    return 2 * had if had else _FIRST_MEMORY_MB


def _refusal(known: Known, attempt: Attempt) -> dict[str, Any]:
    return refused(known.scheduler, attempt.refused or "")


def _give_up(known: Known, resolver: StatusResolver, statuses: Sequence[TaskStatus]) -> list[Action]:
    """End a job with failed tasks, once no task is active and no status is unknown."""
    failed = [task for task in statuses if task.state == "failed"]
    if not known.snapshot.fresh or not failed:
        return []
    if any(task.state not in ("failed", "succeeded") for task in statuses):
        return []
    latest = known.attempts[-1]
    if known.merge is not None and latest.merge is not None:
        merge = resolver.merge(known.merge, latest)
        if merge.active:
            return []  # it makes the outputs that the finished tasks allow
    first = DeepSoilError.from_dict(failed[0].reason or {})
    if len(statuses) == 1 or failed[0].code == "scheduler_refused":
        return [Finish("failed", first.to_dict(), first.text)]
    message = Text("{failed} of {total} tasks failed; the first: {problem}",
                   failed=len(failed), total=len(statuses), problem=first.text)
    return [Finish("failed", first.reworded(message).to_dict(), message)]


def _cancel(known: Known, statuses: tuple[TaskStatus, ...]) -> Decision:
    """Cancel everything, also submissions whose answer was lost; the job ends when the scheduler has no part of it."""
    names = [name for attempt in known.attempts for name in attempt.names]
    if not names:
        return Decision((Finish("cancelled", message="Cancelled before it began"),), statuses, "cancelling")
    if not known.snapshot.fresh:
        return Decision((), statuses, "cancelling")
    left = [attempt.name(part) for attempt in known.attempts for part in sorted(attempt.intended)
            if not _gone(known, attempt, part)]
    if left:
        return Decision((Cancel(tuple(left)),), statuses, "cancelling")
    return Decision((Finish("cancelled", message="Stopped"),), statuses, "cancelling")


def _gone(known: Known, attempt: Attempt, part: Part) -> bool:
    if attempt.refused is not None and attempt.id_of(part) is None:
        return True
    absent_s = known.snapshot.absent_s.get(attempt.name(part))
    if absent_s is None:
        return False
    # If the answer was lost, the job may still appear; otherwise one observation after the first is enough.
    return absent_s >= known.settle_s if attempt.id_of(part) is None else absent_s > 0


def wanted(attempts: Sequence[Attempt], done: Collection[int]) -> Mapping[str, Sequence[int | None]]:
    """The names to ask the scheduler for, each with the tasks, as numbers in the array, that have no result yet.

    The merge is None. ``done``: the tasks that have a result.
    """
    names: dict[str, list[int | None]] = {}
    for attempt in attempts:
        if "array" in attempt.intended:
            names[attempt.name("array")] = [index - attempt.first for index in attempt.tasks if index not in done]
        if "merge" in attempt.intended:
            names[attempt.name("merge")] = [None]
    return names
