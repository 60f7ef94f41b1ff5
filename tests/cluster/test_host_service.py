"""``deepsoil serve`` as the plugin meets it, with a host behind a real sshd: every method and event of hosts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from host_ends import end_jobs, install_here, request
from job_tools import Service
from sshd import Person, Sshd, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Path]:
    home = install_here(tmp_path / "far")
    yield home
    end_jobs(home)


def answer(service: Service, stop: threading.Event) -> None:
    """As a user who says yes to every question."""
    answered: set[str] = set()
    while not stop.wait(0.05):
        for event in list(service.events):
            if event["event"] == "question" and event["question"] not in answered:
                answered.add(event["question"])
                service.call("answer", question=event["question"], answers=["yes"])


def told(service: Service, kind: str) -> list[dict[str, Any]]:
    return [event for event in list(service.events) if event["event"] == kind]


def test_a_host_from_the_first_question_to_its_removal(person: Person, sshd: Sshd, far: Path) -> None:
    (person.ssh / "known_hosts").unlink()
    person.home.mkdir()
    host = person.host(sshd, home=str(far)).to_dict()
    stop = threading.Event()
    with Service(person.home) as service:
        user = threading.Thread(target=answer, args=(service, stop))
        user.start()
        try:
            service.call("watch")
            assert service.call("hosts") == [] and service.call("list") == []
            assert service.error("submit", specification=request(), host="there")["code"] == "host_unknown"
            steps = service.call("test_host", host=host)
            assert {step["step"]: step["state"] for step in steps}["engine"] == "passed", steps
            assert {event["host"] for event in told(service, "host_step")} == {"there"}
            (question,) = told(service, "question")
            assert (question["kind"], question["fingerprint"]) == ("host_key", sshd.fingerprint)

            assert service.call("set_host", host=host)["id"] == "there"
            until(lambda: service.call("hosts")[0]["connection"]["state"] == "ready")
            states = [event["host"]["connection"]["state"] for event in told(service, "host")]
            assert states[-1] == "ready" and "connecting" in states

            here = service.call("submit", specification=request())
            there = service.call("submit", specification=request(), host="there")
            assert (there["host"], there["knowledge"]) == ("there", "current")
            assert (here["host"], here["machine"]) == ("local", service.call("hello")["machine"])
            until(lambda: [job["state"] for job in service.call("list")] in (["succeeded"] * 2, ["failed"] * 2,
                                                                              ["succeeded", "failed"]))
            jobs = {job["id"]: job for job in service.call("list")}
            assert set(jobs) == {here["id"], there["id"]}
            assert {frozenset(job) for job in jobs.values()} == {frozenset(jobs[here["id"]])}, "one form for all"
            until(lambda: service.states_seen(there["id"])[-1:] == ["succeeded"])

            assert service.call("outputs", id=there["id"])[0]["path"] is None
            assert service.call("retrieve", id=there["id"])["id"] == there["id"]
            path = Path(until(lambda: service.call("outputs", id=there["id"])[0]["path"]))
            assert path.read_text() == "first"
            assert "begun" in service.call("logs", id=there["id"])["text"]
            assert service.call("curves", id=there["id"]) == []
            again = service.call("retry", id=there["id"], new_id="f" * 32)
            assert again["host"] == "there"
            assert service.error("retrieve", id="e" * 32)["code"] == "job_missing"
            assert service.call("regions", host="there") == []
            assert service.error("regions", host="nowhere")["code"] == "host_unknown"

            until(lambda: service.states_seen("f" * 32)[-1:] == ["succeeded"])
            assert service.call("connect", host="there") == {}
            service.call("remove", id=there["id"])
            until(lambda: {"event": "removed", "id": there["id"]} in service.events)
            assert service.call("remove_host", host="there") == {}
            until(lambda: {"event": "removed", "id": "f" * 32} in service.events)
            assert service.call("hosts") == [] and [job["id"] for job in service.call("list")] == [here["id"]]
            assert (far / "jobs" / ("f" * 32)).is_dir(), "its jobs there go on"
        finally:
            stop.set()
            user.join()


def test_a_model_is_copied_with_its_card(person: Person, sshd: Sshd, tmp_path: Path) -> None:
    from deepsoil.networks.export import export_random

    far = install_here(tmp_path / "far", fake=False)
    (far / "models").mkdir()
    export_random(far / "models" / "random-20cm.onnx", 20, width=8)
    (far / "models" / "random-20cm.md").write_text("# Ours")
    person.home.mkdir()
    with Service(person.home) as service:
        service.call("set_host", host=person.host(sshd, home=str(far)).to_dict())
        models = service.call("models", host="there")
        (model,) = [one for one in models if one["path"] == str(far / "models" / "random-20cm.onnx")]
        assert service.call("fetch_model", host="there", model=model["id"]) == {"id": model["id"]}
        file = person.home / "models" / f"{model['id']}.onnx"
        assert file.read_bytes() == (far / "models" / "random-20cm.onnx").read_bytes()
        assert file.with_suffix(".md").read_text() == "# Ours"
        assert service.call("fetch_model", host="there", model=model["id"]) == {"id": model["id"]}
        file.write_bytes(b"another")
        assert service.error("fetch_model", host="there", model=model["id"])["code"] == "model_exists"
        assert service.error("fetch_model", host="there", model="none")["code"] == "model_missing"


def test_the_engine_of_a_host_speaks_for_itself_alone(person: Person, sshd: Sshd, far: Path) -> None:
    """A host may know hosts of its own; their jobs and questions are not ours."""
    from deepsoil.hosts.registry import Registry

    Registry(far).set(person.host(sshd, id="beyond", home=str(far)))
    person.home.mkdir()
    with Service(person.home) as service:
        service.call("set_host", host=person.host(sshd, home=str(far)).to_dict())
        service.call("submit", specification=request(), host="there")
        assert {job["host"] for job in service.call("list")} == {"there"}
        assert not (far / "hosts").exists()
