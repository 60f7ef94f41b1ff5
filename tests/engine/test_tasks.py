"""What one task of a job does and leaves, whatever happens round it: owner, result, end, what others see."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.io.exclusive import write_once
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, Kind
from deepsoil.jobs.tasks import curves, finish, layout, run, status
from deepsoil.jobs.tasks.folder import TaskFolder
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.jobs.tasks.plan import make_plan, read_plan
from deepsoil.kinds.registry import find_kind
from deepsoil.kinds.train import Train
from deepsoil.schedulers.slurm.identity import identity
from tasks_tools import configuration, planned, training, weather


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path / "home", None, None, _find)  # type: ignore[arg-type]


@pytest.fixture
def job(context: Context, tmp_path: Path) -> JobFolder:
    """Three trainings, done by `_work`."""
    root = weather(tmp_path / "weather")
    return planned(context, training([configuration(root, name) for name in ("north", "south", "west")]))[0]


def _work(specification: Any, folder: TaskFolder, context: Context) -> None:
    """Steps that count on from what an earlier run has in its ``work``, then an output."""
    (wanted,) = specification.options.configurations
    run_folder = folder.path / "work" / wanted["name"]
    run_folder.mkdir(parents=True, exist_ok=True)
    counted = run_folder / "start.pt"
    if hook := _HOOKS.get(0):
        hook(folder)
    folder.stop_if_cancelled()
    for step in range(int(counted.read_text()) if counted.exists() else 0, 4):
        counted.write_text(str(step + 1))
        folder.progress(step + 1, 4, f"step {step + 1}")
        if hook := _HOOKS.get(step + 1):
            hook(folder)
        folder.stop_if_cancelled()
    draft = folder.temporary(f"{wanted['name']}/weights.onnx")
    draft.write_text(f"{wanted['name']} by {folder.path.name}")
    folder.add_output(draft, "model")


class _Trainings(Train):
    def run(self, specification: Any, folder: Any, context: Context) -> None:
        _work(specification, folder, context)


def _find(name: str) -> Kind:
    return _Trainings() if name == "train" else find_kind(name)


_HOOKS: dict[int, Any] = {}


@pytest.fixture(autouse=True)
def no_hooks() -> None:
    _HOOKS.clear()


def do(job: JobFolder, index: int, *, attempt: int = 1, array: str = "71", restart: int = 0,
       requeue: Callable[[], str | None] | None = None) -> str | None:
    """One task in this process: how it ended, None where there was nothing to do."""
    me = Identity(index, array, restart, requeue=requeue)
    folder = run.prepare(job, attempt, me, say=lambda line: None)
    return None if folder is None else run.run(folder, me, _context)


def _context() -> Context:
    return Context(Path(), None, None, _find)  # type: ignore[arg-type]


def views(job: JobFolder) -> list[tuple[str, str | None]]:
    return [(view.state, view.run) for view in status.look(job)]


def test_a_task_runs_in_a_folder_of_its_own_and_its_result_becomes_an_output_of_the_job(job: JobFolder) -> None:
    assert views(job) == [("waiting", None)] * 3
    assert do(job, 1) == "succeeded"
    assert views(job) == [("waiting", None), ("succeeded", "run-1.0"), ("waiting", None)]
    assert not job.output_records(), "nothing is published by the task itself"
    assert finish.collect(job) == 1 and finish.collect(job) == 0
    assert do(job, 0) == do(job, 2) == "succeeded"
    assert finish.collect(job) == 2
    records = job.output_records()
    assert {record["name"] for record in records} == {f"{name}/weights.onnx" for name in ("north", "south", "west")}
    for record in records:
        path = job.outputs_path / record["name"]
        assert path.stat().st_size == record["size"] and record["kind"] == "model"


def test_another_array_of_the_same_attempt_touches_nothing(job: JobFolder) -> None:
    assert do(job, 0, array="71") == "succeeded"
    before = sorted(job.path.rglob("*"))
    assert do(job, 1, array="72") is None
    assert sorted(job.path.rglob("*")) == before
    assert do(job, 1, array="72", attempt=2) == "succeeded", "a new attempt is its owner's"
    assert views(job)[1] == ("succeeded", "run-2.0")


def test_a_task_with_a_result_is_not_done_again_and_a_late_run_changes_nothing(job: JobFolder) -> None:
    orphan = run.prepare(job, 1, Identity(0, "71"))
    assert orphan is not None
    assert do(job, 0, restart=1) == "succeeded"
    finish.collect(job)
    result = layout.task_path(job.path, 0) / layout.RESULT
    before = result.read_text()
    # The run on the node that was thought dead comes to its end after all.
    assert run.run(orphan, Identity(0, "71"), _context) == "succeeded"
    assert result.read_text() == before and json.loads(before)["run"] == "run-1.1"
    assert finish.collect(job) == 0
    assert (job.outputs_path / "north" / "weights.onnx").read_text() == "north by run-1.1"
    assert do(job, 0, restart=2) is None


def test_a_task_that_the_system_stops_is_continued_where_it_was(job: JobFolder) -> None:
    asked: list[str] = []
    _HOOKS[2] = lambda folder: os.kill(os.getpid(), signal.SIGUSR2)
    before = [signal.getsignal(number) for number in (signal.SIGUSR2, signal.SIGTERM)]
    assert do(job, 0, requeue=lambda: asked.append("71")) == "interrupted"
    assert asked == ["71"]
    view = status.look(job)[0]
    assert (view.state, view.fraction, view.retryable) == ("waiting", 0.5, True)
    assert view.reason is not None and "time limit" in view.reason["message"]
    # The same again gets no further than before: it would be requeued for ever.
    _HOOKS[0] = _HOOKS.pop(2)
    assert do(job, 0, restart=1, requeue=lambda: asked.append("71")) == "interrupted"
    assert asked == ["71"]
    assert [signal.getsignal(number) for number in (signal.SIGUSR2, signal.SIGTERM)] == before
    _HOOKS.clear()
    seen: list[float] = []
    for step in range(1, 5):
        _HOOKS[step] = lambda folder, step=step: seen.append(step)
    assert do(job, 0, restart=2) == "succeeded"
    assert seen == [3, 4], "what was done is not done again"
    log = (layout.task_path(job.path, 0) / "run-1.2" / "log.jsonl").read_text()
    assert "Continues run-1." in log


def test_sigterm_interrupts_and_asks_for_nothing(job: JobFolder) -> None:
    _HOOKS[1] = lambda folder: os.kill(os.getpid(), signal.SIGTERM)
    assert do(job, 0, requeue=lambda: pytest.fail("a cancelled task would be restarted")) == "interrupted"
    assert json.loads((layout.task_path(job.path, 0) / "run-1.0" / layout.END).read_text())["reason"]["code"] == \
        "interrupted"


def test_the_cancel_of_the_job_stops_its_tasks_and_what_they_have_is_offered(job: JobFolder) -> None:
    assert do(job, 0) == "succeeded"

    def finished_one_and_cancelled(folder: TaskFolder) -> None:
        draft = folder.temporary("south/curves.jsonl")
        draft.write_text("{}")
        folder.add_output(draft, "curves")
        job.request_cancel()

    _HOOKS[2] = finished_one_and_cancelled
    assert do(job, 1) == "cancelled" and do(job, 2) == "cancelled"
    assert [view.state for view in status.look(job)] == ["succeeded", "cancelled", "cancelled"]
    assert not any(view.retryable for view in status.look(job))
    assert finish.collect(job) == 1 and finish.collect(job, partial=True) == 1
    assert {record["name"] for record in job.output_records()} == {"north/weights.onnx", "south/curves.jsonl"}


def test_a_failure_says_why_and_whether_to_try_again(job: JobFolder) -> None:
    def fail(error: BaseException) -> Any:
        def hook(folder: TaskFolder) -> None:
            raise error
        return hook

    _HOOKS[1] = fail(DeepSoilError("store_missing", "There is no store.", "Ingest it."))
    assert do(job, 0) == "failed"
    _HOOKS[1] = fail(MemoryError())
    assert do(job, 1) == "failed"
    _HOOKS[1] = fail(OSError(5, "Input/output error"))
    assert do(job, 2) == "failed"
    found = [(view.state, (view.reason or {})["code"], view.retryable) for view in status.look(job)]
    assert found == [("failed", "store_missing", False), ("failed", "out_of_memory", True),
                     ("failed", "storage_failed", True)]
    _HOOKS.clear()
    assert do(job, 0, attempt=2) == "succeeded" and views(job)[0] == ("succeeded", "run-2.0")


def test_a_run_that_fell_silent_looks_lost(job: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    me = Identity(0, "71")
    folder = run.prepare(job, 1, me)
    assert folder is not None
    (folder.path / layout.HEARTBEAT).touch()
    folder.progress(1, 4, "step 1")
    view = status.look(job)[0]
    assert (view.state, view.fraction) == ("running", 0.25)
    # The clock of the disk may be hours away; what counts is that this process sees no new heartbeat.
    for skew_s in (-7200.0, 7200.0):
        moment = time.time() + skew_s
        os.utime(folder.path / layout.HEARTBEAT, (moment, moment))
        assert status.look(job)[0].state == "running"
    monkeypatch.setattr(status, "STALE_AFTER_S", 0.0)
    view = status.look(job)[0]
    assert view.state == "stale" and view.retryable
    os.utime(folder.path / layout.HEARTBEAT)
    monkeypatch.setattr(status, "STALE_AFTER_S", 60.0)
    assert status.look(job)[0].state == "running"


def test_files_cut_short_are_passed_over(job: JobFolder) -> None:
    me = Identity(0, "71")
    folder = run.prepare(job, 1, me)
    assert folder is not None
    (folder.path / layout.HEARTBEAT).touch()
    (folder.path / "progress.jsonl").write_text('{"done": 2, "total": 4, "message": "two"}\n{"done": 3, "tot')
    (folder.path / layout.END).write_text("")
    view = status.look(job)[0]
    assert (view.state, view.fraction, view.message) == ("running", 0.5, "two")


def test_the_plan_is_made_once(job: JobFolder, context: Context, tmp_path: Path) -> None:
    before = layout.plan_path(job.path).read_text()
    other = parse_specification(training([configuration(tmp_path, "other")]))
    assert [task.title for task in make_plan(other, job, context).tasks] == ["north", "south", "west"]
    assert layout.plan_path(job.path).read_text() == before
    layout.plan_path(job.path).write_text("{")
    with pytest.raises(DeepSoilError, match=r"plan\.json"):
        read_plan(job)


@pytest.mark.parametrize(("second", "field"), [
    ({"name": "north"}, "options.configurations.1"),
    ({"name": "../south"}, "name"),
    ({"weather": {"root": "weather"}}, "options.configurations.1.weather.root"),
])
def test_configurations_that_cannot_be_told_apart_or_found_are_refused(context: Context, tmp_path: Path, second: dict,
                                                                      field: str) -> None:
    one, two = configuration(tmp_path, "north"), configuration(tmp_path, "south")
    for key, value in second.items():
        two[key] = two[key] | value if isinstance(value, dict) else value
    with pytest.raises(DeepSoilError) as caught:
        planned(context, training([one, two]))
    assert caught.value.field == field


def test_other_kinds_are_one_task_and_simulations_as_many_as_asked(context: Context, tmp_path: Path) -> None:
    def titles(**changes: Any) -> list[tuple[str, dict]]:
        document = {"schema": SCHEMA, "id": os.urandom(16).hex(), "name": "x",
                    "resources": {"scheduler": "slurm", "tasks": 3}, **changes}
        return [(task.title, task.payload) for task in planned(context, document)[1].tasks]

    store = str(tmp_path / "store")
    assert titles(kind="ingest", options={"recipe": store, "store": store}) == [("Ingestion", {})]
    assert titles(kind="simulate", options={"store": store}) == [
        (f"Part {part} of 3", {"shard": f"{part}/3"}) for part in (1, 2, 3)]
    for alone in ({"restart": True}, {"sample": {"pixels": 5, "year": 2020}}, {"shard": "2/5"}):
        assert titles(kind="simulate", options={"store": store, **alone}) == [("Simulation", {})]


def test_of_many_who_make_a_file_at_once_one_does(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: write_once(tmp_path / "owner", str(n)), range(64)))
    assert sum(made) == 1 and (tmp_path / "owner").read_text() == str(made.index(True))
    assert [path.name for path in tmp_path.iterdir()] == ["owner"]


def test_identity_is_what_slurm_says() -> None:
    said = {"SLURM_ARRAY_JOB_ID": "71", "SLURM_ARRAY_TASK_ID": "4", "SLURM_RESTART_COUNT": "2", "SLURM_JOB_ID": "75"}
    found = identity(said | {"SLURM_CPUS_PER_TASK": "2"}, None)
    assert (found.index, found.array, found.restart, found.cpus) == (4, "71", 2, 2) and found.requeue is not None
    assert identity({}, 3).index == 3 and identity({}, 3).requeue is None
    with pytest.raises(DeepSoilError, match="Which task"):
        identity({}, None)


def test_curves_are_there_while_a_training_runs_and_stay(job: JobFolder) -> None:
    def epoch(folder: TaskFolder) -> None:
        with (folder.path / "work" / "south" / "curves.jsonl").open("a") as file:
            file.write(json.dumps({"epoch": 0, "validation_mae": 0.1}) + "\n" + '{"epoch": 1, "val')

    seen: list[Any] = []
    _HOOKS[1], _HOOKS[2] = epoch, lambda folder: seen.append(curves.read(job))
    assert curves.read(job) == []
    do(job, 1)
    assert seen == [[{"task": 1, "title": "south", "rows": [{"epoch": 0, "validation_mae": 0.1}]}]]
    assert curves.read(job, 0) == [] and curves.read(job, 1) == seen[0]


def test_a_folder_of_a_thousand_tasks_is_looked_at_with_few_questions(context: Context, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    root = weather(tmp_path / "weather")
    job, plan = planned(context, training([configuration(root, f"region {n}") for n in range(50)]))
    for task in plan.tasks:
        folder = run.prepare(job, 1, Identity(task.index, "71"))
        assert folder is not None
        folder.progress(1, 2, "half")
        if task.index % 2:
            folder.write_result()
    opened: list[Path] = []
    original = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *rest, **more: opened.append(self) or original(self, *rest, **more))
    assert sum(view.fraction for view in status.look(job)) == 37.5
    assert len(opened) <= 3 * 50

