"""The interface of a kind of job. Jobs and schedulers know kinds only through it; the kinds themselves are in `kinds/`.

A kind describes itself (`Kind`), plans a request before it is queued (`JobPlan`), and does the work: all of it in
one process, or one task of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from deepsoil import extras

if TYPE_CHECKING:
    from deepsoil.contract.errors import DeepSoilError
    from deepsoil.contract.options import JobOptions
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.tasks.folder import TaskFolder
    from deepsoil.models.library import Library
    from deepsoil.regions import Regions


@dataclass(frozen=True)
class Context:
    """Where files are on this computer, and how a kind of job is found by its name.

    ``find_kind`` raises DeepSoilError ``kind_unavailable`` or ``extra_missing``.
    """

    home: Path
    regions: Regions
    library: Library
    find_kind: Callable[[str], Kind]

    @property
    def jobs(self) -> Path:
        return self.home / "jobs"


@dataclass(frozen=True)
class Task:
    """One task of a job: its number from 0, a readable name, and its share of the work as JSON."""

    index: int
    title: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class TaskResult:
    """A task as the merge sees it: ``outputs`` is its output folder, None if it has not finished."""

    task: Task
    outputs: Path | None


class JobPlan:
    """A planned job that has not begun. Made once per request; the estimate and the tasks come from it.

    merges   whether a step after the last task puts the results of all tasks together (`Kind.merge`)
    """

    merges: bool = False

    def __init__(self, title: str) -> None:
        self.title = title

    def estimate(self) -> dict[str, Any]:
        """What the job would need, as far as known: fields of the contract's estimate."""
        return {}

    def warnings(self) -> list[DeepSoilError]:
        """What the user should know, though it does not prevent the job."""
        return []

    def problems(self) -> list[DeepSoilError]:
        """What currently prevents the job."""
        return []

    def rests_on(self) -> list[Path] | None:
        """The files and folders that the plan depends on: until one changes, the plan is valid for the same request.
        None: it is made again every time."""
        return None

    def made_from(self) -> list[Path] | None:
        """The files that the content of a finished output depends on beside the request and the engine: until one
        changes, a new job of the same request would make it again. None: outputs of earlier jobs are never reused."""
        return None

    def tasks(self, most: int) -> list[Task]:
        """The tasks, numbered from 0; at most ``most`` if the work can be divided freely. One, unless overridden."""
        return self.numbered([{}])

    def numbered(self, payloads: Sequence[dict[str, Any]]) -> list[Task]:
        """Tasks for the shares of the work in ``payloads``."""
        if len(payloads) == 1:
            return [Task(0, self.title, payloads[0])]
        return [Task(index, f"Part {index + 1} of {len(payloads)}", payload)
                for index, payload in enumerate(payloads)]


class Kind(ABC):
    """A kind of job. Only `run` must be written; the rest is for kinds that fill in, estimate, divide or merge.

    name       as in the specification, e.g. ``predict``
    options    the options that its specifications take
    title      of a job of one task, for people
    extra      the extra of the package that it needs (``train``, ``sources``); None if the base package is enough
    resumable  whether a stopped task continues where it stopped
    """

    name: ClassVar[str]
    title: ClassVar[str]
    options: ClassVar[type[JobOptions]]
    extra: ClassVar[str | None] = None
    resumable: ClassVar[bool] = False

    def require_packages(self) -> None:
        """DeepSoilError ``extra_missing`` where a package of `extra` is not installed; imports none of them."""
        if self.extra is not None:
            extras.require(self.extra)

    def prepare(self, specification: Specification, context: Context) -> Specification:
        """The specification with all choices of the engine filled in. DeepSoilError: what is wrong with it."""
        return specification

    def plan(self, specification: Specification, context: Context) -> JobPlan:
        """Plan a prepared request; nothing is written. DeepSoilError if it cannot be done at all."""
        return JobPlan(self.title)

    @abstractmethod
    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Do the whole job in this process. Its results become outputs of ``folder``; a DeepSoilError ends it."""

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        """Do one task of the job, whose outputs belong to ``folder``."""
        self.run(specification, folder, context)

    def run_part(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> int:
        """Do the part of one of several processes of a task; the exit code. For kinds whose tasks start processes.
        """
        raise NotImplementedError(f"a task of kind {self.name} has one process")

    def merge(self, specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        """Make the job's outputs from the results of its finished tasks, as far as that is possible.

        ``published``: whether the output of a name already exists.
        """
        raise NotImplementedError(f"a job of kind {self.name} has no merge")
