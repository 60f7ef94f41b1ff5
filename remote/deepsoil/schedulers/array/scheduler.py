"""A scheduler with job arrays, built on its backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.resources import Resources
from deepsoil.contract.states import Status
from deepsoil.contract.text import Text
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.schedulers.array.accept import accept
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.backend import ArrayBackend, array_name, merge_name
from deepsoil.schedulers.array.poller import Poller
from deepsoil.schedulers.base import Ask, Finding, Scheduler, Watch

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context, JobPlan


class ArrayScheduler(Scheduler):
    """The part that is the same for all schedulers with arrays; the backend does the rest."""

    def __init__(self, backend: ArrayBackend) -> None:
        self.name, self.title, self.backend = backend.name, backend.title, backend

    def require(self) -> None:
        self.backend.require()

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        return self.backend.warnings(resources)

    def accept(self, specification: Specification, plan: JobPlan,
               earlier: JobFolder | None) -> Callable[[Path], None] | None:
        return accept(self.backend, specification, plan, earlier)

    def start(self, home: Path, make_context: Callable[[], Context]) -> None:
        self.advancer(home, make_context).round()

    def advancer(self, home: Path, make_context: Callable[[], Context]) -> Advancer:
        return Advancer(home, self.backend, make_context)

    def watch(self, home: Path, make_context: Callable[[], Context]) -> Watch:
        return Poller(home, self.backend, make_context)

    def refresh(self, folder: JobFolder) -> Status:
        return folder.status()  # the poller keeps it current

    def cancel(self, folder: JobFolder) -> Status:
        """The job ends when the scheduler no longer has any part of it, which the poller detects."""
        status = folder.status()
        if status.final:
            return status
        folder.request_cancel()
        folder.set_message(Text("Stopping"))
        return folder.status()

    def stop(self, job: str, attempts: Sequence[int]) -> None:
        self.backend.cancel([name(job, number) for number in attempts for name in (array_name, merge_name)])

    def identity(self, environment: Mapping[str, str], index: int | None) -> Identity:
        return self.backend.identity(environment, index)

    def restarts(self, environment: Mapping[str, str]) -> int:
        return self.backend.restarts(environment)

    def probe(self, ask: Ask, resources: Resources) -> Finding:
        return self.backend.probe(ask, resources)
