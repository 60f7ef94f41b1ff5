"""Many small trainings on one region that differ in one setting each, every one in its own run folder.

Shared data, mainly the stations' input, is read once. A finished training is not repeated: its
predictions are in its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.training.column_tables import load_tables
from deepsoil.training.configuration import Configuration
from deepsoil.training.loop import Trainer, predict
from deepsoil.training.patches import PatchMaker
from deepsoil.training.regional import RegionPatches
from deepsoil.training.run_folder import RunFolder
from deepsoil.training.scores import parts_of
from deepsoil.training.station_patches import StationInputs
from deepsoil.training.supervision import Supervised, read_inputs, region_patches
from deepsoil.training.train import fill_values

Array = NDArray[np.float32]
Changes = Mapping[str, Mapping[str, Any]]

PREDICTIONS = "predictions.npz"
SCORED, BATCHES, BATCH, PATCH = 18, 12, 16, 64  # first word of the keys, and the number of scored windows of a region


@dataclass(frozen=True)
class TrainingResult:
    """Predictions (S, T) m3/m3 for stations in training and in test, NaN elsewhere; ``region``: errors of the map
    against the region's labels on days not used in training, by name."""

    train: Array
    test: Array
    region: dict[str, float]


class SmallTrainings:
    """Trainings of variants of ``configuration`` under ``folder``. ``mapped``: score maps against the labels too."""

    def __init__(self, configuration: Configuration, folder: Path, say: Callable[[str], None], mapped: bool) -> None:
        self.configuration, self.folder, self.say, self.mapped = configuration, folder, say, mapped
        self.tables = load_tables(configuration, folder.parent)
        parts = parts_of(configuration, self.tables.training.dates)
        self.fills = fill_values(self.tables, configuration, parts.train)
        self.columns = PatchMaker(self.tables.training, configuration.depth_cm, configuration.channels,
                                  configuration.simulation.lattice_step, parts.train, configuration.missing, self.fills,
                                  configuration.mixed_weather)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    @cached_property
    def inputs(self) -> StationInputs:
        return read_inputs(self.configuration, self.fills)

    def folds(self) -> int:
        return self.configuration.split.folds if self.configuration.split.of_station_folds else 1

    def outcome(self, name: str, changes: Changes, seed: int) -> TrainingResult:
        """Train a variant with one seed, fold by fold, or read the results of an earlier training."""
        pieces = [self._fold(f"{name}-seed{seed}-fold{fold}", changes, seed, fold) for fold in range(self.folds())]
        train, test = (np.full_like(pieces[0].train, np.nan) for _ in range(2))
        for piece in pieces:
            train = np.where(np.isnan(train), piece.train, train)
            test = np.where(np.isnan(test), piece.test, test)
        region = {key: float(np.mean([piece.region[key] for piece in pieces])) for key in pieces[0].region}
        return TrainingResult(train, test, region)

    def _fold(self, name: str, changes: Changes, seed: int, fold: int) -> TrainingResult:
        folder = self.folder / name
        file = folder / PREDICTIONS
        if not file.is_file():
            self._train(varied(self.configuration, changes, seed, fold), folder)
        with np.load(file) as found:
            region = {key.removeprefix("region "): float(found[key]) for key in found if key.startswith("region ")}
            return TrainingResult(found["train"], found["test"], region)

    def _train(self, configuration: Configuration, folder: Path) -> None:
        supervised = Supervised.of(configuration, self.columns, self.fills, self.inputs)
        run = RunFolder.open(folder, configuration)
        trainer = Trainer(configuration, run, supervised.training, supervised.validation, self.device)
        network = trainer.run()
        predicted = supervised.inputs.predict(lambda x: predict(network, x, self.device))
        parts = {name: np.where(mask, predicted, np.float32(np.nan))
                 for name, mask in supervised.parts._asdict().items()}
        region = self._region_errors(network) if self.mapped else {}
        stored: dict[str, Any] = {"train": parts["train"], "test": parts["test"]}
        stored |= {f"region {key}": np.array(value) for key, value in region.items()}
        with run.replacing(PREDICTIONS) as draft:
            np.savez(draft, **stored)
        for name in ("checkpoint.pt", "start.pt"):
            (folder / name).unlink(missing_ok=True)
        self.say(f"{folder.name}: {trainer.seconds():.0f} s, validation MAE {trainer.best:.4f}")

    def _region_errors(self, network: nn.Module) -> dict[str, float]:
        """Errors of whole maps against the simulated labels of every pixel, on the days held out."""
        source = self._held_out
        errors = []
        for number in range(BATCHES):
            batch = source.draw((0, SCORED, number), BATCH, PATCH)
            error = predict(network, batch.x, self.device) - batch.theta
            errors.append(error[np.isfinite(error)])
        error = np.concatenate(errors).astype(np.float64)
        return {"MAE": float(np.abs(error).mean()), "RMSE": float(np.sqrt(np.square(error).mean())),
                "bias": float(error.mean())}

    @cached_property
    def _held_out(self) -> RegionPatches:
        return region_patches(self.configuration, self.fills, "test", sampled=False)


def varied(configuration: Configuration, changes: Changes, seed: int, fold: int) -> Configuration:
    """The configuration with some settings of its sections replaced, and validated."""
    data = configuration.resolved()
    for section, values in changes.items():
        data[section] = data[section] | dict(values)
    data["seed"] = seed
    data["split"] = data["split"] | {"fold": fold}
    return Configuration.model_validate(data)
