"""A job of more tasks than Slurm takes in an array is sent as several arrays, and is one job all the same."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.array.backend import is_merge
from slurm_cluster import SlurmCluster
from slurm_fixtures import lent, running
from slurm_jobs import FAKE, Home, attempt

sys.path.insert(0, str(FAKE))
import fake_tasks


@pytest.fixture(scope="module")
def small_arrays() -> Iterator[SlurmCluster]:
    """A Slurm whose arrays have at most three tasks."""
    with running(4, lines="MaxArraySize=4\n") as cluster:
        yield cluster


@pytest.fixture
def home(small_arrays: SlurmCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    monkeypatch.setattr(fake_tasks.FakeSimulate, "plan", plan_of(fake_tasks.FakeSimulate.plan))
    fake_tasks.install()
    for cluster in lent(small_arrays, monkeypatch):
        yield Home(tmp_path / "home", cluster)


def plan_of(plan: object) -> object:
    """As a training, which has a task for each configuration whatever the scheduler takes."""
    def eight(self: object, specification: object, context: object) -> object:
        made = plan(self, specification, context)  # type: ignore[operator]
        made.tasks = lambda most: made.numbered([{}] * 8)
        return made
    return eight


def tasks_of(folder: JobFolder, count: int) -> list[list[int]]:
    return [attempt(folder, number, "intent.json")["tasks"] for number in range(1, count + 1)]


def test_eight_tasks_are_three_arrays_and_every_task_runs_once(home: Home) -> None:
    folder = home.send("quick-merged")
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert tasks_of(folder, 3) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert home.ran("quick-merged") == Counter(range(8))
    assert (folder.outputs_path / "all.txt").read_text() == "".join(f"result of {n}\n" for n in range(8))
    assert len(home.arrays(folder)) == 3
    assert home.summary(folder)["tasks"] == {"total": 8, "waiting": 0, "running": 0, "succeeded": 8, "failed": 0}
    merges = [record for record in home.backend.observe(home.names(folder)) if is_merge(record.name)]
    assert len({record.array for record in merges}) == 1, "one merge, after all of them"


def test_a_task_of_a_later_array_that_was_killed_is_repeated_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home.send("die-7-merged", attempts=2)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("die-7-merged") == Counter({**dict.fromkeys(range(7), 1), 7: 2})
    assert attempt(folder, 4, "intent.json")["tasks"] == [7]


def test_all_arrays_of_a_cancelled_job_end(home: Home) -> None:
    folder = home.send("wait", tasks=3)  # at once, in all arrays together
    home.until(lambda: home.summary(folder)["tasks"]["running"] == 3)
    assert len(home.arrays(folder)) == 3
    home.jobs.cancel(folder.id)
    assert home.ended(folder) == "cancelled"
    rows = home.backend.observe(home.names(folder))
    assert rows and {row.phase for row in rows} == {"ended"}
