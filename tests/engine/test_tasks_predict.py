"""A prediction in parts: cut evenly, computed apart in any order, put together to the very maps of one process."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.inference import windows
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import finish, layout, merge, run, status
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds import predict_tasks
from deepsoil.kinds.registry import find_kind
from deepsoil.schedulers.array.accept import accept
from inference_tools import DAYS, FIELD, built, document, make_context, new_job
from tasks_tools import planned, winner

TWO_DAYS = {"start": str(DAYS[40]), "end": str(DAYS[41])}
SLURM = {"scheduler": "slurm", "tasks": 5}


@pytest.fixture
def context(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Small windows, so that the field is many of them."""
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 32)
    return make_context(built(tmp_path_factory), tmp_path / "home")


def job_in_parts(context: Context, **changes: Any) -> JobFolder:
    return planned(context, document(region="made-up", resources=SLURM, area=FIELD, **changes))[0]


def compute(job: JobFolder, context: Context, index: int, restart: int = 0) -> str:
    me = Identity(index, "71", restart, False)
    folder = run.prepare(job, 1, me)
    assert folder is not None
    return run.run(folder, me, lambda: context)


def put_together(job: JobFolder, context: Context, attempt: int = 1) -> tuple[str, list[str]]:
    folder, said = merge.prepare(job, attempt, 0), []
    assert folder is not None
    return merge.run(folder, lambda: context, said.append), said


