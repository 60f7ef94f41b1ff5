"""``deepsoil run-queue HOME``: the process that starts waiting jobs; a submission starts it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("home", type=Path, help="DeepSoil's HOME")


def run(args: argparse.Namespace) -> int:
    from deepsoil.schedulers.process import queue

    queue.run(args.home.absolute())
    return 0
