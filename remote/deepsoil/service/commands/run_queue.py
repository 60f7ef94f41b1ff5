"""``deepsoil run-queue HOME``: the process that starts waiting jobs; a submission starts it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("home", type=Path, help="DeepSoil's HOME")
    parser.add_argument("--instead", action="store_true", help="in the place of the process that runs them now")
    parser.add_argument("--settings", help="the mark of the settings that it was sent with; by default those of now")


def run(args: argparse.Namespace) -> int:
    from deepsoil.schedulers.process import queue

    queue.run(args.home.absolute(), instead=args.instead, sent_with=args.settings)
    return 0
