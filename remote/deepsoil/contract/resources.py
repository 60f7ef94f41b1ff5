"""What a job asks of the host where it runs: the scheduler, and what one task may use. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.schedulers import SCHEDULER_HINT, SchedulerName
from deepsoil.contract.strict import Strict

# Names as schedulers have them; no blank, quote or sign that a shell would take for its own can be in them.
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.,+@:-]{0,99}$")]

WORD_HINT = ("It must be a name of letters, digits and _ . , + @ : - as the scheduler knows it; blanks, quotes and $ "
             "are not allowed.")


class Resources(Strict):
    """All but ``scheduler`` describe one task; None: what the host gives by itself. Memory in MB, time in minutes."""

    scheduler: SchedulerName = DEFAULT_SCHEDULER
    partition: Word | None = None
    account: Word | None = None
    qos: Word | None = None
    gpus: Annotated[int, Field(ge=0, le=64)] | None = None
    cpus: Annotated[int, Field(ge=1, le=1024)] | None = None
    memory_mb: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    minutes: Annotated[int, Field(ge=1, le=525_600)] | None = None
    tasks: Annotated[int, Field(ge=1, le=100_000)] | None = None
    processes: Annotated[int, Field(ge=1, le=1024)] | None = None
    attempts: Annotated[int, Field(ge=1, le=20)] | None = None

    @property
    def most_attempts(self) -> int:
        """How often a task is tried at most."""
        return self.attempts if self.attempts is not None else 3


HINTS = {
    "resources.scheduler": SCHEDULER_HINT,
    "resources.partition": WORD_HINT, "resources.account": WORD_HINT, "resources.qos": WORD_HINT,
    "resources.gpus": "It must be a whole number of GPUs from 0 to 64.",
    "resources.cpus": "It must be a whole number of CPUs from 1 to 1024.",
    "resources.memory_mb": "It must be a whole number of MB, from 1 to 100000000.",
    "resources.minutes": "It must be a whole number of minutes from 1 to 525600 (a year).",
    "resources.tasks": "It must be a whole number from 1 to 100000.",
    "resources.processes": "It must be a whole number from 1 to 1024.",
    "resources.attempts": "It must be a whole number from 1 to 20.",
}
