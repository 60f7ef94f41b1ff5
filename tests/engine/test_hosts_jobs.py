"""Jobs of a host, here and on their way, against an engine in memory and a network that fails at will."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text, fields
from deepsoil.hosts.sync import journal as journal_module
from deepsoil.hosts.sync.journal import Journal
from host_fixtures import Client
from host_tools import CONTENT, UNREACHABLE, Engine, request, until


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
    client.remote.retriever._request_by_itself()
    record = client.remote.journal.get(job["id"])
    assert record is not None and record.retrieval == "done", "what the user has deleted does not come again by itself"
    client.remote.retrieve(job["id"])
    until(lambda: client.job(job["id"])["retrieval"]["state"] == "done")
    until(lambda: [event["job"] for event in client.events if event["event"] == "job"][-1] == client.job(job["id"]))
    client.hosts.answer_about_job(client.remote, "remove", {"id": job["id"]})
    assert client.hosts.jobs() == [] and not Path(output["path"]).exists() and engine.jobs == {}
    assert {"event": "removed", "id": job["id"]} in client.events


def test_without_a_network_a_job_waits_and_is_sent_later(open_client: Callable[..., Client],
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
    assert client.reported(wanted["id"])[0] == ("queued", "sending")


def test_messages_of_a_host_arrive_with_template_and_values(open_client: Callable[..., Client],
                                                            engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    step = Text("{depth_cm} cm, {day}", depth_cm=5, day="2023-07-15")
    engine.change(job, **fields(step))
    until(lambda: client.job(job)["message"] == step)
    assert client.job(job)["message_text"] == step.to_dict()
    engine.cut()
    client.network.problem = UNREACHABLE
    until(lambda: client.state() == "waiting")
    client.remote.cancel(job)
    told = client.job(job)
    assert told["message"] == "Will be cancelled when Hydra answers"
    assert told["message_text"] == {"template": "Will be cancelled when {host} answers", "values": {"host": "Hydra"}}


def test_two_computers_with_the_same_job(open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    wanted = request()
    one, two = open_client("one").ready(), open_client("two").ready()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda client: client.hosts.submit("hydra", wanted), (one, two)))
    assert engine.made == {wanted["id"]: 1}
    assert two.hosts.answer_about_job(two.remote, "cancel", {"id": wanted["id"]})["state"] == "cancelled"
    until(lambda: one.job(wanted["id"])["state"] == "cancelled")
    one.hosts.answer_about_job(one.remote, "cancel", {"id": wanted["id"]})
    assert one.job(wanted["id"])["state"] == "cancelled"


def test_a_refusal_is_the_host_s_own_and_the_job_stays(open_client: Callable[..., Client], engine: Engine) -> None:
    client = open_client().ready()
    engine.refuse = DeepSoilError("scheduler_refused", "invalid partition specified: gpuu", "Choose gpu.", "resources")
    job = client.hosts.submit("hydra", request())
    assert (job["state"], job["reason"]["code"], job["reason"]["field"]) == ("failed", "scheduler_refused", "resources")
    assert "invalid partition" in job["message"] and len(engine.submits) == 1
    assert [one["id"] for one in client.hosts.jobs()] == [job["id"]]
    engine.refuse = None
    again = client.hosts.answer_about_job(client.remote, "retry", {"id": job["id"], "new_id": "0" * 32})
    until(lambda: client.job(again["id"])["state"] == "succeeded")
    client.hosts.answer_about_job(client.remote, "remove", {"id": job["id"]})
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
    assert client.remote.cancel(never)["state"] == "cancelled", "what was never sent is cancelled here"
    client.network.problem = None
    client.ready()
    engine.lose_replies = 1
    engine.jobs.clear()
    lost = request()
    client.network.problem = None
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(client.hosts.submit, "hydra", lost)
        until(lambda: engine.submits)
        client.remote.cancel(lost["id"])
        sending.result()
    until(lambda: client.job(lost["id"])["state"] == "cancelled")
    running = client.hosts.submit("hydra", request())["id"]
    client.network.problem = UNREACHABLE
    engine.cut()
    until(lambda: client.state() == "waiting")
    view = client.remote.cancel(running)
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
        until(lambda: (record := client.remote.journal.get(wanted["id"])) is not None and record.phase == "sent")
        client.remote.cancel(wanted["id"])
        engine.cut()
        engine.silent = False
        sending.result()
    until(lambda: client.job(wanted["id"])["state"] == "cancelled")
    with pytest.raises(DeepSoilError) as caught:
        engine._submit(wanted)
    assert caught.value.code == "job_forbidden" and engine.made == {}


def test_a_reply_that_was_overtaken_by_an_event_turns_nothing_back(open_client: Callable[..., Client],
                                                                    engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    early = engine._shown(job)
    engine.change(job, progress=0.5)
    until(lambda: client.job(job)["progress"] == 0.5)
    client.remote._received(early, reply=True)
    assert client.job(job)["progress"] == 0.5
    engine.finish(job)
    until(lambda: client.job(job)["state"] == "succeeded")
    client.remote._received(early)
    assert client.job(job)["state"] == "succeeded"


def test_another_process_on_this_home_tells_the_same(open_client: Callable[..., Client], engine: Engine,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.sync.submitter._LOOK_EVERY_S", 0.05)
    client, beside = open_client(), open_client()
    beside.network.problem = client.network.problem = UNREACHABLE
    until(lambda: client.state() == beside.state() == "waiting")
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: beside.reported(job) == [("queued", "sending")])
    assert beside.remote.cancel(job)["state"] == "cancelled"
    until(lambda: client.reported(job)[-1] == ("cancelled", "current"))
    client.network.problem = None
    client.ready()
    assert engine.submits == []


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
