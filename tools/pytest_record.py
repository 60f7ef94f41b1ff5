"""A plugin of pytest that keeps a record of a run, line by line, so that a run which breaks off can be gone on with.

``-p tools.pytest_record``; the record's path is in ``DEEPSOIL_TEST_RECORD``. Tests that it names already are not run.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # build.py reads records with a Python that has no pytest
    import pytest

VARIABLE = "DEEPSOIL_TEST_RECORD"


@dataclass
class Record:
    """What ``lines`` lines of a record say. ``now``: the test begun last; ``ended``: the run came to its end."""

    begun: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    passed: int = 0
    skipped: int = 0
    ended: bool = False
    lines: int = 0

    @property
    def now(self) -> str:
        return self.begun[-1] if self.begun else ""

    @classmethod
    def read(cls, file: Path, start: int = 0) -> Record:
        """The lines from number ``start`` on; none where there is no record."""
        record = cls()
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        for line in text.splitlines()[start:]:
            record.lines += 1
            said = json.loads(line)
            if "begun" in said:
                record.begun.append(said["begun"])
            elif said.get("outcome") == "failed":
                record.failures[said["test"]] = said["text"]
            elif "outcome" in said:
                record.passed += said["outcome"] == "passed"
                record.skipped += said["outcome"] == "skipped"
            record.ended |= "ended" in said
        return record


# Opened once: a test may clear the environment or put something else in the place of open(), and its report is
# written before that is undone.
_FILE = Path(os.environ.get(VARIABLE, ""))
_DESCRIPTOR = os.open(_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if VARIABLE in os.environ else -1


def _write(**said: Any) -> None:
    os.write(_DESCRIPTOR, json.dumps(said).encode() + b"\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    begun = set(Record.read(_FILE).begun)
    if done := [item for item in items if item.nodeid in begun]:
        config.hook.pytest_deselected(items=done)
        items[:] = [item for item in items if item.nodeid not in begun]


def pytest_runtest_logstart(nodeid: str) -> None:
    _write(begun=nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # A test counts once: by its call, or by what kept it from being called.
    if report.when == "call" or not report.passed:
        _write(test=report.nodeid, outcome=report.outcome, text=report.longreprtext if report.failed else "")


def pytest_sessionfinish(session: pytest.Session) -> None:
    del session
    _write(ended=True)
