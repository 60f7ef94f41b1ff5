"""The client killed before and after every call to a host and every line of the journal, then started again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from host_tools import CONTENT, Engine, request

CLIENT = Path(__file__).with_name("hosts_client.py")
KILLED = 42
MOST_POINTS = 400


class Clients:
    """Children of one process that has imported everything."""

    def __init__(self, home: Path, engine: Engine) -> None:
        self.home, self.engine = home, engine
        self._process = subprocess.Popen([sys.executable, str(CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True, bufsize=1)

    def run(self, specification: dict[str, Any], acts: list[str], crash_at: int | None = None, *, torn: bool = False,
            reachable: bool = True, others: Sequence[dict[str, Any]] = ()) -> int:
        """The exit code of one client."""
        assert self._process.stdin and self._process.stdout
        plan = {"home": str(self.home), "socket": str(self.engine.path), "acts": acts, "specification": specification,
                "crash_at": crash_at, "torn": torn, "reachable": reachable, "others": list(others)}
        self._process.stdin.write(json.dumps(plan) + "\n")
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    engine = Engine(tmp_path / "socket")
    made = Clients(tmp_path / "home", engine)
    yield made
    made.close()
    engine.close()


def schedules(clients: Clients) -> Iterator[tuple[int, dict[str, Any]]]:
    """Points from the first on, each with a new job; the caller stops when nobody was killed any more."""
    for point in range(1, MOST_POINTS):
        shutil.rmtree(clients.home, ignore_errors=True)
        clients.home.mkdir()
        clients.engine.read.clear()
        clients.engine.submits.clear()
        yield point, request()
    raise AssertionError("there is no end of points")


def state_there(clients: Clients, job: str) -> str | None:
    return clients.engine.jobs.get(job, {}).get("state")


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("lose_reply", [False, True])
def test_a_job_is_made_once_and_retrieved_once(clients: Clients, lose_reply: bool, torn: bool) -> None:
    for point, wanted in schedules(clients):
        job = wanted["id"]
        clients.engine.lose_replies = int(lose_reply)
        killed = clients.run(wanted, ["submit"], point, torn=torn) == KILLED
        clients.engine.lose_replies = 0
        # Every second time the user is gone, too: what was written down must be enough.
        again = ["submit"] if point % 2 else []
        assert clients.run(wanted, again) == 0, point
        if again or clients.engine.submits:
            assert clients.engine.made[job] == 1 and state_there(clients, job) == "succeeded", point
            files = clients.home / "hosts" / "hydra" / "jobs" / job / "outputs"
            assert [path.name for path in files.iterdir()] == ["map.tif"], point
            assert (files / "map.tif").read_bytes() == CONTENT
            before = len(clients.engine.submits), len(clients.engine.read)
            assert clients.run(wanted, []) == 0
            assert (len(clients.engine.submits), len(clients.engine.read)) == before, "nothing is done a second time"
        if not killed:
            break
    print(f"{point} schedules, reply {'lost' if lose_reply else 'given'}, {'torn lines' if torn else 'whole lines'}")
    assert point > (4 if torn else 25)


@pytest.mark.parametrize("lose_reply", [False, True])
def test_a_cancelled_job_ends_cancelled_and_never_comes_back(clients: Clients, lose_reply: bool) -> None:
    clients.engine.hold = True
    for point, wanted in schedules(clients):
        job = wanted["id"]
        clients.engine.lose_replies = int(lose_reply)
        killed = clients.run(wanted, ["submit", "cancel"], point) == KILLED
        clients.engine.lose_replies = 0
        assert clients.run(wanted, ["submit", "cancel"]) == 0, point
        assert clients.engine.made.get(job, 0) <= 1 and state_there(clients, job) in (None, "cancelled"), point
        if not killed:
            break
    print(f"{point} schedules, reply {'lost' if lose_reply else 'given'}")
    assert point > 10, "how often the host is asked in between depends on the machine's load"


def test_a_job_cancelled_while_the_host_was_away_never_arrives(clients: Clients) -> None:
    for point, wanted in schedules(clients):
        killed = clients.run(wanted, ["submit", "cancel"], point, reachable=False) == KILLED
        assert clients.run(wanted, ["submit", "cancel"], reachable=False) == 0
        assert clients.run(wanted, []) == 0
        assert wanted["id"] not in clients.engine.made and clients.engine.submits == [], point
        if not killed:
            break
    print(f"{point} schedules")
    assert point > 5


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("lose_reply", [False, True])
def test_of_many_jobs_in_one_request_each_is_made_once(clients: Clients, lose_reply: bool, torn: bool) -> None:
    for point, wanted in schedules(clients):
        others = [request() for _ in range(3)]
        clients.engine.lose_replies = int(lose_reply)
        clients.engine.asked.clear()
        killed = clients.run(wanted, ["submit all"], point, torn=torn, others=others) == KILLED
        clients.engine.lose_replies = 0
        again = ["submit all"] if point % 2 else []
        assert clients.run(wanted, again, others=others) == 0, point
        made = [clients.engine.made.get(one["id"], 0) for one in (wanted, *others)]
        assert set(made) <= ({1} if again else {0, 1}), (point, made)
        assert made == sorted(made, reverse=True), "what was written down first is sent first"
        if not killed:
            break
    print(f"{point} schedules, reply {'lost' if lose_reply else 'given'}, {'torn lines' if torn else 'whole lines'}")
    assert point > (10 if torn else 25)
    assert any(method == "submit_many" for method, _ in clients.engine.asked)
