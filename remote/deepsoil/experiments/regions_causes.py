"""Why the 5 cm networks are not better: is it the error of the readings, the number of their places, or the network?

Networks and boosted trees learn at the places and on the days that are scored, of the regions that are learnt from:
from the readings, from the truth at the same pixels and days, from the truth at all places, and from the truth of whole
windows. All are scored against the truth of regions that no training saw. Their days are those of the scores, unlike
those of Table 3: rows are compared with each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.regions_data import Windows
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_plan import Labels
from deepsoil.experiments.regions_rivals import COLUMN, drawn_pixels, fitted_trees, simulated_column
from deepsoil.experiments.regions_scores import SYNTHETIC, Seeds, how_trained, mae, median_r, paired_errors, spread
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.loss_soil import soil_of
from deepsoil.training.station_patches import SURFACE_CM

Array = NDArray[np.float32]

READINGS, SAME, ALL, WHOLE = ("readings of the known stations", "truth, the same pixels and days",
                              "truth at all places", "truth of whole windows")


@dataclass(frozen=True)
class Lesson:
    """What is learnt from: windows, and whether their middle pixel or all of them has a label."""

    windows: Windows
    labels: Labels

    @property
    def labelled(self) -> NDArray[np.intp]:
        """Numbers of the windows with a label."""
        known = np.isfinite(self.windows.reading if self.labels == "stations" else self.windows.product)
        return np.flatnonzero(known.reshape(len(self.windows), -1).any(axis=1))


class CauseTables:
    """One table: each lesson, by networks and by trees."""

    def __init__(self, trainings: RegionTrainings, seeds: range) -> None:
        assert trainings.plan.causes is not None
        self.trainings, self.seeds, self.variant = trainings, seeds, trainings.plan.causes.variant
        self.scored = trainings.scored
        self.unseen = np.flatnonzero(self.scored.unseen_region)

    def runs(self) -> list[Run]:
        return [self._run(name, seed) for name in (READINGS, SAME, ALL, WHOLE) for seed in self.seeds]

    def tables(self) -> dict[str, Tabular]:
        """Errors in regions that no training saw, and in pairs with those of the readings."""
        known = self.scored.truth[self.unseen]
        column = [simulated_column(self.scored)[self.unseen]]
        lines: list[tuple[Cell, ...]] = [(COLUMN, "–", None, *self._scores(known, column), None, None, None, "–")]
        for learner, learn in (("trees", self._by_trees), ("DeepSoil", self._by_networks)):
            first: Seeds | None = None
            for name, lesson in self.lessons.items():
                found = learn(name, lesson)
                first = first or found
                lines.append((learner, name, self._places(lesson), *self._scores(known, found),
                              *self._difference(known, found, first)))
        return {"causes": Tabular(
            f"{SYNTHETIC}. Where the error of '{self.variant}' comes from: against the truth of unseen regions, m3/m3",
            ("learner", "learnt from", "places", "MAE", "median r", "change", "2.5 %", "97.5 %", "it is"), lines,
            (f"All learn from the {len(self.scored.days)} days that are scored, in other regions. Change: from the "
             "readings, of the mean over places and seeds of |error|; blocks of 30 days and places are drawn again.",
             how_trained(self.trainings.plan, self.seeds)))}

    @cached_property
    def lessons(self) -> Mapping[str, Lesson]:
        """By name; the last has a label on every pixel."""
        scored = self.scored
        here = np.flatnonzero(~scored.unseen_region)
        readings = np.where(scored.seen[:, None], scored.observed, np.float32(np.nan))[here]
        truth = scored.truth[here]
        every = self._windows(here)
        none = np.full_like(truth, np.nan)
        return {READINGS: Lesson(_labelled(every, readings), "stations"),
                SAME: Lesson(_labelled(every, np.where(np.isfinite(readings), truth, none)), "stations"),
                ALL: Lesson(_labelled(every, truth), "stations"),
                WHOLE: Lesson(_labelled(every, none), "product")}

    def _windows(self, places: NDArray[np.intp]) -> Windows:
        """The scored windows of places, the truth in place of the product, without readings."""
        scored, days = self.scored, len(self.scored.days)
        at = np.concatenate([region.place for region in scored.regions])[places]
        choice = self.trainings.plan.configuration(self.variant, 0, self.trainings.shown.shape[-1]).loss.soil
        soils = []
        for place, (column, row) in zip(places, at, strict=True):
            region = scored.regions[scored.region[place]]
            soils.append(soil_of(region.store, region.window(int(column), int(row)), SURFACE_CM, choice).arrays())
        soil = VanGenuchten(*(np.repeat(np.stack(one), days, axis=0) for one in zip(*soils, strict=True)))
        shown, maps = self.trainings.shown[places], scored.maps[places]
        return Windows(shown.reshape(-1, *shown.shape[2:]), maps.reshape(-1, *maps.shape[2:]),
                       np.full(len(places) * days, np.nan, np.float32), soil,
                       np.repeat(scored.region[places], days), np.repeat(at, days, axis=0))

    def _run(self, name: str, seed: int) -> Run:
        return Run(self.variant, seed, name, labels="product" if name == WHOLE else "stations")

    def _by_networks(self, name: str, lesson: Lesson) -> Seeds:
        mine = self.trainings
        of_lesson = RegionTrainings(mine.plan, mine.scored, lesson.windows, mine.shown[self.unseen], mine.channels,
                                    mine.folder, mine.say)
        middle = mine.shown.shape[-1] // 2
        return [of_lesson.predicted(replace(self._run(name, seed), chosen=lesson.labelled))[..., middle, middle]
                for seed in self.seeds]

    def _by_trees(self, name: str, lesson: Lesson) -> Seeds:
        windows, which, middle = lesson.windows, lesson.labelled, lesson.windows.x.shape[-1] // 2
        shown = self.trainings.shown[self.unseen][..., middle, middle].astype(np.float32)
        found: Seeds = []
        for seed in self.seeds:
            x, y = (drawn_pixels(windows, which, seed) if name == WHOLE else
                    (windows.x[which, :, middle, middle].astype(np.float32), windows.reading[which]))
            predict: Callable[[Array], Array] = fitted_trees(x, y, None, seed)
            found.append(predict(shown.reshape(-1, shown.shape[-1])).reshape(shown.shape[:2]))
        return found

    def _places(self, lesson: Lesson) -> int:
        return len(np.unique(lesson.labelled // len(self.scored.days)))

    @staticmethod
    def _scores(known: Array, found: Seeds) -> tuple[Cell, Cell]:
        return spread([mae(known, one) for one in found]), spread([median_r(known, one) for one in found])

    def _difference(self, known: Array, found: Seeds, first: Seeds) -> tuple[Cell, ...]:
        if found is first:
            return None, None, None, "–"
        told = paired_errors(self.scored, *([np.abs(one - known) for one in seeds] for seeds in (found, first)))
        return told.difference, told.low, told.high, told.verdict


def _labelled(windows: Windows, readings: Array) -> Windows:
    """The same with readings (P, D) in the middle."""
    return replace(windows, reading=readings.astype(np.float32).ravel())
