"""The folder of one job: the complete record of the job, read and written by several processes at once.

Every file is replaced whole or appended line by line; a step of the state is taken under a lock and never leads out
of a final state. What the files are is in docs/contract.md.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil import __version__
from deepsoil.contract import migration, text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.output_names import is_output_name
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.states import FINAL, IllegalStepError, State, Status, Worker
from deepsoil.contract.version import SCHEMA
from deepsoil.io import atomic, disk, json_files
from deepsoil.io.hashing import sha256_of_file
from deepsoil.jobs import new_folder, outputs, reserve
from deepsoil.jobs.folder_errors import damaged
from deepsoil.jobs.folder_lock import folder_lock

if TYPE_CHECKING:  # the queue's process only reads folders; without pydantic it is small and starts quickly
    from deepsoil.contract.specification import Specification

_MOST_STATE_BYTES = 1 << 20
_PROGRESS_EVERY_S = 0.25


class JobCancelledError(BaseException):
    """The user asked the job to stop. Like KeyboardInterrupt, it is not caught by ``except Exception``."""


class JobFolder:
    """A job on disk. A handler needs `progress`, `log`, `cancelled`, `stop_if_cancelled`, `temporary`, `add_output`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stop_requested = False
        self._status: Status | None = None
        self._last_progress = 0.0
        self._unrecorded: list[dict[str, Any]] = []

    @classmethod
    def create(cls, jobs: Path, specification: Specification, *, claimed: bool = False,
               fill_draft: Callable[[Path], None] | None = None,
               admission: AbstractContextManager[object] | None = None) -> tuple[JobFolder, bool]:
        """The folder ``jobs/<id>`` and whether it is new; an id that exists gives the existing folder.

        The folder appears complete, by a rename: if two processes submit one id, one creates it. With ``claimed``
        the job runs in this process from the start and no queue will start it. ``fill_draft``
        writes further files into the draft of the folder. ``admission``: see `new_folder.place`.
        """
        target = jobs / specification.id
        if target.is_dir():
            return cls.open(target), False
        draft = new_folder.draft_of(jobs, specification.id)
        status = new_folder.waiting(now())
        if claimed:
            status = status.to("running", now(), message="Starting", worker=new_folder.this_worker())
        try:
            disk.make_folder(jobs)
            new_folder.write(draft, specification, status, fill_draft)
            new_folder.place(draft, target, admission)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if target.is_dir():
                return cls.open(target), False
            raise new_folder.problem(error, jobs) from error
        return cls(target), True

    @classmethod
    def open(cls, path: Path) -> JobFolder:
        """The job in ``path``. DeepSoilError ``job_missing`` where there is none."""
        if not path.is_dir():
            raise DeepSoilError("job_missing", "There is no job '{name}'.",
                                "It may have been removed; look in the list of jobs.", "id",
                                name=path.name)
        return cls(path)

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def outputs_path(self) -> Path:
        return self.path / "outputs"

    def specification(self) -> Specification:
        """The job as accepted. DeepSoilError ``job_damaged`` where ``job.json`` is missing or no longer readable."""
        from deepsoil.contract.specification import stored_specification

        return stored_specification(self.document())

    def document(self) -> dict[str, Any]:
        """The specification on disk, as this version reads it, unchecked.

        DeepSoilError ``job_damaged`` as `specification`, ``schema_newer``.
        """
        try:
            document = json_files.read(self.path / "job.json")
            if not isinstance(document, dict):
                raise ValueError("it is not an object")
        except (OSError, ValueError) as error:
            raise damaged(self.path / "job.json", error) from error
        return migration.specification(document)

    @property
    def scheduler(self) -> str:
        """The name of the scheduler that runs it; `DEFAULT_SCHEDULER` where that cannot be read."""
        try:
            return _scheduler(self.path)
        except DeepSoilError:
            # Its scheduler has left a note; a job of another one must not be taken for a process of this computer.
            name = (json_files.read_or_none(self.path / "scheduler.json") or {}).get("name")
            return name if isinstance(name, str) else DEFAULT_SCHEDULER

    # ---- state ----

    def status(self) -> Status:
        """The current content of ``state.json``. DeepSoilError ``job_damaged`` if it is missing or invalid."""
        try:
            return Status.from_dict(json_files.read(self.path / "state.json", _MOST_STATE_BYTES))
        except (OSError, ValueError, TypeError) as error:
            raise damaged(self.path / "state.json", error) from error

    @property
    def state(self) -> State:
        return self.status().state

    def claim(self) -> bool:
        """Make this process the worker of a queued job; False if the job is not, or no longer, queued."""
        try:
            self._status = self.step("running", message="Starting", worker=new_folder.this_worker())
        except IllegalStepError:
            return False
        return True

    def finish(self, state: State, message: str, reason: DeepSoilError | None = None, *,
               expected: Status | None = None) -> Status:
        """Clean up, write the manifest, then the final state. IllegalStepError if the job had already ended.

        On a full disk the state is still written; OSError, to be called again, before the outputs are recorded.
        """
        with suppress(OSError):
            for left in self.outputs_path.rglob(f"{atomic.PART}*"):
                left.unlink(missing_ok=True)
        while self._unrecorded:
            self._append("outputs.jsonl", self._unrecorded[0], sync=True)
            del self._unrecorded[0]
        try:
            self.write_manifest()
        except OSError as error:
            # The state matters more: the summary reports what is wrong with the outputs or their records.
            if state == "succeeded" and disk.may_pass(error):
                raise
        after = self.step(state, message=message, reason=reason.to_dict() if reason else None, expected=expected)
        reserve.remove(self.path)
        return after

    def step(self, state: State, *, message: str, reason: dict[str, Any] | None = None,
             worker: Worker | None = None, expected: Status | None = None) -> Status:
        """Take one step of the state machine, under the lock.

        ``expected``: the status that the caller saw; if it has changed since, the step is refused, too.
        """
        with folder_lock(self.path):
            try:
                current = self.status()
            except DeepSoilError:
                # A damaged state must not prevent a finished job from ending; the worker knows its status.
                if self._status is None and state not in FINAL:
                    raise
                current = self._status or Status("running", created=now())
            if expected is not None and current != expected:
                raise IllegalStepError(f"the job is now {current.state}")
            after = current.to(state, now(), message=message, reason=reason, worker=worker)
            write = reserve.write_end if after.final else json_files.write
            write(self.path / "state.json", after.to_dict())
        return after

    def set_message(self, message: str) -> bool:
        """Change the message of a job that has not ended; returns whether it changed."""
        if self.status().message == message:  # the usual case, without the lock
            return False
        with folder_lock(self.path):
            current = self.status()
            if current.final or current.message == message:
                return False
            json_files.write(self.path / "state.json", replace(current, message=message).to_dict())
        return True

    def request_cancel(self) -> None:
        """Ask the worker to stop; the file stays. Raises OSError."""
        path = self.path / "cancel"
        try:
            path.touch()
            disk.sync_folder(self.path)
        except OSError as error:
            if not disk.is_full(error):
                raise
            reserve.become(path)

    # ---- what a handler uses ----

    @property
    def shared(self) -> Path:
        """The folder for files that all parts of the job share; files appear there complete, by a rename."""
        return self.path / "work"

    @property
    def to_be_continued(self) -> bool:
        """Whether a later run will continue with the files in ``work``, which then need not be published."""
        return False

    def cancelled(self) -> bool:
        """Whether the job was asked to stop: by the user, or by the system that ends the process."""
        return self.stop_requested or (self.path / "cancel").exists()

    def stop_if_cancelled(self) -> None:
        """JobCancelledError where the job was asked to stop; call it between two pieces of work."""
        if self.cancelled():
            raise JobCancelledError

    def progress(self, done: float, total: float, message: str) -> None:
        """Record the progress; calls in quick succession are dropped, but never the last one (done = total)."""
        moment = time.monotonic()
        if done < total and moment - self._last_progress < _PROGRESS_EVERY_S:
            return
        self._last_progress = moment
        line = {"time": now(), "done": done, "total": total, **text.fields(message)}
        with suppress(OSError):  # a full disk must not end the job for the sake of this line
            json_files.append_line(self.path / "progress.jsonl", line)

    def log(self, message: str, level: str = "info") -> None:
        """Append a line to the log; ``level``: debug, info, warning or error. Never fails.

        On a full disk only errors are written.
        """
        line = {"time": now(), "level": level, "message": message}
        try:
            if level == "error":
                self._append("log.jsonl", line)
            else:
                json_files.append_line(self.path / "log.jsonl", line)
        except OSError:
            with suppress(OSError):
                print(message, file=sys.stderr)

    def temporary(self, name: str) -> Path:
        """Where to write the output ``name`` until it is finished; `add_output` gives it its name.

        ``name`` may have folders (``run/weights.onnx``); the extension is kept for writers that depend on it.
        """
        path = self.outputs_path / _checked(name)
        disk.make_folder(path.parent)
        return path.with_name(atomic.PART + path.name)

    def add_output(self, path: Path, kind: str, depth_cm: int | None = None, date: dt.date | str | None = None,
                   field: str | None = None) -> Path:
        """Publish a finished file in ``outputs/`` (as `temporary` or already under its name). Returns its path.

        ``kind``: ``map``, ``table``, ``metrics``, ``model``, ``curves``, ``store``, ``other``. ``field``: its name, of
        several. Size and SHA-256 are computed here; from now on clients see it.
        """
        path = Path(path)
        final = path.with_name(path.name.removeprefix(atomic.PART))
        digest, size = sha256_of_file(path), path.stat().st_size
        disk.sync_file(path)
        if final != path:
            atomic.move(path, final)
        record = {"name": final.relative_to(self.outputs_path).as_posix(), "kind": kind, "depth_cm": depth_cm,
                  "date": str(date) if date is not None else None, "size": size, "sha256": digest}
        self._record_output(final, {**record, "field": field} if field else record)
        return final

    def _record_output(self, final: Path, record: dict[str, Any]) -> None:
        self.record_output(record)

    def record_output(self, record: dict[str, Any]) -> None:
        """Publish a file that is in ``outputs/`` already. If that fails (OSError), `finish` does it."""
        try:
            self._append("outputs.jsonl", record, sync=True)
        except OSError:
            self._unrecorded.append(record)
            raise

    # ---- outputs ----

    def output_records(self) -> list[dict[str, Any]]:
        """The published outputs in the order of publication; of two records with one name the last counts.

        OSError if they cannot be read.
        """
        return outputs.published(self.path / "outputs.jsonl")[0]

    def write_manifest(self) -> None:
        document = {"schema": SCHEMA, "job": self.id, "engine": __version__, "files": self.output_records()}
        reserve.pressing(self.path, lambda: json_files.write(self.path / "manifest.json", document))

    def manifest(self) -> dict[str, Any]:
        """The manifest of an ended job. DeepSoilError ``job_damaged`` if it is missing or unreadable."""
        return outputs.read_manifest(self.path / "manifest.json")

    def _append(self, name: str, document: dict[str, Any], *, sync: bool = False) -> None:
        reserve.pressing(self.path, lambda: json_files.append_line(self.path / name, document, sync=sync))


@lru_cache(maxsize=4096)
def _scheduler(path: Path) -> str:
    """The scheduler named in a job's specification; cached, because a specification never changes."""
    resources = JobFolder(path).document().get("resources")
    name = resources.get("scheduler") if isinstance(resources, dict) else None
    return name if isinstance(name, str) else DEFAULT_SCHEDULER


def now() -> str:
    """The time in UTC as ISO 8601, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checked(name: str) -> str:
    if not is_output_name(name):
        raise ValueError(f"{name!r} is no name of an output")
    return name
