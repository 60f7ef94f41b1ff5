"""The files of a training's run folder as outputs of its job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from deepsoil.io.exclusive import link_or_copy
from deepsoil.jobs.folder import JobFolder

_OUTPUT_KINDS = {".onnx": "model", ".csv": "curves", ".jsonl": "curves", ".json": "metrics"}


def publish_run(folder: JobFolder, run: Path) -> None:
    """Make the files of a run folder outputs of the job, under the run's name; they stay where they are, too.

    Whoever continues the training finds them there.
    """
    _publish(folder, run, f"{run.name}/", lambda name: False)


def publish_outputs(folder: JobFolder, outputs: Path, published: Callable[[str], bool]) -> None:
    """Make the outputs of a task outputs of the job, except those that are there already."""
    _publish(folder, outputs, "", published)


def _publish(folder: JobFolder, source: Path, before: str, published: Callable[[str], bool]) -> None:
    for file in sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith(".")):
        name = before + file.relative_to(source).as_posix()
        if published(name):
            continue
        draft = folder.temporary(name)
        draft.unlink(missing_ok=True)
        link_or_copy(file, draft)
        folder.add_output(draft, _OUTPUT_KINDS.get(file.suffix, "other"))
