"""``deepsoil run-queue HOME``: the process that begins waiting jobs; a submission starts it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("home", type=Path, help="DeepSoil's HOME")


def run(args: argparse.Namespace) -> int:
    from deepsoil.jobs.queue import work

    work(args.home.absolute())
    return 0
