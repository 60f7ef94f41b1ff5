"""A copy of the tree in which one line at a time is broken, and the tests that run there."""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..console import BUILD, ROOT, Stop
from .nursery import Nursery
from .order import Test, file_of, stages
from .sites import Mutant

Outcome = Literal["killed", "survived", "timed out", "not decided", "not covered"]

FOLDER = BUILD / "mutation"
_SHARED_BUILD = ("sample", "home", "engine", "qgis", "bin", "logs")
_START_S = 60.0
_TIMES_SLOWER = 8.0
_RECORDING_S = 1800.0
_CERTAIN_S = 1.0
_NO_SUCH_TEST = 4


@dataclass(frozen=True)
class Result:
    """``by``: the test that noticed."""

    outcome: Outcome
    seconds: float
    by: str = ""


class Tree:
    """A copy of the checkout's sources; what was built is linked, and tests have a home of their own."""

    def __init__(self, engine: Path) -> None:
        self._engine = engine
        self._clock = 0
        self._nurseries: dict[str, Nursery] = {}
        self.path = self._take()
        self.refresh()

    def _take(self) -> Path:
        """A tree that no other run uses, for as long as this process lives."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        for number in itertools.count():
            self._lock = (FOLDER / f"tree-{number}.lock").open("w")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock.close()
                continue
            return FOLDER / f"tree-{number}"
        raise AssertionError

    def refresh(self) -> None:
        """Bring the copy up to date; what is compiled already stays."""
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                                capture_output=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for old in self.path.rglob("*.py"):
            if "build" not in old.relative_to(self.path).parts and old.relative_to(self.path).as_posix() not in wanted:
                old.unlink()
        for name in wanted:
            target = self.path / name
            content = (ROOT / name).read_bytes()
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        (self.path / "build").mkdir(exist_ok=True)
        for name in _SHARED_BUILD:
            link = self.path / "build" / name
            if (BUILD / name).exists() and not link.is_symlink():
                link.symlink_to(BUILD / name)

    def record(self, test: str, path: Path) -> None:
        """Run a file of tests with the recorder."""
        self._run([test], {test: _RECORDING_S}, _RECORDING_S, str(path))

    def try_out(self, mutant: Mutant, tests: Mapping[str, Test], most_s: float) -> Result:
        """Break the line, run the tests until one fails or the seconds of computing are over, mend the line."""
        target = self.path / mutant.file
        source = target.read_text(encoding="utf-8")
        started = time.monotonic()
        left = most_s
        left_out: set[str] = set()
        for group in stages(tests):
            names = group
            while names := [name for name in names if name not in left_out]:
                if left <= 0:
                    return Result("not decided", time.monotonic() - started)
                self._write(target, mutant.apply(source))
                try:
                    answer = self._run(names, self._limits(names, tests), left)
                finally:
                    self._write(target, source)
                left -= answer["used"]
                if answer["collected"] and not answer["failed"]:
                    if answer["code"] == _NO_SUCH_TEST:
                        raise Stop(f"{names[0]} or one after it is no test any more: delete {FOLDER / 'cover'}.")
                    if answer["code"] is None:
                        return Result("not decided", time.monotonic() - started)
                    break
                by = answer["failed"] or "collection"
                if by == "collection" or self._passes(by, tests):
                    return Result("timed out" if answer["hung"] else "killed", time.monotonic() - started, by)
                left_out.add(by)
                names = names[names.index(by) + 1:] if by in names else []
        return Result("survived" if tests else "not covered", time.monotonic() - started)

    def _passes(self, test: str, tests: Mapping[str, Test]) -> bool:
        """Whether a test that failed passes on the unbroken tree: a slow one may fail because the machine is busy."""
        known = tests.get(test) or tests.get(file_of(test)) or Test(_CERTAIN_S)
        if known.seconds < _CERTAIN_S:
            return True
        answer = self._run([test], self._limits([test], tests), _RECORDING_S)
        return answer["code"] == 0

    @staticmethod
    def _limits(names: Sequence[str], tests: Mapping[str, Test]) -> dict[str, float]:
        return {name: _START_S + _TIMES_SLOWER * (tests[name].seconds if name in tests else 0.0) for name in names}

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Python compares whole seconds and the size: every version of the file needs a second of its own.
        self._clock += 2
        at = time.time() - 500_000 + self._clock
        os.utime(path, (at, at))

    def _run(self, names: Sequence[str], limits: Mapping[str, float], most_s: float, record: str = "",
             ) -> dict[str, Any]:
        """What a nursery answers; one that was ended is started again."""
        part = names[0].split("/")[1]
        if part not in self._nurseries:
            self._nurseries[part] = Nursery(part, self.path, self._engine)
        return self._nurseries[part].run({name: limits[name] for name in names}, most_s, record)

    def close(self) -> None:
        for nursery in self._nurseries.values():
            nursery.close()
