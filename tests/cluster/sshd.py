"""A real sshd for tests, and the person on this computer who enters it: own host keys, ports, homes and SSH files."""

from __future__ import annotations

import contextlib
import getpass
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.host import Host, parse_host
from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Question
from deepsoil.hosts.ssh import connection as ssh_connection

SSHD = "/usr/sbin/sshd"
SFTP_SERVER = "/usr/lib/openssh/sftp-server"
PATIENCE_S = 30.0


def missing() -> str | None:
    """Why there can be no sshd here; None where there can."""
    if sys.platform != "linux":
        return "needs Linux"
    absent = [name for name in (SSHD, "ssh-keygen", "setpriv") if not shutil.which(name)]
    if absent:
        return f"needs OpenSSH's server ({', '.join(absent)} missing): apt install openssh-server"
    return None if os.geteuid() == 0 else "needs root: sessions of sshd get a home folder of their own"


def until(what: Any, limit_s: float = PATIENCE_S) -> Any:
    """The first true value of ``what()``."""
    deadline = time.monotonic() + limit_s
    while not (value := what()):
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)
    return value


def held_port() -> socket.socket:
    """A port that nobody listens on and nobody else gets. Below those that the system gives to outgoing connections."""
    while True:
        holder = socket.socket()
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            holder.bind(("127.0.0.1", random.randrange(10_000, 32_000)))
            return holder
        holder.close()


def make_key(file: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", file], check=True)
    return file


def _sshd_below(parents: list[int]) -> list[int]:
    """The processes of sshd that these have started."""
    if not parents:
        return []
    said = subprocess.run(["pgrep", "-P", ",".join(map(str, parents)), "^sshd"], capture_output=True, text=True,
                          check=False).stdout
    return [int(word) for word in said.split()]


class Sshd:
    """One sshd on a free port of 127.0.0.1. ``home``: the home folder of who logs in; ``options``: lines of its
    configuration that come first and so win; ``variables``: of every session."""

    def __init__(self, folder: Path, *options: str, home: Path | None = None, sftp: str = SFTP_SERVER,
                 variables: Mapping[str, str] | None = None) -> None:
        self.folder, self.options, self.sftp, self.variables = folder, options, sftp, dict(variables or {})
        folder.mkdir(parents=True, exist_ok=True)
        self.home = home or folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self._holder = held_port()
        self.port = int(self._holder.getsockname()[1])
        self.log = folder / "log"
        self._authorized = folder / "authorized_keys"
        self._authorized.touch()
        self.host_key = make_key(folder / "host_key")
        self._process: subprocess.Popen[bytes] | None = None

    def allow(self, *keys: Path) -> None:
        """Let the owners of these private keys in."""
        with self._authorized.open("a") as file:
            file.writelines(Path(f"{key}.pub").read_text() for key in keys)

    def new_host_key(self) -> None:
        """The host was reinstalled: stopped, with another key."""
        self.stop()
        self.host_key.unlink()
        make_key(self.host_key)

    @property
    def fingerprint(self) -> str:
        said = subprocess.run(["ssh-keygen", "-l", "-f", f"{self.host_key}.pub"], check=True, capture_output=True,
                              text=True).stdout
        return said.split()[1]

    @property
    def known_line(self) -> str:
        return f"[127.0.0.1]:{self.port} " + " ".join(Path(f"{self.host_key}.pub").read_text().split()[:2]) + "\n"

    def start(self) -> Sshd:
        Path("/run/sshd").mkdir(exist_ok=True)
        variables = {"HOME": str(self.home), **self.variables}
        quoted = " ".join('"' + f"{name}={value}".replace("\\", "\\\\").replace('"', '\\"') + '"'
                          for name, value in variables.items())
        lines = [*self.options, f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {self.host_key}",
                 "PidFile none", f"AuthorizedKeysFile {self._authorized}", "StrictModes no", "UsePAM no", "UseDNS no",
                 "PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
                 f"SetEnv {quoted}", f"Subsystem sftp {self.sftp}"]
        configuration = self.folder / "sshd_config"
        configuration.write_text("\n".join(lines) + "\n")
        self._holder.close()
        with self.log.open("ab") as log:
            # It ends with whoever started it.
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", SSHD, "-D", "-e", "-f", configuration], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)
        until(lambda: self._answers() or self._process is None or self._process.poll() is not None)
        assert self._process.poll() is None, self.log.read_text()
        return self

    def connections(self) -> list[int]:
        """The process of each connection that it has."""
        assert self._process is not None
        return _sshd_below([self._process.pid])

    def sessions(self) -> list[int]:
        """All processes of its sessions; OpenSSH 9.8 and later has two for each, also where root logs in."""
        found = parents = self.connections()
        while parents := _sshd_below(parents):
            found = [*found, *parents]
        return found

    def signal_sessions(self, number: signal.Signals) -> None:
        for pid in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        """It and its sessions end; what sessions left behind goes on, as on a real host."""
        if self._process is None:
            return
        self.signal_sessions(signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._process = None
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind(("127.0.0.1", self.port))

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


class Person:
    """Who sits at this computer: ``~/.ssh`` and DeepSoil's HOME of their own, and what they answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ssh = folder / ".ssh"
        self.ssh.mkdir(parents=True)
        self.home = folder / "deepsoil"
        self.asked: list[Question] = []
        self.answers: list[list[str] | None] = []

    def ask(self, question: Question) -> list[str] | None:
        """Gives the prepared answers one after another, then none."""
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None

    def knows(self, *servers: Sshd) -> None:
        """The host keys of the servers lie in the usual file."""
        with (self.ssh / "known_hosts").open("a") as file:
            file.writelines(server.known_line for server in servers)

    def key(self, name: str = "id_ed25519", passphrase: str = "") -> Path:
        return make_key(self.ssh / name, passphrase)

    def host(self, server: Sshd, **fields: Any) -> Host:
        return parse_host({"id": "there", "title": "There", "address": "127.0.0.1", "port": server.port,
                            "user": getpass.getuser(), "scheduler": "process", **fields})

    def connect(self, host: Host, timeout_s: float = 15.0) -> ssh_connection.Connection:
        return ssh_connection.connect(host, self.ask, self.home, timeout_s)


@contextlib.contextmanager
def agent_with(*keys: Path) -> Iterator[str]:
    """A real ssh-agent that holds these keys; yields its socket."""
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    path = folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
    try:
        until(path.exists)
        for key in keys:
            subprocess.run(["ssh-add", "-q", key], env={**os.environ, "SSH_AUTH_SOCK": str(path)}, check=True,
                           stderr=subprocess.DEVNULL)
        yield str(path)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person with nothing prepared; no agent runs."""
    someone = Person(tmp_path / "person")
    monkeypatch.setenv("HOME", str(someone.folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setattr(credential_cache, "_kept", {})
    return someone


@pytest.fixture
def sshd(tmp_path: Path, person: Person) -> Iterator[Sshd]:
    """A running sshd that the person knows and may enter with ``~/.ssh/id_ed25519``."""
    if reason := missing():
        pytest.skip(reason)
    server = Sshd(tmp_path / "sshd")
    server.allow(person.key())
    person.knows(server)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def there(sshd: Sshd, person: Person) -> Iterator[ssh_connection.Connection]:
    """A connection to `sshd`."""
    connection = person.connect(person.host(sshd))
    yield connection
    connection.close()
