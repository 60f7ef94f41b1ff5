"""The link to a host, its jobs here and on their way, against an engine in memory and a network that fails at will."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts import host_client
from deepsoil.hosts.host_manager import Hosts
from deepsoil.hosts.prompts.prompt import Question
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.rpc.connection import Link
from deepsoil.hosts.rpc.connection_state import Timing, delay_s
from deepsoil.hosts.sync import auto_retrieval
from deepsoil.hosts.sync import journal as journal_module
from deepsoil.hosts.sync.journal import Journal
from host_tools import CONTENT, FAST, UNREACHABLE, Engine, Network, host, request, until


class Client:
    """The hosts of one HOME and what they told."""

    def __init__(self, home: Path, engine: Engine, **changes: Any) -> None:
        self.network = Network(engine.path)
        self.events: list[dict[str, Any]] = []
        home.mkdir(exist_ok=True)
        Registry(home).set(host(**changes))
        self.home = home
        self.hosts = Hosts(home, lambda event, **content: self.events.append({"event": event, **content}),
                             self.network.connect, FAST)

    @property
    def site(self) -> host_client.Site:
        return self.hosts.sites()[0]

    def state(self) -> str:
        return self.site.link.standing.state

    def ready(self) -> Client:
        until(lambda: self.state() == "ready", f"{self.site.link.standing}")
        return self

    def job(self, job: str) -> dict[str, Any]:
        view = self.site.view(job)
        assert view is not None
        return view

    def told(self, job: str) -> list[tuple[str, str]]:
        """State and knowledge of a job as the events told them, without repetitions."""
        told = [(event["job"]["state"], event["job"]["knowledge"]) for event in list(self.events)
                if event["event"] == "job" and event["job"]["id"] == job]
        return [one for index, one in enumerate(told) if index == 0 or told[index - 1] != one]


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


def test_a_job_goes_there_and_its_map_comes_back(open_client: Callable[..., Client], engine: Engine) -> None:
    client = open_client().ready()
    wanted = request()
    job = client.hosts.submit("hydra", wanted)
    assert (job["host"], job["host_title"], job["knowledge"]) == ("hydra", "Hydra", "current")
    assert client.hosts.submit("hydra", wanted)["id"] == job["id"], "the same id is the same job"
    until(lambda: client.job(job["id"])["retrieval"]["state"] == "done")
    (output,) = client.job(job["id"])["outputs"]
    assert Path(output["path"]).read_bytes() == CONTENT and Path(output["path"]).is_relative_to(client.home)
    assert engine.made == {job["id"]: 1}
    Path(output["path"]).unlink()
    client.site.retriever._want_by_itself()
    record = client.site.journal.get(job["id"])
    assert record is not None and record.retrieval == "done", "what the user has deleted does not come again by itself"
    client.site.retrieve(job["id"])
    until(lambda: client.job(job["id"])["retrieval"]["state"] == "done")
    until(lambda: [event["job"] for event in client.events if event["event"] == "job"][-1] == client.job(job["id"]))
    client.hosts.of_job(client.site, "remove", {"id": job["id"]})
    assert client.hosts.jobs() == [] and not Path(output["path"]).exists() and engine.jobs == {}
    assert {"event": "removed", "id": job["id"]} in client.events


def test_without_a_network_a_job_waits_and_is_handed_over_later(open_client: Callable[..., Client],
                                                                engine: Engine) -> None:
    client = open_client()
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    wanted = request()
    begun = time.monotonic()
    job = client.hosts.submit("hydra", wanted)
    assert time.monotonic() - begun < 5, "answered at once"
    assert (job["state"], job["knowledge"]) == ("queued", "sending") and "Hydra" in job["message"]
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.remove("hydra")
    assert caught.value.code == "host_busy"
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.ask("hydra", "regions", {})
    assert caught.value.code == "host_unreachable" and caught.value.hint
    client.network.problem = None
    until(lambda: client.job(wanted["id"])["state"] == "succeeded")
    assert engine.submits == [wanted["id"]]
    assert client.told(wanted["id"])[0] == ("queued", "sending")


def test_a_break_ends_no_job_and_what_was_missed_is_told(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    other = engine.add(request())["id"]
    until(lambda: client.site.view(other) is not None)
    client.network.problem = UNREACHABLE
    engine.cut()
    until(lambda: client.job(job)["knowledge"] == "unreachable")
    assert client.job(job)["state"] == "running" and client.job(job)["since"]
    engine.finish(job)
    engine.remove(other)
    client.network.problem = None
    client.site.link.connect_now()
    until(lambda: client.job(job)["state"] == "succeeded")
    until(lambda: client.told(job)[-3:] == [("running", "current"), ("running", "unreachable"),
                                            ("succeeded", "current")])
    until(lambda: client.site.view(other) is None and {"event": "removed", "id": other} in client.events)


def test_a_listing_costs_what_has_changed(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    jobs = [engine.add(request())["id"] for _ in range(50)]
    client = open_client().ready()
    assert len(client.hosts.jobs()) == 50, "another computer adopts the jobs of the host"
    client.hosts.stop()
    time.sleep(host_client._GRAIN_S)  # so old are changes that are told a second time, for disks with coarse times
    engine.finish(jobs[7])
    engine.asked.clear()
    client = open_client().ready()
    lists = [params for method, params in engine.asked if method == "list"]
    assert len(lists) == 1 and "after" in lists[0]
    assert client.job(jobs[7])["state"] == "succeeded" and client.job(jobs[8])["state"] == "running"
    assert client.site.journal.get(jobs[7]) is None, "what another computer sent is not brought here by itself"
    shutil.rmtree(client.home / "hosts" / "hydra" / "jobs" / jobs[3])
    client.hosts.stop()
    assert len(open_client().ready().hosts.jobs()) == 50, "what was lost here is asked for again"


def test_two_computers_with_the_same_job(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    wanted = request()
    one, two = open_client("one").ready(), open_client("two").ready()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda client: client.hosts.submit("hydra", wanted), (one, two)))
    assert engine.made == {wanted["id"]: 1}
    assert two.hosts.of_job(two.site, "cancel", {"id": wanted["id"]})["state"] == "cancelled"
    until(lambda: one.job(wanted["id"])["state"] == "cancelled")
    one.hosts.of_job(one.site, "cancel", {"id": wanted["id"]})
    assert one.job(wanted["id"])["state"] == "cancelled"


def test_a_refusal_is_the_host_s_own_and_the_job_stays(open_client: Callable[..., Client], engine: Engine) -> None:
    client = open_client().ready()
    engine.refuse = DeepSoilError("scheduler_refused", "invalid partition specified: gpuu", "Choose gpu.", "resources")
    job = client.hosts.submit("hydra", request())
    assert (job["state"], job["reason"]["code"], job["reason"]["field"]) == ("failed", "scheduler_refused", "resources")
    assert "invalid partition" in job["message"] and len(engine.submits) == 1
    assert [one["id"] for one in client.hosts.jobs()] == [job["id"]]
    engine.refuse = None
    again = client.hosts.of_job(client.site, "retry", {"id": job["id"], "new_id": "0" * 32})
    until(lambda: client.job(again["id"])["state"] == "succeeded")
    client.hosts.of_job(client.site, "remove", {"id": job["id"]})
    assert [one["id"] for one in client.hosts.jobs()] == [again["id"]]


def test_a_fault_there_is_no_refusal_until_it_is_certain(open_client: Callable[..., Client], engine: Engine,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.sync.submitter._LOOK_EVERY_S", 0.05)
    client = open_client().ready()
    engine.refuse = DeepSoilError("internal", "'submit' failed unexpectedly.")
    threading.Timer(0.02, lambda: setattr(engine, "refuse", None)).start()
    job = client.hosts.submit("hydra", request())
    until(lambda: client.job(job["id"])["state"] == "succeeded")
    engine.refuse = DeepSoilError("internal", "'submit' failed unexpectedly.")
    job = client.hosts.submit("hydra", request())
    until(lambda: client.job(job["id"])["state"] == "failed")


def test_cancelled_at_every_moment(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    client = open_client()
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    never = client.hosts.submit("hydra", request())["id"]
    assert client.site.cancel(never)["state"] == "cancelled", "what was never sent is cancelled here"
    client.network.problem = None
    client.ready()
    engine.lose_replies = 1
    engine.jobs.clear()
    lost = request()
    client.network.problem = None
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(client.hosts.submit, "hydra", lost)
        until(lambda: engine.submits)
        client.site.cancel(lost["id"])
        sending.result()
    until(lambda: client.job(lost["id"])["state"] == "cancelled")
    running = client.hosts.submit("hydra", request())["id"]
    client.network.problem = UNREACHABLE
    engine.cut()
    until(lambda: client.state() == "waiting")
    view = client.site.cancel(running)
    assert (view["state"], view["knowledge"]) == ("running", "unreachable") and "cancelled" in view["message"]
    client.network.problem = None
    until(lambda: client.job(running)["state"] == "cancelled")
    assert never not in engine.made and set(engine.made.values()) == {1}


def test_what_is_still_on_its_way_when_it_is_cancelled_is_refused_when_it_arrives(open_client: Callable[..., Client],
                                                                                 engine: Engine) -> None:
    client = open_client().ready()
    engine.silent = True
    wanted = request()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(client.hosts.submit, "hydra", wanted)
        until(lambda: (record := client.site.journal.get(wanted["id"])) is not None and record.phase == "sent")
        client.site.cancel(wanted["id"])
        engine.cut()
        engine.silent = False
        sending.result()
    until(lambda: client.job(wanted["id"])["state"] == "cancelled")
    with pytest.raises(DeepSoilError) as caught:
        engine._submit(wanted)
    assert caught.value.code == "job_forbidden" and engine.made == {}


def test_a_job_that_waits_is_not_sent_to_an_engine_of_another_version(open_client: Callable[..., Client],
                                                                      engine: Engine) -> None:
    client = open_client()
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    job = client.hosts.submit("hydra", request())["id"]
    engine.version = "0.0.1"
    client.network.problem = None
    until(lambda: client.state() == "other_engine")
    client.site.outbox._deliver_all()
    assert engine.submits == [] and "version" in client.job(job)["message"]
    engine.version = deepsoil.__version__
    client.site.link.connect_now()
    until(lambda: client.job(job)["state"] == "succeeded")


def test_a_silent_engine_and_a_hanging_request_hold_nobody_up(open_client: Callable[..., Client],
                                                               engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    engine.silent = True
    begun = time.monotonic()
    with pytest.raises(DeepSoilError) as caught:
        client.site.ask("logs", {"id": job}, 0.2)
    assert caught.value.code == "host_unreachable" and time.monotonic() - begun < 5
    until(lambda: client.job(job)["knowledge"] == "unreachable")
    assert [view["state"] for view in client.hosts.jobs()] == ["running"]
    engine.silent = False
    until(lambda: client.job(job)["knowledge"] == "current")
    assert client.network.tries >= 2


def test_after_sleep_a_dead_link_is_noticed_and_a_living_one_kept(tmp_path: Path, engine: Engine) -> None:
    class Listener:
        def changed(self, standing: Any) -> None: ...
        def event(self, message: Any) -> None: ...
        def greeted(self, ask: Any) -> None: ...

    asleep_s = [0.0]
    network = Network(engine.path)
    timing = Timing(**{**vars(FAST), "alive_every": 1000, "alive_within": 1000, "first_delay": 1000,
                       "longest_delay": 1000})
    link = Link(host(), tmp_path, Listener(), network.connect, lambda question: None, timing=timing,
                wall=lambda: time.time() + asleep_s[0])
    link.start()
    until(lambda: link.standing.state == "ready")
    asleep_s[0] += 3600
    until(lambda: [method for method, _ in engine.asked].count("hello") == 2)
    assert network.tries == 1, "it lives: nobody is asked for a code again"
    engine.silent = True
    asleep_s[0] += 3600
    until(lambda: link.standing.state == "waiting")
    engine.silent = False
    asleep_s[0] += 3600
    until(lambda: link.standing.state == "ready")
    assert network.tries == 2, "tried at once, though the back-off was a quarter of an hour"
    link.stop()


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
        assert client.site.cancel(there)["state"] == "cancelled"
    assert engine.submits == [] and client.site.document()["connection"]["code"] == state


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
    connection = client.site.document()["connection"]
    assert (connection["code"], connection["next_try_s"]) == ("login_refused", None)
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.questions.answer(asked["question"], ["late"])
    assert caught.value.code == "question_unknown"
    client.network.ask_first = client.network.problem = None
    tries = client.network.tries
    time.sleep(4 * FAST.longest_delay)
    assert client.network.tries == tries, "a refusal is not tried again by itself"
    client.site.link.connect_now()
    client.ready()
    written = [path.read_text() for path in client.home.rglob("*") if path.is_file()]
    assert not any("secret" in text for text in written)


def test_times_are_told_by_this_computer_s_clock(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.skew_s = -86_400
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["state"] == "succeeded")
    until(lambda: client.job(job)["retrieval"]["state"] == "done")
    view = client.job(job)
    assert engine.jobs[job]["started"][:10] < view["started"][:10] == view["created"][:10] == view["ended"][:10]


def test_what_was_brought_stays_when_the_host_forgets_the_job(open_client: Callable[..., Client],
                                                               engine: Engine) -> None:
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["retrieval"]["state"] == "done")
    path = Path(client.job(job)["outputs"][0]["path"])
    engine.remove(job)
    until(lambda: client.site.view(job) is None)
    assert path.read_bytes() == CONTENT and client.hosts.jobs() == []


def test_a_retrieval_is_stopped_continued_and_says_what_is_wrong(open_client: Callable[..., Client], engine: Engine,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_retrieval, "_TELL_EVERY_S", 0.0)
    engine.slow_file_s = 0.2
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["retrieval"]["bytes"] > 0)
    client.site.cancel(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "none")
    assert client.job(job)["state"] == "succeeded"
    (part,) = (client.home / "hosts" / "hydra" / "jobs" / job / "outputs").iterdir()
    until(lambda: client.site.retriever.progress(job) is None)
    assert 0 < part.stat().st_size < len(CONTENT)
    engine.slow_file_s = 0.0
    file = engine.files.pop("/there/map.tif")
    client.site.retrieve(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "failed")
    assert client.job(job)["retrieval"]["error"]["code"] == "output_missing"
    engine.files["/there/map.tif"] = file[:-1] + b"x"
    client.site.retrieve(job)
    until(lambda: (client.job(job)["retrieval"]["error"] or {}).get("code") == "output_changed")
    engine.files["/there/map.tif"] = file
    client.site.retrieve(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "done")


def test_what_a_running_job_has_is_brought_and_the_rest_when_it_has_ended(open_client: Callable[..., Client],
                                                                          engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    with pytest.raises(DeepSoilError) as caught:
        client.site.retrieve(job)
    assert caught.value.code == "output_missing"
    engine.files["/there/first.tif"] = b"first"
    first = {"path": "/there/first.tif", "name": "first.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-14",
             "size": 5, "sha256": hashlib.sha256(b"first").hexdigest()}
    engine.change(job, outputs=[first])
    until(lambda: client.job(job)["outputs"])
    client.site.retrieve(job)
    path = Path(until(lambda: client.job(job)["outputs"][0]["path"]))
    assert path.read_bytes() == b"first" and client.job(job)["state"] == "running"
    engine.finish(job)
    until(lambda: client.job(job)["state"] == "succeeded" and client.job(job)["retrieval"]["state"] == "done")


def test_a_reply_that_was_overtaken_by_an_event_turns_nothing_back(open_client: Callable[..., Client],
                                                                    engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    early = engine._shown(job)
    engine.change(job, progress=0.5)
    until(lambda: client.job(job)["progress"] == 0.5)
    client.site._told(early, reply=True)
    assert client.job(job)["progress"] == 0.5
    engine.finish(job)
    until(lambda: client.job(job)["state"] == "succeeded")
    client.site._told(early)
    assert client.job(job)["state"] == "succeeded"


def test_another_process_on_this_home_tells_the_same(open_client: Callable[..., Client], engine: Engine,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.sync.submitter._LOOK_EVERY_S", 0.05)
    client, beside = open_client(), open_client()
    beside.network.problem = client.network.problem = UNREACHABLE
    until(lambda: client.state() == beside.state() == "waiting")
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: beside.told(job) == [("queued", "sending")])
    assert beside.site.cancel(job)["state"] == "cancelled"
    until(lambda: client.told(job)[-1] == ("cancelled", "current"))
    client.network.problem = None
    client.ready()
    assert engine.submits == []


def test_hosts_are_changed_removed_and_found_by_other_processes(open_client: Callable[..., Client], engine: Engine,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.host_manager._LOOK_EVERY_S", 0.0)
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
    for method in (lambda: client.hosts.site("hydra"), lambda: client.hosts.submit("hydra", request())):
        with pytest.raises(DeepSoilError) as caught:
            method()
        assert caught.value.code == "host_unknown"


def test_what_a_slurm_host_is_described_with_is_asked_for(open_client: Callable[..., Client], engine: Engine) -> None:
    client = open_client(scheduler="slurm", resources={"partition": "gpu", "gpus": 2, "tasks": 19}).ready()
    job = client.hosts.submit("hydra", request())["id"]
    asked = engine.jobs[job]["specification"]["resources"]
    assert (asked["scheduler"], asked["partition"], asked["gpus"], asked["tasks"]) == ("slurm", "gpu", 2, 19)
    own = {"scheduler": "process"}
    job = client.hosts.submit("hydra", request(resources=own))["id"]
    assert engine.jobs[job]["specification"]["resources"]["scheduler"] == "process"


def test_the_journal_is_kept_short_and_survives_a_torn_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_COMPACT_FROM_LINES", 60)
    journal, beside = Journal(tmp_path), Journal(tmp_path)
    for number in range(45):
        job = f"{number:032x}"
        journal.note(job, "submit", specification={"name": "x" * 100})
        journal.note(job, "send")
        if number % 3:
            journal.note(job, "accepted")
            journal.note(job, "removed")
    with journal.path.open("ab") as file:
        file.write(b'{"what": "accepted", "id": "' + b"0" * 20)
    assert {record.phase for record in beside.records().values()} == {"sent"} and len(beside.records()) == 15
    beside.note("0" * 32, "accepted")
    assert journal.records() == Journal(tmp_path).records() == beside.records()
    assert journal.records()["0" * 32].phase == "accepted"
    assert len(journal.path.read_bytes().splitlines()) < 75, "of 150 lines"


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
