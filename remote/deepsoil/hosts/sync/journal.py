"""The requests of this computer to a host, recorded before each action: ``HOME/hosts/<host>/journal.jsonl``.

A line is flushed to the disk before the step that it announces, so after a crash it is known what may have happened.
Several processes share a journal: every decision is made under its lock, from the entries of all of them.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

from deepsoil.contract import json_text, migration
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.times import is_time
from deepsoil.io import atomic, disk, disk_errors, locks, regular
from deepsoil.jobs.folder import now
from deepsoil.jobs.listing import is_job_id

# waiting: nothing was sent yet · sent: it may have arrived · accepted: it has · refused, cancelled: it will never run
Phase = Literal["waiting", "sent", "accepted", "refused", "cancelled"]
Retrieval = Literal["none", "wanted", "done", "failed", "stopped"]
Entry = dict[str, Any]

_COMPACT_FROM_LINES = 400
_SETTLED = frozenset({"accepted", "refused", "cancelled"})


@dataclass(frozen=True)
class Record:
    """The journal's record of one job. ``mine``: it was sent from this computer; ``earlier``: the job it repeats."""

    id: str
    created: str
    mine: bool = False
    specification: dict[str, Any] | None = None
    phase: Phase = "accepted"
    error: dict[str, Any] | None = None
    ended: str | None = None
    cancel_wanted: bool = False
    retrieval: Retrieval = "none"
    retrieval_error: dict[str, Any] | None = None
    removed: bool = False
    earlier: str | None = None

    @property
    def handed_over(self) -> bool:
        return self.phase in _SETTLED

    @property
    def pending(self) -> bool:
        """Whether a request is still to be sent to the host."""
        return not self.removed and (self.cancel_wanted or not self.handed_over)


def apply(record: Record | None, entry: Entry) -> Record | None:
    """The record after one line of the journal; an invalid line changes nothing. Pure."""
    what = entry.get("what")
    if what == "record":
        known = {name: entry[name] for name in Record.__dataclass_fields__ if name in entry}
        return Record(**known)
    if what == "submit":
        return record or Record(entry["id"], entry["time"], True, entry["specification"], "waiting",
                                earlier=entry.get("earlier"))
    if record is None:
        record = Record(entry["id"], entry["time"])
    if what == "send" and record.phase == "waiting":
        return replace(record, phase="sent")
    if what == "accepted" and record.phase in ("waiting", "sent"):
        return replace(record, phase="accepted")
    if what == "refused" and not record.handed_over:
        return replace(record, phase="refused", error=entry["error"], ended=entry["time"], cancel_wanted=False)
    if what == "cancel" and record.phase in ("sent", "accepted"):
        return replace(record, cancel_wanted=True)
    if what == "cancelled" and not record.handed_over:
        return replace(record, phase="cancelled", ended=entry["time"], cancel_wanted=False)
    if what == "cancel_told":
        return replace(record, cancel_wanted=False, phase="accepted" if not record.handed_over else record.phase)
    if what == "retrieve" and record.retrieval != "wanted":
        return replace(record, retrieval="wanted", retrieval_error=None)
    if what == "retrieved":  # a running job has only a part of its outputs; the rest follows when it has ended
        return replace(record, retrieval="done" if entry["whole"] else "none", retrieval_error=None)
    if what == "retrieval_failed" and record.retrieval == "wanted":
        return replace(record, retrieval="failed", retrieval_error=entry["error"])
    if what == "retrieval_stopped" and record.retrieval == "wanted":
        return replace(record, retrieval="stopped")
    if what == "removed":
        return replace(record, removed=True, cancel_wanted=False, specification=None)
    return record


def replay(entries: Iterable[Entry]) -> dict[str, Record]:
    """The records after all lines, in order; lines of another format are ignored. Pure."""
    records: dict[str, Record] = {}
    for entry in entries:
        _take(records, entry)
    return records


def _take(records: dict[str, Record], entry: Entry) -> None:
    job = entry.get("id")
    if not isinstance(job, str) or not is_job_id(job):
        return
    try:
        if isinstance(entry.get("specification"), dict):  # perhaps recorded by an earlier version, and not sent yet
            entry = {**entry, "specification": migration.specification(entry["specification"])}
        record = apply(records.get(job), entry)
    except (KeyError, TypeError, DeepSoilError):
        return
    if record is not None and _is_valid(record):
        records[job] = record


def _is_valid(record: Record) -> bool:
    """Whether a record can be used: a damaged line of the journal must not hide the jobs of the others."""
    flags = (record.mine, record.cancel_wanted, record.removed)
    documents = (record.specification, record.error, record.retrieval_error)
    return (is_time(record.created) and (record.ended is None or is_time(record.ended))
            and record.phase in get_args(Phase) and record.retrieval in get_args(Retrieval)
            and all(isinstance(flag, bool) for flag in flags)
            and all(document is None or isinstance(document, dict) for document in documents))


