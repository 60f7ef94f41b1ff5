"""Detects changes of job folders by any process, and reports each once.

A check costs one listing of ``HOME/jobs`` and two or three ``stat`` calls per unfinished job.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import FINAL
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders
from deepsoil.jobs.summary import summary

_WATCHED = ("state.json", "progress.jsonl", "outputs.jsonl", "scheduler.json")
# The remaining time decreases even if nothing is written, e.g. while one large window is computed.
_REFRESH_S = 5.0
_OVERLAP_S = 2.0

Stamp = tuple[int, ...]


class Watcher:
    """Compares the folders with their state at the last check."""

    def __init__(self, jobs: Path, machine: str, on_job: Callable[[dict[str, Any]], None],
                 on_removed: Callable[[str], None]) -> None:
        self._jobs, self._machine = jobs, machine
        self._on_job, self._on_removed = on_job, on_removed
        self._stamps: dict[str, Stamp] = {}
        self._ended: set[str] = set()
        self._reported: dict[str, tuple[dict[str, Any], float]] = {}

    def baseline(self, after_s: float | None = None) -> None:
        """Take the present state as known; changes after ``after_s`` (seconds since the epoch) are reported next."""
        for folder in job_folders(self._jobs):
            stamp = _stamp(folder)
            if after_s is None or _changed_s(stamp) <= after_s:
                self._stamps[folder.id] = stamp

    def look(self) -> None:
        """Report every change since the last check."""
        present = {folder.id: folder for folder in job_folders(self._jobs)}
        for name in self._stamps.keys() - present.keys():
            del self._stamps[name]
            self._ended.discard(name)
            self._reported.pop(name, None)
            self._on_removed(name)
        for name in present.keys() - self._ended:
            stamp = _stamp(present[name])
            if stamp != self._stamps.get(name):
                self._stamps[name] = stamp
                self._report(present[name])
            elif name in self._reported and time.monotonic() - self._reported[name][1] > _REFRESH_S:
                self._report(present[name])
            elif name not in self._reported:
                self._forget_ended(present[name])

    def _report(self, folder: JobFolder) -> None:
        job = summary(folder, self._machine)  # never fails
        before = self._reported.get(folder.id)
        self._reported[folder.id] = (job, time.monotonic())
        if before is None or before[0] != job:
            self._on_job(job)
        if _ended(job):
            self._ended.add(folder.id)
            del self._reported[folder.id]

    def _forget_ended(self, folder: JobFolder) -> None:
        """Jobs that had ended before the watch began are not checked again."""
        job = summary(folder, self._machine)
        if _ended(job):
            self._ended.add(folder.id)
        else:
            self._reported[folder.id] = (job, time.monotonic())


def changed_s(folder: JobFolder) -> float:
    """When a job last changed, in seconds since the epoch by the clock of the disk."""
    return _changed_s(_stamp(folder))


def disk_time(folder: Path) -> str:
    """The time by the clock of the disk with ``folder``, for comparison with `changed_s`.

    If the disk is full or read-only, a time shortly before the latest change: a little is then reported twice.
    """
    mark = folder / ".clock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
        seconds = mark.stat().st_mtime
    except OSError:
        seconds = max((changed_s(job) for job in job_folders(folder)), default=_OVERLAP_S) - _OVERLAP_S
    return dt.datetime.fromtimestamp(max(0.0, seconds), dt.UTC).isoformat()


def seconds_of(after: str) -> float:
    """A time in ISO 8601 (UTC if it has no zone) in seconds since the epoch. DeepSoilError ``params_invalid``."""
    try:
        moment = dt.datetime.fromisoformat(after)
    except ValueError as error:
        raise DeepSoilError("params_invalid", "'{after}' is not a time.", "Give it in ISO 8601.", "after",
                            after=after) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _changed_s(stamp: Stamp) -> float:
    return max(stamp[::2]) / 1e9


def _ended(job: dict[str, Any]) -> bool:
    # A damaged state may be repaired by the running worker, so the job is still watched.
    return job["state"] in FINAL and (job["reason"] or {}).get("code") != "job_damaged"


def _stamp(folder: JobFolder) -> Stamp:
    stamps: list[int] = []
    for name in _WATCHED:
        try:
            about = (folder.path / name).stat()
            stamps += [about.st_mtime_ns, about.st_size]
        except OSError:
            stamps += [0, 0]
    return tuple(stamps)
