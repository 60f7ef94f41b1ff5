"""For tests of jobs through a scheduler with arrays: a HOME whose tasks are the fake ones, advanced by the test itself.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

FAKE = Path(__file__).parent / "fake_engine"
sys.path.insert(0, str(FAKE))
import fake_tasks  # noqa: E402
from deepsoil.contract.version import SCHEMA  # noqa: E402
from deepsoil.jobs.folder import JobFolder  # noqa: E402
from deepsoil.jobs.kind import Context  # noqa: E402
from deepsoil.schedulers.array.advance import Advancer  # noqa: E402
from deepsoil.schedulers.array.attempts import Journal  # noqa: E402
from deepsoil.schedulers.array.backend import ArrayBackend, is_merge  # noqa: E402
from deepsoil.schedulers.array.timeouts import Timeouts  # noqa: E402
from deepsoil.service.jobs import Jobs  # noqa: E402

QUICK = Timeouts(settle=3.0, lag=4.0, grace=0.5, shortest_poll=0.3, longest_poll=1.0)
_INTERVAL_S = 0.1


def until(what: Callable[[], Any], message: str = "", limit_s: float = 60.0) -> Any:
    """The first true value of ``what``; fails after ``limit_s``."""
    deadline = time.monotonic() + limit_s
    while not (value := what()):
        assert time.monotonic() < deadline, message or "waited in vain"
        time.sleep(_INTERVAL_S)
    return value


def document(home: Path, recipe: str) -> dict[str, Any]:
    """A job that does as its name says; see `fake_tasks`."""
    store = home / recipe
    store.mkdir(parents=True, exist_ok=True)
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "simulate", "name": recipe,
            "options": {"store": str(store)}}


class ArrayHome:
    """One HOME and one scheduler. ``round`` is one step of the same advancer; `new_advancer` remembers nothing."""

    def __init__(self, path: Path, backend: ArrayBackend, times: Timeouts = QUICK) -> None:
        self.path, self.backend, self.times = path, backend, times
        self.jobs = Jobs(path, self.context)
        self.jobs.wake = lambda scheduler: None
        self.advancer = self.new_advancer()

    def context(self) -> Context:
        return fake_tasks.CONTEXT

    def new_advancer(self) -> Advancer:
        return Advancer(self.path, self.backend, self.context, self.times)

    def resources(self) -> dict[str, Any]:
        """What a job asks for unless a test says otherwise."""
        return {"scheduler": self.backend.name}

    def document(self, recipe: str, tasks: int = 3, **resources: Any) -> dict[str, Any]:
        return {**document(self.path, recipe), "resources": {**self.resources(), "tasks": tasks, **resources}}

    def send(self, recipe: str, tasks: int = 3, **resources: Any) -> JobFolder:
        """A job that is accepted and not yet submitted."""
        summary = self.jobs.submit(self.document(recipe, tasks, **resources))
        return JobFolder(self.path / "jobs" / summary["id"])

    def round(self) -> None:
        self.advancer.round()

    def until(self, what: Callable[[], Any], message: str = "") -> Any:
        """Advance until ``what`` is true."""
        def step() -> Any:
            self.round()
            return what()
        return until(step, message)

    def ended(self, folder: JobFolder) -> str:
        self.until(lambda: folder.status().final, f"{folder.path} does not end")
        return folder.state

    def ran(self, recipe: str) -> Counter[int]:
        """How often each task ran."""
        path = self.path / recipe / "ran.txt"
        return Counter(int(line.split()[0]) for line in path.read_text().splitlines()) if path.exists() else Counter()

    def summary(self, folder: JobFolder) -> dict[str, Any]:
        return self.jobs.summary(folder)

    def names(self, folder: JobFolder) -> list[str]:
        return [name for one in Journal(folder.path).attempts() for name in one.names]

    def arrays(self, folder: JobFolder) -> set[str]:
        """The numbers of all arrays of a job that the scheduler shows."""
        records = self.backend.observe(self.names(folder))
        return {record.array for record in records if not is_merge(record.name)}

    def process(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """A Python of its own with this HOME and the fake engine."""
        return subprocess.Popen([sys.executable, "-P", "-c", program, str(self.path), *arguments], env=dict(os.environ),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def attempt(folder: JobFolder, number: int, name: str) -> dict[str, Any]:
    return dict(json.loads((folder.path / f"attempt-{number}" / name).read_text()))
