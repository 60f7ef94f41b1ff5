"""Curves of trainings, while they run and afterwards: the data of the service's method `curves`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.io import json_files
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_result
from deepsoil.jobs.tasks.plan import read_plan

FILE = "curves.jsonl"
MOST_ROWS = 20_000
"""The most rows in one reply; longer curves are thinned evenly, with the last row kept."""


def read(folder: JobFolder, task: int | None = None) -> list[dict[str, Any]]:
    """The curves of a job's started trainings as ``{task, title, rows}``; ``task``: only that one.

    ``rows`` are the lines of ``curves.jsonl``, one per finished epoch: ``epoch``, ``learning_rate``, loss terms,
    ``validation_mae`` and ``validation_rmse`` in m³/m³, ``seconds``.
    """
    plan = read_plan(folder)
    if plan is None:
        found = list(enumerate(_in(folder.path)))
    else:
        found = [(one.index, path) for one in plan.tasks if task in (None, one.index)
                 for path in _in(_run(layout.task_path(folder.path, one.index)))]
    curves = [(number, path.parent.name, _rows(path)) for number, path in found if task in (None, number)]
    step = max(1, -(-sum(len(rows) for _, _, rows in curves) // MOST_ROWS))
    return [{"task": number, "title": title, "rows": _thinned(rows, step)} for number, title, rows in curves]


def _run(task: Path) -> Path | None:
    """The run that counts, else the latest one."""
    result = read_result(task)
    if result is not None:
        return result[0]
    runs = layout.runs(task)
    return runs[-1] if runs else None


def _in(run: Path | None) -> list[Path]:
    """The files with curves of a run, or of a job in one process: published files before unpublished ones."""
    if run is None:
        return []
    found: dict[str, Path] = {}
    for host in ("outputs", "work"):
        for path in sorted((run / host).glob(f"**/{FILE}")):
            found.setdefault(path.parent.name, path)
    return list(found.values())


def _rows(path: Path) -> list[dict[str, Any]]:
    """Rows by epoch, none if they cannot be read; if an epoch was computed twice, the later line counts."""
    try:
        lines = [_plain(row) for row in json_files.read_lines(path, non_finite=True)]
    except OSError:
        return []
    return list({row.get("epoch"): row for row in lines}.values())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is neither a number nor a text; a number that is not finite, as of a network that diverged,
    is null."""
    return {name: value for name, value in row.items() if value is None or isinstance(value, (int, float, str))}


def _thinned(rows: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    return rows[::step] + ([rows[-1]] if rows and (len(rows) - 1) % step else [])
