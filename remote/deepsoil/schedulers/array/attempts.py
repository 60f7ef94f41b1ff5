"""The attempts of a job on disk: what was intended, what the scheduler answered. Written before and after each action.

intent.json        the tasks of the attempt; created once by a hard link; only its creator may submit immediately
intent-merge.json  the same for the merge
submitted.json     the scheduler's numbers, a hint; refused.json: the scheduler's message
owner              the array that may work, written by its first task; output-<array>.<index>.txt: made at its start
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from deepsoil.io import disk, json_files
from deepsoil.io.exclusive import write_json_once
from deepsoil.jobs.folder import now
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.identity import by_scheduler
from deepsoil.schedulers.array.backend import Part, array_name, merge_name

_TASK_OUTPUT = re.compile(r"output-(?!merge-)(.+)\.\d+\.txt")
_MERGE_OUTPUT = re.compile(r"output-merge-(.+)\.txt")


@dataclass(frozen=True)
class Attempt:
    """One submission of some of the tasks.

    tasks      their indices; empty for an attempt that repeats the merge alone
    fractions  how much of each was done before
    array      the scheduler's number if known; merge: of the merge
    intended   the parts that may have been submitted
    refused    the scheduler's message if it refused a part
    first      the task that is number 0 of the array: a job of more tasks than an array may have is several arrays
    """

    job: str
    number: int
    tasks: tuple[int, ...] = ()
    fractions: dict[int, float] | None = None
    memory_mb: int | None = None
    array: str | None = None
    merge: str | None = None
    intended: frozenset[Part] = frozenset()
    refused: str | None = None
    first: int = 0

    def name(self, part: Part) -> str:
        return array_name(self.job, self.number) if part == "array" else merge_name(self.job, self.number)

    def id_of(self, part: Part) -> str | None:
        return self.array if part == "array" else self.merge

    @property
    def names(self) -> list[str]:
        """The names under which the scheduler may have jobs of this attempt."""
        return [self.name(part) for part in ("array", "merge") if part in self.intended]


class Journal:
    """The attempts in a job's folder."""

    def __init__(self, job: Path) -> None:
        self.job = job

    def folder(self, attempt: int) -> Path:
        return layout.attempt_path(self.job, attempt)

    def attempts(self) -> list[Attempt]:
        """All attempts, oldest first. An attempt begins with its intent."""
        found = []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.job) as entries:
            numbers = [int(match[1]) for entry in entries if (match := re.fullmatch(r"attempt-(\d+)", entry.name))]
            found = [attempt for number in sorted(numbers) if (attempt := self.read(number)) is not None]
        return found

    def read(self, number: int) -> Attempt | None:
        """An attempt; None before its intent is written."""
        folder = self.folder(number)
        intent = _read(folder / "intent.json")
        merge = _read(folder / "intent-merge.json")
        if intent is None and merge is None:
            return None
        submitted = _read(folder / "submitted.json") or {}
        refused = _read(folder / "refused.json")
        intent = intent or {}
        parts: tuple[tuple[Part, Any], ...] = ("array", intent.get("tasks")), ("merge", merge)
        return Attempt(
            self.job.name, number, tuple(int(index) for index in intent.get("tasks") or ()),
            {int(index): float(value) for index, value in (intent.get("fractions") or {}).items()},
            intent.get("memory_mb") or (merge or {}).get("memory_mb"), submitted.get("array"), submitted.get("merge"),
            frozenset(part for part, there in parts if there),
            None if refused is None else str(refused.get("words", "")), int(intent.get("first") or 0))

    def intend(self, attempt: Attempt, part: Part) -> bool:
        """Record that a part will be submitted; True for the one process that may do so without a look-up first."""
        folder = self.folder(attempt.number)
        disk.make_folder(folder)
        document: dict[str, Any] = {"attempt": attempt.number, "name": attempt.name(part), "tasks": list(attempt.tasks),
                                    "merge": part == "merge", "time": now()}
        if attempt.first:
            document["first"] = attempt.first
        if attempt.fractions:
            document["fractions"] = attempt.fractions
        if attempt.memory_mb:
            document["memory_mb"] = attempt.memory_mb
        return write_json_once(folder / ("intent.json" if part == "array" else "intent-merge.json"), document)

    def note(self, attempt: Attempt, part: Part, number: str) -> None:
        """Record the scheduler's number of a part."""
        path = self.folder(attempt.number) / "submitted.json"
        before = _read(path) or {"array": None, "merge": None}
        if before.get(part) != number:
            json_files.write(path, {**before, part: number, "time": now()}, sync=False)  # a hint

    def note_refusal(self, attempt: Attempt, part: Part, words: str) -> None:
        json_files.write(self.folder(attempt.number) / "refused.json",
                         {"name": attempt.name(part), "words": words, "time": now()})

    def registered(self, attempt: Attempt, part: Part) -> str | None:
        """The number that the job itself recorded here when it began, even if the scheduler has forgotten it."""
        folder = self.folder(attempt.number)
        if part == "array":
            with contextlib.suppress(OSError):
                owner = (folder / "owner").read_text(encoding="utf-8").strip()
                if by_scheduler(owner):
                    return owner
        pattern = _TASK_OUTPUT if part == "array" else _MERGE_OUTPUT
        numbers = {match[1] for path in folder.iterdir() if (match := pattern.fullmatch(path.name))}
        return min(numbers, key=in_order) if numbers else None


def in_order(number: str) -> tuple[int, str]:
    """A key that sorts the numbers of a scheduler by age."""
    return len(number), number


def _read(path: Path) -> dict[str, Any] | None:
    """A small document; None if missing, empty if damaged: the job is then looked up by its name.

    Not to be changed: it is kept, so that a round over a thousand jobs does not parse the same files again.
    """
    try:
        about = path.stat()
        return _parsed(path, about.st_ino, about.st_mtime_ns, about.st_size)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=8192)
def _parsed(path: Path, inode: int, modified_ns: int, size: int) -> dict[str, Any]:
    try:
        document = json_files.read(path)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
