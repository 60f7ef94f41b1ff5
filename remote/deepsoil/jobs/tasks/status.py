"""What the tasks of a job are doing, from their files. Read-only; a few small files per task."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from deepsoil.contract import text
from deepsoil.io import json_files, regular
from deepsoil.jobs import steps
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout, memory
from deepsoil.jobs.tasks.folder import read_result
from deepsoil.jobs.tasks.plan import read_plan

TaskState = Literal["waiting", "running", "succeeded", "failed", "cancelled", "stale"]

STALE_AFTER_S = 180.0
"""A run whose heartbeat has not changed for so long is stale; the scheduler knows whether it is lost.

Counted by the process that looks, from its first look on: the clock of a node or a file server may differ.
"""

# (heartbeat, when this process saw it first, by its monotonic clock) of the runs that have not ended, those looked at
# last at the end: a run that never ends, or whose job was removed, must not be kept for good.
_beats: dict[Path, tuple[float | None, float]] = {}
_MOST_BEATS = 100_000
_counting = threading.Lock()

RETRYABLE = frozenset({"interrupted", "out_of_memory", "storage_failed", "results_missing", "peer_lost"})
"""Codes of reasons caused by the machine: the same work may succeed elsewhere or later."""

_TAIL_BYTES = 4096


@dataclass(frozen=True)
class TaskView:
    """The state of a task according to its files.

    index      its number in the plan; -1 for the merge
    fraction   0 to 1; for a task that waits to be continued, the part it had reached
    run        name of the run that counts, else of the latest one; None before the first
    reason     error object of a run that failed or was interrupted
    heartbeat  the last one, seconds since 1970 by the clock of the file's computer; None without a run
    memory     (the most that the run has taken, its limit), MB, as far as a run without an end has recorded them
    retryable  whether a retry makes sense: the run was interrupted, or failed because of the machine
    """

    index: int
    title: str
    state: TaskState
    fraction: float = 0.0
    run: str | None = None
    reason: dict[str, Any] | None = None
    message: str = ""
    heartbeat: float | None = None
    retryable: bool = False
    memory: tuple[float, float | None] | None = None


def look(folder: JobFolder) -> list[TaskView]:
    """All tasks of a job in the order of their numbers; empty before it is planned."""
    plan = read_plan(folder)
    return [] if plan is None else [_view(layout.task_path(folder.path, task.index), task.index, task.title)
                                    for task in plan.tasks]


def finished(folder: JobFolder) -> set[int]:
    """The tasks of a job that have a result; cheaper than `look`."""
    plan = read_plan(folder)
    return set() if plan is None else {task.index for task in plan.tasks
                                       if read_result(layout.task_path(folder.path, task.index)) is not None}


def look_at_merge(folder: JobFolder) -> TaskView | None:
    """The merge of a job that has one: ``succeeded`` when every output is published."""
    plan = read_plan(folder)
    if plan is None or not plan.merge:
        return None
    return _view(layout.task_path(folder.path, layout.MERGE), -1, "Merge")


def _view(task: Path, index: int, title: str) -> TaskView:
    result = read_result(task)
    if result is not None:
        _forget(result[0])
        return TaskView(index, title, "succeeded", 1.0, result[0].name, message="Finished")
    runs = layout.runs(task)
    if not runs:
        return TaskView(index, title, "waiting", message="Waiting")
    run = runs[-1]
    fraction, message = last_progress(run)
    heartbeat = _modified(run / layout.HEARTBEAT)
    end = json_files.read_or_none(run / layout.END)
    if end is None:
        stale = _silent_s(run, heartbeat) > STALE_AFTER_S
        return TaskView(index, title, "stale" if stale else "running", fraction, run.name, None, message,
                        heartbeat, retryable=stale, memory=_memory(run))
    _forget(run)
    reason = end.get("reason")
    code = reason.get("code") if isinstance(reason, dict) else None
    states: dict[str, TaskState] = {"failed": "failed", "cancelled": "cancelled"}
    # A run that succeeded without a result was killed between its outputs and the result: it is repeated.
    state = states.get(str(end.get("state")), "waiting")
    return TaskView(index, title, state, fraction, run.name, reason, text.from_fields({"message": "", **end}),
                    heartbeat, retryable=state == "waiting" or (state == "failed" and code in RETRYABLE))


def _silent_s(run: Path, heartbeat: float | None) -> float:
    """For how long this process has seen the same heartbeat."""
    now = time.monotonic()
    with _counting:
        known = _beats.pop(run, None)
        since = known[1] if known is not None and known[0] == heartbeat else now
        _beats[run] = heartbeat, since
        while len(_beats) > _MOST_BEATS:
            del _beats[next(iter(_beats))]
    return now - since


def _forget(run: Path) -> None:
    with _counting:
        _beats.pop(run, None)


def _memory(run: Path) -> tuple[float, float | None] | None:
    record = json_files.read_or_none(run / memory.FILE) or {}
    peak, limit = record.get("peak_mb"), record.get("limit_mb")
    if not isinstance(peak, int | float):
        return None
    return float(peak), float(limit) if isinstance(limit, int | float) else None


def last_progress(run: Path) -> tuple[float, str]:
    """(fraction done, message) of a run; (0, "") before its first step."""
    done, total, message = last_step(run)
    return (round(min(1.0, max(0.0, done / total)), 4) if total > 0 else 0.0), message


def last_step(run: Path) -> tuple[float, float, str]:
    """(done, total, message) of the last complete line of ``progress.jsonl``; zeros before the first."""
    try:
        lines = regular.read_tail(run / "progress.jsonl", _TAIL_BYTES).splitlines()
    except OSError:
        lines = []
    for line in reversed(lines):
        if (step := steps.parsed(line)) is not None:
            return step["done"], step["total"], step["message"]
    return 0.0, 0.0, ""


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None
