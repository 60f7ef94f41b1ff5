"""``first-look``: the first round of a new process over 1,000 waiting array jobs, and reading their files plainly."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from deepsoil.bench.measure import Row, row
from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.kind import Context
from deepsoil.kinds.open_context import open_context
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.backend import Facts, Record, Request, Submission, TaskRecord, is_merge
from deepsoil.schedulers.array.scheduler import ArrayScheduler
from deepsoil.schedulers.slurm.scheduler import Slurm
from deepsoil.service.jobs import Jobs
from deepsoil.service.many_jobs import submit_many

JOBS = 1000
_AIM_S = 2.0


class _Instant(Slurm):
    """A Slurm that accepts everything and answers at once: what is measured is DeepSoil's own part."""

    name = "bench"

    def require(self) -> None:
        return

    def facts(self) -> Facts | None:
        return Facts()

    def submit(self, request: Request) -> Submission:
        return Submission("submitted", "7")

    def observe(self, names: Sequence[str]) -> Sequence[Record]:
        return [TaskRecord(name, "7", 0, "waiting") for name in names if not is_merge(name)]

    def waiting_for(self, *_: object) -> str:
        return "Resources"


def run() -> list[Row]:
    """A new advancer remembers nothing of the jobs, as after a restart of the engine."""
    with tempfile.TemporaryDirectory() as folder:
        home, backend = Path(folder), _Instant()
        registry.register(backend.name, lambda: ArrayScheduler(backend))
        context = open_context(home)

        def known() -> Context:
            return context

        jobs = Jobs(home, known)
        jobs.wake = lambda scheduler: None
        submit_many(jobs, [{"specification": {
            "schema": SCHEMA, "id": secrets.token_hex(16), "kind": "ingest", "name": "Bench",
            "options": {"recipe": "/nowhere", "store": "/nowhere"}, "resources": {"scheduler": backend.name}}}
            for _ in range(JOBS)])
        Advancer(home, backend, known).round()
        begun = time.perf_counter()
        looker = Advancer(home, backend, known)
        looker.round()
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        files = [path.read_bytes() for path in home.rglob("*.json") if path.is_file()]
        plain_s = time.perf_counter() - begun
        active = len(looker.active())
    return [row(f"first-look {JOBS:,} jobs", seconds, "s", reference=f"reading their {len(files):,} files",
                reference_value=plain_s, aim=f"value <= {_AIM_S:g} s", holds=seconds <= _AIM_S),
            row(f"first-look {JOBS:,} jobs, active", active, "count", aim=f"{JOBS}", holds=active == JOBS)]
