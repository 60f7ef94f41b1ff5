"""The methods about jobs: submit, list, cancel, retry, remove, logs, outputs, fetch."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.methods import FILE_PIECE_BYTES, LOG_PIECE_BYTES
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.io import disk, locks, process, regular, removal
from deepsoil.jobs.folder import JobFolder, now
from deepsoil.jobs.folder_errors import damaged
from deepsoil.jobs.listing import is_job_id, job_folders
from deepsoil.jobs.new_folders import NewJob
from deepsoil.jobs.summary import list_outputs, summary
from deepsoil.jobs.warnings import with_warnings
from deepsoil.schedulers import registry
from deepsoil.service import damaged_jobs
from deepsoil.service.watch import changed_s, seconds_of

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context
    from deepsoil.kinds.preparation import Requests


_LONGEST_SHOWN = 60
# Twice a piece, so that a piece that begins in a line reaches its end; a longer line comes in parts.
_LONGEST_LOG_LINE = 2 * LOG_PIECE_BYTES


class Jobs:
    """The jobs of one HOME. All state is on disk, so two instances at once agree."""

    def __init__(self, home: Path, context: Callable[[], Context]) -> None:
        self._home = home
        self._context = context
        self.machine = process.this_machine()
        self._given_up: set[str] = set()
        self._admitting = threading.Lock()
        # Makes a scheduler start or cancel jobs immediately; a service connects its watches here.
        self.wake: Callable[[str], None] = self._start_once

    @property
    def path(self) -> Path:
        return self._home / "jobs"

    @cached_property
    def requests(self) -> Requests:
        """Estimates and accepts requests; imported on first use."""
        from deepsoil.kinds.preparation import Requests

        return Requests(self._context)

    def folder(self, job: str) -> JobFolder:
        """The folder of a job. DeepSoilError ``job_missing``."""
        if not is_job_id(job):
            raise DeepSoilError("job_missing", "'{job}' is not the id of a job.",
                                "An id has 32 hexadecimal digits; look in the list of jobs.", "id",
                                job=job[:_LONGEST_SHOWN])
        return JobFolder.open(self.path / job)

    def summary(self, folder: JobFolder) -> dict[str, Any]:
        return summary(folder, self.machine)

    def submit(self, document: Any, earlier: JobFolder | None = None) -> dict[str, Any]:
        """Queue a job; an id that exists gives the existing job, whatever its state.

        ``earlier``: a job of the same request, whose finished tasks and checkpoints are taken over.
        """
        job = self.accepted(document, earlier)
        if isinstance(job, JobFolder):
            return self.summary(job)
        folder, new = JobFolder.create(self.path, job.specification, fill_draft=job.fill_draft,
                                       admission=self._admitted(job.specification.id))
        if new:
            self.wake(folder.scheduler)
        return self.summary(folder)

    def accepted(self, document: Any, earlier: JobFolder | None = None) -> NewJob | JobFolder:
        """A job that can be made; or the one that has its id. DeepSoilError: what is wrong with the request."""
        from deepsoil.contract.specification import parse_specification

        specification = parse_specification(document)
        if (self.path / specification.id).is_dir():
            return self.folder(specification.id)
        preparation = self.requests.accept(specification)
        specification = preparation.specification
        if earlier is not None and not _same_request(specification.to_dict(), earlier):
            earlier = None
        fill_draft = registry.find(specification.scheduler).accept(specification, preparation.plan, earlier)
        return NewJob(specification, with_warnings(preparation.plan.warnings(), fill_draft))

    def _start_once(self, scheduler: str) -> None:
        """Start waiting jobs if no service does, as in a terminal command."""
        registry.find(scheduler).start(self._home, self._context)

    def everything(self, after: str | None = None) -> list[dict[str, Any]]:
        """All jobs, newest first; for those that did not change after a time (ISO 8601), only the id."""
        since_s = None if after is None else seconds_of(after)
        summaries = [{"id": folder.id} if since_s is not None and changed_s(folder) <= since_s else self.summary(folder)
                     for folder in job_folders(self.path)]
        return sorted(summaries, key=lambda job: (job.get("created", ""), job["id"]), reverse=True)

    def cancel(self, job: str, forbid: bool = False) -> dict[str, Any]:
        """Ask a job to stop. With ``forbid`` an id that is not known here will never become a job."""
        if forbid and is_job_id(job):
            with self.admission():
                if not (self.path / job).is_dir():
                    self._forbidden(job).touch()
                    disk.sync_folder(self.path)
                    return _never_here(job, self.machine)
        folder = self.folder(job)
        try:
            if folder.scheduler == DEFAULT_SCHEDULER:  # also where that cannot be read
                damaged_jobs.stop_arrays(folder)
            if not registry.find(folder.scheduler).cancel(folder).final:
                self.wake(folder.scheduler)
        except OSError as error:
            if disk.may_pass(error):
                raise
            self._give_up(folder)
            raise damaged(folder.path, error) from error
        except DeepSoilError as error:
            if error.code in ("job_damaged", "scheduler_unknown", "not_permitted"):
                self._give_up(folder)
            raise
        return self.summary(folder)

    def _give_up(self, folder: JobFolder) -> None:
        """A job that cannot be cancelled, for its folder is damaged: what runs is stopped, and it can be removed."""
        damaged_jobs.stop(folder)
        self._given_up.add(folder.id)

    @contextmanager
    def _admitted(self, job: str) -> Iterator[None]:
        """Hold the lock of `admission` for a job that is not forbidden. DeepSoilError ``job_forbidden``."""
        with self.admission():
            self.check_forbidden(job)
            yield

    def check_forbidden(self, job: str) -> None:
        """DeepSoilError ``job_forbidden``; to be called in `admission`."""
        if self._forbidden(job).exists():
            raise DeepSoilError("job_forbidden", "The job was cancelled before it arrived here.",
                                "Send it again as a new job.", "id")

    @contextmanager
    def admission(self) -> Iterator[None]:
        """Hold the lock under which an id becomes a job or is forbidden. Threads take turns without looking again and
        again whether the file's lock is free."""
        with self._admitting, locks.locked(self.path / ".admission.lock"):
            yield

    def _forbidden(self, job: str) -> Path:
        return self.path / f".forbidden-{job}"

    def submit_again(self, document: Any, earlier: str) -> dict[str, Any]:
        """`submit` for a client that says which job it repeats; one that is gone is not missed."""
        return self.submit(document, self.earlier(earlier))

    def earlier(self, job: str) -> JobFolder | None:
        """A job that may be there."""
        folder = self.path / job if is_job_id(job) else None
        return None if folder is None or not folder.is_dir() else JobFolder(folder)

    def retry(self, job: str, new_id: str) -> dict[str, Any]:
        """The same request as a new job; it goes on from what the earlier one finished."""
        earlier = self.folder(job)
        return self.submit({**earlier.document(), "id": new_id}, earlier)

    def remove(self, job: str) -> dict[str, Any]:
        """Delete the folder of a job that has ended. DeepSoilError ``job_active`` if it has not ended."""
        folder = self.folder(job)
        try:
            final = folder.status().final
        except DeepSoilError as error:
            if error.code == "schema_newer":
                raise  # perhaps it runs
            final = True  # damaged: it can only be removed
            damaged_jobs.stop(folder)
        if not final and folder.id not in self._given_up:
            raise DeepSoilError("job_active", "The job has not ended.", "Cancel it first, then remove it.", "id")
        # Renamed in one step; files that cannot be deleted now (open in a viewer) then no longer look like a job.
        removed = self.path / f".removed-{folder.id}-{secrets.token_hex(4)}"
        try:
            folder.path.rename(removed)
        except OSError as error:
            if disk.may_pass(error):
                raise
            raise DeepSoilError("job_in_use", "The job's folder cannot be removed: {strerror}.",
                                "Close the programs and layers that use its files, then try again.", "id",
                                strerror=error.strerror) from error
        removal.delete_folder(removed)
        return {}

    def logs(self, job: str, offset: int, limit: int) -> dict[str, Any]:
        """Complete lines of the log from a byte on; a line longer than ``limit`` is returned completely."""
        path = self.folder(job).path / "log.jsonl"
        try:
            with regular.open_to_read(path) as file:
                file.seek(offset)
                data = file.read(max(1, min(limit, LOG_PIECE_BYTES)))
                if not data.endswith(b"\n"):
                    cut = data.rfind(b"\n") + 1
                    data = data[:cut] if cut else data + file.readline(_LONGEST_LOG_LINE)
                if not data.endswith(b"\n") and len(data) < _LONGEST_LOG_LINE:
                    data = b""  # the worker is writing a line
                more = bool(data) and file.seek(0, 2) > offset + len(data)
        except FileNotFoundError:
            data, more = b"", False
        except OSError as error:
            raise damaged(path, error) from error
        return {"text": data.decode("utf-8", errors="replace"), "next_offset": offset + len(data), "more": more}

    def outputs(self, job: str) -> list[dict[str, Any]]:
        folder = self.folder(job)
        return list_outputs(folder, folder.status())[0]

    def fetch(self, job: str, name: str, offset: int, limit: int) -> dict[str, Any]:
        """A piece of an output, for a client without access to the disk."""
        found = next((output for output in self.outputs(job) if output["name"] == name), None)
        if found is None:
            raise _no_output(name)
        try:
            with regular.open_inside(self.folder(job).outputs_path, name) as file:
                file.seek(offset)
                data = file.read(max(1, min(limit, FILE_PIECE_BYTES)))
        except OSError as error:
            raise _no_output(name) from error
        after = offset + len(data)
        return {"data": base64.b64encode(data).decode("ascii"), "next_offset": after,
                "more": after < found["size"], "sha256": found["sha256"]}


def _no_output(name: str) -> DeepSoilError:
    return DeepSoilError("output_missing", "The job has no output '{name}'.", "Ask for the list of outputs again.",
                         "name", name=name[:_LONGEST_SHOWN])


def _same_request(document: dict[str, Any], earlier: JobFolder) -> bool:
    """Whether a job asks for the same as an earlier one, apart from its name and from where it runs."""
    def asked(what: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in what.items() if name not in ("id", "name", "resources")}

    try:
        return asked(document) == asked(earlier.specification().to_dict())
    except DeepSoilError:
        return False  # damaged


def _never_here(job: str, machine: str) -> dict[str, Any]:
    """The summary of an id that was forbidden before it arrived."""
    from deepsoil.contract.summary import build

    moment = now()
    return build(id=job, name=job, state="cancelled", message="Cancelled before it began", created=moment, ended=moment,
                 machine=machine)
