"""The paper's Tables 4, 5 and 6 and its ablations, from many small trainings on one region.

Table 4: distribution of simulated and station labels. Table 5: shares of simulated batches, with seeds. Table 6:
the same by season. Ablations: terms of the loss, and every pixel labelled against the paper's sample.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.baselines import all_baselines
from deepsoil.evaluation.covariates import places
from deepsoil.evaluation.seasons import season_table
from deepsoil.evaluation.table_files import Cell, Spread, Tabular
from deepsoil.experiments.distribution import Distribution, distribution_table, gather
from deepsoil.experiments.runs import run_table
from deepsoil.experiments.small_trainings import Changes, SmallTrainings, TrainingResult
from deepsoil.labels.label_reader import Labels
from deepsoil.store.store import Store
from deepsoil.training.configuration import Configuration

Array = NDArray[np.float32]
Say = Callable[[str], None]

LABEL_DAYS = 10  # every tenth day of the simulated labels is used for their distribution
SHARES = (0.0, 0.2, 0.5, 0.8, 1.0)
ABLATIONS: dict[str, Changes] = {
    "squared error only": {"loss": {"last_data_weight": 1.0}},
    "with bounds": {"loss": {"suction_weight": 0.0}},
    "with bounds and suction (paper's form)": {"loss": {"form": "paper"}},
    "with bounds and pF": {},
    "with bounds and pF, the paper's sample of pixels": {"supervision": {"sampled": True}},
}


def share_name(share: float) -> str:
    """The paper's name of a run."""
    return f"{1 - share:.0%} in-situ, {share:.0%} simulated"


class PaperTables:
    """Makes the tables of a region under ``output``; finished trainings are not repeated."""

    def __init__(self, configuration: Configuration, output: Path, seeds: int, say: Say, *, ablations: bool) -> None:
        assert configuration.supervision is not None
        self.configuration, self.output, self.say = configuration, output, say
        self.seeds = range(configuration.seed, configuration.seed + seeds)
        self.ablations = ablations
        output.mkdir(parents=True, exist_ok=True)
        self.experiments = SmallTrainings(configuration, output / "runs", say, mapped=ablations)
        self.store = Store.open(Path(configuration.supervision.region))
        self.note = "SYNTHETIC region, known truth. " if self.store.synthetic else ""

    def run(self, shares: Sequence[float] = SHARES) -> list[Tabular]:
        started = time.monotonic()
        tables = [("table4", self.distributions())]
        outcomes = {share_name(share): self._outcomes(f"p{share:g}", {"supervision": {"simulated_share": share}})
                    for share in shares}
        tables += [("table5", self.shares(outcomes)), ("table6", self.seasons(outcomes))]
        if self.ablations:
            tables.append(("ablations", self.ablated()))
        for name, table in tables:
            table.write(self.output, name)
            self.say(f"\n{table.markdown()}")
        self.say(f"All tables of {self.store.title} in {(time.monotonic() - started) / 60:.0f} minutes; "
                 f"they lie in {self.output}.")
        return [table for _, table in tables]

    def distributions(self) -> Tabular:
        """Simulated labels of every pixel on every tenth day, and station observations of all days."""
        labels = Labels.open(self.store)
        maps = (labels.theta(self.configuration.depth_cm, day.item(), self.store.window)
                for day in labels.dates[::LABEL_DAYS])
        return distribution_table({"simulated": gather(maps),
                                   "in-situ": Distribution.of(self.experiments.inputs.observed)})

    def shares(self, outcomes: dict[str, list[TrainingResult]]) -> Tabular:
        """Training and test side by side: each station appears twice, once in training, once held out."""
        observed = self.experiments.inputs.observed
        twice = np.concatenate([observed, observed])
        runs = {name: np.stack([np.concatenate([one.train, one.test]) for one in some])
                for name, some in outcomes.items()}
        trivial = {name: np.concatenate([values, values]) for name, values in self._baselines().items()}
        first = np.arange(len(twice))[:, None] < len(observed)
        table = run_table(twice, runs, first, ~first, trivial)
        split = self.configuration.split
        how = f"stations left out in {split.folds} folds" if split.of_station_folds else f"{split.kind} dates"
        if split.kind == "leave_station_and_year_out":
            how += f", all of calendar year {split.year + 1} with them"
        return table.tabular(f"{self.note}{self.store.title}, {self.configuration.depth_cm} cm: share of simulated "
                             f"batches, {how}, m3/m3")

    def seasons(self, outcomes: dict[str, list[TrainingResult]]) -> Tabular:
        """Test scores of the mean over seeds of each run, and of the baselines."""
        with np.errstate(invalid="ignore"):
            means = {name: np.mean([one.test for one in some], axis=0) for name, some in outcomes.items()}
        inputs = self.experiments.inputs
        return season_table(inputs.observed, means | self._baselines(), inputs.stations.dates,
                            f"{self.note}{self.store.title}, {self.configuration.depth_cm} cm: test by season, m3/m3")

    def ablated(self) -> Tabular:
        """Maps against the labels of every pixel on days not used in training; simulated batches only."""
        rows: list[tuple[Cell, ...]] = []
        for number, (name, changes) in enumerate(ABLATIONS.items()):
            alone = dict(changes.get("supervision", {})) | {"simulated_share": 1.0, "simulated": "region"}
            some = self._outcomes(f"ablation{number}", {**changes, "supervision": alone})
            rows.append((name, *(_spread([one.region[key] for one in some]) for key in ("MAE", "RMSE", "bias"))))
        return Tabular(f"{self.note}{self.store.title}, {self.configuration.depth_cm} cm: ablations, m3/m3",
                       ("training", "MAE", "RMSE", "bias"), rows,
                       ("Against the simulated labels of all pixels on test days; ± standard deviation over seeds.",))

    def _outcomes(self, name: str, changes: Changes) -> list[TrainingResult]:
        return [self.experiments.outcome(name, changes, seed) for seed in self.seeds]

    def _baselines(self) -> dict[str, Array]:
        inputs = self.experiments.inputs
        found = all_baselines(inputs.observed, inputs.stations.dates, places(self.store, inputs.stations))
        return {name: values.astype(np.float32) for name, values in found.items()}


def _spread(values: Sequence[float]) -> Spread:
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    return Spread(float(np.mean(values)), deviation, len(values))
