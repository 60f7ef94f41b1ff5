"""Trainings of the 5 cm experiment: every variant of a plan, for all regions at once or for each cluster of extents.

What a training predicted at the scored places is in its run folder; a training that is done is not repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from deepsoil.contract.clusters import Clusters
from deepsoil.experiments.regions_data import Region, Scored, Windows
from deepsoil.experiments.regions_plan import RegionsPlan, Variant
from deepsoil.grid import TILE
from deepsoil.inputs.cluster_of_tile import clusters_of
from deepsoil.inputs.extents import ExtentFeatures, Tile
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.batches import Batch
from deepsoil.training.clusters import fit_clusters, told
from deepsoil.training.extents import Extents, extents_of
from deepsoil.training.loop import Trainer, predict
from deepsoil.training.run_folder import RunFolder
from deepsoil.training.station_patches import label_start

Array = NDArray[np.float32]

LABEL_WINDOW = 4            # pixels across that have the station's value
TIMED_STEPS = 20
PREDICTIONS = "predictions.npy"
_VALIDATION = 8             # windows whose error is written to the curves; they choose nothing


@dataclass(frozen=True)
class RegionBatches:
    """Draws windows: with the probability ``station_share`` round a reading, else at random; all regions equally often.

    ``chosen``: the windows that may be drawn.
    """

    windows: Windows
    variant: Variant
    station_share: float
    station_weight: float
    chosen: NDArray[np.intp]

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only."""
        rng = np.random.default_rng(list(key))
        at_station = np.isfinite(self.windows.reading[self.chosen])
        only = {"stations": 1.0, "product": 0.0}.get(self.variant.labels, self.station_share)
        picked = []
        for _ in range(batch):
            kind = at_station if rng.random() < only else ~at_station
            some = self.chosen[kind if kind.any() else ~kind]
            region = rng.choice(np.unique(self.windows.region[some]))
            picked.append(rng.choice(some[self.windows.region[some] == region]))
        return self.batch(np.array(picked))

    def batch(self, which: NDArray[np.intp]) -> Batch:
        """Chosen windows, labelled as the variant says."""
        windows, variant = self.windows, self.variant
        product, reading = windows.product[which], windows.reading[which]
        both, weight = product.copy(), np.ones_like(product)
        start = windows.x.shape[-1] // 2 - label_start(LABEL_WINDOW)
        middle = slice(start, start + LABEL_WINDOW)
        known = np.isfinite(reading)
        both[known, middle, middle] = reading[known, None, None]
        weight[known, middle, middle] = self.station_weight
        if variant.labels == "stations":
            alone = np.full_like(both, np.nan)
            alone[:, middle, middle] = both[:, middle, middle]
            both = alone
        theta = product if variant.labels == "product" else both
        soil = VanGenuchten(*(values[which] for values in windows.soil.arrays()))
        return Batch(windows.x[which].astype(np.float32), theta, soil, weight,
                     product if variant.suction_of == "product" else None)


class RegionTrainings:
    """Trainings of a plan under ``folder``, scored at places whose input is ``shown`` (P, D, C, S, S)."""

    def __init__(self, plan: RegionsPlan, scored: Scored, windows: Windows, shown: NDArray[np.float16], folder: Path,
                 say: Callable[[str], None]) -> None:
        self.plan, self.scored, self.windows, self.shown = plan, scored, windows, shown
        self.folder, self.say = folder, say
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def timed(self) -> float:
        """Seconds of a step on this computer, now: loading, forward, loss, backward and optimiser."""
        name = next(iter(self.plan.variants))
        trainer = self._trainer(name, 0, np.arange(len(self.windows)), self.folder / "timing", TIMED_STEPS)
        begun = time.monotonic()
        trainer.run()
        return (time.monotonic() - begun) / TIMED_STEPS

    def predicted(self, variant: str, seed: int) -> Array:
        """θ (P, D, S, S) of the scored windows by one network for all regions."""
        return self._trained(variant, seed, f"{variant}-seed{seed}", np.arange(len(self.windows)))

    def predicted_by_clusters(self, variant: str, seed: int) -> Array:
        """The same by one network for each cluster, each window by that of its tile's cluster."""
        of_window, of_place = self.numbers
        found = np.full(self.scored.maps.shape, np.nan, np.float32)
        for number in range(1, self.clusters.count + 1):
            here = np.flatnonzero(of_place == number)
            if here.size:
                name = f"{variant}-cluster{number}of{self.clusters.count}-seed{seed}"
                found[here] = self._trained(variant, seed, name, np.flatnonzero(of_window == number))[here]
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

    def _trained(self, variant: str, seed: int, name: str, chosen: NDArray[np.intp]) -> Array:
        folder = self.folder / name
        if not (folder / PREDICTIONS).is_file():
            trainer = self._trainer(variant, seed, chosen, folder, self.plan.steps)
            network = trainer.run()
            found = np.stack([predict(network, of_place.astype(np.float32), self.device, batch=16)
                              for of_place in self.shown])
            with trainer.folder.replacing(PREDICTIONS) as draft:
                np.save(draft, found)
            self.say(f"{name}: {trainer.seconds():.0f} s, {len(chosen):,} windows")
        return np.asarray(np.load(folder / PREDICTIONS))

    def _trainer(self, variant: str, seed: int, chosen: NDArray[np.intp], folder: Path, steps: int) -> Trainer:
        plan = self.plan.model_copy(update={"steps": steps, "epochs": min(self.plan.epochs, steps)})
        source = RegionBatches(self.windows, plan.variants[variant], plan.station_share, plan.station_weight, chosen)
        configuration = plan.configuration(variant, seed, self.windows.x.shape[-1])
        return Trainer(configuration, RunFolder.open(folder, configuration), source,
                       [source.batch(chosen[:_VALIDATION])], self.device)
