"""``handover``: 1,000 waiting jobs handed over to a host, compared with writing and flushing the same files plainly."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

from deepsoil.bench.measure import Row, row
from deepsoil.bench.ssh_server import missing, skipped, ssh_server
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_hosts import RemoteHosts
from deepsoil.hosts.sync.journal import Journal
from deepsoil.io import atomic, disk, locks

JOBS = 1000
_AIM_S = 2.0
_WITHIN_S = 300.0
_PLAIN = 100


def run() -> list[Row]:
    """From the connection to the host's last acceptance. No queue starts the jobs: they would be measured as well."""
    if reason := missing():
        return skipped("handover", reason)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ssh_server(Path(folder)) as there, \
            locks.locked(there.home / "jobs" / ".queue.lock"):
        plain_s = _plain_s(Path(folder) / "plain") * JOBS / _PLAIN
        Registry(there.near).set(there.host)
        journal = Journal(there.near / "hosts" / there.host.id)
        for _ in range(JOBS):
            job = secrets.token_hex(16)
            journal.note(job, "submit", specification=_request(job), earlier=None)
        hosts = RemoteHosts(there.near, lambda event, **content: None)
        try:
            (remote,) = hosts.remotes()
            _until(lambda: remote.engine.status.state == "ready")
            begun = time.perf_counter()
            _until(lambda: not remote.busy)
            seconds = time.perf_counter() - begun
        finally:
            hosts.stop()
        made = sum(path.is_dir() for path in (there.home / "jobs").glob("[0-9a-f]*"))
    return [row(f"handover {JOBS:,} jobs", seconds, "s", reference="writing and flushing the same files one by one",
                reference_value=plain_s, aim=f"value <= {_AIM_S:g} s", holds=seconds <= _AIM_S),
            row(f"handover {JOBS:,} jobs, folders made", made, "count", aim=f"{JOBS}", holds=made == JOBS)]


def _request(job: str) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": job, "kind": "ingest", "name": "Bench",
            "options": {"recipe": "/nowhere", "store": "/nowhere"}}


def _plain_s(folder: Path) -> float:
    """Seconds for `_PLAIN` folders with two flushed files, and room for the end of the job, each."""
    begun = time.perf_counter()
    for number in range(_PLAIN):
        job = folder / str(number)
        disk.make_folder(job)
        for name, size in (("job.json", 300), ("state.json", 300)):
            atomic.write_text(job / name, "x" * size)
        (job / "room").write_bytes(secrets.token_bytes(24_576))
    return time.perf_counter() - begun


def _until(what: Any) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError("the benchmark waited too long")
        time.sleep(0.01)
