"""A host on this machine for benchmarks: a separate sshd, used by OpenSSH's programs and by the engine."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deepsoil.contract.host import Host, parse_host

_SSHD = "/usr/sbin/sshd"
_SFTP_SERVER = "/usr/lib/openssh/sftp-server"
_ANSWERS_WITHIN_S = 30.0


def missing(*programs: str) -> str | None:
    """What this machine lacks for such a host, as text; None if nothing."""
    absent = [name for name in (_SSHD, _SFTP_SERVER, "ssh", "sftp", "ssh-keygen", *programs) if not shutil.which(name)]
    return f"needs {', '.join(absent)}" if absent else None


def skipped(name: str, reason: str) -> list[dict[str, object]]:
    """A result without rows, with the reason."""
    print(f"{name}: not measured, it {reason}.", file=sys.stderr)
    return []


class SshServer:
    """``home``: HOME of its engine. The login has the same user as this process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "there"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        for name in ("host_key", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
        key = (folder / "host_key.pub").read_text().split()
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {key[0]} {key[1]}\n")
        (self.home / "engine").mkdir(parents=True)
        (self.home / "engine" / "current").symlink_to(sys.prefix)
        self.near = folder / "here"
        self.near.mkdir()
        shutil.copy(folder / "known_hosts", self.near)

    @property
    def host(self) -> Host:
        return parse_host({"id": "bench", "title": "Bench", "address": "127.0.0.1", "port": self.port,
                            "user": getpass.getuser(), "authentication": "key", "key_file": str(self.folder / "key"),
                            "home": str(self.home), "scheduler": "process"})

    def openssh(self, program: str, *arguments: str) -> list[str]:
        """The argv of ``ssh`` or ``sftp`` to the host; the host itself is the argument ``{host}`` in ``arguments``."""
        options = ["-q", "-F", "none", "-P" if program == "sftp" else "-p", str(self.port), "-i",
                   str(self.folder / "key"), "-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}",
                   "-o", "BatchMode=yes"]
        return [program, *options, *(word.replace("{host}", f"{getpass.getuser()}@127.0.0.1") for word in arguments)]


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Run the host within a ``with`` block."""
    made = SshServer(folder)
    lines = [f"Port {made.port}", "ListenAddress 127.0.0.1", f"HostKey {folder / 'host_key'}", "PidFile none",
             f"AuthorizedKeysFile {folder / 'key.pub'}", "StrictModes no", "UsePAM no", "UseDNS no",
             "PasswordAuthentication no", f"Subsystem sftp {_SFTP_SERVER}"]
    if "SLURM_CONF" in os.environ:
        lines.append(f"SetEnv SLURM_CONF={os.environ['SLURM_CONF']}")
    (folder / "sshd_config").write_text("\n".join(lines) + "\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "sshd.log").open("ab") as log:
        process = subprocess.Popen([_SSHD, "-D", "-e", "-f", str(folder / "sshd_config")], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _ANSWERS_WITHIN_S
        while subprocess.run(made.openssh("ssh", "{host}", "true"), check=False, capture_output=True).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"sshd does not answer: {(folder / 'sshd.log').read_text()[-500:]}")
            time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait()
