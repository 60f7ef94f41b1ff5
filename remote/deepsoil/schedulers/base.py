"""The interface of a scheduler, which runs the jobs of a host. Services, kinds and hosts use only this interface.

`process/` runs a job as one process of this computer. Schedulers with job arrays build on `array/`, where a new one is
an `ArrayBackend`: its commands, their output, its script. `registry` finds them by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from deepsoil.contract.states import Status
from deepsoil.jobs.tasks import identity
from deepsoil.jobs.tasks.identity import Identity

if TYPE_CHECKING:  # pydantic's models: the queue's process must start quickly
    from deepsoil.contract.resources import Resources
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context, JobPlan


class Answer(Protocol):
    """What a piece of shell script printed on the host, stdout and stderr, and whether its exit code was 0."""

    @property
    def ok(self) -> bool: ...

    @property
    def text(self) -> str: ...


class Answers(Protocol):
    """Answers by the name of the piece."""

    def __getitem__(self, name: str) -> Answer: ...


Ask = Callable[[Mapping[str, str]], Answers]
"""Runs pieces of POSIX shell on a host, each separately. DeepSoilError if the connection is lost."""


@dataclass(frozen=True)
class Finding:
    """The result of one step of the connection test."""

    state: Literal["passed", "warning", "failed", "skipped"]
    message: str
    hint: str = ""
    details: str = ""


class Watch(ABC):
    """Follows the jobs of one scheduler in one HOME while a service runs. Its work is done in its own thread."""

    @abstractmethod
    def start(self) -> None:
        """Begin; called once."""

    @abstractmethod
    def wake(self) -> None:
        """Check the jobs immediately: one was submitted or is to be cancelled."""

    @abstractmethod
    def stop(self, timeout_s: float) -> None:
        """Stop; wait at most ``timeout_s`` for work in progress."""


class Advances(Protocol):
    """Advances the jobs of one scheduler in one HOME, step by step, in the caller's thread."""

    @property
    def searching(self) -> bool:
        """Whether it is uncertain for some submission that the scheduler has it; a few more steps resolve that."""

    def active(self) -> Sequence[JobFolder]:
        """The jobs that have not ended."""

    def round(self) -> bool:
        """One step for each job; returns whether anything changed."""


class Scheduler(ABC):
    """Safe for several threads, and for several processes that serve one HOME.

    name   as in ``resources.scheduler``
    title  for people
    """

    name: str
    title: str

    @abstractmethod
    def require(self) -> None:
        """DeepSoilError ``scheduler_missing`` where this computer does not have it."""

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        """Error objects for resources that will probably not be granted; they do not prevent the job."""
        return []

    def accept(self, specification: Specification, plan: JobPlan,
               earlier: JobFolder | None) -> Callable[[Path], None] | None:
        """Check a planned request, and divide it into tasks; nothing is written yet.

        Returns a function that writes further files into the draft of the job's folder, or None. ``earlier``: a
        job of the same request whose finished tasks need not be repeated. DeepSoilError if the scheduler cannot take
        the job, e.g. ``too_many_tasks``.
        """
        return None

    @abstractmethod
    def start(self, home: Path, make_context: Callable[[], Context]) -> None:
        """Start the waiting jobs of a HOME from a short-lived process, such as a terminal command."""

    def advancer(self, home: Path, make_context: Callable[[], Context]) -> Advances | None:
        """For a process that advances jobs itself; None if jobs need no advancing."""
        return None

    @abstractmethod
    def watch(self, home: Path, make_context: Callable[[], Context]) -> Watch:
        """A new watch, not started yet."""

    @abstractmethod
    def refresh(self, folder: JobFolder) -> Status:
        """The status of a job, corrected if that can be done immediately. DeepSoilError ``job_damaged``."""

    @abstractmethod
    def cancel(self, folder: JobFolder) -> Status:
        """Ask a job to stop; returns its status. An ended job is unchanged."""

    def stop(self, job: str, attempts: Sequence[int]) -> None:
        """End all that this scheduler may have of a job whose folder can no longer be read. ``attempts``: numbers."""
        return

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        """Which task this process is, from the variables that the scheduler sets on a node.

        ``index``: the task, if the caller knows it. DeepSoilError ``index_missing`` if it is unknown.
        """
        return identity.alone(index)

    def restarts(self, environment: Mapping[str, str]) -> int:
        """How often the scheduler has restarted this job."""
        return 0

    @abstractmethod
    def probe(self, ask: Ask, resources: Resources) -> Finding:
        """What the scheduler of another host offers, and whether it would take jobs with these resources."""
