"""``deepsoil tables resources/training/tables-regions.yaml``: the 5 cm experiment, as a whole or in parts.

What a step costs and how long all that is left will take is printed before anything is trained.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.table_files import Tabular
from deepsoil.experiments.regions_causes import CauseTables
from deepsoil.experiments.regions_data import read_scored, read_windows, scored_input
from deepsoil.experiments.regions_data_sets import DataSetTables
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_plan import MAIN, PARTS, RegionsPlan
from deepsoil.experiments.regions_starts import StartTables
from deepsoil.experiments.regions_tables import MainTables
from deepsoil.experiments.regions_water import WaterTables


class Part(Protocol):
    """One part of the experiment."""

    def runs(self) -> list[Run]:
        """All its trainings."""
        ...

    def tables(self) -> dict[str, Tabular]:
        """Its tables by the name of their files; what is not trained yet is trained."""
        ...


FORMS: dict[str, Callable[[RegionTrainings, range], Part]] = {
    MAIN: MainTables, "water": WaterTables, "data_sets": DataSetTables, "starts": StartTables,
    "causes": CauseTables}


class RegionsExperiment:
    """Reads, trains what is missing under ``output``, prints and writes the tables of some parts, by default of all.

    DeepSoilError ``configuration_invalid`` where the plan has not a part.
    """

    def __init__(self, plan: RegionsPlan, output: Path, seeds: int, say: Callable[[str], None],
                 parts: Sequence[str] | None = None) -> None:
        self.plan, self.output, self.seeds, self.say = plan, output, range(seeds), say
        self.parts = [name for name in PARTS if name in (parts or plan.parts)]
        for name in self.parts:
            if name not in plan.parts:
                raise DeepSoilError("configuration_invalid", "The plan {name} has no section {part}.",
                                    "Add it, see resources/training/tables-regions.yaml, or leave out --parts.", name,
                                    name=plan.name, part=name)

    def run(self, costs_only: bool = False) -> list[Tabular]:
        """The tables; none with ``costs_only``, when only the costs are printed."""
        begun = time.monotonic()
        self.output.mkdir(parents=True, exist_ok=True)
        configuration = self.plan.configuration(next(iter(self.plan.variants)), 0, 64)
        scored = read_scored(self.plan)
        windows = read_windows(self.plan, scored, configuration.channels, configuration.loss.soil, self.say)
        shown = scored_input(scored, configuration.channels)
        trainings = RegionTrainings(self.plan, scored, windows, shown, configuration.channels, self.output / "runs",
                                    self.say)
        parts = {name: FORMS[name](trainings, self.seeds) for name in self.parts}
        self.say(f"read: {time.monotonic() - begun:.0f} s since the start")
        self._tell_costs(trainings, parts)
        tables: list[Tabular] = []
        for part in () if costs_only else parts.values():
            for name, table in part.tables().items():
                table.write(self.output, name)
                self.say(f"\n{table.markdown()}")
                tables.append(table)
            self.say(f"{time.monotonic() - begun:.0f} s since the start")
        return tables

    def _tell_costs(self, trainings: RegionTrainings, parts: dict[str, Part]) -> None:
        """Seconds of a step and a prediction, measured now, and what they mean for the trainings that are left."""
        step, prediction = trainings.timed()
        self.say(f"{step:.3f} s a step, {prediction:.1f} s for the {np.prod(trainings.shown.shape[:2]):,} scored "
                 "windows")
        counted: set[str] = set()
        total = 0.0
        for name, part in parts.items():
            runs = part.runs()
            left = [run for run in runs if not trainings.done(run) and run.name not in counted]
            seconds = sum((run.steps or self.plan.steps) * step + prediction for run in left)
            counted |= {run.name for run in left}
            total += seconds
            self.say(f"{name}: {len(left)} of {len(runs)} trainings are left, about {seconds / 60:.0f} minutes")
        self.say(f"all trainings that are left: about {total / 60:.0f} minutes; rivals, means of months and simulated "
                 "columns come on top\n")
