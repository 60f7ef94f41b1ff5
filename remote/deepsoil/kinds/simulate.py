"""Simulation as a job: the labels of a region, from its soil columns."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deepsoil.contract.options import SimulateOptions
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.tasks.folder import TaskFolder


class SimulationTasks(JobPlan):
    """As many parts of the columns as there may be tasks."""

    def __init__(self, title: str, options: SimulateOptions) -> None:
        super().__init__(title)
        self._options = options

    def tasks(self, most: int) -> list[Task]:
        options = self._options
        # The sample is chosen from all labels, and only one process alone may begin them anew.
        if options.shard is not None or options.sample is not None or options.restart:
            return super().tasks(most)
        return self.numbered([{"shard": f"{part}/{most}"} for part in range(1, most + 1)])


class Simulate(Kind):
    """Parts of the labels are made by tasks; the last part to end finishes the labels, inside the region's store."""

    name = "simulate"
    title = "Simulation"
    options = SimulateOptions
    resumable = True

    def plan(self, specification: Specification, context: Context) -> JobPlan:
        return SimulationTasks(self.title, specification.options_as(SimulateOptions))

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        self.run(specification.with_options(**task.payload), folder, context)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Simulate the labels of the region, or of ``options.store``, inside its store; what is there is continued.

        Raises
        ------
        DeepSoilError
            As the store, its weather and its labels say; finished parts of the labels are kept.
        """
        from deepsoil.labels.command import describe_outcome
        from deepsoil.labels.label_reader import Labels
        from deepsoil.labels.sampled_pixels import choose
        from deepsoil.labels.settings import LabelSettings
        from deepsoil.labels.simulate import parse_share, simulate
        from deepsoil.store.store import Store

        options, began = specification.options_as(SimulateOptions), time.monotonic()
        store = Store.open(options.store or context.regions.path(str(specification.region)))
        outcome = simulate(store, LabelSettings(options.texture_step, options.fallow),
                           share=parse_share(options.shard or "1/1"), restart=options.restart, threads=options.threads,
                           on_progress=folder.progress, cancelled=folder.cancelled)
        folder.log(describe_outcome(store, outcome, time.monotonic() - began))
        if options.sample is not None:
            wanted = options.sample
            candidates = choose(Labels.open(store), wanted.pixels, wanted.year, wanted.seed,
                                on_progress=folder.progress, cancelled=folder.cancelled)
            folder.log(f"Sample for {wanted.year}: {wanted.pixels:,} of {candidates:,} candidates.")


KIND = Simulate()