class Journal:
    """The journal of one host. All methods may be called from any thread of any process."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        self._guard = threading.RLock()
        self._records: dict[str, Record] = {}
        self._first_line = b""
        self._offset = 0
        self._lines = 0

    def records(self) -> dict[str, Record]:
        """Every job that was not removed, from the entries of all processes."""
        with self._guard:
            self._refresh()
            return {name: record for name, record in self._records.items() if not record.removed}

    def get(self, job: str) -> Record | None:
        with self._guard:
            self._refresh()
            return self._records.get(job)

    def note(self, job: str, what: str, *, when: Callable[[Record | None], bool] | None = None,
             **content: Any) -> Record | None:
        """Write one line about a job, flushed to the disk when this returns; returns the new record.

        Nothing is written if ``when`` is false for the record (evaluated under the lock), or if
        the line would change nothing. DeepSoilError ``disk_full``.
        """
        with self._guard, locks.locked(self.path.with_suffix(".lock")):
            self._refresh()
            before = self._records.get(job)
            entry = {"what": what, "id": job, "time": now(), **content}
            if (when is not None and not when(before)) or apply(before, entry) == before:
                return before
            self._append(entry)
            self._refresh()
            with suppress(OSError, DeepSoilError):  # the line is written; a full disk only delays this
                self._compact()
            return self._records.get(job)

    def note_all(self, jobs: Sequence[str], what: str) -> dict[str, Record]:
        """`note` for many jobs with one write and one flush; the new records of those that have one."""
        with self._guard, locks.locked(self.path.with_suffix(".lock")):
            self._refresh()
            entries = [{"what": what, "id": job, "time": now()} for job in jobs]
            changes = [entry for entry in entries
                       if apply(self._records.get(str(entry["id"])), entry) != self._records.get(str(entry["id"]))]
            if changes:
                self._append(*changes)
                self._refresh()
                with suppress(OSError, DeepSoilError):  # the lines are written; a full disk only delays this
                    self._compact()
            return {job: self._records[job] for job in jobs if job in self._records}

    # ---- the file ----

    def _refresh(self) -> None:
        """Read the lines appended since the last time; everything if the file was replaced."""
        try:
            with regular.open_to_read(self.path) as file:
                first = file.readline()
                if first != self._first_line or os.fstat(file.fileno()).st_size < self._offset:
                    self._records, self._first_line, self._offset, self._lines = {}, first, 0, 0
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            self._records, self._first_line, self._offset, self._lines = {}, b"", 0, 0
            return
        data = data[:data.rfind(b"\n") + 1]  # the rest is being written, or was lost in a crash
        self._offset += len(data)
        for line in data.splitlines():
            self._lines += 1
            try:
                entry = json_text.parse(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                _take(self._records, entry)

    def _append(self, *entries: Entry) -> None:
        if not self.path.exists():
            self._replace([])
        lines = b"".join(json_text.write(entry).encode("utf-8") + b"\n" for entry in entries)
        try:
            with self.path.open("r+b", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 1))
                if file.read(1) not in (b"\n", b""):
                    lines = b"\n" + lines  # the last line is incomplete after a crash
                try:
                    _write_all(file, lines)
                    _force(file.fileno())
                except OSError:
                    with suppress(OSError):
                        file.truncate(end)  # what is said to have failed must not happen later
                    raise
        except OSError as error:
            raise _not_written(self.path, error) from error

    def _compact(self) -> None:
        """Rewrite the journal with only the records, if most lines are obsolete."""
        kept = [record for record in self._records.values() if not record.removed]
        if self._lines < max(_COMPACT_FROM_LINES, 3 * len(kept)):
            return
        # An accepted request is in the host's job folder; only one that may be sent again is needed here.
        slim = [replace(record, specification=None) if record.phase == "accepted" else record for record in kept]
        self._replace([{"what": "record", **asdict(record)} for record in slim])
        self._refresh()

    def _replace(self, entries: list[Entry]) -> None:
        # The first line is always different, so that a reader sees that the file was replaced.
        first = {"what": "journal", "schema": 1, "token": secrets.token_hex(8)}
        text = "".join(json_text.write(entry) + "\n" for entry in [first, *entries])
        try:
            disk.make_folder(self.path.parent)
            atomic.write_text(self.path, text)
        except OSError as error:
            raise _not_written(self.path, error) from error


def _force(handle: int) -> None:
    os.fsync(handle)


def _not_written(path: Path, error: OSError) -> Exception:
    return disk_errors.explained(error, path.parent) or error


def _write_all(file: BinaryIO, data: bytes) -> None:
    while data:  # a full disk may accept a part of the line
        data = data[file.write(data):]
