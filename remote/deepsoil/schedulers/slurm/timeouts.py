"""How long is waited before something is believed. In seconds; tests, and sites with odd disks, may set them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from deepsoil.schedulers.slurm.parser import Facts

_VARIABLE = "DEEPSOIL_SLURM_TIMES"


@dataclass(frozen=True)
class Times:
    """settle   from the first look-up without a find until Slurm is asked again; None: MessageTimeout and a margin
    lag      a task may be missing from the queue for so long; None: 120 s, or MinJobAge where that is longer
    grace    so long a network's disk may hide what a node has written
    """

    settle: float | None = None
    lag: float | None = None
    grace: float = 15.0
    first_look: float = 5.0
    longest_look: float = 60.0

    def settle_s(self, facts: Facts | None) -> float:
        return self.settle if self.settle is not None else (facts or Facts()).message_timeout_s + 15.0

    def lag_s(self, facts: Facts | None) -> float:
        return self.lag if self.lag is not None else max(120.0, (facts or Facts()).min_job_age_s)


def times(environment: Mapping[str, str] | None = None) -> Times:
    """The usual times, or as ``DEEPSOIL_SLURM_TIMES`` says: ``settle=3,lag=5,first_look=0.5``."""
    said = (os.environ if environment is None else environment).get(_VARIABLE, "")
    known = {field.name for field in fields(Times)}
    pairs = (part.partition("=") for part in said.split(",") if part)
    return replace(Times(), **{name: float(value) for name, _, value in pairs if name in known})
