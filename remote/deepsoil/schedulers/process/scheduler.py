"""The scheduler of a computer without one: each job is a detached process; a queue starts a few of them at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.states import Status
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks.takeover import take_over_outputs, take_over_work
from deepsoil.schedulers.base import Ask, Finding, Scheduler, Watch
from deepsoil.schedulers.process import queue, recovery
from deepsoil.schedulers.process.watch import ProcessWatch

if TYPE_CHECKING:
    from deepsoil.contract.resources import Resources
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context, JobPlan


class ProcessScheduler(Scheduler):
    """Always available. Its only resource limit is the number of jobs at once (``DEEPSOIL_JOBS_AT_ONCE``)."""

    name = DEFAULT_SCHEDULER
    title = "This computer"

    def require(self) -> None:
        """Nothing is needed."""

    def accept(self, specification: Specification, plan: JobPlan,
               earlier: JobFolder | None) -> Callable[[Path], None] | None:
        if earlier is None:
            return None
        made_from = plan.made_from()

        def fill(draft: Path) -> None:
            take_over_work(earlier.path, draft)
            if made_from is not None:
                take_over_outputs(earlier, draft, made_from)

        return fill

    def start(self, home: Path, make_context: Callable[[], Context]) -> None:
        queue.start(home)

    def watch(self, home: Path, make_context: Callable[[], Context]) -> Watch:
        return ProcessWatch(home, self.name)

    def refresh(self, folder: JobFolder) -> Status:
        return recovery.refresh(folder)

    def cancel(self, folder: JobFolder) -> Status:
        return recovery.cancel(folder)

    def probe(self, ask: Ask, resources: Resources) -> Finding:
        return Finding("skipped", "A plain host: jobs run there as processes.")
