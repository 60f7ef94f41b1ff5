"""``deepsoil tables resources/training/tables-regions.yaml``: Table 3, Fig. 5 and Fig. 8 of the paper on known truth.

Everything is scored on days that no training has seen: at stations that are held out in regions that are learnt from,
in whole regions that are not, and against the truth at places 10 km or more from any station that is learnt from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation import metrics
from deepsoil.evaluation.image_metrics import psnr, ssim
from deepsoil.evaluation.paired import compare
from deepsoil.evaluation.table_files import Cell, Spread, Tabular
from deepsoil.experiments.regions_data import Scored, read_scored, read_windows, scored_input
from deepsoil.experiments.regions_networks import RegionTrainings
from deepsoil.experiments.regions_plan import RegionsPlan
from deepsoil.experiments.regions_rivals import OWN_RECORD, of_sources, of_stations, simulated_column, trees

Array = NDArray[np.float32]
Seeds = list[Array]

FAR_KM = 10.0
SYNTHETIC = "SYNTHETIC regions, known truth"


@dataclass(frozen=True)
class Group:
    """Station days or place days of one column of Table 3: what is compared with, (P, D), NaN where it does not count.
    """

    name: str
    values: Array


def groups_of(scored: Scored) -> list[Group]:
    """Held-out stations of regions that are learnt from; stations of the others; the truth far from known stations."""
    def only(values: Array, places: NDArray[np.bool_]) -> Array:
        return np.where(places[:, None], values, np.float32(np.nan))

    held_out = scored.station & ~scored.seen
    return [Group("held-out stations", only(scored.observed, held_out & ~scored.unseen_region)),
            Group("stations of unseen regions", only(scored.observed, held_out & scored.unseen_region)),
            Group(f"truth ≥ {FAR_KM:g} km from known stations", only(scored.truth, scored.km >= FAR_KM)),
            Group("truth in unseen regions", only(scored.truth, scored.unseen_region))]


def common(group: Group, rows: Mapping[str, Seeds]) -> Array:
    """The group's values on the pairs on which every row has a value; rows with gaps of their own do not count."""
    known = np.isfinite(group.values)
    for name, seeds in rows.items():
        if name not in PARTIAL:
            known &= np.isfinite(np.stack(seeds)).all(axis=0)
    return np.where(known, group.values, np.float32(np.nan))


PARTIAL = (*OWN_RECORD, "SMAP, 36 km")
"""Rows that have a value at some places or on some days only; they are scored on those of the common pairs."""


