"""What every data set of the paper's Table 1 is worth to the 5 cm network: the error without it, on known truth.

Its channels show their mean over what is learnt from. At prediction alone this says what the network uses; in a
training of its own, what the others cannot replace. Product and stations are targets: a training without one of them
learns from the other alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import COVER_CLASSES
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_plan import Labels
from deepsoil.experiments.regions_scores import SYNTHETIC, Seeds, groups_of, how_trained, mae, paired_errors, spread

Array = NDArray[np.float32]

DATA_SETS: Mapping[str, tuple[str, ...]] = {
    "gNATSGO": ("available_water_storage", "soil_thickness", "available_water_content", "survey_field_capacity",
                "porosity"),
    "POLARIS": ("sand", "silt", "clay", "bulk_density", "theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks",
                "organic_matter"),
    "Landsat": ("red", "green", "blue", "nir", "ndvi"),
    "NLCD": ("land_cover", *COVER_CLASSES),
    "Köppen climate": ("koppen",),
    "elevation": ("elevation", "slope", "aspect", "northness"),
    "gridMET": ("precipitation", "temperature", "vpd", "pet", "precipitation_3d", "precipitation_7d",
                "precipitation_30d", "pet_7d", "pet_30d", "water_balance_7d", "water_balance_30d", "snow_water",
                "bucket_10mm", "bucket_30mm", "bucket_60mm", "bucket_120mm", "bucket_250mm", "bucket_500mm"),
    "MCD15A3H": ("lai",),
    "SMAP": ("smap",),
    "date": ("season_sin", "season_cos"),
}
"""Inputs of Table 1 and the channels that come from each; the date is no data set."""

TARGETS: Mapping[str, Labels] = {"product (HydroBlocks)": "stations", "stations": "product"}
"""Targets of Table 1, and the labels of a variant that learns without them."""

AT_PREDICTION, IN_TRAINING = "at prediction", "in training too"
_WORTH = {"worse": "helps", "better": "harms"}  # what the verdict on its absence says of a data set


class DataSetTables:
    """Errors of a variant's networks without each data set, in pairs with those with all of them."""

    def __init__(self, trainings: RegionTrainings, seeds: range) -> None:
        assert trainings.plan.data_sets is not None
        self.trainings, self.seeds, self.choice = trainings, seeds, trainings.plan.data_sets
        self.channels = {name: here for name, channels in DATA_SETS.items()
                         if (here := tuple(one for one in channels if one in trainings.channels))}

    def runs(self) -> list[Run]:
        found = self._of_seeds(Run(self.choice.variant, 0))
        if self.choice.retrained:
            for name in self.channels:
                found += self._of_seeds(self._without(name))
            for name, labels in self._targets().items():
                found += self._of_seeds(self._labelled(name, labels))
        return found

    def tables(self) -> dict[str, Tabular]:
        """Error without each data set; positive differences: it helps."""
        all_of_them = [self._middle(self.trainings.predicted(run))
                       for run in self._of_seeds(Run(self.choice.variant, 0))]
        lines = [self._row("none", "–", all_of_them, all_of_them)]
        lines += [self._row(name, AT_PREDICTION, self._at_prediction(name), all_of_them) for name in self.channels]
        if self.choice.retrained:
            again = {name: self._without(name) for name in self.channels} | {
                name: self._labelled(name, labels) for name, labels in self._targets().items()}
            lines += [self._row(name, IN_TRAINING, [
                self._middle(self.trainings.predicted(one)) for one in self._of_seeds(run)], all_of_them)
                for name, run in again.items()]
        head = [f"{text}, {name}" for name in self._where() for text in ("MAE", "change", "2.5 %", "97.5 %", "it")]
        channels = "; ".join(f"{name}: {', '.join(here)}" for name, here in self.channels.items())
        return {"data-sets": Tabular(
            f"{SYNTHETIC}. What each data set of Table 1 is worth to '{self.choice.variant}', m3/m3",
            ("left out", "when", *head), lines,
            ("Change: of the mean over places and seeds of |error| when it is left out. Blocks of 30 days and places "
             "are drawn again. It helps, or harms, where the interval is above, or below, zero.",
             f"What is left out shows its mean over what is learnt from. Channels: {channels}.",
             how_trained(self.trainings.plan, self.seeds)))}

    def _where(self) -> dict[str, Array]:
        """What is compared with: readings of stations that no training saw, and the truth far from the others."""
        held_out, unseen, far, _ = groups_of(self.trainings.scored)
        return {"unseen stations": np.where(np.isnan(held_out.values), unseen.values, held_out.values),
                far.name: far.values}

    def _row(self, name: str, when: str, without: Seeds, with_all: Seeds) -> tuple[Cell, ...]:
        cells: list[Cell] = [name, when]
        for known in self._where().values():
            cells.append(spread([mae(known, one) for one in without]))
            if without is with_all:
                cells += [None, None, None, "–"]
                continue
            found = paired_errors(self.trainings.scored, *([np.abs(one - known) for one in seeds]
                                                           for seeds in (without, with_all)))
            cells += [found.difference, found.low, found.high, _WORTH.get(found.verdict, found.verdict)]
        return tuple(cells)

    def _at_prediction(self, name: str) -> Seeds:
        constant = self.trainings.constants(self.channels[name])
        return [self._middle(self.trainings.predict(self.trainings.network(run), self.trainings.shown, constant))
                for run in self._of_seeds(Run(self.choice.variant, 0))]

    def _without(self, name: str) -> Run:
        return Run(self.choice.variant, 0, f"without {name}", left_out=self.channels[name])

    def _targets(self) -> Mapping[str, Labels]:
        """The targets that the variant learns from and could do without."""
        return TARGETS if self.trainings.plan.variants[self.choice.variant].labels == "both" else {}

    def _labelled(self, name: str, labels: Labels) -> Run:
        return Run(self.choice.variant, 0, f"without {name}", labels=labels)

    def _of_seeds(self, run: Run) -> list[Run]:
        return [replace(run, seed=seed) for seed in self.seeds]

    @staticmethod
    def _middle(maps: Array) -> Array:
        return np.asarray(maps[..., maps.shape[-2] // 2, maps.shape[-1] // 2])

