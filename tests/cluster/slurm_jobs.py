"""For tests of jobs through Slurm: a HOME with jobs whose tasks are the fake ones, advanced by the test itself."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.timeouts import Timeouts
from deepsoil.schedulers.slurm.scheduler import Slurm
from deepsoil.service.jobs import Jobs
from slurm_cluster import SlurmCluster, until

sys.path.insert(0, str(Path(__file__).parent / "fake_engine"))
import fake_tasks

FAKE = Path(__file__).parent / "fake_engine"

QUICK = Timeouts(settle=3.0, lag=4.0, grace=1.0, shortest_poll=0.3, longest_poll=1.0)


class Home:
    """One HOME. ``advance`` is one round of a fresh or of the same process's advancer."""

    def __init__(self, path: Path, cluster: SlurmCluster, times: Timeouts = QUICK) -> None:
        self.path, self.cluster, self.times = path, cluster, times
        self.jobs = Jobs(path, lambda: fake_tasks.CONTEXT)
        self.jobs.wake = lambda scheduler: None
        self.advancer = self.new_advancer()

    def new_advancer(self, timeout_s: float = 60.0) -> Advancer:
        """As after a restart: it remembers nothing."""
        return Advancer(self.path, Slurm(timeout_s), lambda: fake_tasks.CONTEXT, self.times)

    def document(self, recipe: str, tasks: int = 3, **resources: Any) -> dict[str, Any]:
        store = self.path / recipe
        store.mkdir(parents=True, exist_ok=True)
        given = {"scheduler": "slurm", "partition": "gpu", "cpus": 1, "memory_mb": 100, "minutes": 10, "tasks": tasks}
        return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "simulate", "name": recipe,
                "options": {"store": str(store)}, "resources": {**given, **resources}}

    def send(self, recipe: str, tasks: int = 3, **resources: Any) -> JobFolder:
        """A job that is accepted and not yet with Slurm."""
        summary = self.jobs.submit(self.document(recipe, tasks, **resources))
        return JobFolder(self.path / "jobs" / summary["id"])

    def round(self) -> None:
        self.advancer.round()
        time.sleep(0.2)

    def until(self, what: Any, message: str = "") -> Any:
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

    def arrays(self, folder: JobFolder) -> set[str]:
        """The numbers of all arrays that Slurm knows of a job, also of those that have ended."""
        shown = self.cluster.run("squeue", "-h", "-r", "-t", "all", "-o", "%j %F").stdout.split()
        pairs = zip(shown[::2], shown[1::2], strict=True)
        return {number for name, number in pairs if name.startswith(f"ds-{folder.id}-") and "merge" not in name}

    def process(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """A Python of its own with this HOME and the fake engine."""
        return subprocess.Popen([sys.executable, "-P", "-c", program, str(self.path), *arguments], env=dict(os.environ),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def attempt(folder: JobFolder, number: int, name: str) -> dict[str, Any]:
    return dict(json.loads((folder.path / f"attempt-{number}" / name).read_text()))
