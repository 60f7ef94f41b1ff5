"""``deepsoil train CONFIG.yaml [--output DIR]``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.training.configuration import Configuration
    from deepsoil.training.train import Training


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configuration", type=Path, help="YAML file, e.g. resources/training/deepsoil-20cm.yaml")
    parser.add_argument("--output", type=Path, help="run folder (default: build/training/NAME); an unfinished "
                        "training in it is continued")
    parser.add_argument("--seeds", type=int, default=1, help="number of networks to train, with seeds from the "
                        "configuration's upwards, each in its own folder")
    parser.add_argument("--folds", action="store_true", help="a network for each fold of a split that holds out "
                        "stations, each in its own folder")
    parser.add_argument("--met", type=Path, metavar="MODEL", help="train nothing: write into this model file what "
                        "such a training meets of each channel")


def run(arguments: argparse.Namespace) -> int:
    """Train, print curves and scores; 0 when done."""
    from deepsoil.training.cluster_trainings import expanded
    from deepsoil.training.configuration import read_configuration
    from deepsoil.training.train import Training

    def say(line: str) -> None:
        print(line, flush=True)

    configuration = read_configuration(arguments.configuration)
    output = arguments.output or Path("build") / "training" / configuration.name
    if arguments.met is not None:
        return _note_met(Training(configuration, output), arguments.met)
    for number in range(arguments.seeds):
        seeded = configuration.model_copy(update={"seed": configuration.seed + number})
        folder = output if number == 0 else output.with_name(f"{output.name}-seed{seeded.seed}")
        for of_fold, at in _folds(seeded, folder) if arguments.folds else [(seeded, folder)]:
            for one in expanded([of_fold], say):
                Training(one, at if one is of_fold else at.with_name(f"{at.name}-cluster{_number(one)}"), say).run()
    return 0


def _note_met(training: Training, model: Path) -> int:
    from deepsoil.networks.rewrite import rewrite_contract
    from deepsoil.training.met import with_met

    met = training.met()
    rewrite_contract(model, lambda contract: with_met(contract, met))
    for name, one in met.items():
        span = "" if one.low is None else f"  {one.low:g} to {one.high:g}"
        print(f"{name:28} {one.how:10}{span}")
    return 0


def _number(configuration: Configuration) -> int:
    return configuration.cluster.number if configuration.cluster is not None else 0


def _folds(configuration: Configuration, folder: Path) -> Iterator[tuple[Configuration, Path]]:
    """Every fold of a split that holds out stations, with its folder. DeepSoilError ``configuration_invalid``."""
    split = configuration.split
    if not split.of_station_folds:
        raise DeepSoilError("configuration_invalid", "The split {kind} has no folds of stations.",
                            "Set split.kind to leave_station_out or leave_station_and_year_out.", "split.kind",
                            kind=split.kind)
    for fold in range(split.folds):
        changed = configuration.model_copy(update={"split": split.model_copy(update={"fold": fold})})
        yield changed, folder.with_name(f"{folder.name}-fold{fold}")
