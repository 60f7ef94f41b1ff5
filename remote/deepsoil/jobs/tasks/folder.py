"""The folder of one run of a task: a separate job folder, so that job handlers run in it unchanged."""

from __future__ import annotations

import math
import shutil
from itertools import count
from pathlib import Path
from typing import Any

from deepsoil.contract import text
from deepsoil.io import disk, json_files
from deepsoil.io.exclusive import write_json_once
from deepsoil.jobs import outputs, reserve
from deepsoil.jobs.folder import JobFolder, now
from deepsoil.jobs.tasks import layout


class TaskFolder(JobFolder):
    """Progress, log, outputs and end of one run; the specification and the cancel request are those of the job.

    time_is_up   the system asked the run to stop because its time limit is near
    done         the last value given to `progress`
    """

    def __init__(self, path: Path, job: JobFolder) -> None:
        super().__init__(path)
        self.job = job
        self.time_is_up = False
        self.done = 0.0
        self._unreported: tuple[float, float, str] | None = None

    @classmethod
    def begin(cls, job: JobFolder, index: int | str, attempt: int, restart: int) -> TaskFolder:
        """A new folder ``run-<attempt>.<restart>``; if it exists, one with the next free restart number. OSError."""
        task = layout.task_path(job.path, index)
        disk.make_folder(task)
        for number in count(restart):
            path = task / layout.run_name(attempt, number)
            try:
                path.mkdir()
            except FileExistsError:
                continue
            try:
                (path / "outputs").mkdir()
                (path / "work").mkdir()
                reserve.make(path)
            except OSError:
                shutil.rmtree(path, ignore_errors=True)
                raise
            return cls(path, job)
        raise AssertionError("numbers do not end")

    @property
    def task(self) -> Path:
        return self.path.parent

    @property
    def restart(self) -> int:
        number = layout.run_number(self.path.name)
        return number[1] if number else 0

    def document(self) -> dict[str, Any]:
        return self.job.document()

    def job_cancelled(self) -> bool:
        """Whether the user asked the job to stop."""
        return (self.job.path / "cancel").exists()

    def cancelled(self) -> bool:
        """Whether to stop: the user or the system asked for it, or the job script wrote ``stop`` (time is up)."""
        if not self.stop_requested and (self.path / layout.STOP).exists():
            self.stop_requested = self.time_is_up = True
        return self.stop_requested or self.job_cancelled()

    @property
    def shared(self) -> Path:
        return self.job.path / "tasks" / "shared"

    @property
    def to_be_continued(self) -> bool:
        return self.stop_requested and not self.job_cancelled()

    def progress(self, done: float, total: float, message: str) -> None:
        self.done = max(self.done, done)
        before = self._last_progress
        super().progress(done, total, message)
        self._unreported = None if self._last_progress != before else (done, total, message)

    def write_end(self, state: str, message: str, reason: dict[str, Any] | None) -> None:
        """Record how the run ended (``succeeded``, ``failed``, ``cancelled`` or ``interrupted``) and its progress."""
        if self._unreported is not None:
            self._last_progress = -math.inf
            super().progress(*self._unreported)
        reserve.write_end(self.path / layout.END,
                          {"state": state, "reason": reason, **text.fields(message), "time": now()})
        reserve.remove(self.path)

    def write_result(self) -> bool:
        """Make this run the one that counts; False if another run was first. Raises OSError."""
        document = {"run": self.path.name, "files": self.output_records()}
        return reserve.pressing(self.path, lambda: write_json_once(self.task / layout.RESULT, document))


def read_result(task: Path) -> tuple[Path, list[dict[str, Any]]] | None:
    """(folder, records of the outputs) of the run that counts; None if there is none, or its record is damaged.

    A name in it that leads out of the task, which no run writes, is damage.
    """
    result = json_files.read_or_none(task / layout.RESULT)
    if result is None:
        return None
    run, files = result.get("run"), result.get("files")
    if not isinstance(run, str) or layout.run_number(run) is None or not isinstance(files, list):
        return None
    return (task / run, files) if all(map(outputs.is_record, files)) else None
