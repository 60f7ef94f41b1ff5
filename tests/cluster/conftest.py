"""A real Slurm of 19 nodes for the tests of this folder; skipped, with the reason, where it cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from slurm_cluster import SlurmCluster, missing
from sshd import person, sshd, there

__all__ = ["person", "sshd", "there"]


@pytest.fixture(scope="session")
def slurm_session() -> Iterator[SlurmCluster]:
    """The cluster itself, up for the whole run. Use `slurm`, which leaves it as it was found."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    cluster = SlurmCluster(19)
    try:
        yield cluster.start()
    finally:
        cluster.close()


@pytest.fixture
def slurm(slurm_session: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    """The cluster with an empty queue and idle nodes, for this process and its children; tidied up afterwards."""
    monkeypatch.setenv("SLURM_CONF", slurm_session.env["SLURM_CONF"])
    yield slurm_session
    slurm_session.tidy()
