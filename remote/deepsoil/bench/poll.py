"""``poll``: one poll of a host with 1,000 jobs over the open connection, and a plain ``ssh`` that queries a queue."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.bench.measure import Row, compared, interleaved, row
from deepsoil.bench.ssh_server import missing, skipped, ssh_server
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.prompts.prompt import nobody
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.ssh import connection

JOBS, CHANGED = 1000, 10
AIM = 1.0
_ROUNDS = 7
_READY_WITHIN_S = 60.0
_LINE = "123456_7            gpu  ds-0123456789abcdef0123456789abcdef-1  anna  RUNNING  1:02:03  1  node17"


class _Quiet:
    """A listener that does nothing: only `request` of the connection is used."""

    def status_changed(self, status: object) -> None: ...
    def event(self, message: dict[str, Any]) -> None: ...
    def connected(self, ask: Callable[..., Any]) -> None: ...


def run() -> list[Row]:
    """With no change, and with ten changed jobs; the plain command prints a queue of 1,000 lines without results."""
    if reason := missing():
        return skipped("poll", reason)
    with tempfile.TemporaryDirectory() as folder, ssh_server(Path(folder)) as there:
        jobs = there.home / "jobs"
        for _ in range(JOBS):
            _write_job(jobs)
        (Path(folder) / "queue").write_text((_LINE + "\n") * JOBS)
        engine = EngineConnection(there.host, there.near, _Quiet(), connection.connect, nobody)
        engine.start()
        deadline = time.monotonic() + _READY_WITHIN_S
        while engine.status.state != "ready":
            if time.monotonic() > deadline:
                raise RuntimeError(str(engine.status))
            time.sleep(0.05)
        try:
            later = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)).isoformat()
            time.sleep(1.5)
            for path in sorted(jobs.iterdir())[:CHANGED]:
                (path / "progress.jsonl").write_text('{"time": "2026-01-01", "done": 1, "total": 2, "message": ""}\n')
            never = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
            bare = there.openssh("ssh", "{host}", f"cat {folder}/queue")
            seconds = interleaved({
                "still": lambda: _listed(engine, never, 0),
                "moving": lambda: _listed(engine, later, CHANGED),
                "bare": lambda: subprocess.run(bare, check=True, stdout=subprocess.DEVNULL)}, _ROUNDS)
            size = len(json.dumps(engine.request("list", {"after": never})).encode())
        finally:
            engine.stop()
    title = "bare ssh that prints 1,000 lines of a queue"
    return [compared(f"poll {JOBS:,} jobs, nothing changed", seconds, "still", "bare", title, AIM),
            compared(f"poll {JOBS:,} jobs, {CHANGED} changed", seconds, "moving", "bare", title, AIM),
            row(f"poll {JOBS:,} jobs, exchanges", 1, "count", aim="1", holds=True),
            row(f"poll {JOBS:,} jobs, size of the answer", size / 1e3, "kB", reference="the 1,000 lines of the queue",
                reference_value=(len(_LINE) + 1) * JOBS / 1e3)]


def _listed(engine: EngineConnection, after: str, changed: int) -> None:
    listing = engine.request("list", {"after": after}, 60)
    if len(listing) != JOBS or sum("state" in job for job in listing) != changed:
        raise RuntimeError(f"{len(listing)} jobs were listed, {sum('state' in job for job in listing)} as changed")


def _write_job(jobs: Path) -> None:
    """Write a job to be listed, which is never run."""
    path = jobs / secrets.token_hex(16)
    (path / "outputs").mkdir(parents=True)
    specification = {"schema": SCHEMA, "id": path.name, "kind": "ingest", "name": "Bench",
                     "options": {"recipe": "/nowhere", "store": "/nowhere"}}
    state = {"state": "succeeded", "created": "2026-01-01T00:00:00.000Z", "message": "Finished"}
    for name, document in (("job.json", specification), ("state.json", state),
                           ("manifest.json", {"schema": SCHEMA, "job": path.name, "files": []})):
        (path / name).write_text(json.dumps(document))