class RegionTables:
    """Reads, trains what is missing under ``output``, prints and writes the tables."""

    def __init__(self, plan: RegionsPlan, output: Path, seeds: int, say: Callable[[str], None]) -> None:
        self.plan, self.output, self.seeds, self.say = plan, output, range(seeds), say
        self.begun = time.monotonic()

    def run(self) -> list[Tabular]:
        self.output.mkdir(parents=True, exist_ok=True)
        configuration = self.plan.configuration(next(iter(self.plan.variants)), 0, 64)
        scored = read_scored(self.plan)
        windows = read_windows(self.plan, scored, configuration.channels, configuration.loss.soil, self.say)
        shown = scored_input(scored, configuration.channels)
        self._tell("read")
        middle = shown.shape[-1] // 2
        rows: dict[str, Seeds] = {name: [values] for name, values in (
            of_sources(scored, scored.last_to_learn(self.plan.gap_days)) | of_stations(scored)
            | {"simulated column": simulated_column(scored)}
            | trees(windows, shown[..., middle, middle].astype(np.float32), scored.product, self.plan.station_weight,
                    0)).items()}
        self._tell("rivals")
        self.say(f"\n{self._table_3(scored, rows).markdown()}")
        trainings = RegionTrainings(self.plan, scored, windows, shown, self.output / "runs", self.say)
        maps = self._train(trainings)
        mine = {f"DeepSoil, {name}": [one[..., middle, middle] for one in seeds] for name, seeds in maps.items()}
        tables = {"table-3": self._table_3(scored, rows | mine), "paired": self._paired(scored, rows, mine),
                  "figure-5": self._images(scored, maps)}
        if self.plan.clustered is not None:
            tables["figure-8"] = self._clusters(scored, maps, trainings)
        for name, table in tables.items():
            table.write(self.output, name)
            self.say(f"\n{table.markdown()}")
        self._tell("all")
        return list(tables.values())

    def _tell(self, what: str) -> None:
        self.say(f"{what}: {time.monotonic() - self.begun:.0f} s since the start")

    def _train(self, trainings: RegionTrainings) -> dict[str, Seeds]:
        trained = len(self.plan.variants) * len(self.seeds)
        self.say(f"{trainings.timed():.2f} s a step; {self.plan.steps} steps, {trained} trainings for all regions")
        maps: dict[str, Seeds] = {}
        for seed in self.seeds:
            for name in self.plan.variants:
                maps.setdefault(name, []).append(trainings.predicted(name, seed))
            if self.plan.clustered is not None:
                maps.setdefault(self._by_cluster, []).append(
                    trainings.predicted_by_clusters(self.plan.clustered, seed))
            self._tell(f"seed {seed}")
        return maps

    @property
    def _by_cluster(self) -> str:
        return f"{self.plan.clustered}, by cluster"

    @property
    def _how(self) -> str:
        network = self.plan.network
        return (f"Networks: {network.kind}, width {network.width}, {self.plan.steps} steps of {self.plan.batch} "
                f"windows; seeds {self.seeds.start} to {self.seeds.stop - 1}, ± standard deviation over them. Regions "
                f"that no training has seen: {', '.join(self.plan.held_out)}.")

    def _table_3(self, scored: Scored, rows: Mapping[str, Seeds]) -> Tabular:
        groups = [Group(one.name, common(one, rows)) for one in groups_of(scored)]
        lines: list[tuple[Cell, ...]] = []
        for name, seeds in rows.items():
            cells: list[Cell] = [name]
            for group in groups:
                cells += [self._spread([_mae(group.values, one) for one in seeds]),
                          self._spread([_median_r(group.values, one) for one in seeds])]
            lines.append(tuple(cells))
        pairs = ", ".join(f"{int(np.isfinite(one.values).sum()):,} ({one.name})" for one in groups)
        return Tabular(f"{SYNTHETIC}. Table 3, 5 cm, MAE in m3/m3 and median r of the places",
                       ("prediction", *(f"{text}, {one.name}" for one in groups for text in ("MAE", "r"))),
                       lines, (f"The same pairs in every row: {pairs}; {', '.join(PARTIAL)} on those that they have.",
                               self._how))

    def _paired(self, scored: Scored, rivals: Mapping[str, Seeds], mine: Mapping[str, Seeds]) -> Tabular:
        far = groups_of(scored)[2].values
        lines: list[tuple[Cell, ...]] = []
        for own, predictions in mine.items():
            for name, rival in rivals.items():
                if name in OWN_RECORD:
                    continue
                found = compare(*(_daily(scored, one) for one in (far, predictions[0], rival[0])))
                lines.append((f"{own} − {name}", found.stations, found.days, found.model_mae, found.baseline_mae,
                              found.difference, found.low, found.high, found.verdict))
        return Tabular(f"{SYNTHETIC}. Paired differences of |error| against the truth, {FAR_KM:g} km or more from any "
                       "station that is learnt from, m3/m3",
                       ("pair", "places", "days", "MAE", "MAE of the rival", "difference", "2.5 %", "97.5 %", "it is"),
                       lines, ("Seed 0; mean over places; blocks of 30 days and places are drawn again.", self._how))

    def _images(self, scored: Scored, maps: Mapping[str, Seeds]) -> Tabular:
        places = np.flatnonzero(scored.unseen_region)
        lines: list[tuple[Cell, ...]] = [
            (name, *(self._spread(list(values)) for values in zip(
                *(_alike(one[places], scored.maps[places]) for one in seeds), strict=True)))
            for name, seeds in maps.items()]
        return Tabular(f"{SYNTHETIC}. Fig. 5, loss variants against the truth of unseen regions, windows of "
                       f"{scored.maps.shape[-1]} pixels", ("training", "MAE", "PSNR, dB", "SSIM", "r within a window"),
                       lines, (f"{len(places)} windows on {len(scored.days)} days.", self._how))

    def _clusters(self, scored: Scored, maps: Mapping[str, Seeds], trainings: RegionTrainings) -> Tabular:
        assert self.plan.clustered is not None
        lines: list[tuple[Cell, ...]] = []
        for name in (self.plan.clustered, self._by_cluster):
            of_parts = []
            for unseen in (False, True):
                places = np.flatnonzero((scored.unseen_region == unseen) & ~scored.seen)
                of_parts.append(self._spread([_mae(scored.maps[places], one[places]) for one in maps[name]]))
            lines.append((name, *of_parts))
        clusters = trainings.clusters
        sizes = np.bincount(trainings.numbers[0], minlength=clusters.count + 1)[1:]
        return Tabular(f"{SYNTHETIC}. Fig. 8, one network, or one for each cluster of extents: MAE against the truth",
                       ("training", "regions that are learnt from", "unseen regions"), lines,
                       (f"{clusters.count} clusters by the silhouette, with {', '.join(map(str, sizes))} windows; "
                        "every network has all the steps, so that the clusters together have more.", self._how))

    def _spread(self, values: list[float]) -> Spread | float:
        known = np.array(values, np.float64)
        return float(known[0]) if known.size == 1 else Spread(float(known.mean()), float(known.std(ddof=1)), known.size)


def _mae(known: Array, predicted: Array) -> float:
    error = np.abs(predicted.astype(np.float64) - known)
    return float(np.nanmean(error)) if np.isfinite(error).any() else float("nan")


def _median_r(known: Array, predicted: Array) -> float:
    r = metrics.scores(known, predicted)["r"]
    return float(np.nanmedian(r)) if np.isfinite(r).any() else float("nan")


def _daily(scored: Scored, values: Array) -> Array:
    """Values (P, D) as (P, consecutive days)."""
    numbers = (scored.days - scored.days[0]).astype(int)
    found = np.full((len(values), numbers[-1] + 1), np.nan, np.float32)
    found[:, numbers] = values
    return found


def _alike(predicted: Array, truth: Array) -> tuple[float, float, float, float]:
    """MAE, and means over windows (P, D, S, S) of PSNR, SSIM and r within a window."""
    images = [(one, other) for of_place, true in zip(predicted, truth, strict=True)
              for one, other in zip(of_place, true, strict=True) if np.isfinite(other).any()]
    within = [np.corrcoef(one[known], other[known])[0, 1] for one, other in images
              if (known := np.isfinite(one) & np.isfinite(other)).sum() > 1 and np.ptp(one[known]) > 0
              and np.ptp(other[known]) > 0]
    return (_mae(truth, predicted), float(np.mean([psnr(*pair) for pair in images])),
            float(np.nanmean([ssim(*pair) for pair in images])), float(np.mean(within)) if within else float("nan"))
