"""The options that experiments at the two real places have in common."""

from __future__ import annotations

import argparse
from pathlib import Path


def at_two_places(description: str | None) -> argparse.ArgumentParser:
    """``--region``, ``--uscrn`` and ``--output``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--region", type=Path, required=True, help="store of Kings Creek")
    parser.add_argument("--uscrn", type=Path, required=True, help="daily table of USCRN Manhattan")
    parser.add_argument("--output", type=Path, help="folder for the tables")
    return parser


def and_the_sample(description: str | None) -> argparse.ArgumentParser:
    """The same, with ``--sample`` and ``--logs``."""
    parser = at_two_places(description)
    parser.add_argument("--sample", type=Path, required=True, help="store of the sample region")
    parser.add_argument("--logs", type=Path, required=True, help="irrigation of its stations")
    return parser
