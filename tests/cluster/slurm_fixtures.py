"""What the fixtures of a Slurm share: started or skipped with the reason, and lent to one test after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from deepsoil.schedulers import registry
from slurm_cluster import SlurmCluster, missing


@contextmanager
def running(nodes: int, mode: str = "plain", prepare: Callable[[SlurmCluster], None] | None = None, lines: str = ""
            ) -> Iterator[SlurmCluster]:
    """A cluster while it is used. Skips the test, with the reason, where it cannot be had."""
    if reason := missing():
        pytest.skip(reason)
    cluster = SlurmCluster(nodes, mode, lines)
    try:
        yield cluster.start(prepare)
    finally:
        cluster.close()


def lent(cluster: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    """The cluster for this process and its children, left afterwards as it was found."""
    monkeypatch.setenv("SLURM_CONF", cluster.env["SLURM_CONF"])
    monkeypatch.setattr(registry, "_found", {})  # a scheduler keeps its cluster's configuration for minutes
    yield cluster
    cluster.tidy()
