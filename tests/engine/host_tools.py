"""For tests of hosts: an engine in memory behind a socket, and a connection to it that can be cut or crash."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import deepsoil
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host
from deepsoil.contract.summary import build
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.rpc.connection_state import Timing

TOKEN = b"@deepsoil "
FAST = Timing(step=5, hello=5, listing=5, alive_every=0.3, alive_within=0.5, alive_after_sleep=0.2, first_delay=0.02,
              longest_delay=0.1, steady=5, look=0.05, jump=20)
CONTENT = bytes(range(256)) * 40


def host(**changes: Any) -> Host:
    return Host.model_validate({"id": "hydra", "title": "Hydra", "address": "hydra.example.org", "scheduler": "process",
                                 **changes})


def until(what: Callable[[], Any], message: str = "", timeout_s: float = 20.0) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (value := what()):
        assert time.monotonic() < deadline, message or "waited in vain"
        time.sleep(0.005)
    return value


def request(**changes: Any) -> dict[str, Any]:
    """A specification that succeeds with an output of `CONTENT`."""
    corners = [[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]
    return {"schema": SCHEMA, "id": os.urandom(16).hex(), "kind": "predict", "name": "North quarter",
            "area": {"type": "Polygon", "coordinates": [corners]},
            "dates": {"start": "2023-07-15", "end": "2023-07-15"}, "depths_cm": [5], **changes}


class Engine:
    """The engine of a host: what arrives becomes a job that soon ends, unless it is held. Counts what was done.

    ``lose_replies``: so many submits are carried out and the connection is cut instead of an answer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version, self.schema = deepsoil.__version__, SCHEMA
        self.jobs: dict[str, dict[str, Any]] = {}
        self.made: dict[str, int] = {}
        self.submits: list[str] = []
        self.forbidden: set[str] = set()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.files = {"/there/map.tif": CONTENT}
        self.read: list[tuple[str, int]] = []
        self.hold = False
        self.silent = False
        self.lose_replies = 0
        self.refuse: DeepSoilError | None = None
        self.slow_file_s = 0.0
        self.skew_s = 0.0
        self._clock = itertools.count()
        self._guard = threading.RLock()
        self._watching: list[socket.socket] = []
        self._connections: list[socket.socket] = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Every connection ends, as when the network goes."""
        with self._guard:
            connections, self._connections, self._watching = self._connections, [], []
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def change(self, job: str, **changes: Any) -> None:
        with self._guard:
            self.jobs[job].update(changes, changed=self._now())
            self._tell({"event": "job", "job": self._shown(job)})

    def remove(self, job: str) -> None:
        with self._guard:
            del self.jobs[job]
            self._tell({"event": "removed", "id": job})

    def finish(self, job: str) -> None:
        with self._guard:
            if self.jobs[job]["state"] in ("queued", "running"):
                self.change(job, state="succeeded", progress=1.0, ended=self._now(), message="Finished",
                            outputs=[{"path": "/there/map.tif", "name": "map.tif", "kind": "map", "depth_cm": 5,
                                      "date": "2023-07-15", "size": len(CONTENT),
                                      "sha256": hashlib.sha256(CONTENT).hexdigest()}])

    def add(self, specification: dict[str, Any]) -> dict[str, Any]:
        """A job that another computer has sent."""
        with self._guard:
            job = specification["id"]
            self.made[job] = self.made.get(job, 0) + 1
            self.jobs[job] = {**build(
                id=job, kind=specification["kind"], name=specification["name"], state="running", message="One of ten",
                progress=0.1, seconds_left=9.0, created=self._now(), started=self._now(), host_title="node7",
                machine="node7", specification=specification, folder=f"/there/jobs/{job}"), "changed": self._now()}
            self._tell({"event": "job", "job": self._shown(job)})
            if not self.hold:
                threading.Timer(0.01, self.finish, [job]).start()
            return self._shown(job)

    # ---- the socket ----

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with self._guard:
                    self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection, connection.makefile("rb") as lines:
            command = json.loads(lines.readline())
            if "serve" in command:
                connection.sendall(b"Welcome to node 7\r\n@deepsoi\n\xff\n$ ")
                for line in lines:
                    if not self.silent:
                        self._answer(connection, json.loads(line[len(TOKEN):]))
            else:
                self._stream(connection, lines, command[-1])

    def _answer(self, connection: socket.socket, message: dict[str, Any]) -> None:
        try:
            with self._guard:
                result = self._call(connection, message["method"], message["params"])
            reply = {"id": message["id"], "result": result}
        except DeepSoilError as error:
            reply = {"id": message["id"], "error": error.to_dict()}
        if message["method"] in ("submit", "submit_many") and self.lose_replies:
            self.lose_replies -= 1
            connection.shutdown(socket.SHUT_RDWR)
            return
        connection.sendall(TOKEN + json.dumps(reply).encode() + b"\n")

    def _call(self, connection: socket.socket, method: str, params: dict[str, Any]) -> Any:
        self.asked.append((method, params))
        if method == "hello":
            return {"engine": self.version, "schema": self.schema, "machine": "node7"}
        if method == "watch":
            self._watching.append(connection)
            return {"time": self._now()}
        if method == "list":
            after = params.get("after", "")
            return [self._shown(job) if self.jobs[job]["changed"] > after else {"id": job} for job in self.jobs]
        if method == "submit":
            return self._submit(params["specification"])
        if method == "submit_many":
            return [self._submitted(one["specification"]) for one in params["requests"]]
        job = params.get("id", "")
        if method == "cancel":
            if job not in self.jobs:
                if not params.get("forbid"):
                    raise DeepSoilError("job_missing", "There is no such job.")
                self.forbidden.add(job)
                return build(id=job, name=job, state="cancelled", created=self._now(), machine="node7")
            if self.jobs[job]["state"] == "running":
                self.change(job, state="cancelled", ended=self._now(), message="Stopped")
            return self._shown(job)
        if method == "remove":
            if job not in self.jobs:
                raise DeepSoilError("job_missing", "There is no such job.")
            self.remove(job)
            return {}
        if method == "outputs":
            return self.jobs[job]["outputs"]
        raise DeepSoilError("method_unknown", method)

    def _submitted(self, specification: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"job": self._submit(specification)}
        except DeepSoilError as error:
            return {"error": error.to_dict()}

    def _submit(self, specification: dict[str, Any]) -> dict[str, Any]:
        job = specification["id"]
        self.submits.append(job)
        if job in self.jobs:
            return self._shown(job)
        if job in self.forbidden:
            raise DeepSoilError("job_forbidden", "The job was cancelled before it arrived here.")
        if self.refuse is not None:
            raise self.refuse
        return self.add(specification)

    def _stream(self, connection: socket.socket, lines: Any, token: str) -> None:
        while first := lines.readline():
            offset, path = int(first) - 1, lines.readline().decode().rstrip("\n")
            content = self.files.get(path)
            if content is None:
                connection.sendall(f"\n{token} missing\n".encode())
                continue
            self.read.append((path, offset))
            connection.sendall(f"noise\n{token[:-1]}\n\n{token} {len(content)}\n".encode())
            for start in range(offset, len(content), 3000):
                connection.sendall(content[start:start + 3000])
                time.sleep(self.slow_file_s)
            connection.sendall(f"\n{token} end\n".encode())

    def _shown(self, job: str) -> dict[str, Any]:
        return {name: value for name, value in self.jobs[job].items() if name != "changed"}

    def _tell(self, message: dict[str, Any]) -> None:
        for connection in list(self._watching):
            with contextlib.suppress(OSError):
                if not self.silent:
                    connection.sendall(TOKEN + json.dumps(message).encode() + b"\n")

    def _now(self) -> str:
        moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.skew_s, microseconds=next(self._clock))
        return moment.isoformat()


class Pipe:
    """`ssh.Pipe` over a socket; ``point(name)`` is called before and after every call."""

    def __init__(self, path: Path, command: Sequence[str], point: Callable[[str], None]) -> None:
        self._point = point
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.sendall(json.dumps([*command]).encode() + b"\n")
        self.code: int | None = None
        self.err = b""
        self.ended = False

    def write(self, data: bytes) -> None:
        self._point("before write")
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise DeepSoilError("connection_lost", str(error)) from error
        self._point("after write")

    def read(self, size: int) -> bytes:
        try:
            data = self._socket.recv(size)
        except OSError as error:
            raise DeepSoilError("connection_lost", str(error)) from error
        self._point("after read")
        self.ended = not data
        return data

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Connection:
    """`ssh.Connection` to an `Engine`."""

    def __init__(self, path: Path, point: Callable[[str], None]) -> None:
        self._path, self._point = path, point
        self._pipes: list[Pipe] = []
        self._open = True

    @property
    def alive(self) -> bool:
        return self._open and not any(pipe.ended and pipe.code is None for pipe in self._pipes)

    def pipe(self, command: Sequence[str], timeout_s: float) -> Pipe:
        self._point("before pipe")
        try:
            self._pipes.append(Pipe(self._path, command, self._point))
        except OSError as error:
            raise DeepSoilError("connection_lost", str(error)) from error
        self._point("after pipe")
        return self._pipes[-1]

    def close(self) -> None:
        self._open = False
        for pipe in self._pipes:
            pipe.close()


class Network:
    """``connect`` of a test: to the engine at a socket, or an error while ``problem`` is set."""

    def __init__(self, path: Path, point: Callable[[str], None] = lambda name: None) -> None:
        self.path, self.point = path, point
        self.problem: DeepSoilError | None = None
        self.tries = 0
        self.ask_first: Any = None
        self.answered: list[Any] = []

    def connect(self, host: Any, ask: Any, home: Path, timeout_s: float) -> Connection:
        self.tries += 1
        self.point("before connect")
        if self.ask_first is not None:
            self.answered.append(ask(self.ask_first))
        if self.problem is not None:
            raise self.problem
        connection = Connection(self.path, self.point)
        self.point("after connect")
        return connection


UNREACHABLE = DeepSoilError("host_unreachable", "hydra.example.org does not answer.", "Check the network.")
