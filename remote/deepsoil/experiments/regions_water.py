"""Fig. 7 of the paper on known truth: what networks say where labels are missing, and where inputs lack a water body.

The paper: water bodies had no label, and the networks "regenerate" them and tell moisture apart by land cover. On open
water there is no soil moisture to compare with, so three questions are asked that have an answer:

* Can open water be told from land in the map, with it in the inputs, and without it in the land cover or in all maps?
* What becomes of the land at the shore, whose truth is known?
* If another class of land cover has no label either, is its moisture right, and does it differ from what lies around it
  as the truth does? That is compared with labels everywhere, and with a map whose gaps are filled from around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.stats import rankdata

from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.regions_batches import land_cover_codes
from deepsoil.experiments.regions_data import Region, stack_of
from deepsoil.experiments.regions_data_sets import DATA_SETS
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_scores import SYNTHETIC, how_trained, mae, paired_errors, spread
from deepsoil.grid import Window

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

WATER = 11                  # NLCD
SHORE_PIXELS = 3
EVERY_DAY = 4               # scored days on which water is looked at
LAND_AROUND = 0.2           # of a window with water
INPUTS = {"as they are": (), "land cover lacks the water": ("NLCD",),
          "no map shows the water": ("NLCD", "Landsat", "MCD15A3H", "POLARIS", "gNATSGO", "elevation")}
"""Data sets in which water looks like the nearest land."""


@dataclass(frozen=True)
class Shores:
    """Windows with open water: input (N, D, C, side, side), where water is and which land is close (N, side, side).

    ``number`` (N,): which windows of those that were given.
    """

    number: NDArray[np.intp]
    shown: NDArray[np.float16]
    water: Mask
    shore: Mask

    @classmethod
    def of(cls, shown: NDArray[np.float16], channels: Sequence[str]) -> Shores:
        """Of windows, those with water and enough land."""
        water = land_cover_codes(shown[:, 0], channels) == WATER
        used = np.flatnonzero(water.any((1, 2)) & ((~water).mean((1, 2)) >= LAND_AROUND))
        water = water[used]
        near = np.array([distance_transform_edt(~one) <= SHORE_PIXELS for one in water], bool).reshape(water.shape)
        return cls(used, shown[used], water, near & ~water)

    def without(self, channels: Sequence[str], names: Sequence[str]) -> NDArray[np.float16]:
        """The input with water that looks like the nearest land in some channels."""
        changed = self.shown.copy()
        numbers = [channels.index(name) for name in names if name in channels]
        for window, water in zip(changed, self.water, strict=True):
            rows, columns = distance_transform_edt(water, return_distances=False, return_indices=True)
            for number in numbers:
                window[:, number] = window[:, number][:, rows, columns]
        return changed


class WaterTables:
    """Fig. 7: open water in the inputs, and classes of land cover without labels."""

    def __init__(self, trainings: RegionTrainings, seeds: range) -> None:
        assert trainings.plan.water is not None
        self.trainings, self.scored, self.seeds, self.choice = trainings, trainings.scored, seeds, trainings.plan.water

    def runs(self) -> list[Run]:
        return [run for codes in ((), *self.choice.hidden.values()) for run in self._runs(tuple(codes))]

    def tables(self) -> dict[str, Tabular]:
        found = {"figure-7": self._open_water()}
        return found | {"figure-7-labels": self._missing_labels()} if self.choice.hidden else found

    def _runs(self, hidden: tuple[int, ...]) -> list[Run]:
        run = Run(self.choice.variant, 0, f"no labels on {' '.join(map(str, hidden))}" if hidden else "", hidden=hidden)
        return [replace(run, seed=seed) for seed in self.seeds]

    def _open_water(self) -> Tabular:
        channels = self.trainings.channels
        unseen = Shores.of(self._water_windows(), channels)
        known = Shores.of(self.trainings.shown, channels)
        truth = np.where(known.shore[:, None], self.scored.maps[known.number], np.float32(np.nan))
        networks = [self.trainings.network(run) for run in self._runs(())]
        lines: list[tuple[Cell, ...]] = []
        before = [self.trainings.predict(network, unseen.shown) for network in networks]
        for name, data_sets in INPUTS.items():
            names = [channel for data_set in data_sets for channel in DATA_SETS[data_set]]
            of_seeds = []
            for network, first in zip(networks, before, strict=True):
                maps = self.trainings.predict(network, unseen.without(channels, names))
                shore = self.trainings.predict(network, known.without(channels, names))
                of_seeds.append((_mean(maps, unseen.water), _mean(maps, unseen.shore), wetter(maps, unseen.water),
                                 _mean(np.abs(maps - first), unseen.water), _mean(np.abs(maps - first), unseen.shore),
                                 mae(truth, shore)))
            lines.append((name, *(spread(list(values)) for values in zip(*of_seeds, strict=True))))
        days = unseen.shown.shape[1]
        return Tabular(f"{SYNTHETIC}. Fig. 7, open water in maps of '{self.choice.variant}', m3/m3",
                       ("inputs", "θ on water", "θ on the shore", "water is wetter", "change on water",
                        "change on the shore", "MAE on the shore"), lines,
                       (f"{len(unseen.water)} windows round open water in regions that no training has seen, "
                        f"{days} days, {int(unseen.water.sum()):,} pixels of water. Shore: land within {SHORE_PIXELS} "
                        "pixels. Water is wetter: the chance that a pixel of water is wetter than one of land of its "
                        "window; 0.5 says that they cannot be told apart.",
                        f"MAE on the shore: against the truth, in the {len(known.water)} scored windows with water. "
                        "Where the land cover shows water a map of DeepSoil has no value.",
                        how_trained(self.trainings.plan, self.seeds)))

    def _water_windows(self) -> NDArray[np.float16]:
        """Input (N, D, C, side, side) round pixels of water of the regions that no training has seen, at random."""
        days, channels = self.scored.days[::EVERY_DAY], self.trainings.channels
        found = []
        for number, region in enumerate(self.scored.regions):
            if region.name in self.trainings.plan.held_out:
                stack = stack_of(region, channels)
                found += [np.stack([stack.read(day.item(), window)[0] for day in days]).astype(np.float16)
                          for window in self._round_water(region, number)]
        side = self.scored.maps.shape[-1]
        return np.array(found, np.float16).reshape(len(found), len(days), len(channels), side, side)

    def _round_water(self, region: Region, number: int) -> list[Window]:
        whole, half = region.store.window, region.side // 2
        inner = region.store.read_static("land_cover", whole)[half:whole.height - half, half:whole.width - half]
        rows, columns = np.nonzero(inner == WATER)
        rng = np.random.default_rng([number, 29])
        picked = rng.choice(len(rows), min(self.choice.windows, len(rows)), replace=False)
        return [region.window(whole.column + half + int(columns[one]), whole.row + half + int(rows[one]))
                for one in picked]

    def _missing_labels(self) -> Tabular:
        cover = land_cover_codes(self.trainings.shown[:, 0], self.trainings.channels)
        labelled = [self.trainings.predicted(run) for run in self._runs(())]
        lines: list[tuple[Cell, ...]] = []
        for name, codes in self.choice.hidden.items():
            inside = np.isin(cover, codes) & ~self.scored.seen[:, None, None]
            inside &= ((cover != WATER) & ~np.isin(cover, codes)).any((1, 2))[:, None, None]
            rows = {"everywhere": labelled, "none on this class":
                    [self.trainings.predicted(run) for run in self._runs(tuple(codes))],
                    "everywhere, this class filled from around it": [_filled(one, inside) for one in labelled]}
            lines += [self._labels_row(name, labels, inside, maps, labelled) for labels, maps in rows.items()]
        return Tabular(f"{SYNTHETIC}. Fig. 7, classes of land cover without labels, '{self.choice.variant}', m3/m3",
                       ("class", "labels", "MAE on it", "bias on it", "differs from around", "truth differs",
                        "change of MAE", "2.5 %", "97.5 %", "it is"), lines,
                       ("Scored windows round places whose readings are not learnt from, pixels of the class alone. "
                        "Differs: the mean on the class less that on other land of its window. Change: from labels "
                        "everywhere, of the mean over places and seeds; blocks of 30 days and places are drawn again.",
                        how_trained(self.trainings.plan, self.seeds)))

    def _labels_row(self, name: str, labels: str, inside: Mask, maps: Sequence[Array], labelled: Sequence[Array],
                    ) -> tuple[Cell, ...]:
        truth = np.where(inside[:, None], self.scored.maps, np.float32(np.nan))
        cells: list[Cell] = [name, labels, spread([mae(truth, one) for one in maps]),
                             spread([float(np.nanmean(one.astype(np.float64) - truth)) for one in maps]),
                             spread([self._apart(one, inside) for one in maps]), self._apart(self.scored.maps, inside)]
        if maps is labelled:
            return (*cells, None, None, None, "–")
        pair = paired_errors(self.scored, *([_of_window(np.abs(one - truth)) for one in some]
                                            for some in (maps, labelled)))
        return (*cells, pair.difference, pair.low, pair.high, pair.verdict)

    def _apart(self, maps: Array, inside: Mask) -> float:
        """Mean over windows and days of θ inside less θ outside, on pixels with a truth."""
        known = np.where(np.isfinite(self.scored.maps), maps, np.float32(np.nan))
        parts = [_of_window(np.where(where[:, None], known, np.float32(np.nan))) for where in (inside, ~inside)]
        return float(np.nanmean((parts[0] - parts[1])[inside.any((1, 2))]))


def wetter(maps: Array, water: Mask) -> float:
    """The chance that a pixel of water is wetter than one of land: the mean over windows (N, D, side, side)."""
    found = []
    for window, mask in zip(maps, water, strict=True):
        ranks = rankdata(window.reshape(len(window), -1), axis=1)[:, mask.ravel()]
        inside, outside = int(mask.sum()), int((~mask).sum())
        found.append((ranks.sum(1) - inside * (inside + 1) / 2) / (inside * outside))
    return float(np.mean(found)) if found else float("nan")


def _mean(maps: Array, mask: Mask) -> float:
    """The mean of maps (N, D, side, side) where the mask (N, side, side) says."""
    where = np.broadcast_to(mask[:, None], maps.shape)
    return float(maps[where].mean(dtype=np.float64)) if where.any() else float("nan")


def _of_window(values: Array) -> Array:
    """The mean (P, D) over the known pixels of windows (P, D, side, side), NaN without one."""
    known = np.isfinite(values)
    count = known.sum((2, 3))
    total = np.where(known, values, 0.0).sum((2, 3), dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _filled(maps: Array, inside: Mask) -> Array:
    """Maps whose pixels inside have the value of the nearest one outside."""
    found = maps.copy()
    for window, mask in zip(found, inside, strict=True):
        if mask.any():
            rows, columns = distance_transform_edt(mask, return_distances=False, return_indices=True)
            window[:] = window[:, rows, columns]
    return found
