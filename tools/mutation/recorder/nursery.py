"""A Python that has imported what others wrote, and forks a child for every run of tests: a run starts in no time.

Runs as a program under the Python of a part of the tests, in a copy of the tree; uses no module of DeepSoil, since
these change between runs. One request a line on standard input, its answer a line on the file descriptor that is given
by its number::

    {"tests": {name: most seconds}, "seconds": 60, "record": ""}
    {"code": 1, "failed": "tests/…::test_a", "hung": false, "collected": true, "ran": 3, "used": 0.7}

``code`` is pytest's, None where the run was stopped; ``collected`` says whether all files of tests could be imported.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

_OWN = ("deepsoil", "deepsoil_plugin", "tests", "tools", "conftest", "__main__", "nursery")
_OPTIONS = ("-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "--rootdir", ".", "-W", "ignore")
_COLLECTING_S = 120.0
_TEARDOWN_S = 10.0
_LOOK_EVERY_S = 1.0
_TIMES_WAITING = 8.0
_PR_SET_CHILD_SUBREAPER = 36


class Watch:
    """A plugin of pytest: says which test begins and which failed."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tell("begun", nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._tell("failed", report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._tell("broken", report.nodeid)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self._tell("ended", str(int(exitstatus)))

    def _tell(self, what: str, of: str) -> None:
        os.write(self._pipe, json.dumps([what, of]).encode() + b"\n")


def fork(words: list[str], *more: Any, record: str = "") -> tuple[int, int]:
    """(process, pipe that says what happens) of a child that runs pytest; ``record``: file for what it enters."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:
        os.close(reading)
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(silent, number)
        if record:
            os.environ["DEEPSOIL_RECORD"] = record
            sys.modules["sitecustomize"].start()  # type: ignore[attr-defined]
        code = int(pytest.main(words, plugins=[Watch(writing), *more]))
    finally:
        os._exit(code)


def run(tests: dict[str, float], most_s: float, record: str) -> dict[str, Any]:
    """Run the tests until one fails, one takes longer than its seconds, or the run has used its seconds of computing.

    With ``record`` what they enter is written to this file, and all of them run.
    """
    process, pipe = fork([*_OPTIONS, *(["-p", "recording"] if record else ["-x"]), *tests], record=record)
    found: dict[str, Any] = {"code": None, "failed": "", "hung": False, "collected": True, "ran": 0, "used": 0.0}
    end, rest, running = time.monotonic() + _TIMES_WAITING * most_s, b"", ""
    limit = time.monotonic() + _COLLECTING_S
    while True:
        left = min(end, limit) - time.monotonic()
        ready, _, _ = select.select([pipe], [], [], min(_LOOK_EVERY_S, max(0.0, left)))
        found["used"] = _used_s(process)
        if left <= 0 or (found["used"] >= most_s and not found["failed"]):
            if not found["failed"] and limit <= end and left <= 0:
                found["hung"], found["failed"] = True, running
            break
        if not ready:
            continue
        rest += (piece := os.read(pipe, 65536))
        *lines, rest = rest.split(b"\n")
        for what, of in map(json.loads, lines):
            if what == "begun":
                running = of
                limit = time.monotonic() + tests.get(of, tests.get(of.partition("::")[0], _COLLECTING_S))
                found["ran"] += 1
            elif what == "failed":
                found["failed"] = found["failed"] or of
                if not record:
                    end = limit = time.monotonic() + _TEARDOWN_S
            elif what == "broken":
                found["collected"] = False
            else:
                found["code"] = int(of)
        if not piece and found["code"] is None:  # it died without a word
            found["failed"] = found["failed"] or running
        if not piece or found["code"] is not None:
            break
    if found["failed"] and not found["hung"]:
        found["code"] = 1
    os.close(pipe)
    _end_all(process)
    return found


def _end_all(process: int) -> None:
    """End a run and what its tests have started, which falls to this process when its own parent ends."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(process, signal.SIGKILL)
    while True:
        for child in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _used_s(process: int) -> float:
    """Seconds of computing of a process and of its children that have ended."""
    words = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")


def _children() -> list[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


class Modules:
    """A plugin of pytest: tells which modules of others stand there when all tests are collected."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def pytest_collection_finish(self) -> None:
        with os.fdopen(self._pipe, "w") as file:
            json.dump([name for name in list(sys.modules) if name.partition(".")[0] not in _OWN], file)


def imported(folder: str) -> list[str]:
    """The modules of others that the tests of a folder import, seen in a child; kept in ``build/`` of the tree."""
    kept = Path("build") / f"modules-{folder.replace('/', '-')}.json"
    if kept.is_file():
        return list(json.loads(kept.read_text(encoding="utf-8")))
    reading, writing = os.pipe()
    process, pipe = fork([*_OPTIONS, "--collect-only", folder], Modules(writing))
    os.close(writing)
    os.close(pipe)
    with os.fdopen(reading) as file:
        text = file.read()
    os.waitpid(process, 0)
    if text:
        kept.write_text(text, encoding="utf-8")
    return list(json.loads(text or "[]"))


def main(folder: str, answers: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    tools = {file.stem for file in Path(folder).rglob("*.py")}
    for name in imported(folder):
        if name.partition(".")[0] not in tools:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        os.write(answers, json.dumps(run(request["tests"], request["seconds"], request["record"])).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
