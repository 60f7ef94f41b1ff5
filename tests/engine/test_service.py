"""``deepsoil serve`` as the plugin meets it: a real process on pipes that nothing on the line can bring down."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import deepsoil
import pytest
from deepsoil.contract.protocol import LONGEST_LINE, TOKEN
from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.folder import JobFolder
from job_tools import Service, begun, document, ended, kill_leftovers, until
from job_tools import deepsoil as command


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    kill_leftovers(tmp_path)


def folder_of(home: Path, job: str) -> JobFolder:
    return JobFolder(home / "jobs" / job)


def test_hello_needs_nothing_heavy() -> None:
    heavy = {"numpy", "pydantic", "onnxruntime", "rasterio", "numba", "shapely", "zarr", "torch", "pandas"}
    code = "import sys, deepsoil.cli, deepsoil.service.server; print(*(set(sys.modules) & set(sys.argv[1:])))"
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_whatever_comes_down_the_line_the_service_answers_on(home: Path) -> None:
    with Service(home) as service:
        service.send_raw(b"Welcome to node 7!\r\n\n\xff\xfe noise \x00\n@deepsoil\n @deepsoil {}\n")
        for line in (b"{", b"[1]", b'{"id": 1.5, "method": "hello"}', b'{"id": "a"}', b'{"id": "b", "method": 3}',
                     b'{"id": "c", "method": "hello", "params": []}', b"[" * 100_000, b"\xff\xfe",
                     b'{"id": "d", "method": "hello", "params": {"x": "' + b"x" * (17 << 20) + b'"}}',
                     b" " * (LONGEST_LINE + 1 - len(TOKEN)) + TOKEN + b'{"id": "e", "method": "hello"}'):
            service.send_raw(b"@deepsoil " + line + b"\n")
        assert service.call("hello", client="0.1.0")["engine"] == deepsoil.__version__
        assert service.call("regions") == [], "what opening them printed went elsewhere"
        codes = [message["error"]["code"] for message in service.unasked]
        assert codes == ["bad_request"] * 8 + ["line_too_long"] * 2
        assert [message["id"] for message in service.unasked] == [None, None, None, "a", "b", "c", *[None] * 4]
        assert service.error("guess")["code"] == "method_unknown"
        assert service.error("hello", klient="x")["field"] == "klient"
        assert service.error("cancel")["field"] == "id"
        assert service.error("logs", id="x", offset=-1)["field"] == "offset"
        assert service.error("cancel", id="../..")["code"] == "job_missing"
        assert service.error("submit", specification={"schema": SCHEMA})["field"] == "id"
        assert service.error("watch", after="soon")["field"] == "after"
        assert service.noise == []


def test_all_methods_of_the_contract_are_there(home: Path) -> None:
    contract = (Path(deepsoil.__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
    table = contract[contract.index("| method |"):contract.index("### Events")]
    named = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    with Service(home) as service:
        assert set(service.call("hello")["methods"]) == named


def test_a_job_from_submit_to_remove(home: Path) -> None:
    (home / "go").touch()
    with Service(home) as service:
        service.call("watch")
        job = service.call("submit", specification=document("wait"))
        assert job["state"] in ("queued", "running")
        again = service.call("submit", specification=job["specification"])
        assert again["created"] == job["created"]
        until(lambda: service.states_seen(job["id"])[-1:] == ["succeeded"])
        assert service.states_seen(job["id"]) in (["queued", "running", "succeeded"], ["running", "succeeded"],
                                                  ["queued", "succeeded"], ["succeeded"])
        told = next(event["job"] for event in service.events if event["job"]["state"] == "succeeded")
        assert (told["progress"], told["kind"], told["name"], told["reason"]) == (1.0, "ingest", "wait", None)
        assert [output["name"] for output in told["outputs"]] == ["first.txt", "second.txt"]
        assert service.call("list") == [told]
        assert service.call("outputs", id=job["id"]) == told["outputs"]
        assert Path(told["outputs"][1]["path"]).read_text() == "second"
        # A handler's prints, though they look like lines of the pipe, came nowhere near it.
        assert service.noise == [] and not any(event["event"] == "forged" for event in service.events)
        new_id = secrets.token_hex(16)
        assert service.call("retry", id=job["id"], new_id=new_id)["id"] == new_id
        assert ended(folder_of(home, new_id)) == "succeeded"
        assert [entry["id"] for entry in service.call("list")] == [new_id, job["id"]]
        service.call("remove", id=job["id"])
        until(lambda: {"event": "removed", "id": job["id"]} in service.events)
        assert not any(job["id"] in path.name for path in (home / "jobs").iterdir())


def test_pieces_of_an_output_and_of_the_log_add_up(home: Path) -> None:
    with Service(home) as service:
        job = service.call("submit", specification=document("bug"))["id"]
        assert ended(folder_of(home, job)) == "failed"
        data, offset, more = b"", 0, True
        while more:
            piece = service.call("fetch", id=job, name="first.txt", offset=offset, limit=2)
            data += base64.b64decode(piece["data"])
            offset, more = piece["next_offset"], piece["more"]
        assert data == b"first" and hashlib.sha256(data).hexdigest() == piece["sha256"]
        assert service.error("fetch", id=job, name="../job.json")["code"] == "output_missing"
        text, offset, more = "", 0, True
        while more:
            piece = service.call("logs", id=job, offset=offset, limit=100)
            text += piece["text"]
            offset, more = piece["next_offset"], piece["more"]
        assert text == (home / "jobs" / job / "log.jsonl").read_text(encoding="utf-8")
        assert any("ZeroDivisionError" in json.loads(line)["message"] for line in text.splitlines())


def test_two_services_that_submit_one_id_make_one_job_that_runs_once(home: Path) -> None:
    specifications = [document("record", name=str(number)) for number in range(3)]
    with Service(home) as one, Service(home) as two, ThreadPoolExecutor(2) as pool:
        for specification in specifications:
            jobs = list(pool.map(lambda service, wanted=specification: service.call("submit", specification=wanted),
                                 (one, two)))
            assert [job["id"] for job in jobs] == [specification["id"]] * 2
        assert {ended(folder_of(home, wanted["id"])) for wanted in specifications} == {"succeeded"}
        assert one.call("list") == two.call("list")
    lines = (home / "order.txt").read_text().splitlines()
    assert lines == [f"{what} {number}" for number in range(3) for what in ("begin", "end")]


def test_a_job_outlives_its_service_and_the_next_service_tells_its_end(home: Path) -> None:
    with Service(home) as service:
        job = service.call("submit", specification=document("wait"))["id"]
        pid = begun(folder_of(home, job))
        service.process.kill()
    with Service(home) as service:
        (found,) = service.call("list")
        assert (found["id"], found["state"]) == (job, "running")
        assert [output["name"] for output in found["outputs"]] == ["first.txt"]
        assert 0 < found["progress"] < 1
        service.call("watch")
        (home / "go").touch()
        until(lambda: service.states_seen(job)[-1:] == ["succeeded"])
        assert folder_of(home, job).status().pid == pid


def test_what_ended_while_nobody_watched_is_told_to_who_asks_for_the_time_after(home: Path) -> None:
    with Service(home) as service:
        job = service.call("submit", specification=document())["id"]
        assert ended(folder_of(home, job)) == "succeeded"
        before = folder_of(home, job).status().created
        service.call("watch", after=before)
        until(lambda: service.states_seen(job) == ["succeeded"])
        service.events.clear()
        service.call("watch")
        service.call("list")
        other = service.call("submit", specification=document())["id"]
        until(lambda: service.states_seen(other)[-1:] == ["succeeded"])
        assert service.states_seen(job) == []


def test_a_killed_worker_is_told_as_lost_with_its_outputs(home: Path) -> None:
    with Service(home) as service:
        service.call("watch")
        job = service.call("submit", specification=document("wait"))["id"]
        os.kill(begun(folder_of(home, job)), signal.SIGKILL)
        until(lambda: service.states_seen(job)[-1:] == ["failed"])
        (found,) = service.call("list")
        assert found["reason"]["code"] == "worker_lost"
        assert [output["name"] for output in found["outputs"]] == ["first.txt"]


def test_jobs_left_waiting_begin_when_a_service_comes(home: Path) -> None:
    from deepsoil.contract.specification import parse_specification

    folder, _ = JobFolder.create(home / "jobs", parse_specification(document()))
    with Service(home):
        assert ended(folder) == "succeeded"


def test_cancel_and_remove_in_every_state(home: Path) -> None:
    with Service(home) as service:
        service.call("watch")
        running = service.call("submit", specification=document("wait"))["id"]
        begun(folder_of(home, running))
        queued = service.call("submit", specification=document())["id"]
        assert service.error("remove", id=running)["code"] == "job_active"
        assert service.error("remove", id=queued)["code"] == "job_active"
        assert service.call("cancel", id=queued)["state"] == "cancelled"
        service.call("cancel", id=running)
        until(lambda: service.states_seen(running)[-1:] == ["cancelled"])
        assert service.call("cancel", id=running)["state"] == "cancelled"
        (folder_of(home, queued).path / "state.json").write_text("{")
        damaged = next(job for job in service.call("list") if job["id"] == queued)
        assert damaged["reason"]["code"] == "job_damaged"
        service.call("remove", id=queued)
        assert [job["id"] for job in service.call("list")] == [running]


def test_a_kind_that_this_version_has_not_is_refused_before_it_is_queued(home: Path) -> None:
    with Service(home) as service:
        refused = service.error("submit", specification=document(kind="simulate", region="field", options={}))
        assert (refused["code"], refused["field"]) == ("kind_unavailable", "kind")
        assert service.call("list") == []


def test_replies_under_way_are_given_after_the_end_of_stdin_and_shutdown_ends_at_once(home: Path) -> None:
    asked = "".join(f'@deepsoil {{"id": {n}, "method": "list"}}\n' for n in range(20))
    done = command(home, "serve", text=asked)
    assert done.returncode == 0
    assert sorted(json.loads(line[10:])["id"] for line in done.stdout.splitlines()) == list(range(20))
    with Service(home) as service:
        assert service.call("shutdown") == {}
        assert service.process.wait(timeout=10) == 0
