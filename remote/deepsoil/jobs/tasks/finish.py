"""Files of finished tasks become outputs of the job. Every step can be repeated, by any process that serves the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.contract.output_names import is_output_name
from deepsoil.io import disk
from deepsoil.io.exclusive import link_or_copy
from deepsoil.io.hashing import sha256_of_file
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_result
from deepsoil.jobs.tasks.plan import read_plan


def collect(folder: JobFolder, *, partial: bool = False) -> int:
    """Publish the files of finished tasks that are not published yet; returns how many were published.

    Nothing for a job with a merge: its results are parts of outputs. ``partial``: also the files of the runs of
    unfinished tasks, for a job that was cancelled or failed.
    """
    plan = read_plan(folder)
    if plan is None or plan.merge:
        return 0
    known = {record["name"] for record in folder.output_records()}
    count = 0
    for task in plan.tasks:
        host = layout.task_path(folder.path, task.index)
        prefix = f"{task.title}/" if len(plan.tasks) > 1 else ""
        for source, record in _results(host, partial):
            name = record["name"] if record["name"].startswith(prefix) else prefix + record["name"]
            if name not in known and is_output_name(name) and not source.is_symlink():
                publish(folder, source, {**record, "name": name})
                known.add(name)
                count += 1
    return count


def _results(task: Path, partial: bool) -> list[tuple[Path, dict[str, Any]]]:
    """(file, record) of the run that counts; with ``partial``, of the latest run if none counts."""
    if (result := read_result(task)) is not None:
        run, records = result
    elif partial and (runs := layout.runs(task)):
        run, records = runs[-1], JobFolder(runs[-1]).output_records()
    else:
        return []
    return [(run / "outputs" / record["name"], record) for record in records]


def publish(folder: JobFolder, source: Path, record: dict[str, Any]) -> None:
    """Make a finished file of a run an output of the job under ``record``'s name; an existing file is kept.

    The file appears complete, by a hard link if the disk supports it. An interrupted step is completed.
    """
    final = folder.outputs_path / record["name"]
    disk.make_folder(final.parent)
    if not link_or_copy(source, final):
        record = {**record, "sha256": sha256_of_file(final), "size": final.stat().st_size}
    folder.record_output(record)