def content(path: Path) -> tuple[Any, ...]:
    """All that a map says but for the job that made it."""
    with rasterio.open(path) as raster:
        tags = {key: value for key, value in raster.tags().items() if key != "DEEPSOIL_JOB"}
        overviews = [raster.read(1, out_shape=(-(-raster.height // n), -(-raster.width // n))).tobytes()
                     for n in raster.overviews(1)]
        return raster.profile, tags, raster.descriptions, raster.read(1).tobytes(), overviews


@pytest.mark.parametrize("days", [TWO_DAYS, {"start": str(DAYS[40]), "end": str(DAYS[40])}])
def test_parts_make_the_very_maps_of_one_process(context: Context, days: dict[str, str],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    whole = new_job(context, dates=days)
    find_kind("predict").run(whole.specification(), whole, context)
    monkeypatch.setattr(predict_tasks, "GROUP_PIXELS", 3000)  # several arrays a part
    job = job_in_parts(context, dates=days)
    # On the node the memory is another; the windows are those of the plan all the same.
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: pytest.fail("decided by the plan"))
    order = list(range(5))
    random.Random(3).shuffle(order)
    assert [compute(job, context, index) for index in order] == ["succeeded"] * 5
    assert finish.collect(job) == 0, "arrays are no outputs"
    assert put_together(job, context) == ("succeeded", [])
    names = [record["name"] for record in whole.output_records()]
    assert [record["name"] for record in job.output_records()] == names
    for name in names:
        assert content(job.outputs_path / name) == content(whole.outputs_path / name)
        with rasterio.open(job.outputs_path / name) as raster:
            assert raster.tags()["DEEPSOIL_JOB"] == job.id
    view = status.look_at_merge(job)
    assert view is not None and view.state == "succeeded" and merge.prepare(job, 2, 0, lambda line: None) is None
    assert not list(job.path.rglob("*.npy")), "the arrays, many times as large, are of no more use"


def test_maps_whose_parts_are_there_are_made_and_the_others_when_they_come(context: Context) -> None:
    job = job_in_parts(context, dates=TWO_DAYS)
    for index in (0, 1, 2):
        compute(job, context, index)
    outcome, (said,) = put_together(job, context)
    assert outcome == "interrupted" and "no result yet: 3, 4." in said
    first = job.output_records()
    assert [record["name"] for record in first] == [f"soil_moisture_{depth}cm_{DAYS[40]}.tif" for depth in ("05", "20")]
    view = status.look_at_merge(job)
    assert view is not None and (view.state, view.retryable) == ("waiting", True)
    for index in (3, 4):
        compute(job, context, index)
    assert put_together(job, context, 2) == ("succeeded", [])
    assert job.output_records()[:2] == first and len(job.output_records()) == 4
    assert {path.name for path in job.outputs_path.iterdir()} == {record["name"] for record in job.output_records()}


def test_a_merge_that_was_killed_between_a_map_and_its_record_is_completed(
        context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_in_parts(context, depths_cm=[20])
    for index in range(5):
        compute(job, context, index)
    with monkeypatch.context() as patch:
        patch.setattr(merge, "_remove_results", lambda *_: None)
        put_together(job, context)
    records = job.output_records()
    (job.path / "outputs.jsonl").unlink()
    (layout.task_path(job.path, layout.MERGE) / layout.RESULT).unlink()
    assert put_together(job, context) == ("succeeded", [])
    assert job.output_records() == records


def test_a_retry_reuses_finished_parts_until_they_are_merged(context: Context, tmp_path: Path) -> None:
    job = job_in_parts(context, depths_cm=[20])
    for index in range(5):
        compute(job, context, index)

    def reused(name: str) -> int:
        draft = tmp_path / name
        draft.mkdir()
        accept(SimpleNamespace(facts=lambda: None, title="Slurm"), job.specification(), None, job)(draft)
        return len(list(draft.glob(f"tasks/*/{layout.RESULT}")))

    assert reused("before") == 5
    put_together(job, context)
    assert reused("after") == 0, "the arrays of the parts are gone"


def test_a_part_that_was_stopped_keeps_its_finished_arrays(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predict_tasks, "GROUP_PIXELS", 1)
    job = job_in_parts(context, dates=TWO_DAYS)
    computed: list[Any] = []
    infer = predict_tasks.infer

    def stopped_after_three(model: Any, window: Any, *rest: Any) -> Any:
        computed.append(window)
        if len(computed) == 4:
            raise JobCancelledError
        return infer(model, window, *rest)

    monkeypatch.setattr(predict_tasks, "infer", stopped_after_three)
    assert compute(job, context, 0) == "interrupted"
    assert compute(job, context, 0, restart=1) == "succeeded"
    arrays = json.loads((winner(job, 0).parent / layout.RESULT).read_text())["files"]
    assert len(arrays) == len(computed) - 1, "the three finished ones are not computed again"
    assert all((winner(job, 0) / "outputs" / record["name"]).stat().st_size == record["size"] for record in arrays)


def test_an_array_that_was_damaged_is_said(context: Context) -> None:
    job = job_in_parts(context, depths_cm=[20])
    for index in range(5):
        compute(job, context, index)
    (array, *_) = (winner(job, 2) / "outputs").glob("*.npy")
    array.write_bytes(array.read_bytes()[:-4])
    assert put_together(job, context)[0] == "failed"
    view = status.look_at_merge(job)
    assert view is not None and view.reason is not None and array.name in view.reason["message"]


@pytest.mark.parametrize(("days", "parts", "units"), [
    (1, 19, (7, 5)), (30, 19, (7, 5)), (1, 19, (1,)), (366, 1000, (880,)), (3, 1, (4, 4)), (2, 8, (2, 2))])
def test_the_work_is_cut_evenly_and_nothing_is_lost_or_doubled(days: int, parts: int, units: tuple[int, ...]) -> None:
    rng = np.random.default_rng(days)
    work = {depth: rng.uniform(1, 2, count) for depth, count in zip((5, 20), units, strict=False)}
    calendar = [date.fromordinal(700_000 + n) for n in range(days)]
    found = predict_tasks.cut(work, calendar, parts)
    assert len(found) == min(parts, days * sum(units))
    seen = [(one.day, one.depth_cm, n) for part in found for one in part for n in range(one.first, one.last)]
    assert seen == [(day, depth, n) for day in calendar for depth, values in work.items() for n in range(len(values))]
    loads = [sum(work[one.depth_cm][one.first:one.last].sum() for one in part) for part in found]
    assert max(loads) <= sum(loads) / len(loads) + 2.0, "no part has more than a window over its share"


def test_more_parts_than_windows_are_not_made(context: Context) -> None:
    wanted = document(region="made-up", resources=SLURM | {"tasks": 1000}, area=FIELD, depths_cm=[20])
    _, plan = planned(context, wanted)
    assert 5 < len(plan.tasks) < 30
    assert all(task.payload["stretches"] for task in plan.tasks)
