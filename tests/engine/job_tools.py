"""For tests of jobs: real processes of the engine whose ``ingest`` jobs are the fake ones, and a client on a pipe."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.version import SCHEMA
from deepsoil.io.process import alive
from deepsoil.jobs.folder import JobFolder

FAKE = Path(__file__).parent / "fake_engine"
TIMEOUT_S = 30.0


def document(recipe: str = "quick", **changes: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "ingest", "name": recipe,
            "options": {"recipe": str(FAKE / recipe), "store": str(FAKE / "store")}, **changes}


def prediction(**changes: Any) -> dict[str, Any]:
    corners = [[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "North quarter",
            "area": {"type": "Polygon", "coordinates": [corners]},
            "dates": {"start": "2023-07-15", "end": "2023-07-16"}, "depths_cm": [5, 20], **changes}


def environment(home: Path, **changes: str) -> dict[str, str]:
    return {**os.environ, "DEEPSOIL_HOME": str(home), "PYTHONPATH": str(FAKE), **changes}


def deepsoil(home: Path, *arguments: str, text: str | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-P", "-m", "deepsoil", *arguments], env=environment(home, **changes),
                          input=text, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def until(what: Callable[[], Any], message: str = "") -> Any:
    """The first true value of ``what``."""
    deadline = time.monotonic() + TIMEOUT_S
    while not (value := what()):
        assert time.monotonic() < deadline, message or "waited in vain"
        time.sleep(0.02)
    return value


def ended(folder: JobFolder) -> str:
    """The final state, once there is one."""
    until(lambda: folder.status().final, f"{folder.id} does not end")
    return folder.state


def begun(folder: JobFolder) -> int:
    """The process of a job that has finished its first output."""
    until(lambda: folder.output_records(), f"{folder.id} does not begin")
    pid = folder.status().pid
    assert pid
    return pid


def kill_leftovers(home: Path) -> None:
    """End the workers and the queue that a test left behind."""
    (home / "go").touch()
    for path in (home / "jobs").glob("*/state.json"):
        status = JobFolder(path.parent).status()
        if status.state == "running" and alive(status.pid, status.process_start) and status.pid:
            os.kill(status.pid, signal.SIGKILL)


class Service:
    """A real ``deepsoil serve`` on pipes."""

    def __init__(self, home: Path, **changes: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.noise: list[bytes] = []
        self.unasked: list[dict[str, Any]] = []
        self._replies: dict[Any, queue.Queue[dict[str, Any]]] = {}
        self._number = 0
        self._errors = (home / "service.txt").open("ab")
        self.process = subprocess.Popen([sys.executable, "-P", "-m", "deepsoil", "serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self._errors, env=environment(home, **changes))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout, self._errors):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):  # what was still to be sent to a dead service
                stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.startswith(b"@deepsoil "):
                self.noise.append(line)
                continue
            message = json.loads(line[len("@deepsoil "):])
            if "event" in message:
                self.events.append(message)
            elif message["id"] in self._replies:
                self._replies[message["id"]].put(message)
            else:
                self.unasked.append(message)

    def send_raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The whole reply."""
        self._number += 1
        replies = self._replies.setdefault(self._number, queue.Queue())
        request = {"id": self._number, "method": method, "params": params}
        self.send_raw(b"@deepsoil " + json.dumps(request).encode() + b"\n")
        return replies.get(timeout=TIMEOUT_S)

    def call(self, method: str, **params: Any) -> Any:
        """The result; an error fails the test."""
        reply = self.ask(method, **params)
        assert "result" in reply, reply
        return reply["result"]

    def error(self, method: str, **params: Any) -> dict[str, Any]:
        reply = self.ask(method, **params)
        assert "error" in reply, reply
        return dict(reply["error"])

    def states_seen(self, job: str) -> list[str]:
        """The states that events told of a job, without repetitions."""
        states = [event["job"]["state"] for event in self.events if event.get("job", {}).get("id") == job]
        return [state for index, state in enumerate(states) if index == 0 or states[index - 1] != state]
