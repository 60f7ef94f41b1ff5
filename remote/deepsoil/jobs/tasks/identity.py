"""Which task a process runs. A scheduler reads it from the environment; without one a process is its own array."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from deepsoil.contract.errors import DeepSoilError

_ALONE = "alone-"


@dataclass(frozen=True)
class Identity:
    """index: of the task in the plan; array: the scheduler's number of the array; restart: how often it was restarted.

    cpus     how many CPUs the scheduler gives the task; None if it does not say
    requeue  asks the scheduler to start the task again later, which soon ends this process; returns None, or why
             that is impossible. None without such a scheduler
    """

    index: int
    array: str
    restart: int = 0
    cpus: int | None = None
    requeue: Callable[[], str | None] | None = None


def alone(index: int | None) -> Identity:
    """A task that no scheduler started. DeepSoilError ``index_missing``."""
    return Identity(require_index(index), f"{_ALONE}{secrets.token_hex(8)}")


def by_scheduler(array: str) -> bool:
    """Whether the number of an array is a scheduler's."""
    return bool(array) and not array.startswith(_ALONE)


def require_index(index: int | None) -> int:
    """DeepSoilError ``index_missing`` if it is not known which task to run."""
    if index is None:
        raise DeepSoilError("index_missing", "Which task is to run is not known.",
                            "Run this command as a task of a job array, or add --index.", "index")
    return index
