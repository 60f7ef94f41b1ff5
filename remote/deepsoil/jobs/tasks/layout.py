"""Where the files of a job's tasks are, and how their runs are named. Pure, except for listing the existing runs."""

from __future__ import annotations

import re
from pathlib import Path

MERGE = "merge"
"""In place of an index: the merge of the results of all tasks."""

RESULT, END, HEARTBEAT, STOP = "result.json", "end.json", "heartbeat", "stop"

_RUN = re.compile(r"run-(\d+)\.(\d+)")


def plan_path(job: Path) -> Path:
    return job / "tasks" / "plan.json"


def task_path(job: Path, index: int | str) -> Path:
    """The folder of a task; ``index`` is its number or `MERGE`."""
    return job / "tasks" / str(index)


def attempt_path(job: Path, attempt: int) -> Path:
    return job / f"attempt-{attempt}"


def run_name(attempt: int, restart: int) -> str:
    return f"run-{attempt}.{restart}"


def run_number(name: str) -> tuple[int, int] | None:
    """(attempt, restart) of a run's folder; None if it is not the name of a run."""
    found = _RUN.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def runs(task: Path) -> list[Path]:
    """The folders of a task's runs, oldest first."""
    try:
        names = [path.name for path in task.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    numbered = sorted((number, name) for name in names if (number := run_number(name)) is not None)
    return [task / name for _, name in numbered]
