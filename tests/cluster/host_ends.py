"""Both ends of a host for tests: a real ``deepsoil serve`` behind a real sshd, and this computer's hosts."""

from __future__ import annotations

import ctypes
import os
import secrets
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_host import RemoteHost
from deepsoil.hosts.remote_hosts import RemoteHosts
from deepsoil.hosts.rpc.connection_state import Timing
from deepsoil.hosts.ssh import connection
from deepsoil.io.process import alive
from deepsoil.jobs.folder import JobFolder
from sshd import Person, Sshd, until

FAKE = Path(__file__).parents[1] / "engine" / "fake_engine"
# Short, so that a test of what takes time does not; every wait in the tests themselves is generous.
TIMING = Timing(step=2.0, hello=30.0, listing=30.0, alive_every=1.0, alive_within=2.0, alive_after_sleep=1.0,
                first_delay=0.1, longest_delay=0.5, steady=5.0, look=0.1)


def install_here(home: Path, *, fake: bool = True) -> Path:
    """An engine in the HOME of the other end: this one; ``fake``: its ``ingest`` jobs are those of the tests."""
    if not fake:
        (home / "engine").mkdir(parents=True)
        (home / "engine" / "current").symlink_to(sys.prefix)
        return home
    program = home / "engine" / "current" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(FAKE))} exec {shlex.quote(sys.executable)} \"$@\"\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return home


def request(recipe: str = "quick", **changes: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "ingest", "name": recipe,
            "options": {"recipe": str(FAKE / recipe), "store": str(FAKE / "store")}, **changes}


def end_jobs(home: Path) -> None:
    """Let what waits go on, end what a test left behind."""
    if not home.is_dir():
        return
    (home / "go").touch()
    for path in (home / "jobs").glob("[0-9a-f]*/state.json"):
        status = JobFolder(path.parent).status()
        if status.state == "running" and status.pid and alive(status.pid, status.process_start):
            os.kill(status.pid, signal.SIGKILL)


class Client:
    """The hosts of one HOME on this computer, with what they told."""

    def __init__(self, home: Path, person: Person, server: Sshd, there: Path,
                 connect: Callable[..., Any] = connection.connect, **fields: Any) -> None:
        self.home, self.there = home, there
        self.events: list[dict[str, Any]] = []
        home.mkdir(parents=True, exist_ok=True)
        Registry(home).set(person.host(server, home=str(there), **fields))
        self.hosts = RemoteHosts(home, lambda event, **content: self.events.append({"event": event, **content}),
                                 connect,
                             TIMING)

    @property
    def remote(self) -> RemoteHost:
        return self.hosts.remotes()[0]

    def ready(self) -> Client:
        try:
            until(lambda: self.state() == "ready")
        except AssertionError as error:
            raise AssertionError(str(self.remote.engine.status)) from error
        return self

    def state(self) -> str:
        return self.remote.engine.status.state

    def submit(self, recipe: str = "quick", **changes: Any) -> str:
        return str(self.hosts.submit("there", request(recipe, **changes))["id"])

    def job(self, job: str) -> dict[str, Any]:
        view = self.remote.view(job)
        assert view is not None
        return view

    def folder_there(self, job: str) -> JobFolder:
        return JobFolder(self.there / "jobs" / job)

    def retrieved(self, job: str) -> list[Path]:
        """The files of a job once they are all here."""
        self.remote.retrieve(job)
        until(lambda: self.job(job)["retrieval"]["state"] in ("done", "failed"))
        assert self.job(job)["retrieval"]["state"] == "done", self.job(job)["retrieval"]
        return [Path(output["path"]) for output in self.job(job)["outputs"]]


@contextmanager
def mounted_tmpfs(path: Path, megabytes: int) -> Iterator[Path]:
    """A small disk. Skips the test where it cannot be mounted."""
    path.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", path], capture_output=True,
                          text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the right to mount: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", path], check=False)


@contextmanager
def network_namespace() -> Iterator[tuple[str, str, str]]:
    """A network of its own behind a cable: its name, its address, this end of the cable. Skips where not allowed."""
    if not shutil.which("ip"):
        pytest.skip("needs networks of its own: apt install iproute2")
    number = os.getpid() % 200 + 20
    name, near, far = f"dsn{os.getpid()}", f"dsa{os.getpid()}"[:15], f"dsb{os.getpid()}"[:15]
    steps = [["netns", "add", name], ["link", "add", near, "type", "veth", "peer", "name", far],
             ["link", "set", far, "netns", name], ["addr", "add", f"10.231.{number}.1/24", "dev", near],
             ["link", "set", near, "up"],
             ["netns", "exec", name, "ip", "addr", "add", f"10.231.{number}.2/24", "dev", far],
             ["netns", "exec", name, "ip", "link", "set", far, "up"],
             ["netns", "exec", name, "ip", "link", "set", "lo", "up"]]
    try:
        for step in steps:
            done = subprocess.run(["ip", *step], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"needs the right to make networks: ip {' '.join(step)}: {done.stderr.strip()}")
        yield name, f"10.231.{number}.2", near
    finally:
        subprocess.run(["ip", "link", "del", near], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextmanager
def started_inside(server: Sshd, namespace: str) -> Iterator[Sshd]:
    """The server started in another network; a thread of its own enters it and stays, or sshd would end with it."""
    ready, done = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def inside() -> None:
        try:
            with Path(f"/run/netns/{namespace}").open("rb") as file:
                if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0x40000000):
                    raise OSError(ctypes.get_errno(), "setns")
            server.start()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        ready.set()
        done.wait()
        server.stop()

    thread = threading.Thread(target=inside)
    thread.start()
    ready.wait()
    try:
        if failed:
            raise failed[0]
        yield server
    finally:
        done.set()
        thread.join()
