"""Trainings as tasks: killed within an epoch, in several processes, one after another; the weights are the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import curves, finish, layout, resume, run
from deepsoil.jobs.tasks import status as tasks_status
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds.registry import find_kind
from tasks_tools import configuration, planned, training, weather, weights_hash, winner

TIMEOUT_S = 180.0


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weather(tmp_path_factory.mktemp("weather"))


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    home = tmp_path_factory.mktemp("home")
    return Context(home, None, None, find_kind)  # type: ignore[arg-type]


def start(job: JobFolder, index: int, **variables: str) -> subprocess.Popen[bytes]:
    """The task as a scheduler starts it."""
    said = {"SLURM_ARRAY_JOB_ID": "71", "SLURM_ARRAY_TASK_ID": str(index), "SLURM_CPUS_PER_TASK": "1", **variables}
    return subprocess.Popen([sys.executable, "-P", "-m", "deepsoil", "run-task", str(job.path), "--attempt", "1"],
                            env={**os.environ, "PATH": "/nowhere", **said}, start_new_session=True)


def until_epoch(job: JobFolder, index: int, epochs: int) -> Path:
    """The latest run of a task, once it has a checkpoint of so many epochs."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        assert time.monotonic() < deadline, "the training does not begin"
        runs = layout.runs(layout.task_path(job.path, index))
        if runs and len(curves.read(job, index)) and len(curves.read(job, index)[0]["rows"]) >= epochs \
                and list(runs[-1].glob("work/*/checkpoint.pt")):
            return runs[-1]
        time.sleep(0.01)


def test_a_task_killed_within_an_epoch_ends_with_the_weights_of_one_that_was_left(context: Context,
                                                                                  ground: Path) -> None:
    same = {"epochs": 6, "steps_per_epoch": 4}
    wanted = [configuration(ground, "killed", **same), configuration(ground, "left", **same)]
    job, _ = planned(context, training(wanted))
    process, other = start(job, 0), start(job, 1)
    until_epoch(job, 0, 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert tasks_status.look(job)[0].state == "running", "only the scheduler can tell that it is gone"
    (killed,) = layout.runs(layout.task_path(job.path, 0))
    with (next(killed.glob("work/*/curves.jsonl"))).open("a") as file:
        file.write('{"epoch": 5, "da')  # within a line
    assert start(job, 0, SLURM_RESTART_COUNT="1").wait(TIMEOUT_S) == other.wait(TIMEOUT_S) == 0
    assert "Continues run-1.0" in (winner(job, 0) / "log.jsonl").read_text()
    assert weights_hash(winner(job, 0)) == weights_hash(winner(job, 1))
    rows = [[{k: v for k, v in row.items() if k != "seconds"} for row in one["rows"]] for one in curves.read(job)]
    assert rows[0] == rows[1] and len(rows[0]) == 6
    assert len(list((job.path / "tasks" / "shared").glob("columns-*.npz"))) == 1, "columns are kept once a job"
    finish.collect(job)
    names = {record["name"] for record in job.output_records()}
    assert {"killed/killed.onnx", "killed/curves.jsonl", "left/left.onnx", "left/metrics.json"} <= names
    assert not list((winner(job, 0)).rglob("*.part")), "drafts are not taken over"


def test_a_training_in_two_processes_is_continued_to_the_same_weights(context: Context, ground: Path) -> None:
    same = {"epochs": 3, "steps_per_epoch": 2}
    wanted = [configuration(ground, "stopped", **same), configuration(ground, "left", **same)]
    job, _ = planned(context, training(wanted, processes=2))
    process, other = start(job, 0), start(job, 1)
    until_epoch(job, 0, 1)
    process.send_signal(signal.SIGUSR2)
    assert process.wait(TIMEOUT_S) == 75
    view = tasks_status.look(job)[0]
    assert view.state == "waiting" and 0 < view.fraction < 1, "stopped between two epochs"
    ends = start(job, 0, SLURM_RESTART_COUNT="1").wait(TIMEOUT_S), other.wait(TIMEOUT_S)
    assert ends == (0, 0), (layout.runs(layout.task_path(job.path, 0))[-1] / "log.jsonl").read_text()
    assert weights_hash(winner(job, 0)) == weights_hash(winner(job, 1))
    assert [len(one["rows"]) for one in curves.read(job)] == [3, 3]
    files = json.loads((winner(job, 1).parent / layout.RESULT).read_text())["files"]
    assert "left/left.onnx" in {record["name"] for record in files}


def test_of_several_checkpoints_the_furthest_whole_one_is_taken(tmp_path: Path, context: Context, ground: Path) -> None:
    import torch

    job, _ = planned(context, training([configuration(ground)]))

    def run_with(restart: int, epochs: int, whole: bool = True) -> None:
        me = Identity(0, "71", restart, True)
        folder = run.prepare(job, 1, me)
        assert folder is not None
        training_folder = folder.path / "work" / "tiny"
        training_folder.mkdir()
        torch.save({"epoch": epochs}, training_folder / "checkpoint.pt")
        if not whole:
            (training_folder / "checkpoint.pt").write_bytes((training_folder / "checkpoint.pt").read_bytes()[:200])
        (training_folder / "curves.jsonl").write_text("".join(f'{{"epoch": {n}}}\n' for n in range(epochs)))
        (training_folder / ".best.pt.7.part").touch()
        if restart != 3:
            folder.write_end("interrupted", "", None)

    run_with(0, 5)
    run_with(1, 7)
    run_with(2, 9, whole=False)
    run_with(3, 6)
    latest = run.prepare(job, 1, Identity(0, "71", 4, True))
    assert latest is not None and resume.continue_earlier(latest) == "run-1.1"
    assert torch.load(latest.path / "work" / "tiny" / "checkpoint.pt")["epoch"] == 7
    assert sorted(path.name for path in (latest.path / "work" / "tiny").iterdir()) == ["checkpoint.pt", "curves.jsonl"]
    kept = [run.name for run in layout.runs(latest.task) if (run / "work").exists()]
    assert kept == ["run-1.1", "run-1.3", "run-1.4"], "what it continues, and what may still be writing"


def test_without_a_scheduler_configurations_are_trained_in_turn(context: Context, ground: Path, tmp_path: Path) -> None:
    one = {"epochs": 1, "steps_per_epoch": 1}
    wanted = [configuration(ground, "first", **one), configuration(tmp_path / "nowhere", "lost", **one),
              configuration(ground, "last", **one)]
    document: dict[str, Any] = training(wanted)
    del document["resources"]
    job, _ = JobFolder.create(context.jobs, parse_specification(document), claimed=True)
    status = runner.run(job, lambda: context)
    assert status.state == "failed" and status.reason is not None
    assert "1 of 3 trainings failed: lost" in status.reason["message"]
    names = {record["name"] for record in job.output_records()}
    assert {"first/first.onnx", "last/last.onnx"} <= names
    assert [(one["title"], len(one["rows"])) for one in curves.read(job)] == [("first", 1), ("last", 1)]
    steps = [json.loads(line) for line in (job.path / "progress.jsonl").read_text().splitlines()]
    shares = [step["done"] / step["total"] for step in steps]
    assert shares == sorted(shares) and steps[-1]["message"].startswith("last: ")
