"""What a run reuses from earlier runs of its task. Work is copied, because an earlier run may still write to it."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

from deepsoil.io import atomic, json_files
from deepsoil.io.exclusive import link_or_copy
from deepsoil.jobs.outputs import is_record
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import TaskFolder

CHECKPOINT, CURVES = "checkpoint.pt", "curves.jsonl"


def continue_earlier(folder: TaskFolder) -> str | None:
    """Copy finished arrays and the furthest checkpoint into a new run; the name of the run it continues, if any.

    Of the runs that have ended, only the work of the continued one is kept.
    """
    earlier = [run for run in layout.runs(folder.task) if run != folder.path]
    _reuse_arrays(folder, earlier)
    furthest = max(earlier, key=_reached, default=None)
    if furthest is None or _reached(furthest) <= (0, 0, 0.0):
        return None
    draft = folder.path / ".work"
    _copy(furthest / "work", draft)
    (folder.path / "work").rmdir()
    atomic.move(draft, folder.path / "work")
    for run in earlier:
        if run != furthest and (run / layout.END).exists():
            shutil.rmtree(run / "work", ignore_errors=True)
    return furthest.name


def _reached(run: Path) -> tuple[int, int, float]:
    """Progress of a run's checkpoints, for comparison: their number, finished epochs, time of the last one."""
    checkpoints = [path for path in (run / "work").rglob(CHECKPOINT) if _whole(path)]
    epochs, modified = 0, 0.0
    for path in checkpoints:
        with suppress(OSError):
            epochs += sum(1 for _ in json_files.read_lines(path.with_name(CURVES)))
            modified = max(modified, path.stat().st_mtime)
    if checkpoints:
        return len(checkpoints), epochs, modified
    # Simulated columns or a warm start are worth copying, too.
    begun = [path for path in (run / "work").rglob("*") if path.is_file() and not _draft(path)]
    return 0, len(begun), 0.0


def _whole(path: Path) -> bool:
    """Whether a checkpoint is complete; one that was being written when the computer failed is not."""
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _copy(source: Path, target: Path) -> None:
    """Copy a folder whose files may be replaced during the copy.

    Checkpoints come first: other files that are newer than the checkpoint do no harm, they will be made again.
    """
    paths = sorted((path for path in source.rglob("*") if path.is_file() and not _draft(path)),
                   key=lambda path: (path.name != CHECKPOINT, path))
    target.mkdir()
    for path in paths:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # moved away meanwhile
            shutil.copyfile(path, copy)


def _draft(path: Path) -> bool:
    return path.name.startswith(".")


def _reuse_arrays(folder: TaskFolder, earlier: list[Path]) -> None:
    """Finished arrays of a prediction: with their records they count as this run's own."""
    taken = set()
    for run in earlier:
        for record in json_files.read_lines(run / "outputs.jsonl"):
            name = str(record.get("name"))
            source = run / "outputs" / name
            if not is_record(record) or not name.endswith(".npy") or name in taken \
                    or not _has_size(source, record["size"]):
                continue
            link_or_copy(source, folder.outputs_path / name)
            json_files.append_line(folder.path / "outputs.jsonl", record)
            taken.add(name)


def _has_size(path: Path, size: object) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def reached_before(folder: TaskFolder) -> float:
    """The greatest progress that an earlier run of the task reported, in the unit of its progress."""
    furthest = 0.0
    for run in layout.runs(folder.task):
        if run != folder.path:
            for line in json_files.read_lines(run / "progress.jsonl"):
                with suppress(KeyError, TypeError, ValueError):
                    furthest = max(furthest, float(line["done"]))
    return furthest

