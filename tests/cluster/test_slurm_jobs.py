"""Jobs through a real Slurm: they end as their tasks do, say so in plain words, and repeat what a machine failed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from slurm_cluster import SlurmCluster
from slurm_jobs import FAKE, Home

sys.path.insert(0, str(FAKE))
import fake_tasks


@pytest.fixture
def home(slurm: SlurmCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    fake_tasks.install()
    return Home(tmp_path / "a home", slurm)


def test_an_array_with_a_merge_runs_every_task_once_and_publishes(home: Home) -> None:
    folder = home.send("quick-merged", tasks=5)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("quick-merged") == Counter(range(5))
    assert (folder.outputs_path / "all.txt").read_text() == "".join(f"result of {n}\n" for n in range(5))
    assert len(home.arrays(folder)) == 1
    summary = home.summary(folder)
    assert summary["tasks"] == {"total": 5, "waiting": 0, "running": 0, "succeeded": 5, "failed": 0}
    assert summary["progress"] == 1 and summary["knowledge"] == "current"
