"""``deepsoil advance [HOME]``: takes the Slurm jobs of a HOME on, where no service does (from cron, or by hand)."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

_PATIENCE_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("home", type=Path, nargs="?", help="DeepSoil's HOME (default: DEEPSOIL_HOME, or the user's)")
    parser.add_argument("--until-done", action="store_true", help="go on until no job is left, in place of one step")


def run(args: argparse.Namespace) -> int:
    """0 where no job is left, 75 where some are still on their way."""
    from deepsoil.home import home
    from deepsoil.kinds.open_context import open_context
    from deepsoil.schedulers.slurm.advance import Advancer
    from deepsoil.schedulers.slurm.poll_interval import Rhythm

    host = (args.home or home()).absolute()
    advancer = Advancer(host, lambda: open_context(host))
    rhythm = Rhythm(advancer.times)
    began = time.monotonic()
    while True:
        rhythm.note(advancer.round())
        left = len(advancer.active())
        if not left:
            return 0
        # A submission whose answer was lost takes a few looks until it is certain; one step alone would never end it.
        if not args.until_done and not (advancer.searching and time.monotonic() - began < _PATIENCE_S):
            print(f"{left} job{'s' if left > 1 else ''} on the way")
            return 75
        time.sleep(min(rhythm.pause_s, 2.0) if not args.until_done else rhythm.pause_s)
