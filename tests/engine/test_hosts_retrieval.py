"""Results of a host's jobs: what comes by itself, is asked for, stopped, continued, refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.sync import auto_retrieval, retriever
from deepsoil.hosts.sync.journal import Record
from host_fixtures import Client
from host_tools import CONTENT, Engine, request, until


def test_what_was_retrieved_stays_when_the_host_forgets_the_job(open_client: Callable[..., Client],
                                                               engine: Engine) -> None:
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["retrieval"]["state"] == "done")
    path = Path(client.job(job)["outputs"][0]["path"])
    engine.remove(job)
    until(lambda: client.remote.view(job) is None)
    assert path.read_bytes() == CONTENT and client.hosts.jobs() == []


def test_a_retrieval_is_stopped_continued_and_says_what_is_wrong(open_client: Callable[..., Client], engine: Engine,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retriever, "_REPORT_EVERY_S", 0.0)
    engine.slow_file_s = 0.2
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["retrieval"]["bytes"] > 0)
    client.remote.cancel(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "none")
    assert client.job(job)["state"] == "succeeded"
    (part,) = (client.home / "hosts" / "hydra" / "jobs" / job / "outputs").iterdir()
    until(lambda: client.remote.retriever.progress(job) is None)
    assert 0 < part.stat().st_size < len(CONTENT)
    engine.slow_file_s = 0.0
    file = engine.files.pop("/there/map.tif")
    client.remote.retrieve(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "failed")
    assert client.job(job)["retrieval"]["error"]["code"] == "output_missing"
    engine.files["/there/map.tif"] = file[:-1] + b"x"
    client.remote.retrieve(job)
    until(lambda: (client.job(job)["retrieval"]["error"] or {}).get("code") == "output_changed")
    engine.files["/there/map.tif"] = file
    client.remote.retrieve(job)
    until(lambda: client.job(job)["retrieval"]["state"] == "done")


def test_what_a_running_job_has_is_retrieved_and_the_rest_when_it_has_ended(open_client: Callable[..., Client],
                                                                          engine: Engine) -> None:
    engine.hold = True
    client = open_client().ready()
    job = client.hosts.submit("hydra", request())["id"]
    with pytest.raises(DeepSoilError) as caught:
        client.remote.retrieve(job)
    assert caught.value.code == "output_missing"
    engine.files["/there/first.tif"] = b"first"
    first = {"path": "/there/first.tif", "name": "first.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-14",
             "size": 5, "sha256": hashlib.sha256(b"first").hexdigest()}
    engine.change(job, outputs=[first])
    until(lambda: client.job(job)["outputs"])
    client.remote.retrieve(job)
    path = Path(until(lambda: client.job(job)["outputs"][0]["path"]))
    assert path.read_bytes() == b"first" and client.job(job)["state"] == "running"
    engine.finish(job)
    until(lambda: client.job(job)["state"] == "succeeded" and client.job(job)["retrieval"]["state"] == "done")


MB = 1_000_000
SENT = Record("a" * 32, "2026-01-01T00:00:00Z", True, phase="accepted")


@pytest.mark.parametrize(("size", "limit", "comes"), [
    (1, None, True), (500 * MB, None, True), (500 * MB + 1, None, False), (0, None, False),
    (500 * MB + 1, "501", True), (1, "0", False), (500 * MB, "many", True),
])
def test_results_of_up_to_500_mb_come_by_themselves(size: int, limit: str | None, comes: bool,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    if limit is not None:
        monkeypatch.setenv("DEEPSOIL_RETRIEVE_LIMIT_MB", limit)
    job = {"state": "succeeded", "kind": "predict", "outputs": [{"size": size // 2}, {"size": size - size // 2}]}
    assert auto_retrieval.comes_by_itself(job, SENT) is comes


@pytest.mark.parametrize(("job", "record"), [
    ({"state": "failed"}, {}), ({"state": "running"}, {}), ({"kind": "train"}, {}), ({"kind": "ingest"}, {}),
    ({"outputs": None}, {}), ({}, {"mine": False}), ({}, {"retrieval": "stopped"}), ({}, {"retrieval": "done"}),
])
def test_what_does_not_come_by_itself(job: dict[str, Any], record: dict[str, Any]) -> None:
    whole = {"state": "succeeded", "kind": "evaluate", "outputs": [{"size": 1}]}
    assert auto_retrieval.comes_by_itself(whole, SENT)
    assert not auto_retrieval.comes_by_itself({**whole, **job}, replace(SENT, **record))
    assert not auto_retrieval.comes_by_itself(whole, None)


def test_results_that_will_come_are_shown_as_coming_from_the_first(open_client: Callable[..., Client], engine: Engine,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_client().ready()
    client.remote.retriever.stop(10)
    job = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(job)["state"] == "succeeded")
    assert client.job(job)["retrieval"]["state"] == "running"
    monkeypatch.setenv("DEEPSOIL_RETRIEVE_LIMIT_MB", "0")
    assert client.job(job)["retrieval"]["state"] == "none"
