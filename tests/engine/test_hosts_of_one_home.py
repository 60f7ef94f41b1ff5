"""Two hosts that lead to one HOME, such as two login nodes: every job is there once, and one of them speaks for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from deepsoil.hosts.remote_host import RemoteHost
from host_fixtures import Client
from host_tools import UNREACHABLE, Engine, Network, host, request, until


@pytest.fixture
def two(open_client: Callable[..., Client], engine: Engine) -> tuple[Client, Network, Network]:
    """Hosts ``hydra`` and ``lerna`` of one engine, each with a network of its own."""
    engine.hold = True
    client = open_client().ready()
    networks = {"hydra": client.network, "lerna": Network(engine.path)}
    client.hosts._connect = lambda place, *rest: networks[place.id].connect(place, *rest)
    client.hosts.set(host(id="lerna", title="Lerna").to_dict())
    until(lambda: remote(client, "lerna").engine.status.state == "ready")
    return client, networks["hydra"], networks["lerna"]


def remote(client: Client, name: str) -> RemoteHost:
    return client.hosts.remote(name)


def shown(client: Client, job: str) -> list[str]:
    """Which host the events about a job named, one after another."""
    hosts = [event["job"]["host"] for event in client.events if event["event"] == "job" and event["job"]["id"] == job]
    return [name for number, name in enumerate(hosts) if number == 0 or hosts[number - 1] != name]


def listed(client: Client) -> list[tuple[str, str]]:
    return sorted((job["id"], job["host"]) for job in client.hosts.jobs())


def test_a_job_is_listed_once_by_the_host_it_was_sent_to(two: Any, engine: Engine) -> None:
    client, _, _ = two
    mine = client.hosts.submit("lerna", request())["id"]
    other = engine.add(request())["id"]
    until(lambda: all(remote(client, name).knows(job) for name in ("hydra", "lerna") for job in (mine, other)))
    until(lambda: listed(client) == sorted([(mine, "lerna"), (other, "hydra")]))
    engine.finish(mine)
    until(lambda: all(remote(client, name).view(mine)["state"] == "succeeded"  # type: ignore[index]
                      for name in ("hydra", "lerna")))
    until(lambda: remote(client, "lerna").view(mine)["retrieval"]["state"] == "done")  # type: ignore[index]
    assert shown(client, mine) == ["lerna"]
    owner = client.hosts.remote_of_job(mine)
    assert owner is not None and owner.host.id == "lerna"


def test_the_other_host_speaks_while_one_cannot_be_reached(two: Any, engine: Engine) -> None:
    client, hydra, _ = two
    job = engine.add(request())["id"]
    until(lambda: all(remote(client, name).knows(job) for name in ("hydra", "lerna")))
    until(lambda: listed(client) == [(job, "hydra")])
    hydra.problem = UNREACHABLE
    remote(client, "hydra").engine._ssh.close()
    until(lambda: listed(client) == [(job, "lerna")])
    until(lambda: shown(client, job)[-1] == "lerna")
    until(lambda: [one["knowledge"] for one in client.hosts.jobs()] == ["current"])
    hydra.problem = None
    remote(client, "hydra").engine.connect_now()
    until(lambda: listed(client) == [(job, "hydra")] and shown(client, job)[-1] == "hydra")


def test_a_job_stays_when_one_of_the_hosts_is_removed_and_goes_when_it_is_gone(two: Any, engine: Engine) -> None:
    client, _, _ = two
    first, second = (engine.add(request())["id"] for _ in range(2))
    until(lambda: all(remote(client, name).knows(job) for name in ("hydra", "lerna") for job in (first, second)))
    engine.remove(first)
    until(lambda: {"event": "removed", "id": first} in client.events)
    until(lambda: not any(remote(client, name).knows(first) for name in ("hydra", "lerna")))
    removed = remote(client, "hydra")
    client.hosts.remove("hydra")
    removed.engine.stop()  # returns when its connection has ended
    assert listed(client) == [(second, "lerna")] and shown(client, second)[-1] == "lerna"
    assert {"event": "removed", "id": second} not in client.events
    client.hosts.remove("lerna")
    assert listed(client) == [] and {"event": "removed", "id": second} in client.events


def test_a_host_that_was_removed_or_changed_tells_nothing_more(two: Any, engine: Engine) -> None:
    """Its connection ends later, and its last words would bring the host and its jobs back into the lists."""
    client, _, _ = two
    job = engine.add(request())["id"]
    until(lambda: all(remote(client, name).knows(job) for name in ("hydra", "lerna")))
    before = remote(client, "lerna")
    client.hosts.set(host(id="lerna", title="Lerna's new name").to_dict())
    told = len(client.events)
    before.engine.stop()
    until(lambda: remote(client, "lerna").engine.status.state == "ready")
    assert {event["host"]["title"] for event in client.events[told:] if event["event"] == "host"
            and event["host"]["id"] == "lerna"} <= {"Lerna's new name"}
    removed = [remote(client, name) for name in ("lerna", "hydra")]
    for one in removed:
        client.hosts.remove(one.host.id)
    told = len(client.events)
    for one in removed:
        one.engine.stop()
    assert client.events[told - 1] == {"event": "removed", "id": job} and client.events[told:] == []


def test_what_was_told_last_is_what_is_listed(two: Any, engine: Engine) -> None:
    """Also when whoever takes the events is slow, and the job or a connection changes meanwhile."""
    client, hydra, _ = two
    job = engine.add(request())["id"]
    until(lambda: all(remote(client, name).knows(job) for name in ("hydra", "lerna")))
    until(lambda: shown(client, job) and shown(client, job)[-1] == "hydra")
    tell, slow, taking, taken = client.hosts._emit, 0.2, threading.Event(), threading.Event()

    def slowly(event: str, **content: Any) -> None:
        is_slow = event == "job" and (content["job"]["host"], content["job"]["progress"]) == ("hydra", slow)
        if is_slow:
            taking.set()
            time.sleep(0.3)
        tell(event, **content)
        if is_slow:
            taken.set()

    def last_is_listed() -> bool:
        told = [event["job"] for event in client.events if event["event"] == "job"]
        return taken.wait(5) and client.hosts.jobs() == told[-1:]

    client.hosts._emit = slowly
    engine.change(job, progress=slow)
    assert taking.wait(10)
    hydra.problem = UNREACHABLE
    remote(client, "hydra").engine._ssh.close()
    until(lambda: listed(client) == [(job, "lerna")])
    until(last_is_listed)
    taking.clear()
    taken.clear()
    hydra.problem = None
    remote(client, "hydra").engine.connect_now()
    assert taking.wait(10)
    engine.change(job, progress=0.5)
    until(lambda: remote(client, "hydra").view(job)["progress"] == 0.5)  # type: ignore[index]
    until(last_is_listed)
