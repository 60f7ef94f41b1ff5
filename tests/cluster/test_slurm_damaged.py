"""Jobs of a real Slurm whose folders are damaged: cancelled or removed, nothing of them is left on the cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs import folder as folder_module
from deepsoil.jobs.folder import JobFolder
from slurm_cluster import SlurmCluster, until
from slurm_jobs import FAKE, Home

sys.path.insert(0, str(FAKE))
import fake_tasks

HALF = b'{"schema": 2, "sta'
DAMAGES: dict[str, Callable[[Path], object]] = {
    "state": lambda job: (job / "state.json").write_bytes(HALF),
    "no state": lambda job: (job / "state.json").unlink(),
    "request": lambda job: (job / "job.json").write_bytes(HALF),
    "note of the scheduler": lambda job: (job / "scheduler.json").write_bytes(HALF),
    "request and note": lambda job: [(job / name).write_bytes(HALF) for name in ("job.json", "scheduler.json")],
    "all three": lambda job: [(job / name).write_bytes(HALF) for name in ("job.json", "scheduler.json", "state.json")],
    "intent": lambda job: (job / "attempt-1" / "intent.json").write_bytes(b""),
    "plan": lambda job: next(job.rglob("plan.json")).write_bytes(HALF),
}


@pytest.fixture
def home(slurm: SlurmCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    fake_tasks.install()
    return Home(tmp_path / "home", slurm)


def damaged(home: Home, damage: str) -> JobFolder:
    """A running job with a damaged folder, met by an engine that was just started."""
    folder = home.send("wait")
    home.until(lambda: (home.summary(folder)["tasks"] or {}).get("running") == 3, "the tasks do not begin")
    DAMAGES[damage](folder.path)
    folder_module._scheduler.cache_clear()
    home.advancer = home.new_advancer()
    return folder


def left(slurm: SlurmCluster) -> list[str]:
    return slurm.run("squeue", "-h", "-o", "%A").stdout.split()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_job_that_is_cancelled_leaves_slurm_and_can_be_removed(home: Home, slurm: SlurmCluster,
                                                                         damage: str) -> None:
    folder, healthy = damaged(home, damage), home.send("quick")
    for act in (lambda: home.jobs.cancel(folder.id), lambda: home.jobs.retry(folder.id, "ab" * 16)):
        try:
            act()
        except DeepSoilError as error:
            assert error.code == "job_damaged", error
    assert home.ended(healthy) == "succeeded", "it is not held up by the damaged one"
    names = {f"ds-{folder.id}-1"}
    home.until(lambda: not names & set(slurm.run("squeue", "-h", "-o", "%j").stdout.split()), "it still runs")
    home.until(lambda: removed(home, folder), "it cannot be removed")
    assert not folder.path.exists()


def removed(home: Home, folder: JobFolder) -> bool:
    try:
        home.jobs.remove(folder.id)
    except DeepSoilError as error:
        assert error.code == "job_active", error
        return False
    return True


@pytest.mark.parametrize("damage", ["state", "no state", "all three"])
def test_a_job_whose_state_is_damaged_is_removed_with_what_runs_of_it(home: Home, slurm: SlurmCluster,
                                                                      damage: str) -> None:
    folder = damaged(home, damage)
    home.jobs.remove(folder.id)
    assert not folder.path.exists()
    until(lambda: not left(slurm), "its array still runs")
