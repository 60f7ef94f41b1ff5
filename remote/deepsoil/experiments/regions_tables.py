"""Table 3, Fig. 5 and Fig. 8 of the paper on regions whose truth is known.

Everything is scored on days that no training has seen: at stations that are held out in regions that are learnt from,
in whole regions that are not, and against the truth at places 10 km or more from any station that is learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.image_metrics import psnr, ssim
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_rivals import (
    BY_STATIONS,
    COLUMN,
    OWN_RECORD,
    of_sources,
    of_stations,
    simulated_column,
    trees,
)
from deepsoil.experiments.regions_scores import (
    FAR_KM,
    PARTIAL,
    SYNTHETIC,
    Group,
    Seeds,
    common,
    groups_of,
    how_trained,
    mae,
    median_r,
    paired_errors,
    spread,
)

Array = NDArray[np.float32]


class MainTables:
    """The rivals, the variants for all regions, and one of them for each cluster of extents."""

    def __init__(self, trainings: RegionTrainings, seeds: range) -> None:
        self.trainings, self.plan, self.scored, self.seeds = trainings, trainings.plan, trainings.scored, seeds

    def runs(self) -> list[Run]:
        found = [Run(name, seed) for seed in self.seeds for name in self.plan.variants]
        if self.plan.clustered is not None:
            found += [run for seed in self.seeds for run in self.trainings.by_clusters(self.plan.clustered, seed)]
        return found

    def tables(self) -> dict[str, Tabular]:
        scored, shown = self.scored, self.trainings.shown
        middle = shown.shape[-1] // 2
        rows: dict[str, Seeds] = {name: [values] for name, values in (
            of_sources(scored, scored.last_to_learn(self.plan.gap_days)) | of_stations(scored)
            | {COLUMN: simulated_column(scored)}
            | trees(self.trainings.windows, shown[..., middle, middle].astype(np.float32), scored.product,
                    self.plan.station_weight, 0)).items()}
        rows[f"{BY_STATIONS}, mean with the column"] = _with(rows[COLUMN], rows[BY_STATIONS])
        self.trainings.say(f"\n{self._table_3(rows).markdown()}")
        maps = self._train()
        mine = {f"DeepSoil, {name}": [one[..., middle, middle] for one in seeds] for name, seeds in maps.items()}
        mine |= {f"{name}, mean with the column": _with(rows[COLUMN], seeds) for name, seeds in mine.items()}
        tables = {"table-3": self._table_3(rows | mine), "paired": self._paired(rows, mine),
                  "figure-5": self._images(maps)}
        if self.plan.clustered is not None:
            tables["figure-8"] = self._clusters(self.plan.clustered, maps)
        return tables

    def _train(self) -> dict[str, Seeds]:
        maps: dict[str, Seeds] = {}
        for seed in self.seeds:
            for name in self.plan.variants:
                maps.setdefault(name, []).append(self.trainings.predicted(Run(name, seed)))
            if self.plan.clustered is not None:
                maps.setdefault(self._by_cluster, []).append(
                    self.trainings.predicted_by_clusters(self.plan.clustered, seed))
        return maps

    @property
    def _by_cluster(self) -> str:
        return f"{self.plan.clustered}, by cluster"

    def _table_3(self, rows: Mapping[str, Seeds]) -> Tabular:
        groups = [Group(one.name, common(one, rows)) for one in groups_of(self.scored)]
        lines: list[tuple[Cell, ...]] = []
        for name, seeds in rows.items():
            cells: list[Cell] = [name]
            for group in groups:
                cells += [spread([mae(group.values, one) for one in seeds]),
                          spread([median_r(group.values, one) for one in seeds])]
            lines.append(tuple(cells))
        pairs = ", ".join(f"{int(np.isfinite(one.values).sum()):,} ({one.name})" for one in groups)
        return Tabular(f"{SYNTHETIC}. Table 3, 5 cm, MAE in m3/m3 and median r of the places",
                       ("prediction", *(f"{text}, {one.name}" for one in groups for text in ("MAE", "r"))),
                       lines, (f"The same pairs in every row: {pairs}; {', '.join(PARTIAL)} on those that they have.",
                               how_trained(self.plan, self.seeds)))

    def _paired(self, rivals: Mapping[str, Seeds], mine: Mapping[str, Seeds]) -> Tabular:
        far = groups_of(self.scored)[2].values
        lines: list[tuple[Cell, ...]] = []
        for own, predictions in mine.items():
            for name, rival in rivals.items():
                if name in OWN_RECORD:
                    continue
                found = paired_errors(self.scored, *([np.abs(one - far) for one in seeds]
                                                     for seeds in (predictions, rival)))
                lines.append((f"{own} − {name}", found.stations, found.days, found.model_mae, found.baseline_mae,
                              found.difference, found.low, found.high, found.verdict))
        return Tabular(f"{SYNTHETIC}. Paired differences of |error| against the truth, {FAR_KM:g} km or more from any "
                       "station that is learnt from, m3/m3",
                       ("pair", "places", "days", "MAE", "MAE of the rival", "difference", "2.5 %", "97.5 %", "it is"),
                       lines,
                       ("Of the mean over places and seeds of |error|; blocks of 30 days and places are drawn again.",
                        how_trained(self.plan, self.seeds)))

    def _images(self, maps: Mapping[str, Seeds]) -> Tabular:
        places = np.flatnonzero(self.scored.unseen_region)
        lines: list[tuple[Cell, ...]] = [
            (name, *(spread(list(values)) for values in zip(
                *(_alike(one[places], self.scored.maps[places]) for one in seeds), strict=True)))
            for name, seeds in maps.items()]
        return Tabular(f"{SYNTHETIC}. Fig. 5, loss variants against the truth of unseen regions, windows of "
                       f"{self.scored.maps.shape[-1]} pixels",
                       ("training", "MAE", "PSNR, dB", "SSIM", "r within a window"), lines,
                       (f"{len(places)} windows on {len(self.scored.days)} days.", how_trained(self.plan, self.seeds)))

    def _clusters(self, clustered: str, maps: Mapping[str, Seeds]) -> Tabular:
        lines: list[tuple[Cell, ...]] = []
        for name in (clustered, self._by_cluster):
            of_parts = []
            for unseen in (False, True):
                places = np.flatnonzero((self.scored.unseen_region == unseen) & ~self.scored.seen)
                of_parts.append(spread([mae(self.scored.maps[places], one[places]) for one in maps[name]]))
            lines.append((name, *of_parts))
        clusters = self.trainings.clusters
        sizes = np.bincount(self.trainings.numbers[0], minlength=clusters.count + 1)[1:]
        return Tabular(f"{SYNTHETIC}. Fig. 8, one network, or one for each cluster of extents: MAE against the truth",
                       ("training", "regions that are learnt from", "unseen regions"), lines,
                       (f"{clusters.count} clusters by the silhouette, with {', '.join(map(str, sizes))} windows; "
                        "every network has all the steps, so that the clusters together have more.",
                        how_trained(self.plan, self.seeds)))


def _with(column: Seeds, others: Seeds) -> Seeds:
    """The mean of the simulated column and another prediction, which knows other things."""
    return [(column[0] + one).astype(np.float32) / np.float32(2) for one in others]


def _alike(predicted: Array, truth: Array) -> tuple[float, float, float, float]:
    """MAE, and means over windows (P, D, S, S) of PSNR, SSIM and r within a window."""
    images = [(one, other) for of_place, true in zip(predicted, truth, strict=True)
              for one, other in zip(of_place, true, strict=True) if np.isfinite(other).any()]
    within = [np.corrcoef(one[known], other[known])[0, 1] for one, other in images
              if (known := np.isfinite(one) & np.isfinite(other)).sum() > 1 and np.ptp(one[known]) > 0
              and np.ptp(other[known]) > 0]
    return (mae(truth, predicted), float(np.mean([psnr(*pair) for pair in images])),
            float(np.nanmean([ssim(*pair) for pair in images])), float(np.mean(within)) if within else float("nan"))
