"""How long to wait before a conclusion is drawn. In seconds; tests, and sites with slow disks, may set them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from deepsoil.schedulers.array.backend import Facts

_VARIABLE = "DEEPSOIL_SCHEDULER_TIMES"


@dataclass(frozen=True)
class Timeouts:
    """settle   from the first look-up without a result to a new submission; None: from the scheduler's configuration
    lag      how long a task may be missing from the queue; None: 120 s, or longer if the scheduler remembers longer
    grace    how long a network disk may hide what a node has written
    shortest_poll, longest_poll  the interval between two polls, after a change and while nothing changes
    """

    settle: float | None = None
    lag: float | None = None
    grace: float = 15.0
    shortest_poll: float = 5.0
    longest_poll: float = 60.0

    def settle_s(self, facts: Facts | None) -> float:
        return self.settle if self.settle is not None else (facts or Facts()).answer_timeout_s + 15.0

    def lag_s(self, facts: Facts | None) -> float:
        return self.lag if self.lag is not None else max(120.0, (facts or Facts()).remembers_s)


def timeouts(environment: Mapping[str, str] | None = None) -> Timeouts:
    """The defaults, or as ``DEEPSOIL_SCHEDULER_TIMES`` says: ``settle=3,lag=5,shortest_poll=0.5``."""
    text = (os.environ if environment is None else environment).get(_VARIABLE, "")
    known = {field.name for field in fields(Timeouts)}
    pairs = (part.partition("=") for part in text.split(",") if part)
    return replace(Timeouts(), **{name: float(value) for name, _, value in pairs if name in known})
