"""The same tests for every scheduler of the package: processes of this computer, a real Slurm, a real Grid Engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from array_jobs import FAKE, QUICK, ArrayHome, document, fake_tasks
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers import registry
from deepsoil.schedulers.gridengine.scheduler import GridEngine
from gridengine_cluster import GridEngineCluster
from scheduler_conformance import ArrayConformance, SchedulerConformance, ServedHome, served_home
from slurm_cluster import SlurmCluster
from slurm_jobs import Home


@pytest.fixture(autouse=True)
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    monkeypatch.setattr("deepsoil.schedulers.array.observation._HISTORY_INTERVAL_S", 0.5)
    monkeypatch.setattr(registry, "_found", {})  # what another cluster said
    fake_tasks.install()


class TestProcess(SchedulerConformance):
    @pytest.fixture
    def served(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHome]:
        yield from served_home(monkeypatch, tmp_path, "process", lambda recipe: document(tmp_path, recipe))


class TestSlurm(ArrayConformance, SchedulerConformance):
    waits_for_same_name = True
    whole_node = {"cpus": 2}

    @pytest.fixture
    def site(self, slurm: SlurmCluster, tmp_path: Path) -> Home:
        return Home(tmp_path, slurm)

    @pytest.fixture
    def served(self, site: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHome]:
        yield from served_home(monkeypatch, site.path, "slurm", site.document)

    def lose_node(self, site: ArrayHome, folder: JobFolder, index: int) -> None:
        assert isinstance(site, Home)
        shown = site.cluster.run("squeue", "-h", "-r", "-t", "running", "-o", "%K %N").stdout.split()
        site.cluster.kill_node(dict(zip(shown[::2], shown[1::2], strict=True))[str(index)])


class GridEngineHome(ArrayHome):
    def __init__(self, path: Path, cluster: GridEngineCluster) -> None:
        super().__init__(path, GridEngine(), QUICK)
        self.cluster = cluster


class TestGridEngine(ArrayConformance, SchedulerConformance):
    @pytest.fixture
    def site(self, gridengine: GridEngineCluster, tmp_path: Path) -> GridEngineHome:
        return GridEngineHome(tmp_path, gridengine)

    @pytest.fixture
    def served(self, site: ArrayHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHome]:
        yield from served_home(monkeypatch, site.path, "gridengine", site.document)

    def lose_node(self, site: ArrayHome, folder: JobFolder, index: int) -> None:
        assert isinstance(site, GridEngineHome)
        site.cluster.kill_task(f"SGE_TASK_ID={index + 1}")
