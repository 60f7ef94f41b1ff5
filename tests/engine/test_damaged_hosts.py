"""Whatever a host sends, and whatever is wrong with what is kept of it, all other jobs and hosts stay listed."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract import answers
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import parse_host
from deepsoil.contract.protocol import TOKEN, event_line
from deepsoil.contract.summary import Summary, build, validate_summary
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_host import RemoteHost
from deepsoil.hosts.rpc import lines, session
from deepsoil.hosts.rpc.pending_calls import PendingCall, PendingCalls, as_error
from deepsoil.hosts.sync import job_cache
from deepsoil.hosts.sync.job_cache import JobCache
from host_tools import Engine, host, request, until
from mutation_tools import Counts, changed_document, mutated, unclear, written

SEED = int(os.environ.get("DEEPSOIL_TEST_SEED", "1"))
INPUTS = int(os.environ.get("DEEPSOIL_TEST_INPUTS", "300"))
NOON, SHA = "2023-07-15T12:00:00Z", "0" * 64
ERROR = {"code": "x", "message": "No.", "hint": "Do.", "field": None, "templates": ["No.", "Do."], "values": {}}
OUTPUT = {"path": "/x/a.tif", "name": "a.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-15", "size": 3,
          "sha256": SHA}
SQUARE = {"type": "Polygon", "coordinates": [[[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]]}
ANSWERS: dict[str, Any] = {
    "regions": [{"id": name, "path": "/s", "name": "S", "synthetic": False, "footprint": SQUARE, "stations": 4,
                 "first_date": "2023-01-01", "last_date": "2023-12-31", "channels": ["ndvi"], "problem": None}
                for name in ("good", "bad")],
    "models": [{"id": name, "depth_cm": 5, "title": "M", "version": "1", "default": True, "channels": ["ndvi"],
                "card": "# M", "problem": None, "path": "/m.onnx", "size": 5, "sha256": SHA, "metrics": [
                    {"name": "rmse", "value": 0.03, "unit": "m3/m3", "reference": "r", "split": "s", "baseline": "b",
                     "baseline_value": 0.05}]} for name in ("good", "bad")],
    "configurations": [{"id": name, "path": "/c.yaml", "document": {"name": "c"}, "problem": ERROR}
                       for name in ("good", "bad")],
    "curves": [{"task": number, "title": "T", "rows": [{"epoch": 1, "loss": 0.5}]} for number in range(2)],
    "outputs": [OUTPUT, {**OUTPUT, "name": "b.tif"}],
    "estimate": {"area_ha": 3.0, "pixels": 9, "windows": 1, "seconds": 1.0, "bytes": 9, "problems": [ERROR],
                 "warnings": [], "region": "sample"},
    "stations": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-96.5, 39.1]},
         "properties": {"id": name, "name": "A", "network": "N", "depths_cm": [5], "first_date": "2023-01-01",
                        "last_date": None}} for name in ("good", "bad")]},
    "observations": {"dates": ["2023-01-01"], "precipitation": [None], "depths": {"5": [0.2]},
                     "rejected": {"5": [{"date": "2023-01-01", "value": None, "reason": "frozen"}]}},
    "compare_smap": {
        "read": 1, "of": 1, "map_days": ["2023-07-01"], "input_of_map": True, "title": "R", "depth_cm": 5, "grid": None,
        "has_flags": True, "part_of_a_cell": False, "fewest_days": 10, "fewest_cells": 4,
        "days": ["2023-07-01", "2023-07-03"], "recommended": [[0.2, 0.3], [None, None]],
        "flagged": [[None, None], [0.2, 0.3]], "map": [[0.2, 0.3], [None, None]],
        "cells": [{"west": -96.5, "south": 39.0, "east": -96.4, "north": 39.1, "share": 0.7, "scored": True,
                   "figures": {"recommended": {"n": 1, "bias": 0.0}}} for _ in range(2)],
        "scores": {"recommended": {"cells": 2, "cell_days": 2, "bias": 0.0, "r_in_time": None}}},
    "logs": {"text": "{}\n", "next_offset": 3, "more": False},
    "fetch": {"data": "YQ==", "next_offset": 1, "more": False, "sha256": SHA},
}


def summary_of(job: str, **changes: Any) -> dict[str, Any]:
    return build(**{"id": job, "kind": "predict", "name": "North", "state": "running", "created": NOON, "progress": 0.5,
                    "message": "Working", "machine": "node7", "specification": {"id": job, "name": "North"},
                    "outputs": [OUTPUT], "scheduler": {"name": "slurm", "ids": ["1_0", 2]},
                    "tasks": {"total": 3, "waiting": 1, "running": 1, "succeeded": 1, "failed": 0}, **changes})


def usable(document: Any) -> bool:
    """Whether a document can be kept and sent on."""
    return bool(event_line("job", job=document))


@pytest.fixture
def remote(tmp_path: Path) -> RemoteHost:
    """A host that is not connected; what it would be told is collected in ``emitted``."""
    emitted: list[Any] = []
    made = RemoteHost(host(), tmp_path, lambda *_: None, lambda question: None,
                      lambda event, **content: emitted.append((event, event_line(event, **content))))
    made.job_cache.put(summary_of("a" * 32))
    made.emitted = emitted  # type: ignore[attr-defined]
    return made


def test_no_event_of_a_host_hides_a_job(remote: RemoteHost, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts, good = random.Random(SEED), Counts("events and summaries of a host"), summary_of("b" * 32)
    whole = Summary.model_validate(good)
    for number in range(INPUTS):
        event = {"event": "job", "job": changed_document(chance, good)}
        if not number % 3:
            event = changed_document(chance, {**event, "event": chance.choice(("job", "removed", "host")), "id": "x"})
        line = json.dumps(event).encode()
        calls = PendingCalls(remote.event)
        counts.inputs += 1
        counts.run(f"{line[:300]!r}", lambda calls=calls, line=line: calls.feed(TOKEN + line + b"\n"))
        jobs = counts.run("jobs", remote.jobs) or []
        if "a" * 32 not in {job["id"] for job in jobs}:
            counts.losses.append(f"{line[:300]!r}")
        for job in jobs:
            counts.run(f"usable {line[:300]!r}", lambda job=job: (usable(job), validate_summary(job)))
        remote.job_cache.drop("b" * 32, everything=True)
    again = JobCache(tmp_path / "hosts" / "hydra").jobs()
    assert again.keys() == {"a" * 32} and whole.id == "b" * 32
    assert "Traceback" not in capfd.readouterr().err
    with capfd.disabled():
        counts.check()


def test_no_answer_of_a_host_reaches_a_client_damaged(capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts = random.Random(SEED), Counts("answers of a host")
    for number in range(INPUTS):
        method = chance.choice(list(ANSWERS))
        answer = changed_document(chance, ANSWERS[method])
        if isinstance(answer, list) and isinstance(ANSWERS[method], list) and number % 2:
            answer = [ANSWERS[method][0], *answer]
        call = PendingCall(method)
        calls = PendingCalls(lambda message: None)
        calls.line(call, {})
        line = TOKEN + written(chance, {"id": 1, "result": answer}) + b"\n"
        counts.inputs += 1

        def take(method: str = method, call: PendingCall = call, calls: Any = calls, line: bytes = line) -> Any:
            try:
                calls.feed(line)
                checked = answers.checked_answer(method, call.wait(1))
                usable(checked)
                return checked
            except DeepSoilError as error:
                counts.message(f"{method} {line[:200]!r}", error.to_dict())
                return None

        result = counts.run(f"{method} {line[:300]!r}", take)
        if result is not None and isinstance(ANSWERS[method], list):
            adapter = answers._CHECKS[method]
            counts.run(f"{method} twice", lambda adapter=adapter, method=method, result=result: adapter(method, result))
    capfd.readouterr()
    with capfd.disabled():
        counts.check()


def test_a_damaged_entry_of_a_list_is_left_out_and_the_others_stay(capsys: pytest.CaptureFixture[str]) -> None:
    for method in ("regions", "models", "configurations", "curves", "outputs"):
        good = ANSWERS[method][0]
        assert answers.checked_answer(method, [5, good, {}, None, {**good, "title": 5, "id": 5, "name": 5}]) == [good]
    assert "left out" in capsys.readouterr().err
    with pytest.raises(DeepSoilError) as caught:
        answers.checked_answer("models", {"outputs": 5})
    assert caught.value.code == "bad_reply"


def test_errors_of_a_host_are_errors_of_the_contract() -> None:
    chance, counts = random.Random(SEED), Counts("errors of a host")
    for _ in range(INPUTS // 3):
        document = json.loads(json.dumps(changed_document(chance, ERROR), default=str).replace("Infinity", "1"
                              ).replace("NaN", "1"))
        counts.inputs += 1
        error = counts.run(f"{document!r:.200}", lambda document=document: as_error(document))
        if error is not None:
            assert len(str(error)) < 20_000
            counts.run("kept", lambda error=error: summary_of("a" * 32, reason=error.to_dict(), state="failed"))
    counts.check()


@pytest.mark.parametrize("start", [b"", TOKEN, b"greeting " + TOKEN])
def test_a_line_without_end_is_cut_in_linear_time_and_said(start: bytes) -> None:
    calls = PendingCalls(lambda message: None)
    block, begun, fed = b"x" * (1 << 18), time.process_time(), 0
    with pytest.raises(DeepSoilError) as caught:
        calls.feed(start)
        while fed < 300 << 20:
            calls.feed(block)
            fed += len(block)
    assert caught.value.code == "bad_reply" and "cut" in caught.value.message and not unclear(caught.value.to_dict())
    assert fed <= 40 << 20 and time.process_time() - begun < 2


def test_a_long_list_is_taken_in_linear_time_in_pieces_of_any_size() -> None:
    for size in (1 << 12, 1 << 16):
        call, calls = PendingCall("list"), PendingCalls(lambda message: None)
        calls.line(call, {})
        reply = TOKEN + b'{"id": 1, "result": ["' + b"x" * (20 << 20) + b'"]}\n'
        begun = time.process_time()
        for at in range(0, len(reply), size):
            calls.feed(reply[at:at + size])
        assert len(call.wait(0)[0]) == 20 << 20 and time.process_time() - begun < 3
    assert lines.LONGEST_NOISE < lines.LONGEST_MESSAGE


def test_lines_are_found_wherever_the_bytes_are_divided() -> None:
    chance, found = random.Random(SEED), []
    calls = PendingCalls(found.append)
    wanted = [{"event": "removed", "id": str(number)} for number in range(300)]
    stream = b"".join(chance.choice((b"", b"noise\n", b"@deepsoi", b"\n", b"hello ")) + TOKEN + json.dumps(one).encode()
                      + b"\n" for one in wanted)
    at = 0
    while at < len(stream):
        size = chance.choice((1, 2, 7, 40, 1000))
        calls.feed(stream[at:at + size])
        at += size
    assert found == wanted


def test_thousands_of_new_jobs_in_events_are_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = JobCache(tmp_path / "hydra")
    for number in range(job_cache.MOST_NEW + 200):
        cache.put(summary_of(f"{number:032x}"), event=True)
    assert job_cache.MOST_NEW <= len(cache.jobs()) < job_cache.MOST_NEW + 150
    assert capsys.readouterr().err.count("left out") == 1
    assert cache.put(summary_of("f" * 32)) is not None, "a job in a listing is taken"


def test_jobs_beyond_the_bounds_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_cache, "MOST_JOBS", 10)
    cache = JobCache(tmp_path / "many")
    for number in range(20):
        cache.put(summary_of(f"{number:032x}"))
    assert len(cache.jobs()) == 10
    assert cache.put(summary_of(f"{3:032x}", state="succeeded", progress=1.0)) is not None, "known jobs go on"
    monkeypatch.setattr(job_cache, "MOST_BYTES", 100_000)
    cache = JobCache(tmp_path / "large")
    for number in range(10):
        cache.put(summary_of(f"{number:032x}", specification={"x": "x" * 30_000}))
    assert 3 <= len(cache.jobs()) <= 4
    cache.drop(f"{0:032x}", everything=True)
    cache.drop(f"{1:032x}", everything=True)
    assert cache.put(summary_of("e" * 32)) is not None


def test_a_host_that_sends_too_many_events_is_cut() -> None:
    now = [0.0]
    allowance = session.EventAllowance(lambda: now[0])
    for _ in range(session.MOST_EVENTS):
        allowance.take("Hydra")
    with pytest.raises(DeepSoilError, match="Hydra"):
        allowance.take("Hydra")
    now[0] = 100.0
    for _ in range(session.EVENTS_PER_S):
        allowance.take("Hydra")


def test_an_engine_of_another_schema_is_not_listened_to(open_client: Callable[..., Any], engine: Engine) -> None:
    engine.schema, call = 1, engine._call
    event = TOKEN + json.dumps({"event": "job", "job": summary_of("c" * 32)}).encode() + b"\n"

    def told(connection: Any, method: str, params: dict[str, Any]) -> Any:
        connection.sendall(event)
        return call(connection, method, params)

    engine._call = told  # type: ignore[method-assign]
    engine.add(request())
    client = open_client()
    until(lambda: client.state() == "other_engine")
    assert client.hosts.jobs() == [] and client.remote.job_cache.jobs() == {}


def test_damaged_files_of_a_host_hide_no_other_job(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts = random.Random(SEED), Counts("what is kept of a host")
    folder = tmp_path / "hosts" / "hydra"
    for number in range(INPUTS // 6):
        cache = JobCache(folder)
        cache.put(summary_of("a" * 32))
        cache.put(summary_of("b" * 32))
        cache.listed(NOON, 0)
        made = RemoteHost(host(), tmp_path, lambda *_: None, lambda question: None, lambda event, **content: None)
        made.journal.note("c" * 32, "submit", specification=request(id="c" * 32))
        made.journal.note("d" * 32, "submit", specification=request(id="d" * 32))
        file = chance.choice((folder / "journal.jsonl", folder / "jobs" / ("b" * 32) / "summary.json",
                              folder / "listing.json"))
        content = file.read_bytes()
        if file.name == "journal.jsonl":
            *others, last = content.splitlines(keepends=True)
            content = b"".join(others) + mutated(chance, last.rstrip(b"\n")) + b"\n"
        else:
            content = mutated(chance, content)
        file.write_bytes(content)
        counts.inputs += 1
        made = RemoteHost(host(), tmp_path, lambda *_: None, lambda question: None, lambda event, **content: None)
        jobs = counts.run(f"{file.name} {content[-300:]!r}", made.jobs) or []
        if not {"a" * 32, "c" * 32} <= {job["id"] for job in jobs}:
            counts.losses.append(f"{number} {file.name} {content[-300:]!r}")
        for job in jobs:
            counts.run(f"usable {file.name} {content[-300:]!r}", lambda job=job: usable(job))
        counts.run("seen", lambda made=made: (made.job_cache.seen, made.job_cache.skew_s, made.knows("b" * 32),
                                              made.busy, made.view("b" * 32)))
        for left in folder.rglob("*.json*"):
            left.unlink()
    capfd.readouterr()
    with capfd.disabled():
        counts.check()


def test_a_damaged_host_is_left_out_kept_and_can_be_removed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts = random.Random(SEED), Counts("entries of the list of hosts")
    registry, file = Registry(tmp_path), tmp_path / "hosts.json"
    good, other = host(id="good").to_dict(), host(id="other").to_dict()
    for _ in range(INPUTS // 6):
        bad = changed_document(chance, {**host(id="bad").to_dict()})
        file.write_bytes(written(chance, {"schema": 2, "hosts": [good, bad]}))
        counts.inputs += 1

        def look(bad: Any = bad) -> Any:
            try:
                found = [one.id for one in registry.list()]
                registry.set(parse_host(other))
                registry.remove("other")
                if registry.is_damaged("bad"):
                    registry.remove("bad")
                return found
            except DeepSoilError as error:
                assert error.code == "hosts_damaged"
                return "damaged"

        found = counts.run(f"{bad!r:.300}", look)
        if found is not None and "good" not in found and found != "damaged":
            counts.losses.append(f"{bad!r:.300}")
    capfd.readouterr()
    with capfd.disabled():
        counts.check()
