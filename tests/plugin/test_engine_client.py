"""The client keeps its promises: every call is answered once, whatever the engine does; nothing waits for it."""

from __future__ import annotations

import json
import os
import time

import pytest

from deepsoil_plugin.contract import SCHEMA
from deepsoil_plugin.engine.client import EngineClient
from deepsoil_plugin.engine.command import serve_command
from deepsoil_plugin.engine.pipe import LineBuffer, decode, encode


def collect(client, method, params=None, **options):
    box = []
    client.call(method, params, lambda result: box.append(result), lambda error: box.append(error), **options)
    return box


def runs(process_number):
    try:
        os.kill(process_number, 0)
    except ProcessLookupError:
        return False
    return True


def test_calls_before_the_engine_is_ready_are_kept_and_answered_in_spite_of_noise(fake_engine, qtbot):
    client = fake_engine(greeting="Welcome to the cluster!\n@deepsoil not json\n\n")
    box = collect(client, "echo", {"text": "Grüße, θ"})
    assert box == [], "answered before call() returned"
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert box == [{"text": "Grüße, θ"}]
    assert client.is_ready
    assert client.hello["engine"] == "0.1.0"


def test_an_engine_that_cannot_give_events_yet_is_asked_again(fake_engine, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr("deepsoil_plugin.engine.client._WATCH_AGAIN_MS", 50)
    answer, log = tmp_path / "answer", tmp_path / "log"
    answer.write_text(json.dumps({"error": {"code": "disk_full", "message": "Full.", "hint": "", "field": None}}))
    client = fake_engine(files={"watch": str(answer)}, log=str(log))
    client.start()

    def asked():
        return log.read_text().count('"watch"') if log.exists() else 0

    qtbot.waitUntil(lambda: client.is_ready and asked() > 2, timeout=10_000)
    answer.write_text(json.dumps({"watch": {"time": "2026-01-01T00:00:00+00:00"}}))
    qtbot.wait(300)
    before = asked()
    qtbot.wait(300)
    assert asked() == before, "it has them now"


def test_an_error_reaches_the_caller_as_the_engine_said_it(fake_engine, qtbot):
    client = fake_engine()
    box = collect(client, "fail")
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert box == [{"code": "x", "message": "No.", "hint": "Do.", "field": None}]


def test_a_call_without_an_answer_ends_with_a_message_and_the_engine_stays_usable(fake_engine, qtbot):
    client = fake_engine(silent=["echo"])
    box = collect(client, "echo", timeout_s=0.2)
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert box[0]["code"] == "engine_timeout"
    assert "echo" in box[0]["message"]
    box = collect(client, "regions")
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert box == [{}]


def test_an_engine_that_dies_is_started_again_and_its_calls_are_answered(fake_engine, qtbot):
    client = fake_engine(die_on="echo")
    first = collect(client, "regions")
    qtbot.waitUntil(lambda: bool(first), timeout=10_000)
    before = client.process_id
    lost = collect(client, "echo")
    qtbot.waitUntil(lambda: bool(lost), timeout=10_000)
    assert lost[0]["code"] == "engine_lost"
    later = collect(client, "models")
    qtbot.waitUntil(lambda: bool(later), timeout=10_000)
    assert later == [{}]
    assert client.process_id not in (0, before)


def test_an_engine_that_keeps_dying_is_given_up_with_its_last_words(fake_engine, qtbot, monkeypatch):
    monkeypatch.setattr("deepsoil_plugin.engine.client._RESTART_AFTER_MS", (10, 10))
    client = fake_engine(die_on="hello")
    box = collect(client, "echo")
    with qtbot.waitSignal(client.stopped, timeout=20_000) as stopped:
        pass
    assert "3 times" in stopped.args[0]
    assert "the fake engine died" in stopped.args[0]
    assert box[0]["code"] == "engine_stopped"
    assert "the fake engine died" in client.diagnostics()
    after = collect(client, "echo")
    qtbot.waitUntil(lambda: bool(after), timeout=2_000)
    assert after[0]["code"] == "engine_stopped"


def test_a_program_that_is_not_there_is_said_and_not_tried_again(qgis_app, qtbot, tmp_path):
    client = EngineClient(python=tmp_path / "no-such-python")
    with qtbot.waitSignal(client.stopped, timeout=5_000) as stopped:
        client.start()
    assert "no-such-python" in stopped.args[0]


def test_another_version_of_the_contract_is_refused_and_another_engine_version_is_said(fake_engine, qtbot):
    client = fake_engine(schema=9)
    with qtbot.waitSignal(client.stopped, timeout=10_000) as stopped:
        client.start()
    assert "version 9" in stopped.args[0]
    client = fake_engine(engine="0.0.9")
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    assert "0.0.9" in client.warning


def test_events_become_signals_and_a_receiver_that_raises_loses_no_other_message(fake_engine, qtbot):
    client = fake_engine()
    seen = []
    client.jobChanged.connect(lambda job: seen.append(job["id"]))
    specification = {"schema": SCHEMA, "id": "a" * 32, "kind": "predict", "name": "x"}

    def careless(_result):
        raise ValueError("a receiver's mistake")

    with qtbot.captureExceptions() as caught:
        client.call("echo", {}, careless)
        box = collect(client, "submit", {"specification": specification})
        qtbot.waitUntil(lambda: bool(box) and bool(seen), timeout=10_000)
    assert seen == ["a" * 32]
    assert [str(problem[1]) for problem in caught] == ["a receiver's mistake"]


def test_no_variable_of_qgis_reaches_the_engine(fake_engine, qtbot, monkeypatch, tmp_path):
    poison = ["PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "QT_PLUGIN_PATH", "LD_LIBRARY_PATH"]
    for name in poison:
        monkeypatch.setenv(name, "/of/qgis")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    monkeypatch.delenv("DEEPSOIL_RESOURCES", raising=False)
    start = serve_command(tmp_path / "python", tmp_path, tmp_path / "resources", {"DEEPSOIL_JOBS_AT_ONCE": "2"})
    assert not set(poison) & set(start.variables)
    assert start.variables["HTTPS_PROXY"] == "http://proxy"
    assert start.variables["DEEPSOIL_RESOURCES"] == str(tmp_path / "resources")
    assert start.variables["DEEPSOIL_JOBS_AT_ONCE"] == "2"


def test_stopping_returns_at_once_ends_the_process_and_answers_who_waits(fake_engine, qtbot):
    client = fake_engine(silent=["echo"])
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    box = collect(client, "echo")
    number = client.process_id
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 0.05
    assert box[0]["code"] == "engine_stopped"
    qtbot.waitUntil(lambda: not runs(number), timeout=5_000)
    again = collect(client, "regions")
    qtbot.waitUntil(lambda: bool(again), timeout=10_000)
    assert again == [{}]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_lines_are_whole_however_the_bytes_are_cut(size):
    documents = [{"id": number, "result": "θ" * number} for number in range(20)]
    stream = b"noise\r\n" + b"".join(b"@deepsoil " + json.dumps(d, ensure_ascii=False).encode() + b"\r\n"
                                     for d in documents) + b"@deepsoil {cut"
    buffer = LineBuffer()
    found = []
    for start in range(0, len(stream), size):
        buffer.feed(stream[start:start + size])
        while (line := buffer.pop()) is not None:
            found.append(decode(line))
    assert [document for document in found if document] == documents
    assert json.loads(encode(1, "hello", {"a": "ü"})[len("@deepsoil "):]) == {
        "id": 1, "method": "hello", "params": {"a": "ü"}}


def test_the_real_engine_says_hello_and_answers(real_engine, answer):
    assert answer(real_engine, "list") == []
    assert answer(real_engine, "regions") == []
    assert real_engine.hello["schema"] == SCHEMA


@pytest.mark.parametrize(("change", "field"), [({"wetness": 1}, "wetness"), ({"name": None}, "name"),
                                               ({"dates": {"start": "2023-07-15"}}, "dates.end"),
                                               ({"options": {"recipe": "/r"}}, "options.recipe")])
def test_what_is_no_specification_is_not_sent_and_its_field_is_named(fake_engine, qtbot, tmp_path, change, field):
    client = fake_engine(log=str(tmp_path / "log"))
    specification = {"schema": SCHEMA, "id": "a" * 32, "kind": "predict", "name": "x", **change}
    box = collect(client, "submit", {"specification": specification})
    assert not box, "answered before the call returned"
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert (box[0]["code"], box[0]["field"]) == ("specification_invalid", field)
    assert field in box[0]["message"] and not (tmp_path / "log").exists()
