"""From what is known of a job to what is to be done now. Pure: the same knowledge gives the same decision.

Tasks that a machine failed are tried again, as a sparse array of a further attempt; tasks that failed by themselves are
not. A job ends when all its tasks have: never because nobody knows of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from deepsoil.contract.resources import Resources
from deepsoil.contract.states import State
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.slurm.attempts import Attempt, Part
from deepsoil.schedulers.slurm.observation import Seen
from deepsoil.schedulers.slurm.task_status import Judge, Patience, Verdict, attempts_of, refused

MOST_ATTEMPTS = 100
_FIRST_MEMORY_MB = 8000


@dataclass(frozen=True)
class Submit:
    """Bring a part of an attempt to Slurm. ``after``: the arrays that a merge waits for."""

    attempt: Attempt
    part: Part
    after: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Cancel:
    """Have Slurm end everything of these names."""

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
    """actions in their order; ``stage``: what the job is doing, for words; verdicts: of all tasks."""

    actions: tuple[Action, ...]
    verdicts: tuple[Verdict, ...]
    stage: Literal["tasks", "merge", "cancelling"] = "tasks"
    merge: Verdict | None = None

    def count(self, *stands: str) -> int:
        return sum(verdict.stand in stands for verdict in self.verdicts)

    @property
    def known(self) -> bool:
        """False where tasks are neither done nor known to anybody, and nothing else goes on."""
        return not (self.count("unknown") and not self.count("running", "waiting"))


@dataclass(frozen=True)
class Known:
    """Everything that is known of a job. ``settle_s``: how long an unanswered sbatch may still succeed."""

    job: str
    resources: Resources
    attempts: Sequence[Attempt]
    seen: Seen
    tasks: Sequence[TaskView]
    merge: TaskView | None
    cancel: bool
    patience: Patience
    settle_s: float


def decide(known: Known) -> Decision:
    """What to do now."""
    judge = Judge(known.attempts, known.seen, known.patience)
    verdicts = tuple(judge.task(view) for view in known.tasks)
    if known.cancel:
        return _cancel(known, verdicts)
    done = all(verdict.stand == "succeeded" for verdict in verdicts)
    if done and (known.merge is None or known.merge.state == "succeeded"):
        return Decision((Finish("succeeded", message="Finished"),), verdicts)
    again, lost = _sort(known, verdicts)
    verdicts = tuple(replace(verdict, stand="failed", reason=lost[verdict.index]) if verdict.index in lost else verdict
                     for verdict in verdicts)
    actions = _submissions(known, verdicts, again)
    if done:
        return _finish_merge(known, judge, verdicts, actions)
    if not actions:
        actions = _give_up(known, judge, verdicts)
    return Decision(tuple(actions), verdicts)


def _sort(known: Known, verdicts: Sequence[Verdict]) -> tuple[list[Verdict], dict[int, dict[str, Any]]]:
    """What ended by a machine's fault: (to be tried again, tried often enough by number with the reason)."""
    reached = {view.index: view.fraction for view in known.tasks}
    again, lost = [], {}
    for verdict in verdicts:
        if verdict.stand != "again":
            continue
        tries = attempts_of(verdict.index, known.attempts, reached, all_count=verdict.code == "out_of_memory")
        if tries < known.resources.most_attempts and len(known.attempts) < MOST_ATTEMPTS:
            again.append(verdict)
        else:
            reason = dict(verdict.reason or {})
            if known.resources.most_attempts > 1:
                reason["message"] = f"{reason.get('message', '')} It was tried {tries} times."
            lost[verdict.index] = reason
    return again, lost


def _submissions(known: Known, verdicts: Sequence[Verdict], again: Sequence[Verdict]) -> list[Action]:
    """Parts that are not with Slurm yet: of the attempts that there are, then of a new one."""
    actions: list[Action] = [Submit(attempt, "array") for attempt in known.attempts
                             if attempt.tasks and attempt.array is None and attempt.refused is None]
    new = [verdict.index for verdict in verdicts if verdict.stand == "new"]
    if not actions and (new or again):
        actions.append(_next(known, sorted([*new, *(verdict.index for verdict in again)]), again))
    latest = known.attempts[-1] if known.attempts else None
    if (known.merge is not None and latest is not None and not actions and latest.refused is None
            and latest.merge is None and (latest.array is not None or not latest.tasks)):
        actions.append(Submit(latest, "merge", _unfinished_arrays(known, verdicts)))
    return actions


def _next(known: Known, tasks: Sequence[int], again: Sequence[Verdict]) -> Submit:
    reached = {view.index: view.fraction for view in known.tasks if view.index in set(tasks) and view.fraction > 0}
    hungry = {verdict.index for verdict in again if verdict.code == "out_of_memory"}
    before = known.attempts[-1].memory_mb if known.attempts else None
    memory_mb, why = before, ""
    if hungry:
        had = [attempt.memory_mb or known.resources.memory_mb for attempt in known.attempts
               if hungry & set(attempt.tasks)]
        memory_mb = max((2 * mb for mb in had if mb), default=_FIRST_MEMORY_MB)
        why = f"The memory was not enough; the next attempt asks for {memory_mb} MB"
    elif again:
        why = str((again[0].reason or {}).get("message", ""))
    number = 1 + (known.attempts[-1].number if known.attempts else 0)
    return Submit(Attempt(known.job, number, tuple(tasks), reached, memory_mb), "array", why=why)


