"""What a new job takes over from an earlier job of the same request: results, checkpoints and simulated columns.

Finished files are never changed, only replaced, so they get a second name by a hard link where the disk has them; the
earlier job can then be removed, or still be running. Files that grow line by line are copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk, json_files
from deepsoil.io.exclusive import link_or_copy
from deepsoil.io.hashing import sha256_of_file
from deepsoil.jobs import outputs
from deepsoil.jobs.folder import JobFolder, now
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_result
from deepsoil.jobs.tasks.plan import TaskPlan
from deepsoil.jobs.tasks.resume import CHECKPOINT

# The files of a run that readers, or the run that continues it, need.
_FINISHED = ("outputs", "progress.jsonl", "log.jsonl", "worker.txt", layout.END, layout.HEARTBEAT)
_UNFINISHED = ("work", "outputs", "outputs.jsonl", "progress.jsonl")
_GROWING = ".jsonl"
_OUTPUTS, _RECORDS = "earlier_outputs", "earlier_outputs.json"
_BEFORE_ALL = 0
"""The number of an attempt that no job has: what is taken over is never mistaken for a run of the new job."""


def take_over_work(earlier: Path, job: Path) -> None:
    """Take over what a job without tasks has begun: its handler continues with the files in ``work``."""
    _link_all(earlier / "work", job / "work")


def take_over_outputs(earlier: JobFolder, job: Path, made_from: Iterable[Path]) -> None:
    """Lay the finished outputs of a job that did not succeed ready for a new job without tasks (`earlier_outputs`).

    Nothing where another version of the engine made them, or where one of ``made_from`` is newer than the request: the
    same work would have another result now.
    """
    try:
        manifest = earlier.manifest()
        if manifest.get("engine") != __version__ or earlier.state == "succeeded":
            return
        asked = (earlier.path / "job.json").stat().st_mtime
        if any(path.stat().st_mtime > asked for path in made_from):
            return
    except (OSError, DeepSoilError):
        return
    records, _ = outputs.divided(earlier.outputs_path, manifest["files"])
    for record in records:
        source = Path(record.pop("path"))
        _link(source, job / "work" / _OUTPUTS / record["name"])
    if records:
        json_files.write(job / "work" / _RECORDS, {"files": records}, sync=False)


def earlier_outputs(job: Path) -> list[tuple[Path, outputs.Record]]:
    """(file, its record) for the outputs that `take_over_outputs` has laid ready and that are unchanged since."""
    document = json_files.read_or_none(job / "work" / _RECORDS) or {}
    found = [(job / "work" / _OUTPUTS / record["name"], record) for record in document.get("files", ())
             if outputs.is_record(record)]
    return [(path, record) for path, record in found
            if path.is_file() and not path.is_symlink() and sha256_of_file(path) == record["sha256"]]


def take_over(plan: TaskPlan, earlier: Path, job: Path) -> None:
    """Take over the tasks of ``plan`` from the job folder ``earlier`` into the new job folder ``job``.

    A finished task is finished in the new job, too. An unfinished one continues from what each of its runs left: the
    furthest checkpoint, or finished arrays (`resume`). Nothing after a merge, which deletes what it has read.
    """
    if (layout.task_path(earlier, layout.MERGE) / layout.RESULT).exists():
        return
    _link_all(earlier / "tasks" / "shared", job / "tasks" / "shared")
    for task in plan.tasks:
        source, target = layout.task_path(earlier, task.index), layout.task_path(job, task.index)
        result = read_result(source)
        if result is not None and result[0].is_dir():
            run = result[0]
            _take_run(run, target / run.name, _FINISHED)
            _link(source / layout.RESULT, target / layout.RESULT)
            disk.sync_folder(target)
        else:
            _take_unfinished(layout.runs(source), target)


def _take_unfinished(runs: Iterable[Path], target: Path) -> None:
    """The runs of a task, oldest first, as runs of an attempt before the first one of the new job."""
    for number, run in enumerate(runs):
        copy = target / layout.run_name(_BEFORE_ALL, number)
        _take_run(run, copy, _UNFINISHED)
        json_files.write(copy / layout.END, {"state": "interrupted", "reason": None, "message": "", "time": now()},
                         sync=False)


def _take_run(run: Path, target: Path, names: Iterable[str]) -> None:
    target.mkdir(parents=True)
    for name in names:
        if (run / name).is_dir():
            _link_all(run / name, target / name)
        else:
            _link(run / name, target / name)


def _link_all(source: Path, target: Path) -> None:
    """A folder with all its finished files; names of drafts begin with a dot.

    Checkpoints come first: other files that are newer than the checkpoint do no harm.
    """
    for path in sorted(source.rglob("*"), key=lambda path: (path.name != CHECKPOINT, path)):
        if path.is_file() and not path.name.startswith("."):
            _link(path, target / path.relative_to(source))


def _link(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):  # the earlier job is still running, and has replaced or moved it
        if source.suffix == _GROWING:
            text = source.read_bytes()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(source, target, sync=False)
