"""The last known state of the jobs of a host: ``HOME/hosts/<host>/jobs/<id>/summary.json``.

A cache: lost or damaged entries are requested again. With it the list of jobs works without the network.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import FINAL
from deepsoil.contract.summary import validate_summary
from deepsoil.contract.times import is_time
from deepsoil.io import atomic, json_files
from deepsoil.jobs.listing import is_job_id

Summary = dict[str, Any]

_WRITE_EVERY_S = 5.0
MOST_JOBS = 10_000
MOST_BYTES = 256 << 20
"""Of all summaries of one host, in memory and on the disk."""
MOST_NEW = 1_000
"""Jobs of which nothing was known that events may add at once; `NEW_PER_S` in the long run."""
NEW_PER_S = 2.0
_LARGEST_SKEW_S = 100 * 365 * 86_400


class JobCache:
    """The summaries as the host sent them, in memory and on disk. May be used from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._jobs: dict[str, Summary] | None = None
        self._written: dict[str, float] = {}
        self._sizes: dict[str, int] = {}
        self._total_bytes = 0
        self._new_left, self._new_counted = float(MOST_NEW), time.monotonic()
        self._full_said = False
        self._about: dict[str, Any] = {}

    def folder(self, job: str) -> Path:
        """The folder of a job of the host on this computer. ValueError if ``job`` is not an id."""
        if not is_job_id(job):
            raise ValueError(f"{job!r} is no id of a job")  # it comes from the network, and names a folder to delete
        return self._folder / "jobs" / job

    def outputs(self, job: str) -> Path:
        return self.folder(job) / "outputs"

    def jobs(self) -> dict[str, Summary]:
        with self._guard:
            return dict(self._load())

    def get(self, job: str) -> Summary | None:
        with self._guard:
            return self._load().get(job)

    def put(self, document: Any, *, reply: bool = False, event: bool = False) -> Summary | None:
        """Store a summary from the host; returns the validated summary if it has changed.

        An invalid summary is skipped, with a line in the engine's messages; so are jobs beyond `MOST_JOBS` and
        `MOST_BYTES`, and new jobs in an ``event`` if there are too many of them.

        A ``reply`` may be older than an event that overtook it, so it counts only for an unknown job, and for an end.
        A job that has ended stays ended, unless the reason was a damaged folder.
        """
        try:
            job = validate_summary(document)
        except DeepSoilError as error:
            print(f"hosts: {self._folder.name}: {error}", file=sys.stderr)
            return None
        name = str(job["id"])
        if not is_job_id(name):
            return None
        with self._guard:
            before = self._load().get(name)
            if before == job or (before is not None and _older(job, before, reply)):
                return None
            if not self._has_room(name, before is None and event):
                return None
            self._keep(name, job)
            # Progress comes several times a second; writing it every few seconds is enough.
            waited_s = time.monotonic() - self._written.get(name, -_WRITE_EVERY_S)
            if before is None or is_final(job) or waited_s >= _WRITE_EVERY_S:
                self._written[name] = time.monotonic()
                self._write(self.folder(name) / "summary.json", job)
            return job

    def _keep(self, name: str, job: Summary) -> None:
        self._load()[name] = job
        self._total_bytes -= self._sizes.get(name, 0)
        self._sizes[name] = len(json_text.write(job))
        self._total_bytes += self._sizes[name]

    def _has_room(self, name: str, new_in_event: bool) -> bool:
        """Whether a job may be stored."""
        now = time.monotonic()
        self._new_left = min(float(MOST_NEW), self._new_left + (now - self._new_counted) * NEW_PER_S)
        self._new_counted = now
        free = name in self._load() or (len(self._load()) < MOST_JOBS and (self._new_left >= 1 or not new_in_event))
        if free and self._total_bytes <= MOST_BYTES:
            self._new_left -= new_in_event
            return True
        if not self._full_said:
            self._full_said = True
            print(f"hosts: {self._folder.name}: it tells of more jobs than can be kept; further ones are left out",
                  file=sys.stderr)
        return False

    def changed_s(self, job: str) -> float:
        """When a job's summary was last written, in seconds since the epoch; now if there is none."""
        try:
            return (self.folder(job) / "summary.json").stat().st_mtime
        except OSError:
            return time.time()

    def drop(self, job: str, *, everything: bool) -> None:
        """Forget a job; with ``everything`` also delete its retrieved outputs."""
        with self._guard:
            self._load().pop(job, None)
            self._total_bytes -= self._sizes.pop(job, 0)
            self._written.pop(job, None)
            folder = self.folder(job)
            (folder / "summary.json").unlink(missing_ok=True)
            if everything or not self.outputs(job).is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def seen(self) -> str | None:
        """The host's time of the last complete listing."""
        with self._guard:
            self._load()
            seen = self._about.get("seen")
            return seen if is_time(seen) else None

    @property
    def skew_s(self) -> int:
        """How far the clock of this computer is ahead of the host's, in whole seconds; small differences are 0."""
        with self._guard:
            self._load()
            skew_s = self._about.get("skew_s")
            return skew_s if isinstance(skew_s, int) and abs(skew_s) <= _LARGEST_SKEW_S else 0

    def listed(self, seen: str | None, skew_s: int) -> None:
        """Record that `jobs` is the host's complete list at its time ``seen``."""
        with self._guard:
            self._load()
            self._about = {"seen": seen, "skew_s": skew_s}
            self._write(self._folder / "listing.json", self._about)

    def _load(self) -> dict[str, Summary]:
        if self._jobs is None:
            self._jobs = {}
            self._about = json_files.read_or_none(self._folder / "listing.json") or {}
            for folder in self._folders()[:MOST_JOBS]:
                if self._total_bytes > MOST_BYTES:
                    break
                document = json_files.read_or_none(folder / "summary.json")
                with suppress(DeepSoilError):  # from an earlier version, or damaged: it is requested again
                    job = validate_summary(document)
                    if job["id"] == folder.name:
                        self._keep(folder.name, job)
        return self._jobs

    def _folders(self) -> list[Path]:
        with suppress(OSError):
            return sorted(folder for folder in (self._folder / "jobs").iterdir() if is_job_id(folder.name))
        return []

    def _write(self, path: Path, document: dict[str, Any]) -> None:
        """Written atomically, and not flushed to the disk: it can be requested again."""
        with suppress(OSError):  # the disk is full: kept in memory only
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_text(path, json_text.write(document), sync=False)


def _older(job: Summary, known: Summary, reply: bool) -> bool:
    if is_final(job):
        return False
    return reply or (is_final(known) and (known.get("reason") or {}).get("code") != "job_damaged")


def is_final(job: Summary) -> bool:
    return job.get("state") in FINAL


def shifted(time_text: str | None, seconds: int) -> str | None:
    """Convert a time of the host's clock to this computer's."""
    if not time_text or not seconds:
        return time_text
    try:
        moment = dt.datetime.fromisoformat(time_text) + dt.timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return time_text
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
