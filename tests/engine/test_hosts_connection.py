"""The connection to a host: broken, silent, asleep, refused, of another version; against an engine in memory."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts import remote_host
from deepsoil.hosts.prompts.prompt import Question
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.rpc.connection_state import Timing, delay_s
from host_fixtures import Client
from host_tools import FAST, UNREACHABLE, Engine, Network, host, request, until


def test_a_break_ends_no_job_and_the_rest_is_reported_later(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    other = engine.add(request())["id"]
    until(lambda: client.remote.view(other) is not None)
    client.network.problem = UNREACHABLE
    engine.cut()
    until(lambda: client.job(job)["knowledge"] == "unreachable")
    assert client.job(job)["state"] == "running" and client.job(job)["since"]
    engine.finish(job)
    engine.remove(other)
    client.network.problem = None
    client.remote.engine.connect_now()
    until(lambda: client.job(job)["state"] == "succeeded")
    until(lambda: client.reported(job)[-3:] == [("running", "current"), ("running", "unreachable"),
                                            ("succeeded", "current")])
    until(lambda: client.remote.view(other) is None and {"event": "removed", "id": other} in client.events)


def test_a_listing_costs_what_has_changed(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    jobs = [engine.add(request())["id"] for _ in range(50)]
    client = open_client().ready()
    assert len(client.hosts.jobs()) == 50, "another computer adopts the jobs of the host"
    client.hosts.stop()
    time.sleep(remote_host._FILE_TIME_STEP_S)  # changes newer than this are listed again, for disks with coarse times
    engine.finish(jobs[7])
    engine.asked.clear()
    client = open_client().ready()
    lists = [params for method, params in engine.asked if method == "list"]
    assert len(lists) == 1 and "after" in lists[0]
    assert client.job(jobs[7])["state"] == "succeeded" and client.job(jobs[8])["state"] == "running"
    assert client.remote.journal.get(jobs[7]) is None, "what another computer sent is not retrieved by itself"
    shutil.rmtree(client.home / "hosts" / "hydra" / "jobs" / jobs[3])
    client.hosts.stop()
    assert len(open_client().ready().hosts.jobs()) == 50, "what was lost here is asked for again"


def test_a_job_that_waits_is_not_sent_to_an_engine_of_another_version(open_client: Callable[..., Client],
                                                                      engine: Engine) -> None:
    client = open_client()
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    job = client.hosts.submit("hydra", request())["id"]
    engine.version = "0.0.1"
    client.network.problem = None
    until(lambda: client.state() == "other_engine")
    client.remote.submitter._deliver_all()
    assert engine.submits == [] and "version" in client.job(job)["message"]
    engine.version = deepsoil.__version__
    client.remote.engine.connect_now()
    until(lambda: client.job(job)["state"] == "succeeded")


def test_a_silent_engine_and_a_hanging_request_hold_nobody_up(open_client: Callable[..., Client],
                                                               engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    engine.silent = True
    begun = time.monotonic()
    with pytest.raises(DeepSoilError) as caught:
        client.remote.ask("logs", {"id": job}, 0.2)
    assert caught.value.code == "host_unreachable" and time.monotonic() - begun < 5
    until(lambda: client.job(job)["knowledge"] == "unreachable")
    assert [view["state"] for view in client.hosts.jobs()] == ["running"]
    engine.silent = False
    until(lambda: client.job(job)["knowledge"] == "current")
    assert client.network.tries >= 2


def test_after_sleep_a_dead_connection_is_noticed_and_a_living_one_kept(tmp_path: Path, engine: Engine) -> None:
    class Listener:
        def status_changed(self, status: Any) -> None: ...
        def event(self, message: Any) -> None: ...
        def connected(self, ask: Any) -> None: ...

    asleep_s = [0.0]
    network = Network(engine.path)
    # While it lives, no busy computer may be taken for a dead one; the dead one never answers, so a moment is enough.
    timing = Timing(**{**vars(FAST), "alive_every": 1000, "alive_within": 1000, "first_delay": 1000,
                       "longest_delay": 1000, "alive_after_sleep": 1000})
    connection = EngineConnection(host(), tmp_path, Listener(), network.connect, lambda question: None, timing=timing,
                                  wall=lambda: time.time() + asleep_s[0])
    connection.start()
    until(lambda: connection.status.state == "ready")
    asleep_s[0] += 3600
    until(lambda: [method for method, _ in engine.asked].count("hello") == 2)
    assert network.tries == 1, "it lives: nobody is asked for a code again"
    engine.silent = True
    connection._timing = replace(timing, alive_after_sleep=0.2)
    asleep_s[0] += 3600
    until(lambda: connection.status.state == "waiting")
    engine.silent = False
    asleep_s[0] += 3600
    until(lambda: connection.status.state == "ready")
    assert network.tries == 2, "tried at once, though the back-off was a quarter of an hour"
    connection.stop()


@pytest.mark.parametrize(("version", "state"), [("0.0.1", "other_engine"), (None, "no_engine")])
def test_an_engine_that_does_not_fit_gets_no_job(open_client: Callable[..., Client], engine: Engine,
                                                 version: str | None, state: str,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    engine.hold = True
    there = engine.add(request())["id"]
    if version:
        monkeypatch.setattr(engine, "version", version)
    else:
        monkeypatch.setattr("host_tools.Pipe.read", lambda self, size: b"")
        monkeypatch.setattr("host_tools.Pipe.code", 66, raising=False)
        monkeypatch.setattr("host_tools.Pipe.__init__", lambda self, *arguments: setattr(self, "err", b"no engine"))
        monkeypatch.setattr("host_tools.Pipe.write", lambda self, data: None)
        monkeypatch.setattr("host_tools.Pipe.close", lambda self: None)
        monkeypatch.setattr("host_tools.Pipe.ended", False, raising=False)
    client = open_client()
    until(lambda: client.state() == state)
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.submit("hydra", request())
    assert caught.value.code == state and "nstall" in caught.value.hint
    if version:
        assert client.job(there)["knowledge"] == "current", "what runs there is shown"
        assert client.remote.cancel(there)["state"] == "cancelled"
    assert engine.submits == [] and client.remote.document()["connection"]["code"] == state


def test_a_question_is_asked_and_a_refusal_waits_for_the_user(open_client: Callable[..., Client]) -> None:
    client = open_client()
    client.network.ask_first = Question("hydra", "password", "Password for Hydra", "anna@hydra")
    client.network.problem = DeepSoilError("login_refused", "Hydra refused the password.", "Try again.")
    until(lambda: client.state() == "asking")
    asked = until(lambda: next((event for event in client.events if event["event"] == "question"), None))
    assert asked["host"] == "hydra"
    client.hosts.questions.answer(asked["question"], ["secret"])
    until(lambda: client.state() == "refused")
    assert client.network.answered == [["secret"]]
    connection = client.remote.document()["connection"]
    assert (connection["code"], connection["next_try_s"]) == ("login_refused", None)
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.questions.answer(asked["question"], ["late"])
    assert caught.value.code == "question_unknown"
    client.network.ask_first = client.network.problem = None
    tries = client.network.tries
    time.sleep(4 * FAST.longest_delay)
    assert client.network.tries == tries, "a refusal is not tried again by itself"
    client.remote.engine.connect_now()
    client.ready()
    written = [path.read_text() for path in client.home.rglob("*") if path.is_file()]
    assert not any("secret" in text for text in written)


def test_hosts_are_changed_removed_and_found_by_other_processes(open_client: Callable[..., Client], engine: Engine,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.remote_hosts._LOOK_EVERY_S", 0.0)
    engine.hold = True
    there = engine.add(request())["id"]
    client, beside = open_client().ready(), open_client().ready()
    document = client.hosts.documents()[0]
    changed = client.hosts.set({**document, "title": "Hydra II"})
    assert changed["title"] == "Hydra II" and "connection" in changed
    until(lambda: beside.job(there)["host_title"] == "Hydra II")
    client.ready()
    client.hosts.remove("hydra")
    assert client.hosts.jobs() == [] == beside.hosts.jobs() and there in engine.jobs
    assert {"event": "removed", "id": there} in client.events
    for method in (lambda: client.hosts.remote("hydra"), lambda: client.hosts.submit("hydra", request())):
        with pytest.raises(DeepSoilError) as caught:
            method()
        assert caught.value.code == "host_unknown"


def test_the_back_off_doubles_to_a_minute_with_a_little_chance() -> None:
    timing = Timing()
    assert [delay_s(n, timing, 0.5) for n in (1, 2, 3, 7, 500)] == [1, 2, 4, 60, 60]
    assert delay_s(7, timing, 0.0) == pytest.approx(48) and delay_s(7, timing, 1.0) == pytest.approx(72)


def test_events_that_are_none_and_files_that_are_damaged_do_no_harm(open_client: Callable[..., Client],
                                                                    engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    for odd in ({"event": "job"}, {"event": "job", "job": {"id": "../.."}}, {"event": "job", "job": {"id": 7}},
                {"event": 7}, {"event": "removed", "id": "../.."}, {"id": [1], "result": 2}):
        engine._tell(odd)
    engine.finish(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "done")
    assert (client.home / "hosts" / "hydra" / "journal.jsonl").is_file(), "nothing but a job was touched"
    client.hosts.stop()
    folder = client.home / "hosts" / "hydra"
    (folder / "jobs" / job / "summary.json").write_text("{")
    (folder / "listing.json").write_bytes(os.urandom(20))
    client = open_client().ready()
    assert client.job(job)["state"] == "succeeded"
    assert json.loads((folder / "jobs" / job / "summary.json").read_text())["id"] == job


def test_times_are_given_by_this_computer_s_clock(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.skew_s = -86_400
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["state"] == "succeeded")
    until(lambda: client.job(job)["retrieval"]["state"] == "done")
    view = client.job(job)
    assert engine.jobs[job]["started"][:10] < view["started"][:10] == view["created"][:10] == view["ended"][:10]


def test_every_request_that_was_on_its_way_when_the_connection_broke_is_answered_at_once(
        open_client: Callable[..., Client], engine: Engine) -> None:
    client = open_client().ready()
    codes: list[str] = []

    def ask() -> None:
        try:
            client.hosts.ask("hydra", "regions", {})
        except DeepSoilError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(20)]
    connection = client.remote.engine
    with connection._changed:  # they queue up, and go out together over a pipe that is broken
        for thread in threads:
            thread.start()
        ssh = connection._ssh
        assert ssh is not None
        write = ssh._pipes[-1].write

        def broken(data: bytes) -> None:
            ssh._pipes[-1].write = write
            raise DeepSoilError("connection_lost", "It broke.")

        ssh._pipes[-1].write = broken
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads), "nothing waits for its time limit"
    assert set(codes) <= {"host_unreachable", "method_unknown"}
