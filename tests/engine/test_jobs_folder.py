"""A job folder is whole or not there, never goes back from a final state, and says so when it was damaged."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.states import FINAL, IllegalStepError, State, Status
from deepsoil.contract.version import SCHEMA
from deepsoil.io import json_files, process
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.runner import translate
from deepsoil.jobs.steps import latest, seconds_left
from deepsoil.jobs.summary import summary
from deepsoil.schedulers.process.recovery import refresh
from job_tools import document


def create(jobs: Path) -> JobFolder:
    return JobFolder.create(jobs, parse_specification(document()))[0]


def test_no_step_leads_out_of_a_final_state_and_none_back() -> None:
    for before, after in itertools.product(get_args(State), repeat=2):
        status = Status(before, created="2023-07-15T00:00:00Z")
        allowed = (before, after) in {("queued", "running"), ("queued", "failed"), ("queued", "cancelled"),
                                      ("running", "succeeded"), ("running", "failed"), ("running", "cancelled")}
        if allowed:
            assert status.to(after, "2023-07-15T00:01:00Z", message="x").state == after
        else:
            with pytest.raises(IllegalStepError):
                status.to(after, "2023-07-15T00:01:00Z", message="x")


def test_of_many_that_submit_one_id_one_makes_the_job(tmp_path: Path) -> None:
    specification = parse_specification(document())
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: JobFolder.create(tmp_path, specification), range(64)))
    assert sum(new for _, new in results) == 1
    assert [path.name for path in tmp_path.iterdir()] == [specification.id]


def test_of_many_that_end_a_job_one_has_the_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = create(tmp_path)
    assert folder.claim()
    write = json_files.write

    def write_slowly(path: Path, content: object) -> None:
        time.sleep(0.01)
        write(path, content)

    monkeypatch.setattr(json_files, "write", write_slowly)

    def end(state: State) -> bool:
        try:
            JobFolder(folder.path).finish(state, state)
        except IllegalStepError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(end, ["succeeded", "failed", "cancelled"] * 4)) == 1
    assert not folder.claim()


def test_outputs_are_published_whole_and_the_manifest_tells_size_and_digest(tmp_path: Path) -> None:
    folder = create(tmp_path)
    folder.claim()
    draft = folder.temporary("maps/soil_moisture_05cm_2023-07-15.tif")
    draft.write_bytes(b"wet" * 1000)
    assert summary(folder, "here")["outputs"] == []
    folder.add_output(draft, "map", depth_cm=5, date=dt.date(2023, 7, 15))
    folder.temporary("half.tif").write_bytes(b"half")
    folder.finish("succeeded", "Finished")
    assert folder.manifest() == {"schema": SCHEMA, "job": folder.id, "engine": deepsoil.__version__, "files": [{
        "name": "maps/soil_moisture_05cm_2023-07-15.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-15",
        "size": 3000, "sha256": hashlib.sha256(b"wet" * 1000).hexdigest()}]}
    told = summary(folder, "here")
    assert [Path(output["path"]).read_bytes() for output in told["outputs"]] == [b"wet" * 1000]
    assert told["progress"] == 1.0 and told["reason"] is None
    assert not (folder.outputs_path / ".part-half.tif").exists()
    with pytest.raises(ValueError, match="no name"):
        folder.temporary("../../outside.tif")


def test_a_missing_output_and_a_damaged_manifest_are_said_and_the_rest_is_offered(tmp_path: Path) -> None:
    folder = create(tmp_path)
    folder.claim()
    for name in ("a.txt", "b.txt"):
        draft = folder.temporary(name)
        draft.write_text(name)
        folder.add_output(draft, "other")
    folder.finish("succeeded", "Finished")
    (folder.outputs_path / "a.txt").write_text("cut")
    told = summary(folder, "here")
    assert [output["name"] for output in told["outputs"]] == ["b.txt"]
    assert told["reason"]["code"] == "outputs_missing" and "a.txt" in told["reason"]["message"]
    (folder.path / "manifest.json").write_text('{"schema": 1, "files": [{}]}')
    told = summary(folder, "here")
    assert told["state"] == "succeeded" and told["reason"]["code"] == "job_damaged"
    assert [output["name"] for output in told["outputs"]] == ["b.txt"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"state": "tired", "created": "x"}', '{"state": "running"}', None])
def test_a_damaged_state_is_reported_and_does_not_stop_the_worker_from_ending(tmp_path: Path,
                                                                              content: str | None) -> None:
    folder = create(tmp_path)
    folder.claim()
    if content is None:
        (folder.path / "state.json").unlink()
    else:
        (folder.path / "state.json").write_text(content)
    told = summary(folder, "here")
    assert told["state"] == "failed" and told["reason"]["code"] == "job_damaged"
    assert "state.json" in told["reason"]["message"]
    with pytest.raises(DeepSoilError, match=r"state\.json"):
        refresh(folder)
    assert folder.finish("succeeded", "Finished").state == "succeeded"


def test_lines_cut_short_are_passed_over_and_the_pace_is_recent(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    start = dt.datetime(2023, 7, 15, tzinfo=dt.UTC)
    lines = [json.dumps({"time": (start + dt.timedelta(seconds=10 * n)).isoformat(), "done": n, "total": 12,
                         "message": f"map {n}"}) for n in range(4)]
    path.write_text("noise\n[1]\n{}\n" + "\n".join(lines) + '\n{"time": "2023-07-15T00:')
    steps = latest(path)
    assert [step["done"] for step in steps] == [0, 1, 2, 3]
    assert seconds_left(steps, start + dt.timedelta(seconds=30)) == 90
    assert seconds_left(steps, start + dt.timedelta(seconds=45)) == 75
    assert seconds_left(steps, start + dt.timedelta(hours=1)) is None, "not 0 s for as long as a step takes"
    assert seconds_left(steps[:1], start) is None
    assert latest(tmp_path / "none.jsonl") == []


def test_a_process_is_known_by_more_than_its_number() -> None:
    child = subprocess.Popen(["sleep", "60"])
    start = process.start_of(child.pid)
    assert process.alive(child.pid, start)
    assert not process.alive(child.pid, f"{start}0")
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.alive(child.pid, start), "a zombie counts as gone"
    child.wait()
    assert process.start_of(child.pid) is None


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True,
                             check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_on_a_full_disk_the_end_of_a_job_is_still_written_down(tiny_disk: Path) -> None:
    folder = create(tiny_disk / "jobs")
    folder.claim()
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "ballast").write_bytes(b"x" * 400_000)
    # Writers of rasters report a full disk in words of their own.
    assert translate(RuntimeError("write error at scanline 7"), folder).code == "disk_full"
    folder.log("x" * 100_000)  # lost, but no reason to end the job
    assert folder.finish("failed", "Full", DeepSoilError("disk_full", "Full.")).state == "failed"
    assert folder.state in FINAL
    assert folder.manifest()["files"] == []
    with pytest.raises(DeepSoilError) as caught:
        JobFolder.create(tiny_disk / "jobs", parse_specification(document(id=secrets.token_hex(16))))
    assert caught.value.code == "disk_full"
    assert [path.name for path in (tiny_disk / "jobs").iterdir()] == [folder.id]
