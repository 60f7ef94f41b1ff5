"""What a scheduler with job arrays must be able to do. A new one implements `ArrayBackend` and needs no other change.

A backend decides nothing: it submits on request, reports what the scheduler shows, and cancels. It reports nothing
rather than something uncertain: an error, or an unreadable answer, raises `NoAnswerError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal, Protocol

from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.schedulers.base import Ask, Finding

Part = Literal["array", "merge"]
Phase = Literal["waiting", "running", "ended", "unknown"]
End = Literal["completed", "failed", "cancelled", "time_limit", "out_of_memory", "node_lost", "preempted"]


class NoAnswerError(Exception):
    """The scheduler did not answer, or not in a form that can be trusted. The text says why."""


class Record(Protocol):
    """What the scheduler says of one task of an array, or of a merge.

    name   of the job, as it was submitted
    array  the scheduler's number of the array, or of the merge
    index  of the task in its array; None for a merge
    phase  ``unknown`` for a state name that is not known; it ends nothing
    end    how it ended; None if it has not ended, or if that is not known
    words  the scheduler's name for the state, for messages
    """

    @property
    def name(self) -> str: ...
    @property
    def array(self) -> str: ...
    @property
    def index(self) -> int | None: ...
    @property
    def phase(self) -> Phase: ...
    @property
    def end(self) -> End | None: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True)
class TaskRecord:
    """A `Record` for backends that have nothing to add."""

    name: str
    array: str
    index: int | None
    phase: Phase
    end: End | None = None
    words: str = ""


@dataclass(frozen=True)
class Facts:
    """Settings from the configuration of the scheduler.

    remembers_s       how long a job that has ended is still shown
    answer_timeout_s  how long a submission may take effect after its answer was lost
    largest_array     how many tasks an array may have
    accounting        whether `ArrayBackend.history` can be asked
    """

    version: str = ""
    remembers_s: int = 300
    answer_timeout_s: int = 10
    largest_array: int = 1000
    accounting: bool = False


@dataclass(frozen=True)
class Request:
    """A part of an attempt to be submitted: an array of tasks, or the merge of their results.

    name       of the job, unique to this part of this attempt; the scheduler must show it in `ArrayBackend.observe`
    tasks      their numbers in the array, sorted, not always consecutive; empty for a merge
    after      numbers of the arrays that must have ended before a merge begins, however they ended
    memory_mb  for one task, in place of ``resources.memory_mb``
    folder     of the attempt; the output of a task goes to `task_output`, that of a merge to `merge_output`
    script     what is to be run
    """

    job: str
    name: str
    part: Part
    tasks: tuple[int, ...]
    after: tuple[str, ...]
    resources: Resources
    memory_mb: int | None
    folder: PurePosixPath
    script: PurePosixPath


@dataclass(frozen=True)
class Submission:
    """The outcome of a submission; ``number``: of the array or the merge; ``words``: the scheduler's message.

    refused  certain: nothing was submitted, and the same request would be refused again
    later    certain: nothing was submitted, and the same request may be accepted later
    unknown  everything else; the job is looked for by its name
    """

    kind: Literal["submitted", "refused", "later", "unknown"]
    number: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Node:
    """The engine and a job as the nodes see them.

    python     the engine's interpreter
    variables  environment variables of a task besides those of every login, e.g. ``DEEPSOIL_HOME``
    """

    python: str
    job: PurePosixPath
    variables: Mapping[str, str]


class ArrayBackend(ABC):
    """One scheduler, as the user of this process sees it. Safe for several threads.

    name              as in ``resources.scheduler``
    title             for people
    passed_variables  variables that tasks need on the nodes to reach this scheduler
    """

    name: str
    title: str
    passed_variables: tuple[str, ...] = ()

    @abstractmethod
    def require(self) -> None:
        """DeepSoilError ``scheduler_missing`` if the scheduler's commands are not available."""

    @abstractmethod
    def facts(self) -> Facts | None:
        """The configuration; None while it is not known. Called often: cache the answer."""

    @abstractmethod
    def submit(self, request: Request) -> Submission:
        """Submit a part. It must not be started again by the scheduler under another number."""

    @abstractmethod
    def observe(self, names: Sequence[str]) -> Sequence[Record]:
        """All tasks of this user's jobs of these names that the scheduler shows, also ended ones. NoAnswerError."""

    def history(self, names: Sequence[str]) -> Sequence[Record]:
        """The same from the accounting, which keeps records longer. NoAnswerError."""
        return []

    @abstractmethod
    def cancel(self, names: Sequence[str]) -> None:
        """End all of this user's jobs of these names; whether it worked shows in the next `observe`."""

    @abstractmethod
    def script(self, node: Node, command: Sequence[str], request: Request) -> str:
        """The script that runs ``deepsoil COMMAND`` for a task or a merge."""

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        """See `Scheduler.warnings`."""
        return []

    def waiting_for(self, records: Sequence[Record], resources: Resources, memory_mb: int | None) -> str:
        """What the waiting tasks ``records`` wait for, as a readable message."""
        return WAITING

    @abstractmethod
    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        """See `Scheduler.identity`."""

    def restarts(self, environment: Mapping[str, str]) -> int:
        """See `Scheduler.restarts`."""
        return 0

    @abstractmethod
    def probe(self, ask: Ask, resources: Resources) -> Finding:
        """See `Scheduler.probe`."""


WAITING = Text("Waiting for its turn")


def array_name(job: str, attempt: int) -> str:
    return f"ds-{job}-{attempt}"


def merge_name(job: str, attempt: int) -> str:
    return f"ds-{job}-{attempt}-merge"


def is_merge(name: str) -> bool:
    return name.endswith("-merge")


def task_output(array: str, index: str) -> str:
    """The name of a task's output file. Created when the task starts, it proves that the array was submitted.

    Both may be the scheduler's patterns, e.g. ``%A`` and ``%a``.
    """
    return f"output-{array}.{index}.txt"


def merge_output(number: str) -> str:
    return f"output-merge-{number}.txt"
