"""Names of outputs never lead out of a job's folder, and long lists of them take bounded time and memory."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.output_names import is_output_name
from deepsoil.contract.specification import parse_specification
from deepsoil.io import json_files
from deepsoil.jobs import outputs
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.summary import summary
from deepsoil.jobs.tasks import finish, layout, plan
from deepsoil.kinds.open_context import open_context
from deepsoil.service.jobs import Jobs
from job_tools import document

SECRET = "root:x:0:0\n"
BAD_NAMES = ["/etc/passwd", "../secret.txt", "a/../../secret.txt", "..", ".", "", "a//b", "C:\\x", "a\\b", "a\0b",
             "a\nb", "//server/share", "a/./b", "x" * 300, "ä" * 200, "a/" * 600 + "b",
             "file:///etc/passwd", 5, None, ["a"]]


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    (tmp_path / "secret.txt").write_text(SECRET)
    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document()))
    (folder.outputs_path / "good.txt").write_text("good")
    return folder


def record(name: Any, size: int = 4, **changes: Any) -> dict[str, Any]:
    return {"name": name, "kind": "table", "depth_cm": None, "date": None, "size": size, "sha256": "0" * 64, **changes}


def jobs_of(folder: JobFolder) -> Jobs:
    home = folder.path.parents[1]
    return Jobs(home, lambda: open_context(home))


def end(folder: JobFolder, manifest: list[dict[str, Any]] | None, lines: list[dict[str, Any]]) -> None:
    for line in lines:
        json_files.append_line(folder.path / "outputs.jsonl", line)
    folder.claim()
    folder.finish("succeeded", "Finished")
    if manifest is not None:
        json_files.write(folder.path / "manifest.json", {"schema": 2, "job": folder.id, "files": manifest})


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("where", ["manifest", "lines"])
def test_a_name_that_leads_out_is_no_output(job: JobFolder, name: Any, where: str) -> None:
    size = len(SECRET) if name != "/etc/passwd" else Path("/etc/passwd").stat().st_size
    bad = [record("good.txt"), record(name, size)]
    end(job, bad if where == "manifest" else None, bad if where == "lines" else [record("good.txt")])
    assert not is_output_name(name)
    shown = summary(job, "here")
    assert [output["name"] for output in shown["outputs"]] == ["good.txt"]
    if where == "manifest":
        assert shown["reason"]["code"] == "job_damaged"
    if isinstance(name, str):
        with pytest.raises(DeepSoilError) as caught:
            jobs_of(job).fetch(job.id, name, 0, 1000)
        assert caught.value.code == "output_missing"


@pytest.mark.parametrize("how", ["file", "folder", "outputs"])
def test_a_link_is_no_output(job: JobFolder, tmp_path: Path, how: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    name = "inner/secret.txt"
    if how == "file":
        (job.outputs_path / "inner").mkdir()
        (job.outputs_path / name).symlink_to(outside / "secret.txt")
    elif how == "folder":
        (job.outputs_path / "inner").symlink_to(outside)
    else:
        (outside / "inner").mkdir()
        (outside / name).write_text(SECRET)
        (outside / "good.txt").write_text("good")
        (job.outputs_path / "good.txt").unlink()
        job.outputs_path.rmdir()
        job.outputs_path.symlink_to(outside)
    end(job, None, [record("good.txt"), record(name, len(SECRET))])
    shown = summary(job, "here")
    assert [output["name"] for output in shown["outputs"]] == (["good.txt"] if how != "outputs" else [])
    assert shown["reason"]["code"] == "outputs_missing" and name in shown["reason"]["message"]
    with pytest.raises(DeepSoilError) as caught:
        jobs_of(job).fetch(job.id, name, 0, 1000)
    assert caught.value.code == "output_missing"


def test_the_result_of_a_task_publishes_nothing_outside(job: JobFolder, tmp_path: Path) -> None:
    path = layout.plan_path(job.path)
    path.parent.mkdir()
    tasks = [plan.Task(0, "../../..", {}), plan.Task(1, "b", {})]
    json_files.write(path, plan.TaskPlan("ingest", False, tasks).to_dict())
    for index, run_name, name in ((0, "run-1.0", "a.txt"), (1, "../../..", "secret.txt"), (1, "run-1.0", "../x.txt"),
                                  (1, "run-1.0", str(tmp_path / "written.txt"))):
        task = layout.task_path(job.path, index)
        (task / "run-1.0" / "outputs").mkdir(parents=True, exist_ok=True)
        (task / "run-1.0" / "outputs" / "a.txt").write_text("good")
        json_files.write(task / layout.RESULT, {"run": run_name, "files": [record(name)]})
        assert finish.collect(job) == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["jobs", "secret.txt"]
    assert [one.name for one in job.outputs_path.rglob("*")] == ["good.txt"]


def measured(folder: JobFolder) -> tuple[dict[str, Any], float, int]:
    """Summary, seconds of processor time, and by how much the memory of the process grew at most, MB."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    shown = summary(folder, "here")
    return shown, time.process_time() - begun, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def test_a_manifest_of_400000_files_is_listed_in_bounded_time(job: JobFolder) -> None:
    end(job, None, [record("good.txt")])
    with (job.path / "manifest.json").open("w") as file:
        file.write('{"schema": 2, "job": "x", "files": [' + json.dumps(record("good.txt")))
        for number in range(400_000):
            file.write("," + json.dumps(record(f"{number}.tif")))
        file.write("]}")
    shown, seconds, grown_mb = measured(job)
    print(f"\nmanifest of 400,000 files: {seconds:.2f} s, {grown_mb} MB")
    assert shown["state"] == "succeeded" and [output["name"] for output in shown["outputs"]] == ["good.txt"]
    assert shown["reason"]["code"] == "job_damaged" and seconds < 60 and grown_mb < 200


def test_more_outputs_than_are_listed_are_said(job: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MOST", 3)
    for number in range(5):
        (job.outputs_path / f"{number}.txt").write_text("good")
    end(job, None, [record(f"{number}.txt") for number in range(5)])
    shown = summary(job, "here")
    assert len(shown["outputs"]) == 3 and shown["reason"]["code"] == "outputs_many"
    assert "5 outputs" in shown["reason"]["message"]


def test_a_list_of_outputs_of_3_gb_takes_bounded_time_and_memory(job: JobFolder) -> None:
    end(job, None, [record("good.txt")])
    (job.path / "manifest.json").unlink()
    with (job.path / "outputs.jsonl").open("ab") as file:
        block = b"".join(json.dumps(record(f"{number}.tif")).encode() + b"\n" for number in range(100_000))
        for _ in range(3):
            file.write(block)
        file.truncate(3 << 30)  # the rest is a hole of zeros: one line without end
    shown, seconds, grown_mb = measured(job)
    print(f"\noutputs.jsonl of 3 GB: {seconds:.2f} s, {grown_mb} MB")
    assert [output["name"] for output in shown["outputs"]] == ["good.txt"] and seconds < 60 and grown_mb < 300
    (job.path / "outputs.jsonl").write_bytes(b"")
    with (job.path / "outputs.jsonl").open("ab") as file:
        file.truncate(3 << 30)
        file.write(b"\n")
    _, seconds, grown_mb = measured(job)
    assert seconds < 60 and grown_mb < 100
