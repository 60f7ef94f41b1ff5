"""``deepsoil serve`` from outside, with damaged lines on its stdin: it never ends, and answers every request."""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract import protocol
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.json_text import DEEPEST, parse, write
from deepsoil.contract.methods import METHODS
from deepsoil.io.process import this_machine
from deepsoil.service.server import Server
from job_tools import Service, document, kill_leftovers, prediction, until
from mutation_tools import DEEP, HALF, Counts, changed_bytes, changed_document, unclear, written

SEED = int(os.environ.get("DEEPSOIL_TEST_SEED", "1"))
INPUTS = int(os.environ.get("DEEPSOIL_TEST_INPUTS", "300"))
TOKEN = protocol.TOKEN
JOB = "ab" * 16
PARAMS: dict[str, Any] = {
    "id": JOB, "new_id": "cd" * 16, "name": "a.tif", "offset": 0, "limit": 100, "task": 0,
    "after": "2023-07-15T10:00:00Z", "path": "/nowhere/a.yaml", "region": "sample", "station": "A",
    "start": "2023-07-15", "end": "2023-07-16", "question": "x", "answers": ["x"], "model": "m", "client": "0.1.0",
    "specification": prediction(), "host": "nowhere"}
OF_TYPE: dict[str, Any] = {"text": "x", "count": 1, "flag": False, "object": {}, "list": []}
# These would wait for a network or end the service; the engine of these tests has no models.
LEFT_OUT = {"shutdown", "test_host", "install_host", "set_host", "connect"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    kill_leftovers(tmp_path)


def requests() -> list[dict[str, Any]]:
    """A valid request of every method."""
    return [{"method": name, "params": {one.name: PARAMS.get(one.name, OF_TYPE[one.type]) for one in method.parameters
                                        if one.required or one.name != "host"}}
            for name, method in METHODS.items() if name not in LEFT_OUT and "model" not in name]


def damaged(chance: random.Random, number: int) -> bytes:
    """The bytes of a request after which a line ends, damaged or not."""
    request = {"id": f"d{number}", **chance.choice(requests())}
    if chance.random() < 0.3:
        content = changed_bytes(chance, TOKEN + written(chance, request))
    else:
        changed = changed_document(chance, request)
        if isinstance(changed, dict) and isinstance(changed.get("id"), int):
            changed["id"] = f"d{number}"  # the numbers are those of the requests that are not damaged
        content = TOKEN + written(chance, changed)
    return content[:200_000] + b"\n"


def test_it_never_ends_and_answers_every_request(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts = random.Random(SEED), Counts("lines of a real service")
    asked = 0
    with Service(home) as service:
        job = service.call("submit", specification=document())["id"]
        service.call("watch")
        for number in range(INPUTS):
            content = damaged(chance, number)
            if b'"shutdown"' in content:
                continue
            counts.inputs += 1
            asked += sum(line.startswith(TOKEN) for line in content.split(b"\n"))
            service.send_raw(content)
            if number % 50 == 49 and not counts.crashes:
                listed = counts.run(f"list after {number}", lambda: service.call("list")) or []
                if job not in {one["id"] for one in listed}:
                    counts.losses.append(f"the job after {number}: {content[:200]!r}")
            if service.process.poll() is not None:
                counts.crashes.append(f"the service ended with {service.process.poll()}: {content[:300]!r}")
                break
        counts.run("all are answered", lambda: until(lambda: len(service.unasked) >= asked))
        if len(service.unasked) != asked:
            counts.losses.append(f"{asked} requests, {len(service.unasked)} answers")
        for answer in service.unasked:
            if "error" in answer and (why := unclear(answer["error"])):
                counts.unclear.append(f"{why}: {answer['error']['message'][:300]}")
        if service.noise:
            counts.losses.append(f"{service.noise[:3]}")
        assert service.call("hello")["machine"] == this_machine()
    with capfd.disabled():
        counts.check()


@pytest.mark.parametrize("line", [
    b'{"id": "\\ud800", "method": "list"}', b'{"id": 1, "method": "\\ud800"}', b'{"id": 2, "method": "l\\udfffist"}',
    b'{"id": 3, "method": "cancel", "params": {"id": "' + b"a" * 5000 + b'"}}',
    b'{"id": 4, "method": "' + b"m" * 100_000 + b'"}', b'{"id": 5, "method": "remove", "params": {"id": "\\u0000"}}',
    b'{"id": 6, "method": "logs", "params": {"id": "' + JOB.encode() + b'", "offset": 1' + b"0" * 400 + b"}}",
    b'{"id": 7, "method": "list", "params": {"after": "\\ud800"}}', b'{"id": 8, "method": "list", "params": ' + DEEP,
    b'{"id": 9, "method": "estimate", "params": {"specification": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}",
    b'{"id": 10, "method": "list", "params": {"after": NaN}}', b'{"id": 1e999, "method": "list"}',
])
def test_one_line_does_not_end_it(home: Path, line: bytes) -> None:
    with Service(home) as service:
        service.send_raw(TOKEN + line + b"\n")
        assert service.call("list") == []
        (answer,) = until(lambda: service.unasked)
        assert answer["error"]["code"] in ("bad_request", "method_unknown", "job_missing", "params_invalid")
        assert not unclear(answer["error"]) and len(json.dumps(answer)) < 2000


def served(tmp_path: Path) -> tuple[Server, list[dict[str, Any]]]:
    """A server whose answers are collected."""
    server = Server(tmp_path, None, None)  # type: ignore[arg-type]
    sent: list[dict[str, Any]] = []
    server._send = lambda line: sent.append(json.loads(line[len(TOKEN):]))  # type: ignore[method-assign]
    return server, sent


@pytest.mark.parametrize("answer", [{"x": HALF}, {"x": float("nan")}, {"x": object()}, {(1, 2): 3}])
def test_an_answer_that_cannot_be_written_is_an_error(tmp_path: Path, answer: Any) -> None:
    server, sent = served(tmp_path)
    server._methods.answer = lambda name, params: answer  # type: ignore[method-assign]
    server._take(TOKEN + b'{"id": 1, "method": "hello"}\n')
    (reply,) = sent
    assert reply["id"] == 1 and reply["error"]["code"] == "internal" and "hello" in reply["error"]["message"]
    server._tell("job", job=answer)
    assert len(sent) == 1


@pytest.mark.parametrize("error", [OSError(36, "File name too long"), ValueError(HALF), RecursionError(), MemoryError(),
                                   DeepSoilError("x", f"No {HALF}.", "Do.", "field", value=HALF)])
def test_an_error_while_a_request_is_taken_or_answered_is_an_answer(tmp_path: Path, error: Exception) -> None:
    server, sent = served(tmp_path)

    def fail(*_: Any) -> Any:
        raise error

    server._methods.answer = fail  # type: ignore[method-assign]
    server._take(TOKEN + b'{"id": 1, "method": "hello"}\n')
    server._methods.hosts.away = fail  # type: ignore[method-assign]
    server._take(TOKEN + b'{"id": 2, "method": "list"}\n')
    assert [reply["id"] for reply in sent] == [1, 2] and all("error" in reply for reply in sent)


def test_json_is_read_strictly_and_written_so_that_all_can_read_it() -> None:
    chance, counts = random.Random(SEED), Counts("JSON texts")
    whole = {"id": secrets.token_hex(4), "x": [1, 2.5, None, True, "ä", {"y": "\U0001f600"}], "z": -(1 << 62)}
    for number in range(INPUTS * 3):
        content = written(chance, changed_document(chance, whole)) if number % 3 else changed_bytes(
            chance, written(chance, whole))
        counts.inputs += 1

        def read(content: bytes = content) -> None:
            try:
                found = parse(content)
            except ValueError:
                return
            assert json.loads(protocol.result_line(1, found)[len(TOKEN):])["result"] == found

        counts.run(f"{content[:200]!r}", read)
    counts.check()
    assert parse(json.dumps(whole)) == whole
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)
    assert parse('{"a": [NaN, 1e999]}', non_finite=True) == {"a": [None, None]}
    for bad in (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b"NaN", b"-Infinity", b"1e999", b"9223372036854775808",
                b"1" + b"0" * 400 + b".0", b'"\\ud800"', b'{"\\udc00": 1}', b"\xff", b"", "[1]".encode("utf-16")):
        with pytest.raises(ValueError):
            parse(bad)
    assert write({"a": float("nan"), "b": HALF, "c": [float("inf")]}) == '{"a": null, "b": "?", "c": [null]}'
