"""The folder of one job: the complete record of the job, read and written by several processes at once.

Every file is replaced whole or appended line by line; a step of the state is taken under a lock and never leads out
of a final state. What the files are is in docs/contract.md.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
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
from deepsoil.io import atomic, disk, json_files, locks, process
from deepsoil.io.hashing import sha256_of_file
from deepsoil.jobs import outputs
from deepsoil.jobs.folder_errors import damaged, disk_full

if TYPE_CHECKING:  # the queue's process only reads folders; without pydantic it is small and starts quickly
    from deepsoil.contract.specification import Specification

_RESERVE_BYTES = 16_384
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

    @classmethod
    def create(cls, jobs: Path, specification: Specification, *, claimed: bool = False,
               fill_draft: Callable[[Path], None] | None = None) -> tuple[JobFolder, bool]:
        """The folder ``jobs/<id>`` and whether it is new; an id that exists gives the existing folder.

        The folder appears complete, by a rename: if two processes submit one id, one creates it. With ``claimed``
        the job runs in this process from the start and no queue will start it. ``fill_draft``
        writes further files into the draft of the folder.
        """
        target = jobs / specification.id
        if target.is_dir():
            return cls.open(target), False
        jobs.mkdir(parents=True, exist_ok=True)
        draft = jobs / f".new-{specification.id}-{secrets.token_hex(4)}"
        status = Status("queued", created=now(), message="Waiting for its turn")
        if claimed:
            status = status.to("running", now(), message="Starting", worker=this_worker())
        try:
            (draft / "outputs").mkdir(parents=True)
            json_files.write_new(draft / "job.json", specification.to_dict())
            json_files.write_new(draft / "state.json", status.to_dict())
            # Deleted when the disk is full, so that the end of the job can still be recorded.
            (draft / "reserve").write_bytes(b"\0" * _RESERVE_BYTES)
            if fill_draft is not None:
                fill_draft(draft)
            disk.sync_folder(draft)
            atomic.move(draft, target)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if target.is_dir():
                return cls.open(target), False
            raise disk_full(jobs) if disk.is_full(error) else DeepSoilError(
                "home_not_writable", "The job's folder cannot be made in {jobs}: {strerror}.",
                "Check that you may write there, or set DEEPSOIL_HOME to another folder.",
                jobs=jobs, strerror=error.strerror) from error
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
            self._status = self.step("running", message="Starting", worker=this_worker())
        except IllegalStepError:
            return False
        return True

    def finish(self, state: State, message: str, reason: DeepSoilError | None = None, *,
               expected: Status | None = None) -> Status:
        """Clean up, write the manifest, then the final state. IllegalStepError if the job had already ended."""
        # The state matters more than the manifest, whose lines are all in outputs.jsonl: the summary reports what is
        # wrong with them.
        with suppress(OSError):
            for left in self.outputs_path.rglob(f"{atomic.PART}*"):
                left.unlink(missing_ok=True)
        with suppress(OSError):
            self.write_manifest()
        return self.step(state, message=message, reason=reason.to_dict() if reason else None, expected=expected)

    def step(self, state: State, *, message: str, reason: dict[str, Any] | None = None,
             worker: Worker | None = None, expected: Status | None = None) -> Status:
        """Take one step of the state machine, under the lock.

        ``expected``: the status that the caller saw; if it has changed since, the step is refused, too.
        """
        with locks.locked(self.path / "lock"):
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
            self._write("state.json", after.to_dict())
        return after

    def set_message(self, message: str) -> bool:
        """Change the message of a job that has not ended; returns whether it changed."""
        if self.status().message == message:  # the usual case, without the lock
            return False
        with locks.locked(self.path / "lock"):
            current = self.status()
            if current.final or current.message == message:
                return False
            self._write("state.json", replace(current, message=message).to_dict())
        return True

    def request_cancel(self) -> None:
        """Ask the worker to stop; the file stays."""
        (self.path / "cancel").touch()

    def cancel_requested_s(self) -> float | None:
        """Seconds since the job was asked to stop; None if it was not."""
        try:
            return max(0.0, time.time() - (self.path / "cancel").stat().st_mtime)
        except FileNotFoundError:
            return None

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
        json_files.append_line(self.path / "progress.jsonl",
                               {"time": now(), "done": done, "total": total, **text.fields(message)})

    def log(self, message: str, level: str = "info") -> None:
        """Append a line to the log; ``level``: debug, info, warning or error."""
        json_files.append_line(self.path / "log.jsonl", {"time": now(), "level": level, "message": message})

    def temporary(self, name: str) -> Path:
        """Where to write the output ``name`` until it is finished; `add_output` gives it its name.

        ``name`` may have folders (``run/weights.onnx``); the extension is kept for writers that depend on it.
        """
        path = self.outputs_path / _checked(name)
        path.parent.mkdir(parents=True, exist_ok=True)
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
        json_files.append_line(self.path / "outputs.jsonl", record)

    # ---- outputs ----

    def output_records(self) -> list[dict[str, Any]]:
        """The published outputs in the order of publication; of two records with one name the last counts.

        OSError if they cannot be read.
        """
        return outputs.published(self.path / "outputs.jsonl")[0]

    def write_manifest(self) -> None:
        self._write("manifest.json", {"schema": SCHEMA, "job": self.id, "engine": __version__,
                                      "files": self.output_records()})

    def manifest(self) -> dict[str, Any]:
        """The manifest of an ended job. DeepSoilError ``job_damaged`` if it is missing or unreadable."""
        try:
            document = json_files.read(self.path / "manifest.json", outputs.MOST_BYTES)
            files = document.get("files") if isinstance(document, dict) else None
            if not isinstance(files, list) or not all(map(outputs.is_record, files)):
                raise ValueError("it is not a manifest")
        except (OSError, ValueError) as error:
            raise damaged(self.path / "manifest.json", error) from error
        return migration.manifest(document)

    def _write(self, name: str, document: dict[str, Any]) -> None:
        try:
            json_files.write(self.path / name, document)
        except OSError as error:
            if not disk.is_full(error):
                raise
            (self.path / "reserve").unlink(missing_ok=True)
            json_files.write(self.path / name, document)


@lru_cache(maxsize=4096)
def _scheduler(path: Path) -> str:
    """The scheduler named in a job's specification; cached, because a specification never changes."""
    resources = JobFolder(path).document().get("resources")
    name = resources.get("scheduler") if isinstance(resources, dict) else None
    return name if isinstance(name, str) else DEFAULT_SCHEDULER


def this_worker() -> Worker:
    """This process."""
    return Worker(process.this_machine(), os.getpid(), process.start_of(os.getpid()))


def now() -> str:
    """The time in UTC as ISO 8601, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checked(name: str) -> str:
    if not is_output_name(name):
        raise ValueError(f"{name!r} is no name of an output")
    return name
