"""Warm against random starts of the 5 cm network, on known truth: all see the same windows for the same steps.

A warm start has the weights of a network of the same kind and width that learnt simulated columns
(`deepsoil.training.initial_weights`), whose own steps come on top. With monthly means first, a share of the epochs
shows them, and the daily epochs go on from their weights, as in the paper (§3.2).
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.regions_data import Windows, read_months
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_scores import (
    SYNTHETIC,
    Seeds,
    groups_of,
    how_trained,
    mae,
    paired_errors,
    spread,
)
from deepsoil.training.configuration import Configuration, parse_configuration, read_configuration
from deepsoil.training.train import Training

RANDOM, MONTHS, COLUMNS, BOTH = ("random weights", "random weights, monthly means first", "simulated columns",
                                 "simulated columns, monthly means first")
START_EPOCHS = 4


class StartTables:
    """A variant from drawn weights and from those of simulated columns, on days alone and with months first."""

    def __init__(self, trainings: RegionTrainings, seeds: range) -> None:
        assert trainings.plan.starts is not None
        self.trainings, self.plan, self.seeds, self.choice = trainings, trainings.plan, seeds, trainings.plan.starts

    def runs(self) -> list[Run]:
        return [run for steps in self.choice.steps for start in (RANDOM, MONTHS, COLUMNS, BOTH)
                for run in self._runs(start, steps)]

    def tables(self) -> dict[str, Tabular]:
        scored = self.trainings.scored
        groups = groups_of(scored)
        lines: list[tuple[Cell, ...]] = []
        for steps in self.choice.steps:
            reference: Seeds = []
            for start in (RANDOM, MONTHS, COLUMNS, BOTH):
                found = [self._middle(run) for run in self._runs(start, steps)]
                reference = reference or found
                cells: list[Cell] = [f"{steps:,}", start]
                cells += [spread([mae(group.values, one) for one in found]) for group in groups]
                if start == RANDOM:
                    cells += [None, None, None, "–"]
                else:
                    far = groups[2].values
                    pair = paired_errors(scored, *([np.abs(one - far) for one in seeds]
                                                   for seeds in (found, reference)))
                    cells += [pair.difference, pair.low, pair.high, pair.verdict]
                lines.append(tuple(cells))
        choice = self.choice
        return {"starts": Tabular(
            f"{SYNTHETIC}. Starts of '{choice.variant}', MAE in m3/m3",
            ("steps", "start", *(f"MAE, {group.name}" for group in groups), "difference", "2.5 %", "97.5 %", "it is"),
            lines,
            (f"Difference from random weights after as many steps, {groups[2].name}: of the mean over places and seeds "
             "of |error|; blocks of 30 days and places are drawn again.",
             f"Simulated columns: {choice.pixel_steps:,} steps of single pixels and {choice.column_steps:,} of windows "
             f"before. Monthly means have {100 * choice.monthly_share:.0f} % of the epochs.",
             how_trained(self.plan, self.seeds)))}

    def _runs(self, start: str, steps: int) -> list[Run]:
        """A run for each seed; random weights for all the plan's steps are the variant's own training."""
        run = Run(self.choice.variant, 0, steps=steps)
        if start != RANDOM or steps != self.plan.steps:
            run = replace(run, what=f"{start}-{steps}steps")
        if start in (MONTHS, BOTH):
            share = self.choice.monthly_share
            run = replace(run, months=lambda: self._months,
                          monthly_epochs=max(1, round(share * min(self.plan.epochs, steps))))
        if start in (COLUMNS, BOTH):
            run = replace(run, start=Path())
        return [replace(run, seed=seed, start=run.start and self._start_folder(seed)) for seed in self.seeds]

    def _middle(self, run: Run) -> np.ndarray:
        if run.start is not None and not self.trainings.done(run):
            self._learn_columns(run.seed)
        maps = self.trainings.predicted(run)
        return np.asarray(maps[..., maps.shape[-2] // 2, maps.shape[-1] // 2])

    @cached_property
    def _months(self) -> Windows:
        soil = self.plan.configuration(self.choice.variant, 0, 64).loss.soil
        return read_months(self.plan, self.trainings.scored, self.trainings.channels, soil, self.trainings.say,
                           self.choice.least_days)

    def _start_folder(self, seed: int) -> Path:
        return self.trainings.folder / f"simulated columns-seed{seed}"

    def _learn_columns(self, seed: int) -> None:
        """Train the start of a seed, if it is not done. DeepSoilError as `read_configuration` and `make_runs`."""
        begun = time.monotonic()
        self.choice.columns_in.mkdir(parents=True, exist_ok=True)
        configuration = self._columns(seed)
        training = Training(configuration, self._start_folder(seed), self.trainings.say, columns=self.choice.columns_in)
        if training.trainer.epoch < configuration.schedule.all_epochs:
            training.trainer.run()
            self.trainings.say(f"{self._start_folder(seed).name}: {time.monotonic() - begun:.0f} s")

    def _columns(self, seed: int) -> Configuration:
        """The training on simulated columns alone, of the plan's network."""
        base = read_configuration(self.choice.columns)
        steps = max(1, self.choice.column_steps // START_EPOCHS)
        found = parse_configuration(base.resolved() | {
            "name": f"{self.plan.name}-columns", "seed": seed, "supervision": None, "split": {"kind": "blocked"},
            "network": self.plan.network.model_dump(),
            "warm_start": {"steps": self.choice.pixel_steps},
            "schedule": base.schedule.model_dump(mode="json") | {
                "epochs": START_EPOCHS, "steps_per_epoch": steps, "monthly": None, "keep": "last", "trained": "all",
                "stages": [{"share": 1.0, "patch": self.trainings.windows.x.shape[-1], "batch": self.plan.batch}]}},
            str(self.choice.columns))
        if found.channels != self.trainings.channels:
            raise DeepSoilError("configuration_invalid", "{plan}: {columns} has other channels than {base}.",
                                "Name a training of simulated columns of the same depth and inputs.", "starts.columns",
                                plan=self.plan.name, columns=self.choice.columns, base=self.plan.base)
        return found
