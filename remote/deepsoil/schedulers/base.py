"""The interface of a scheduler: what runs the jobs of a host. Services, kinds and hosts know schedulers only by it.

`process/` runs a job as one process of this computer. Schedulers with job arrays build on `array/`, where a new one is
an `ArrayBackend`: its commands, what they answer, its script. `registry` finds them by name.
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

if TYPE_CHECKING:  # pydantic's models: the queue's process must start at once
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
"""Runs pieces of POSIX shell on a host, each by itself. DeepSoilError where the connection is lost."""


@dataclass(frozen=True)
class Finding:
    """The result of one step of the connection test."""

    state: Literal["passed", "warning", "failed", "skipped"]
    message: str
    hint: str = ""
    details: str = ""


class Watch(ABC):
    """Follows the jobs of one scheduler in one HOME while a service runs. All its work is done in its own thread."""

    @abstractmethod
    def start(self) -> None:
        """Begin; called once."""

    @abstractmethod
    def wake(self) -> None:
        """Look at the jobs at once: one was submitted or is to be cancelled."""

    @abstractmethod
    def stop(self, timeout_s: float) -> None:
        """End; wait at most ``timeout_s`` for work under way."""


class Advances(Protocol):
    """Advances the jobs of one scheduler in one HOME, step by step, in the caller's thread."""

    @property
    def searching(self) -> bool:
        """Whether it is not certain of some submission that the scheduler has it; a few more steps settle that."""

    def active(self) -> Sequence[JobFolder]:
        """The jobs that have not ended."""

    def round(self) -> bool:
        """One step for each; whether anything changed."""


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
        """Error objects for what will probably not be granted; they do not prevent the job."""
        return []

    def accept(self, specification: Specification, plan: JobPlan,
               earlier: JobFolder | None) -> Callable[[Path], None] | None:
        """Check a request that was worked out, and divide it into tasks; nothing is written yet.

        Returns what writes further files into the draft of the job's folder; None where there are none. ``earlier``: a
        job of the same request whose finished tasks need not be repeated. DeepSoilError where the scheduler cannot take
        the job, e.g. ``too_many_tasks``.
        """
        return None

    @abstractmethod
    def start(self, home: Path, make_context: Callable[[], Context]) -> None:
        """Start what waits in a HOME, from a process that does not stay: a command at a terminal."""

    def advancer(self, home: Path, make_context: Callable[[], Context]) -> Advances | None:
        """For a process that advances jobs itself; None where jobs go on without one."""
        return None

    @abstractmethod
    def watch(self, home: Path, make_context: Callable[[], Context]) -> Watch:
        """A new watch, not started yet."""

    @abstractmethod
    def refresh(self, folder: JobFolder) -> Status:
        """The status of a job, corrected where that can be done at once. DeepSoilError ``job_damaged``."""

    @abstractmethod
    def cancel(self, folder: JobFolder) -> Status:
        """Ask a job to stop, and its status now; one that has ended stays as it is."""

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        """Which task this process is, from the variables that the scheduler sets on a node.

        ``index``: the task, where the caller knows it. DeepSoilError ``index_missing`` where nobody does.
        """
        return identity.alone(index)

    def restarts(self, environment: Mapping[str, str]) -> int:
        """How often the scheduler has started this job again."""
        return 0

    @abstractmethod
    def probe(self, ask: Ask, resources: Resources) -> Finding:
        """What the scheduler of another host offers, and whether it would take jobs with these resources."""
