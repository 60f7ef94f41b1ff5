"""The hosts of one HOME against an engine in memory; fixtures of the tests of hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_host import RemoteHost
from deepsoil.hosts.remote_hosts import RemoteHosts
from host_tools import FAST, UNREACHABLE, Engine, Network, host, request, until


class Client:
    """The hosts of one HOME and what they told."""

    def __init__(self, home: Path, engine: Engine, **changes: Any) -> None:
        self.network = Network(engine.path)
        self.events: list[dict[str, Any]] = []
        home.mkdir(exist_ok=True)
        Registry(home).set(host(**changes))
        self.home = home
        self.hosts = RemoteHosts(home, lambda event, **content: self.events.append({"event": event, **content}),
                             self.network.connect, FAST)

    @property
    def remote(self) -> RemoteHost:
        return self.hosts.remotes()[0]

    def state(self) -> str:
        return self.remote.engine.status.state

    def ready(self) -> Client:
        until(lambda: self.state() == "ready", f"{self.remote.engine.status}")
        return self

    def job(self, job: str) -> dict[str, Any]:
        view = self.remote.view(job)
        assert view is not None
        return view

    def reported(self, job: str) -> list[tuple[str, str]]:
        """State and knowledge of a job as the events told them, without repetitions."""
        states = [(event["job"]["state"], event["job"]["knowledge"]) for event in list(self.events)
                if event["event"] == "job" and event["job"]["id"] == job]
        return [one for index, one in enumerate(states) if index == 0 or states[index - 1] != one]


def waiting_requests(client: Client, count: int) -> list[dict[str, Any]]:
    """So many new requests in the client's journal, while its host cannot be reached."""
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    wanted = [request() for _ in range(count)]
    for one in wanted:
        client.remote.journal.note(one["id"], "submit", specification=one, earlier=None)
    return wanted


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path / "socket")
    yield made
    made.close()


@pytest.fixture
def open_client(tmp_path: Path, engine: Engine) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def open_it(name: str = "home", **changes: Any) -> Client:
        made.append(Client(tmp_path / name, engine, **changes))
        return made[-1]

    yield open_it
    for client in made:
        client.hosts.stop()
