"""``deepsoil tune CONFIG.yaml [--output DIR]``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Try settings of a training by Hyperband, one trial after the other; what is in the output "
                          "folder is continued. As a job of a scheduler (options.tuning of a training) the trials are "
                          "tasks.")
    parser.add_argument("tuning", type=Path, help="YAML file, e.g. resources/training/tune-20cm.yaml")
    parser.add_argument("--output", type=Path, help="folder of the study and of every trial's run (default: "
                        "build/training/NAME)")
    parser.add_argument("--trials", type=int, metavar="N", help="so many trials instead of those of the file")


def run(args: argparse.Namespace) -> int:
    """Run the trials that are left, print each, and write trials.csv and best.yaml."""
    from deepsoil.training.tuning import Trials
    from deepsoil.training.tuning_configuration import read_tuning

    def say(line: str) -> None:
        print(line, flush=True)

    tuning = read_tuning(args.tuning)
    output = args.output or Path("build") / "training" / tuning.name
    trials = Trials(tuning, output, say)
    for number in range(args.trials or tuning.trials):
        trials.run(number, output, output)
        trials.write_results(output)
    say(trials.text())
    return 0
