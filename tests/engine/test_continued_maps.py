"""A prediction that was cancelled is continued: its finished maps are taken over, and only the others are computed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds import predict
from deepsoil.schedulers import registry
from deepsoil.service.jobs import Jobs
from inference_tools import DAYS, built, document, make_context

WANTED = [str(day) for day in DAYS[40:46]]
MAPS = 2 * len(WANTED)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture
def context(ground: Path, tmp_path: Path) -> Context:
    return make_context(ground, tmp_path / "home")


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The maps that are computed, in order."""
    names: list[str] = []
    real: Callable[..., None] = predict.publish_map

    def publish(*arguments: Any) -> None:
        names.append(f"{arguments[4]} cm {arguments[5]}")
        real(*arguments)

    monkeypatch.setattr(predict, "publish_map", publish)
    return names


@pytest.fixture
def jobs(context: Context, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    monkeypatch.setattr(registry.find("process"), "start", lambda *_: None)
    return Jobs(context.home, lambda: context)


def run_to(jobs: Jobs, context: Context, job: str, maps: int, monkeypatch: pytest.MonkeyPatch) -> JobFolder:
    """Run a job, and cancel it as soon as it has so many maps."""
    folder = jobs.folder(job)
    assert folder.claim()
    record = JobFolder.record_output

    def recorded(self: JobFolder, line: dict[str, Any]) -> None:
        record(self, line)
        if len(self.output_records()) == maps:
            self.request_cancel()

    with monkeypatch.context() as patch:
        patch.setattr(JobFolder, "record_output", recorded)
        runner.run(folder, lambda: context)
    return folder


def asked(**changes: Any) -> dict[str, Any]:
    return document(region="made-up", dates={"start": WANTED[0], "end": WANTED[-1]}, **changes)


def hashes(folder: JobFolder) -> dict[str, str]:
    return {record["name"]: record["sha256"] for record in folder.output_records()}


def test_a_cancelled_job_is_continued_and_no_day_is_computed_twice(
        jobs: Jobs, context: Context, computed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_to(jobs, context, jobs.submit(asked())["id"], 5, monkeypatch)
    assert (first.state, len(first.output_records()), len(computed)) == ("cancelled", 5, 5)
    second = run_to(jobs, context, jobs.retry(first.id, "1" * 32)["id"], 8, monkeypatch)
    assert (second.state, len(computed)) == ("cancelled", 8)
    third = run_to(jobs, context, jobs.retry(second.id, "2" * 32)["id"], -1, monkeypatch)
    print(f"{MAPS} maps in three parts: {len(computed)} computed, {len(computed) - len(set(computed))} of them again")
    assert third.state == "succeeded"
    assert len(computed) == len(set(computed)) == MAPS
    assert hashes(first).items() <= hashes(third).items() and len(hashes(third)) == MAPS
    jobs.remove(first.id)
    jobs.remove(second.id)
    assert len(jobs.outputs(third.id)) == MAPS, "its maps are its own"
    whole = run_to(jobs, context, jobs.submit(asked())["id"], -1, monkeypatch)
    assert {name: (third.outputs_path / name).stat().st_size for name in hashes(third)} == \
        {name: (whole.outputs_path / name).stat().st_size for name in hashes(whole)}


@pytest.mark.parametrize("what", ["data", "model", "request", "engine", "file"])
def test_a_map_that_would_be_another_one_now_is_computed_again(
        what: str, jobs: Jobs, context: Context, ground: Path, computed: list[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_to(jobs, context, jobs.submit(asked())["id"], 5, monkeypatch)
    of_input = {"data": ground / "store" / "zarr.json", "model": ground / "models" / "random-20cm.onnx"}.get(what)
    before = of_input.stat() if of_input is not None else None
    again, left = MAPS, asked()
    if of_input is not None:
        os.utime(of_input)
    elif what == "request":
        left["dates"]["end"], again = WANTED[2], 6
    elif what == "engine":
        manifest = first.path / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"engine": "', '"engine": "0'))
    else:
        damaged = first.outputs_path / first.output_records()[0]["name"]
        damaged.write_bytes(b"x" * damaged.stat().st_size)
        again = MAPS - 4
    try:
        computed.clear()
        job = jobs.submit_again(left, first.id)["id"]
        assert run_to(jobs, context, job, -1, monkeypatch).state == "succeeded"
    finally:
        if of_input is not None and before is not None:
            os.utime(of_input, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert len(computed) == again


def test_a_job_that_succeeded_is_made_anew(jobs: Jobs, context: Context, computed: list[str],
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_to(jobs, context, jobs.submit(asked())["id"], -1, monkeypatch)
    computed.clear()
    run_to(jobs, context, jobs.retry(first.id, "1" * 32)["id"], -1, monkeypatch)
    assert len(computed) == MAPS
