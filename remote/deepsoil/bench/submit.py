"""``submit``: a job sent to a host with a journal and an answer, compared with a plain ``ssh … sbatch``."""

from __future__ import annotations

import itertools
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from deepsoil.bench.measure import Row, compared, interleaved
from deepsoil.bench.ssh_server import SshServer, missing, skipped, ssh_server
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_host import RemoteHost
from deepsoil.hosts.remote_hosts import RemoteHosts

AIM = 1.0
_ROUNDS = 7
_WITHIN_S = 60.0


def run() -> list[Row]:
    """Time until the user gets the answer, and until Slurm has given the array its number."""
    if reason := missing("sbatch") or _no_slurm():
        return skipped("submit", reason)
    with tempfile.TemporaryDirectory() as folder, ssh_server(Path(folder)) as there:
        Registry(there.near).set(there.host)
        hosts = RemoteHosts(there.near, lambda event, **content: None)
        try:
            (remote,) = hosts.remotes()
            _until(lambda: remote.engine.status.state == "ready")
            bare = there.openssh("ssh", "{host}", "sbatch --parsable --output=/dev/null --wrap=true")
            names = (f"bench {number}" for number in itertools.count())
            seconds = interleaved({
                "answered": lambda: _submit(remote, next(names)),
                "numbered": lambda: _numbered(there, _submit(remote, next(names))),
                "bare": lambda: subprocess.run(bare, check=True, stdout=subprocess.DEVNULL)}, _ROUNDS)
        finally:
            hosts.stop()
            subprocess.run(["scancel", "--me"], check=False, capture_output=True)
    title = "bare ssh … sbatch"
    return [compared("submit, until the host has accepted it", seconds, "answered", "bare", title, AIM),
            compared("submit, until Slurm has numbered it", seconds, "numbered", "bare", title, None)]


def _submit(remote: RemoteHost, name: str) -> str:
    job: dict[str, Any] = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "ingest", "name": name,
                           "options": {"recipe": "/nowhere", "store": "/nowhere"},
                           "resources": {"scheduler": "slurm"}}
    view = remote.submit(job)
    if view["knowledge"] != "current" or view["state"] == "failed":
        raise RuntimeError(f"the host did not accept the job: {view['message']}")
    return str(view["id"])


def _numbered(there: SshServer, job: str) -> None:
    _until(lambda: any((there.home / "jobs" / job).glob("attempt-*/submitted.json")))


def _no_slurm() -> str | None:
    asked = subprocess.run(["sinfo", "-h"], capture_output=True, text=True, check=False)
    return None if asked.returncode == 0 and asked.stdout.strip() else "needs a Slurm that answers on this machine" + (
        "" if "SLURM_CONF" in os.environ else " (SLURM_CONF names its configuration)")


def _until(what: Any) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError("the benchmark waited too long")
        time.sleep(0.005)
