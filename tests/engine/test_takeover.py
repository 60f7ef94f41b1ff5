"""A retry goes on from what the earlier job left: finished tasks, checkpoints, simulated columns."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, Kind
from deepsoil.jobs.tasks import layout, run, status
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds.preparation import prepare
from deepsoil.kinds.registry import find_kind
from deepsoil.kinds.train import Train
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.accept import accept
from deepsoil.schedulers.array.backend import Facts
from deepsoil.service.jobs import Jobs
from host_fixtures import Client
from host_tools import Engine, request, until
from tasks_tools import configuration, planned, training, weather, winner

SLURM: Any = SimpleNamespace(facts=lambda: Facts(largest_array=1000), title="Slurm")
EPOCHS = 4


class Counting(Train):
    """A training whose weights are the numbers of its epochs; it stops after ``stop_after`` of them."""

    stop_after: int | None = None

    def run(self, specification: Any, folder: Any, context: Context) -> None:
        (wanted,) = specification.options.configurations
        name = wanted["name"]
        place = folder.path / "work" / name
        place.mkdir(parents=True, exist_ok=True)
        if not (folder.shared / "columns").exists():
            folder.shared.mkdir(parents=True, exist_ok=True)
            (folder.shared / "columns").write_text(folder.path.name)
        weights = read(place) if (place / "checkpoint.pt").exists() else []
        for epoch in range(len(weights), EPOCHS):
            weights.append(epoch)
            with zipfile.ZipFile(place / ".draft", "w") as file:
                file.writestr("weights", json.dumps(weights))
            (place / ".draft").replace(place / "checkpoint.pt")
            with (place / "curves.jsonl").open("a") as file:
                file.write(json.dumps({"epoch": epoch}) + "\n")
            folder.progress(epoch + 1, EPOCHS, f"Epoch {epoch + 1}")
            if self.stop_after == epoch + 1:
                folder.stop_requested = True
            folder.stop_if_cancelled()
        draft = folder.temporary(f"{name}/weights.onnx")
        draft.write_text(f"{name} {weights}")
        folder.add_output(draft, "model")


KIND = Counting()


def read(place: Path) -> list[int]:
    with zipfile.ZipFile(place / "checkpoint.pt") as file:
        return list(json.loads(file.read("weights")))


def _find(name: str) -> Kind:
    return KIND if name == "train" else find_kind(name)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path / "home", None, None, _find)  # type: ignore[arg-type]


@pytest.fixture
def wanted(tmp_path: Path) -> list[dict[str, Any]]:
    root = weather(tmp_path / "weather")
    return [configuration(root, name) for name in ("north", "south")]


def task(job: JobFolder, context: Context, index: int, *, restart: int = 0, stop_after: int | None = None) -> str:
    """Run a task here; ``stop_after``: the epochs after which the system asks it to stop."""
    KIND.stop_after = stop_after
    me = Identity(index, "71", restart)
    folder = run.prepare(job, 1, me)
    assert folder is not None
    return run.run(folder, me, lambda: context)


def epochs(run: Path) -> list[int]:
    return [json.loads(line)["epoch"] for path in run.glob("work/*/curves.jsonl")
            for line in path.read_text().splitlines()]


def again(job: JobFolder, context: Context) -> JobFolder:
    """The retry of a job, in its folder."""
    document = {**job.document(), "id": "ab" * 16}
    specification = prepare(parse_specification(document), context)
    plan = context.find_kind("train").plan(specification, context)
    made, _ = JobFolder.create(context.jobs, specification, fill_draft=accept(SLURM, specification, plan, job))
    return made


def test_an_unfinished_training_goes_on_in_the_retry(context: Context, wanted: list[Any]) -> None:
    job, _ = planned(context, training(wanted))
    assert task(job, context, 0) == "succeeded"
    assert task(job, context, 1, stop_after=2) == "interrupted"

    retry = again(job, context)
    left = [path for path in retry.path.rglob("checkpoint.pt") if "/1/" in str(path)]
    assert left and all(path.stat().st_nlink > 1 for path in left), "it costs no disk space"
    finished, unfinished = status.look(retry)
    assert (finished.state, unfinished.state) == ("succeeded", "waiting")
    assert 0 < unfinished.fraction < 1, "what was reached is shown"
    shutil.rmtree(job.path)  # the user removes the earlier job
    assert task(retry, context, 1) == "succeeded"
    assert "Continues run-0.0" in (winner(retry, 1) / "log.jsonl").read_text()
    assert epochs(winner(retry, 1)) == read(winner(retry, 1) / "work" / "south") == [0, 1, 2, 3]
    steps = (winner(retry, 1) / "progress.jsonl").read_text().splitlines()
    assert json.loads(steps[0])["message"] == "Epoch 3", "the first two are not repeated"
    assert (retry.path / "tasks" / "shared" / "columns").read_text() == "run-1.0", "no column is simulated again"


def test_what_an_earlier_job_that_still_runs_writes_does_not_reach_the_retry(
        context: Context, wanted: list[Any]) -> None:
    job, _ = planned(context, training(wanted))
    assert task(job, context, 1, stop_after=1) == "interrupted"
    retry = again(job, context)
    before = {path: path.read_bytes() for path in retry.path.rglob("*") if path.is_file()}
    assert task(job, context, 1, restart=1) == "succeeded"
    (curves,) = (layout.task_path(job.path, 1) / "run-1.0").glob("work/*/curves.jsonl")
    with curves.open("a") as file:
        file.write("{}\n")
    assert {path: path.read_bytes() for path in retry.path.rglob("*") if path.is_file()} == before


def test_a_retry_of_a_retry_goes_on_from_the_furthest(context: Context, wanted: list[Any]) -> None:
    job, _ = planned(context, training(wanted))
    assert task(job, context, 1, stop_after=2) == "interrupted"
    first = again(job, context)
    shutil.rmtree(job.path)
    first.path.rename(job.path)  # its id is free for the next
    second = again(JobFolder(job.path), context)
    assert task(second, context, 1, stop_after=3) == "interrupted"
    latest = layout.runs(layout.task_path(second.path, 1))[-1]
    assert epochs(latest) == [0, 1, 2] and len((latest / "progress.jsonl").read_text().splitlines()) == 1


def test_a_training_on_this_computer_goes_on_in_the_retry(context: Context, wanted: list[Any],
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(context.home, lambda: context)
    monkeypatch.setattr(registry.find("process"), "start", lambda *_: None)
    document = training(wanted[:1])
    del document["resources"]
    first = jobs.folder(jobs.submit(document)["id"])
    assert first.claim()
    monkeypatch.setattr(KIND, "stop_after", 2)
    assert runner.run(first, lambda: context).state == "cancelled"
    monkeypatch.setattr(KIND, "stop_after", None)
    retry = jobs.folder(jobs.retry(first.id, "cd" * 16)["id"])
    assert epochs(retry.path) == [0, 1] and retry.claim()
    assert runner.run(retry, lambda: context).state == "succeeded"
    assert epochs(retry.path) == [0, 1, 2, 3]


def test_nothing_is_taken_over_from_another_request(context: Context, wanted: list[Any],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(context.home, lambda: context)
    monkeypatch.setattr(registry.find("process"), "start", lambda *_: None)
    document = training(wanted[:1])
    del document["resources"]
    first = jobs.submit(document)
    (context.jobs / first["id"] / "work").mkdir()
    (context.jobs / first["id"] / "work" / "left").write_text("left")
    ids = iter(f"{number:032x}" for number in range(10))
    for changes, expected in (({}, True), ({"name": "another name"}, True),
                              ({"options": {"configurations": wanted[1:]}}, False)):
        made = jobs.submit_again({**document, **changes, "id": next(ids)}, first["id"])
        assert (context.jobs / made["id"] / "work" / "left").exists() is expected, changes
    for gone in ("e" * 32, "../../etc", ""):
        assert jobs.submit_again({**document, "id": next(ids)}, gone)["state"] == "queued"


def test_a_retry_of_a_job_of_a_host_says_which_job_it_repeats(open_client: Callable[..., Client],
                                                              engine: Engine) -> None:
    client = open_client().ready()
    first = client.hosts.submit("hydra", request())["id"]
    until(lambda: client.job(first)["state"] == "succeeded")
    client.hosts.answer_about_job(client.remote, "retry", {"id": first, "new_id": "0" * 32})
    sent = [params for method, params in engine.asked if method == "submit"]
    assert [params.get("earlier") for params in sent] == [None, first]
