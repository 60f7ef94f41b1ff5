"""Runs parts of the tests, two at once where wanted: their output on the screen, or in a file until a part ends."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from . import pytest_record
from .console import BUILD, LOGS, ROOT, Stop, say, step
from .pytest_record import Record

# A part whose tests end its program more often than this is given up.
_MOST_CRASHES = 20
_SECONDS_BETWEEN_LINES = 60.0
# Only one lane writes on the screen at a time.
_screen = threading.Lock()


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True)
class Part:
    """A program that tests something, the variables it runs with, and what has to be made before it runs.

    ``record``: where pytest notes each test, so that one that ends the whole program does not take the others along.
    """

    name: str
    command: Sequence[str | Path]
    variables: Mapping[str, str]
    prepare: Callable[[], None] | None = None
    record: Path | None = None

    @classmethod
    def of_pytest(cls, name: str, python: Path, targets: Sequence[str], options: Sequence[str],
                  variables: Mapping[str, str], prepare: Callable[[], None] | None = None) -> Part:
        """The tests of ``tests/<name>``, or only ``targets`` (files or tests), with pytest's own ``options``."""
        # The tests' own home: a test must not meet the jobs of the user's runs.
        home = BUILD / "test-home" / name
        home.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [
            python, "-m", "pytest", *(targets or [f"tests/{name}"]), "-q", "-rfEs", "--durations=8",
            "-p", "no:cacheprovider", "-p", pytest_record.__name__, *options]
        record = LOGS / f"test-{name}.jsonl"
        return cls(name, command, {**os.environ, **variables, "DEEPSOIL_HOME": str(home), "PYTHONPATH": str(ROOT),
                                   pytest_record.VARIABLE: str(record)}, prepare, record)


class Lane:
    """Takes parts from a queue, which lanes can share, and runs one after another.

    ``live``: every line is shown at once; else a part's output when it ends.
    """

    def __init__(self, parts: deque[Part], *, live: bool) -> None:
        self._parts = parts
        self._live = live
        self.now = ""  # what is running, with pytest's share of its tests

    def run(self) -> Counts:
        counts = Counts()
        while part := self._next():
            counts += self._run(part)
        self.now = ""
        return counts

    def _next(self) -> Part | None:
        try:
            return self._parts.popleft()
        except IndexError:  # none is left
            return None

    def _run(self, part: Part) -> Counts:
        started = time.monotonic()
        self.now = part.name
        if part.prepare:
            try:
                part.prepare()
            except Stop as stop:
                say(f"{stop}\n   {part.name} could not be run.")
                return Counts(failed=1)
        if self._live:
            step(f"Tests: {part.name}")
        lines, counts = self._to_the_end(part)
        with _screen:
            if not self._live:
                step(f"Tests: {part.name}")
                say("".join(lines).rstrip())
            say(f"   {part.name}: {time.monotonic() - started:.0f} s")
        return counts

    def _to_the_end(self, part: Part) -> tuple[list[str], Counts]:
        """The output, and what it counted.

        Where a test ends the program, it counts as failed, and another run does the tests that are left.
        """
        if part.record:
            part.record.unlink(missing_ok=True)
        output: list[str] = []
        before, read = Counts(), 0
        for number in range(_MOST_CRASHES + 1):
            lines, code = self._lines(part, "a" if number else "w")
            output += lines
            run = Record.read(part.record, read) if part.record else Record()
            if run.ended or not run.begun:
                break
            read += run.lines
            before += Counts(run.passed, len(run.failures) + 1, run.skipped)
            self._tell(output, "".join(f"\n{test}\n{text}\n" for test, text in run.failures.items()) +
                       f"\n{run.now} ended the program with exit code {code}: counted as one failure.\n")
        else:
            self._tell(output, f"{part.name} is given up: tests ended the program {_MOST_CRASHES + 1} times.\n")
            return output, before
        if part.name == "check":
            return output, Counts(passed=int(not code), failed=int(bool(code)))
        counts = counted(lines, code)
        if counts.failed and not failures(lines):
            self._tell(output, f"{part.name} ended with exit code {code} though no test failed (below 0: by a signal): "
                               "counted as one failure.\n")
        return output, before + counts

    def _tell(self, output: list[str], text: str) -> None:
        output.append(text)
        if self._live:
            print(text, end="", flush=True)

    def _lines(self, part: Part, mode: str) -> tuple[list[str], int]:
        """The output of one run, which is also in ``build/logs/test-<part>.log``, and its exit code."""
        lines: list[str] = []
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"test-{part.name}.log").open(mode, encoding="utf-8") as log, subprocess.Popen(
                [str(word) for word in part.command], cwd=ROOT, env=dict(part.variables), text=True, errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                log.write(line)
                log.flush()
                if self._live:
                    print(line, end="", flush=True)
                elif done := re.search(r"\[ *(\d+%)\]", line):
                    self.now = f"{part.name} {done[1]}"
        return lines, process.returncode


def run_side_by_side(parts: deque[Part], lanes: int = 2) -> Counts:
    """Run the parts in so many lanes, each of which takes the next part when it is free; a line a minute says how far.
    """
    started = time.monotonic()
    beside = [Lane(parts, live=False) for _ in range(lanes)]
    with ThreadPoolExecutor(lanes) as pool:
        running = [pool.submit(lane.run) for lane in beside]
        while wait(running, _SECONDS_BETWEEN_LINES).not_done:
            with _screen:
                say(f"   {time.monotonic() - started:.0f} s: {', '.join(lane.now for lane in beside if lane.now)}")
        return sum((lane.result() for lane in running), Counts())


def counted(lines: Sequence[str], code: int) -> Counts:
    """What pytest's closing lines say; a run that breaks down counts as one failure.

    5 is pytest's exit code for "no test was selected".
    """
    failed = failures(lines)
    if code not in (0, 5) and not failed:
        failed = 1
    return Counts(_closing(lines, "passed"), failed, _closing(lines, "skipped"))


def failures(lines: Sequence[str]) -> int:
    """How many tests failed or met an error, as pytest's closing lines say."""
    return _closing(lines, "failed") + _closing(lines, "error")


def _closing(lines: Sequence[str], word: str) -> int:
    found = re.search(rf"(\d+) {word}", "".join(lines[-3:]))
    return int(found.group(1)) if found else 0
