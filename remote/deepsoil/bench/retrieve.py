"""``retrieve``: 1 GB from a host, verified and flushed to the disk, compared with OpenSSH's ``sftp``."""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from deepsoil.bench.measure import Row, interleaved, row
from deepsoil.bench.ssh_server import SshServer, missing, skipped, ssh_server
from deepsoil.hosts.prompts.prompt import nobody
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.sync import retrieval

AIM = 0.8
SIZE = 1_000_000_000
_ROUNDS = 3


def run() -> list[Row]:
    """Both log in each time; ours also computes SHA-256 and flushes the file to the disk. Higher is better."""
    if reason := missing():
        return skipped("retrieve", reason)
    with tempfile.TemporaryDirectory() as folder, ssh_server(Path(folder)) as there:
        source = Path(folder) / "large.tif"
        wanted = _write(source)
        target = Path(folder) / "retrieved"
        seconds = interleaved({
            "ours": lambda: _retrieve(there, wanted, target),
            "sftp": lambda: subprocess.run(there.openssh("sftp", f"{{host}}:{source}", f"{folder}/sftp.tif"),
                                           check=True, stdout=subprocess.DEVNULL)}, _ROUNDS)
    ratio = statistics.median(theirs / ours for ours, theirs in zip(seconds["ours"], seconds["sftp"], strict=True))
    return [row("retrieve 1 GB, with SHA-256 and resume", SIZE / 1e6 / statistics.median(seconds["ours"]), "MB/s",
                reference="OpenSSH's sftp", reference_value=SIZE / 1e6 / statistics.median(seconds["sftp"]),
                ratio=ratio, aim=f"ratio >= {AIM:g}", holds=ratio >= AIM)]


def _write(source: Path) -> retrieval.RemoteFile:
    digest = hashlib.sha256()
    block = os.urandom(1_000_000)
    with source.open("wb") as file:
        for number in range(SIZE // len(block)):
            data = number.to_bytes(8, "big") + block[8:]
            digest.update(data)
            file.write(data)
    return retrieval.RemoteFile(str(source), source.name, SIZE, digest.hexdigest())


def _retrieve(there: SshServer, wanted: retrieval.RemoteFile, target: Path) -> None:
    (target / wanted.name).unlink(missing_ok=True)
    connection = ssh_connection.connect(there.host, nobody, there.near)
    try:
        retrieval.retrieve(connection, [wanted], target)
    finally:
        connection.close()
