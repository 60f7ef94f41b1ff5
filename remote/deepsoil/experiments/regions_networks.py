"""Trainings of the 5 cm experiment: every variant of a plan, for all regions at once or for each cluster of extents.

What a training predicted at the scored places is in its run folder; a training that is done is not repeated.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.experiments.regions_batches import RegionBatches, land_cover_codes, with_constants
from deepsoil.experiments.regions_data import Region, Scored, Windows
from deepsoil.experiments.regions_plan import Labels, RegionsPlan, Variant
from deepsoil.grid import TILE
from deepsoil.inputs.cluster_of_tile import clusters_of
from deepsoil.inputs.extents import ExtentFeatures, Tile
from deepsoil.io import json_files
from deepsoil.training.clusters import fit_clusters, told
from deepsoil.training.configuration import Configuration
from deepsoil.training.extents import Extents, extents_of
from deepsoil.training.loop import Trainer, predict
from deepsoil.training.run_folder import RunFolder

Array = NDArray[np.float32]

TIMED_STEPS = 20
TIMED_PLACES = 2
PREDICTIONS = "predictions.npy"
LEARNT_FROM = "learnt-from.json"
_VALIDATION = 8             # windows whose error is written to the curves; they choose nothing


@dataclass(frozen=True, eq=False)
class Run:
    """One training of a variant, and in what it is not the plan's.

    what      in the name of its folder       chosen    numbers of the windows it learns from, None: all
    left_out  channels that show their mean   hidden    land cover classes without labels
    labels    None: the variant's
    steps     None: the plan's                months    windows of the monthly means that come first
    monthly_epochs  of the plan's epochs      start     the run folder whose weights it starts from
    """

    variant: str
    seed: int
    what: str = ""
    chosen: NDArray[np.intp] | None = None
    left_out: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    labels: Labels | None = None
    steps: int | None = None
    months: Callable[[], Windows] | None = None
    monthly_epochs: int = 0
    start: Path | None = None

    @property
    def name(self) -> str:
        return f"{self.variant}{self.what and f'-{self.what}'}-seed{self.seed}"


class RegionTrainings:
    """Trainings of a plan under ``folder``, scored at places whose input is ``shown`` (P, D, C, S, S)."""

    def __init__(self, plan: RegionsPlan, scored: Scored, windows: Windows, shown: NDArray[np.float16],
                 channels: Sequence[str], folder: Path, say: Callable[[str], None]) -> None:
        self.plan, self.scored, self.windows, self.shown = plan, scored, windows, shown
        self.channels, self.folder, self.say = tuple(channels), folder, say
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def timed(self) -> tuple[float, float]:
        """Seconds on this computer, now: of a step (loading, forward, loss, backward, optimiser), and of the prediction
        of all scored windows."""
        folder = self.folder / "timing"
        shutil.rmtree(folder, ignore_errors=True)
        trainer = self._trainer(Run(next(iter(self.plan.variants)), 0, steps=TIMED_STEPS), folder)
        begun = time.monotonic()
        network = trainer.run()
        between = time.monotonic()
        self.predict(network, self.shown[:TIMED_PLACES])
        share = TIMED_PLACES / len(self.shown)
        return (between - begun) / TIMED_STEPS, (time.monotonic() - between) / share

    def done(self, run: Run) -> bool:
        """Whether its predictions are there."""
        return (self.folder / run.name / PREDICTIONS).is_file()

    def predicted(self, run: Run) -> Array:
        """θ (P, D, S, S) of the scored windows. DeepSoilError ``run_differs`` where its folder holds another run."""
        folder = self.folder / run.name
        if self.done(run):
            self._open(run, folder, self._configuration(run))
            return np.asarray(np.load(folder / PREDICTIONS))
        trainer = self._trainer(run, folder)
        found = self.predict(trainer.run(), self.shown, self.constants(run.left_out))
        with trainer.folder.replacing(PREDICTIONS) as draft:
            np.save(draft, found)
        count = len(self.windows) if run.chosen is None else len(run.chosen)
        self.say(f"{run.name}: {trainer.seconds():.0f} s, {count:,} windows")
        return found

    def network(self, run: Run) -> nn.Module:
        """The network of a run, which is trained and predicts first where it is not done."""
        if not self.done(run):
            self.predicted(run)
        return self._trainer(run, self.folder / run.name).run()

    def predict(self, network: nn.Module, shown: NDArray[np.float16], constant: Mapping[int, float] | None = None,
                ) -> Array:
        """θ (P, D, S, S) of windows (P, D, C, S, S)."""
        return np.stack([predict(network, with_constants(of_place, constant or {}), self.device, batch=16)
                         for of_place in shown])

    def constants(self, names: Sequence[str]) -> dict[int, float]:
        """The mean over the windows to learn from, by the number of the channel."""
        return {number: float(self.means[number]) for number in map(self.channels.index, names)}

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """The mean (C,) of every channel over the windows to learn from."""
        return self.windows.x.mean(axis=(0, 2, 3), dtype=np.float64)

    def by_clusters(self, variant: str, seed: int) -> list[Run]:
        """A run for each cluster of extents."""
        return [Run(variant, seed, f"cluster{number}of{self.clusters.count}",
                    np.flatnonzero(self.numbers[0] == number)) for number in range(1, self.clusters.count + 1)]

    def predicted_by_clusters(self, variant: str, seed: int) -> Array:
        """θ of the scored windows, each by the network of its tile's cluster."""
        found = np.full(self.scored.maps.shape, np.nan, np.float32)
        for number, run in enumerate(self.by_clusters(variant, seed), 1):
            here = np.flatnonzero(self.numbers[1] == number)
            if here.size:
                found[here] = self.predicted(run)[here]
        return found

    @cached_property
    def clusters(self) -> Clusters:
        """Fitted on the extents of the regions that are learnt from, on a grid; no reading is among their features."""
        parts = []
        for region in self.scored.regions:
            part = extents_of(region.store, "grid")
            parts.append(replace(part, training=part.training & (region.name not in self.plan.held_out)))
        together = Extents([tile for one in parts for tile in one.tiles],
                           [ids for one in parts for ids in one.stations],
                           np.concatenate([one.training for one in parts]), parts[0].names,
                           np.concatenate([one.values for one in parts]))
        clusters = fit_clusters(together, most=self.plan.clusters, seed=0)
        self.say(told(clusters))
        return clusters

    @cached_property
    def numbers(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cluster of each window to learn from and of each scored place."""
        of_window, of_place = np.zeros(len(self.windows), np.int64), np.zeros(len(self.scored.region), np.int64)
        for number, region in enumerate(self.scored.regions):
            for of, regions, places in ((of_window, self.windows.region, self.windows.place),
                                        (of_place, self.scored.region, np.concatenate(
                                            [one.place for one in self.scored.regions]))):
                here = np.flatnonzero(regions == number)
                of[here] = self._clusters_at(region, places[here])
        return of_window, of_place

    def _clusters_at(self, region: Region, place: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(place):
            return np.empty(0, np.int64)
        tiles: list[Tile] = [(int(column) // TILE, int(row) // TILE) for column, row in place]
        distinct = sorted(set(tiles))
        number, _ = clusters_of(self.clusters, ExtentFeatures(region.store), distinct)
        found = dict(zip(distinct, number, strict=True))
        return np.array([found[tile] for tile in tiles])

    def _configuration(self, run: Run) -> Configuration:
        steps = run.steps or self.plan.steps
        plan = self.plan.model_copy(update={"steps": steps, "epochs": min(self.plan.epochs, steps)})
        return plan.configuration(run.variant, run.seed, self.windows.x.shape[-1], start=run.start,
                                  monthly_epochs=min(run.monthly_epochs, plan.epochs - 1))

    def _open(self, run: Run, folder: Path, configuration: Configuration) -> RunFolder:
        """The folder of a run. DeepSoilError ``run_differs`` where another one is in it."""
        opened, mine = RunFolder.open(folder, configuration), self._learnt_from(run)
        before = json_files.read_or_none(folder / LEARNT_FROM)
        if before is None:
            json_files.write(folder / LEARNT_FROM, mine)
        elif changed := [name for name in mine if before.get(name) != mine[name]]:
            raise DeepSoilError("run_differs", "{path} holds a training with another setting of {changed!r}.",
                                "Choose another output folder, or delete this one to start again.", changed[0],
                                path=folder, changed=changed[0])
        return opened

    def _learnt_from(self, run: Run) -> dict[str, Any]:
        """What decides about the windows and labels of a run and is not in its configuration."""
        plan, variant = self.plan, self._variant(run)
        decisive = ("held_out", "one_station_in", "gap_days", "random_windows", "station_share", "station_weight")
        return {name: getattr(plan, name) for name in decisive} | {
            "regions": [region.name for region in self.scored.regions],
            "labels": variant.labels, "suction_of": variant.suction_of,
            "left_out": list(run.left_out), "hidden": list(run.hidden)}

    def _variant(self, run: Run) -> Variant:
        variant = self.plan.variants[run.variant]
        return variant if run.labels is None else variant.learning_from(run.labels)

    def _trainer(self, run: Run, folder: Path) -> Trainer:
        configuration = self._configuration(run)
        opened = self._open(run, folder, configuration)
        chosen = np.arange(len(self.windows)) if run.chosen is None else run.chosen
        source = self._batches(run, self.windows, chosen)
        months = None
        if run.months is not None and configuration.schedule.monthly is not None:
            means = run.months()
            months = self._batches(run, means, np.arange(len(means)))
        return Trainer(configuration, opened, source, [source.batch(chosen[:_VALIDATION])], self.device, months=months)

    def _batches(self, run: Run, windows: Windows, chosen: NDArray[np.intp]) -> RegionBatches:
        hidden = np.isin(land_cover_codes(windows.x, self.channels), run.hidden) if run.hidden else None
        return RegionBatches(windows, self._variant(run), self.plan.station_share,
                             self.plan.station_weight, chosen, self.constants(run.left_out), hidden)
