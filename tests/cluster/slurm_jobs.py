"""For tests of jobs through a real Slurm: see `array_jobs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from array_jobs import FAKE, QUICK, ArrayHome, attempt
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.timeouts import Timeouts
from deepsoil.schedulers.slurm.scheduler import Slurm
from slurm_cluster import SlurmCluster

__all__ = ["FAKE", "Home", "attempt"]


class Home(ArrayHome):
    """One HOME on the login node of a cluster."""

    def __init__(self, path: Path, cluster: SlurmCluster, times: Timeouts = QUICK) -> None:
        self.cluster = cluster
        super().__init__(path, Slurm(), times)

    def new_advancer(self, timeout_s: float = 60.0) -> Advancer:
        """As after a restart: it remembers nothing, and asks a Slurm that answers within ``timeout_s``."""
        return Advancer(self.path, Slurm(timeout_s), self.context, self.times)

    def resources(self) -> dict[str, Any]:
        return {"scheduler": "slurm", "partition": "gpu", "cpus": 1, "memory_mb": 100, "minutes": 10}
