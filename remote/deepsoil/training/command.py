"""``deepsoil train CONFIG.yaml [--output DIR]``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configuration", type=Path, help="YAML file, e.g. resources/training/deepsoil-20cm.yaml")
    parser.add_argument("--output", type=Path, help="run folder (default: build/training/NAME); an unfinished "
                        "training in it is continued")
    parser.add_argument("--seeds", type=int, default=1, help="number of networks to train, with seeds from the "
                        "configuration's upwards, each in its own folder")


def run(arguments: argparse.Namespace) -> int:
    """Train, print curves and scores; 0 when done."""
    from deepsoil.training.configuration import read_configuration
    from deepsoil.training.train import Training

    configuration = read_configuration(arguments.configuration)
    output = arguments.output or Path("build") / "training" / configuration.name
    for number in range(arguments.seeds):
        seeded = configuration.model_copy(update={"seed": configuration.seed + number})
        folder = output if number == 0 else output.with_name(f"{output.name}-seed{seeded.seed}")
        Training(seeded, folder, lambda line: print(line, flush=True)).run()
    return 0
