"""A real Slurm of 19 nodes for the tests of this folder; skipped, with the reason, where it cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from accounting import Accounting, accounting_root
from gridengine_cluster import GridEngineCluster
from gridengine_cluster import missing as gridengine_missing
from slurm_cluster import SlurmCluster, missing
from slurm_fixtures import lent, running
from sshd import person, sshd, there
from unpacked import Unavailable

__all__ = ["person", "sshd", "there"]


@pytest.fixture(scope="session")
def slurm_session() -> Iterator[SlurmCluster]:
    """The cluster itself, up for the whole run. Use `slurm`, which leaves it as it was found."""
    with running(19) as cluster:
        yield cluster


@pytest.fixture
def slurm(slurm_session: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    """The cluster with an empty queue and idle nodes, for this process and its children; tidied up afterwards."""
    yield from lent(slurm_session, monkeypatch)


@pytest.fixture(scope="module")
def slurm_accounting_session() -> Iterator[SlurmCluster]:
    """Four nodes with accounting, whose accounts, QOS and limits are enforced; the account is ``soil``."""
    if reason := missing():
        pytest.skip(reason)
    try:
        accounting = Accounting(accounting_root())
    except Unavailable as error:
        pytest.skip(str(error))
    with running(4, prepare=accounting) as cluster:
        yield cluster


@pytest.fixture
def slurm_accounting(slurm_accounting_session: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    """As `slurm`, with accounting."""
    yield from lent(slurm_accounting_session, monkeypatch)


@pytest.fixture(scope="module")
def slurm_cgroup_session() -> Iterator[SlurmCluster]:
    """Two nodes that enforce the limits of memory."""
    if not Path("/sys/fs/cgroup/memory/cgroup.procs").exists():
        pytest.skip("needs the memory controller of cgroup v1")
    with running(2, mode="cgroup") as cluster:
        yield cluster


@pytest.fixture
def slurm_cgroup(slurm_cgroup_session: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    """As `slurm`, with limits of memory."""
    yield from lent(slurm_cgroup_session, monkeypatch)


@pytest.fixture(scope="module")
def gridengine_session() -> Iterator[GridEngineCluster]:
    """A Grid Engine with one computer of eight slots."""
    if reason := gridengine_missing():
        pytest.skip(reason)
    try:
        cluster = GridEngineCluster()
    except Unavailable as error:
        pytest.skip(str(error))
    try:
        yield cluster.start()
    finally:
        cluster.close()


@pytest.fixture
def gridengine(gridengine_session: GridEngineCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[GridEngineCluster]:
    """The cluster with an empty queue, for this process and its children; tidied up afterwards."""
    for name, value in gridengine_session.variables.items():
        monkeypatch.setenv(name, value)
    yield gridengine_session
    gridengine_session.tidy()