def _unfinished_arrays(known: Known, verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    active = {verdict.row.array for verdict in verdicts if verdict.active and verdict.row is not None}
    latest = known.attempts[-1]
    # Right after the submission no look has seen the array yet.
    fresh = latest.array is not None and any(verdict.stand in ("waiting", "running") for verdict in verdicts
                                             if verdict.index in latest.tasks)
    return tuple(attempt.array for attempt in known.attempts
                 if attempt.array is not None and (attempt.array in active or (fresh and attempt is latest)))


def _finish_merge(known: Known, judge: Judge, verdicts: tuple[Verdict, ...], actions: list[Action]) -> Decision:
    """All tasks are done; their results are put together."""
    assert known.merge is not None
    latest = known.attempts[-1] if known.attempts else Attempt(known.job, 0)
    if latest.refused is not None:
        actions.append(Finish("failed", _refusal(latest), _refusal(latest)["message"]))
        return Decision(tuple(actions), verdicts, "merge")
    if not known.attempts:  # the results were taken over from an earlier job
        return Decision((Submit(Attempt(known.job, 1), "merge"),), verdicts, "merge")
    if actions or latest.merge is None:
        return Decision(tuple(actions), verdicts, "merge")
    merge = judge.merge(known.merge, latest)
    if merge.stand == "again":
        tries = sum(not attempt.tasks for attempt in known.attempts)
        if tries < known.resources.most_attempts:
            actions.append(Submit(Attempt(known.job, latest.number + 1, memory_mb=_merge_memory(known, latest, merge)),
                                  "merge", why=str((merge.reason or {}).get("message", ""))))
        else:
            merge = replace(merge, stand="failed")
    if merge.stand == "failed":
        reason = merge.reason or {}
        actions.append(Finish("failed", reason, str(reason.get("message", ""))))
    return Decision(tuple(actions), verdicts, "merge", merge)


def _merge_memory(known: Known, latest: Attempt, merge: Verdict) -> int | None:
    had = latest.memory_mb or known.resources.memory_mb
    if merge.code != "out_of_memory":
        return latest.memory_mb
    return 2 * had if had else _FIRST_MEMORY_MB


def _refusal(attempt: Attempt) -> dict[str, Any]:
    return refused(attempt.refused or "")


def _give_up(known: Known, judge: Judge, verdicts: Sequence[Verdict]) -> list[Action]:
    """The end of a job some of whose tasks have failed for good, once nothing of it goes on and nothing is unknown."""
    failed = [verdict for verdict in verdicts if verdict.stand == "failed"]
    if not known.seen.fresh or not failed:
        return []
    if any(verdict.stand not in ("failed", "succeeded") for verdict in verdicts):
        return []
    latest = known.attempts[-1]
    if known.merge is not None and latest.merge is not None:
        merge = judge.merge(known.merge, latest)
        if merge.active:
            return []  # it makes what can be made of the finished tasks
    first = failed[0].reason or {}
    if len(verdicts) == 1 or failed[0].code == "slurm_refused":
        return [Finish("failed", first, str(first.get("message", "")))]
    message = f"{len(failed)} of {len(verdicts)} tasks failed; the first: {first.get('message', '')}"
    return [Finish("failed", {**first, "message": message}, message)]


def _cancel(known: Known, verdicts: tuple[Verdict, ...]) -> Decision:
    """End everything with Slurm, also what was never heard of again; the job ends when all is gone."""
    names = [name for attempt in known.attempts for name in attempt.names]
    if not names:
        return Decision((Finish("cancelled", message="Cancelled before it began"),), verdicts, "cancelling")
    if not known.seen.fresh:
        return Decision((), verdicts, "cancelling")
    left = [attempt.name(part) for attempt in known.attempts for part in sorted(attempt.intended)
            if not _gone(known, attempt, part)]
    if left:
        return Decision((Cancel(tuple(left)),), verdicts, "cancelling")
    return Decision((Finish("cancelled", message="Stopped"),), verdicts, "cancelling")


def _gone(known: Known, attempt: Attempt, part: Part) -> bool:
    if attempt.refused is not None and attempt.id_of(part) is None:
        return True
    quiet_s = known.seen.quiet_s.get(attempt.name(part))
    if quiet_s is None:
        return False
    # Where Slurm's answer was lost the job may still appear; else one look after the first is enough.
    return quiet_s >= known.settle_s if attempt.id_of(part) is None else quiet_s > 0


def wanted(attempts: Sequence[Attempt], tasks: Sequence[TaskView]) -> Mapping[str, Sequence[int | None]]:
    """The names to ask Slurm for, each with the tasks (None: a merge) that have no result yet."""
    done = {view.index for view in tasks if view.state == "succeeded"}
    names: dict[str, list[int | None]] = {}
    for attempt in attempts:
        if "array" in attempt.intended:
            names[attempt.name("array")] = [index for index in attempt.tasks if index not in done]
        if "merge" in attempt.intended:
            names[attempt.name("merge")] = [None]
    return names
