"""Every kind of point at which this computer may stop, once over a real sshd with a real engine at the other end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from host_ends import end_jobs, install_here, request
from sshd import Person, Sshd, missing

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

CLIENT = Path(__file__).parents[1] / "engine" / "hosts_client.py"
KILLED = 42
# What was done before each differs; the moments just before and after each call are enumerated against an engine in
# memory, in tests/engine.
POINTS = ["before journal submit", "after journal submit", "after connect", "after pipe serve", "after write hello",
          "after read list", "after journal send", "after write submit", "after read submit", "after journal accepted",
          "after journal retrieve", "after write stream", "after read stream", "after rename",
          "after journal retrieved"]
TORN = ["submit", "accepted"]
CANCEL = ["after journal cancel", "after write cancel", "after read cancel", "after journal cancel_told"]


@pytest.fixture
def clients(person: Person) -> Iterator[Any]:
    process = subprocess.Popen([sys.executable, str(CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               bufsize=1)
    assert process.stdin and process.stdout

    def run(**plan: Any) -> int:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps({"torn": False, "reachable": True, "crash_at": None, **plan}) + "\n")
        return int(process.stdout.readline())

    yield run
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Path]:
    home = install_here(tmp_path / "far")
    yield home
    end_jobs(home)


def test_killed_at_every_kind_of_point_a_job_runs_once_and_is_retrieved_once(
        clients: Any, person: Person, sshd: Sshd, far: Path, tmp_path: Path) -> None:
    host = person.host(sshd, home=str(far)).to_dict()
    for number, (point, torn) in enumerate([(one, False) for one in POINTS] + [(one, True) for one in TORN]):
        wanted = request("record", name=str(number))
        plan = {"home": str(tmp_path / f"near {number}"), "host": host, "specification": wanted}
        Path(plan["home"]).mkdir()
        assert clients(**plan, acts=["submit"], crash_at=point, torn=torn) == KILLED, point
        assert clients(**plan, acts=["submit"]) == 0, point
        files = Path(plan["home"]) / "hosts" / "there" / "jobs" / wanted["id"] / "outputs"
        assert [(path.name, path.read_text()) for path in files.iterdir()] == [("first.txt", "first")], point
    lines = (far / "order.txt").read_text().splitlines()
    assert sorted(lines) == sorted(f"{what} {one}" for one in range(number + 1) for what in ("begin", "end"))
    print(f"{number + 1} kinds of points: each job ran once, ended, and was retrieved")


def test_killed_while_it_cancels_the_job_ends_cancelled(clients: Any, person: Person, sshd: Sshd, far: Path,
                                                        tmp_path: Path) -> None:
    host = person.host(sshd, home=str(far)).to_dict()
    for number, point in enumerate(CANCEL):
        wanted = request("wait", name=str(number))
        plan = {"home": str(tmp_path / f"near {number}"), "host": host, "specification": wanted}
        Path(plan["home"]).mkdir()
        assert clients(**plan, acts=["submit", "cancel"], crash_at=point) == KILLED, point
        assert clients(**plan, acts=["submit", "cancel"]) == 0, point
        state = json.loads((far / "jobs" / wanted["id"] / "state.json").read_text())
        assert state["state"] == "cancelled", point
    print(f"{number + 1} kinds of points: each job ended cancelled")
