"""What a job asks of the host where it runs: the scheduler, and what one task may use. Pure."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.schedulers import SCHEDULER_HINT, SchedulerName
from deepsoil.contract.strict import Strict

# Names as schedulers use them; without blanks, quotes and characters that are special in a shell.
WORD_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.,+@:-]{0,99}$"
Word = Annotated[str, Field(pattern=WORD_PATTERN)]

WORD_HINT = ("It must be a name of letters, digits and _ . , + @ : - as the scheduler knows it; blanks, quotes and $ "
             "are not allowed.")

LIMITS: dict[str, tuple[int, int]] = {
    "gpus": (0, 64), "cpus": (1, 1024), "memory_mb": (1, 100_000_000), "minutes": (1, 525_600), "tasks": (1, 100_000),
    "processes": (1, 1024), "attempts": (1, 20)}
"""The minimum and maximum of each number."""
DEFAULT_ATTEMPTS = 3


def _within(name: str) -> Any:
    least, most = LIMITS[name]
    return Field(ge=least, le=most)


Gpus = Annotated[int, _within("gpus")]
Cpus = Annotated[int, _within("cpus")]
MemoryMb = Annotated[int, _within("memory_mb")]
Minutes = Annotated[int, _within("minutes")]
Tasks = Annotated[int, _within("tasks")]
Processes = Annotated[int, _within("processes")]
Attempts = Annotated[int, _within("attempts")]


class Resources(Strict):
    """All but ``scheduler`` describe one task; None: the host's default. Memory in MB, time in minutes."""

    scheduler: SchedulerName = DEFAULT_SCHEDULER
    partition: Word | None = None
    account: Word | None = None
    qos: Word | None = None
    gpus: Gpus | None = None
    cpus: Cpus | None = None
    memory_mb: MemoryMb | None = None
    minutes: Minutes | None = None
    tasks: Tasks | None = None
    processes: Processes | None = None
    attempts: Attempts | None = None

    @property
    def most_attempts(self) -> int:
        """How often a task is tried at most."""
        return self.attempts if self.attempts is not None else DEFAULT_ATTEMPTS


HINTS = {
    "resources.scheduler": SCHEDULER_HINT,
    "resources.partition": WORD_HINT, "resources.account": WORD_HINT, "resources.qos": WORD_HINT,
    **{f"resources.{name}": f"It must be a whole number from {least} to {most}."
       for name, (least, most) in LIMITS.items()},
}
