"""``deepsoil advance [HOME]``: advances the jobs of a HOME without a service (from cron, or by hand)."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

_TIMEOUT_S = 60.0
_INTERVAL_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("home", type=Path, nargs="?", help="DeepSoil's HOME (default: DEEPSOIL_HOME, or the user's)")
    parser.add_argument("--until-done", action="store_true", help="go on until no job is left, in place of one step")


def run(args: argparse.Namespace) -> int:
    """0 if no job is left, 75 if some have not ended."""
    from deepsoil.home import home, open_home
    from deepsoil.jobs.listing import job_folders, with_each
    from deepsoil.kinds.open_context import open_context
    from deepsoil.schedulers import registry
    from deepsoil.schedulers.array.poll_interval import PollInterval
    from deepsoil.schedulers.array.timeouts import timeouts

    host = (args.home or home()).absolute()
    open_home(host)
    jobs = with_each(job_folders(host / "jobs"), lambda folder: registry.find(folder.scheduler))
    schedulers = {scheduler.name: scheduler for _, scheduler in jobs}
    found = [scheduler.advancer(host, lambda: open_context(host)) for _, scheduler in sorted(schedulers.items())]
    advancers = [advancer for advancer in found if advancer is not None]
    interval = PollInterval(timeouts())
    began = time.monotonic()
    while True:
        changes = [advancer.round() for advancer in advancers]
        interval.update(any(changes))
        left = sum(len(advancer.active()) for advancer in advancers)
        if not left:
            return 0
        # A submission whose answer was lost takes several steps to resolve; a single step would never resolve it.
        searching = any(advancer.searching for advancer in advancers)
        if not args.until_done and not (searching and time.monotonic() - began < _TIMEOUT_S):
            print(f"{left} job{'s' if left > 1 else ''} not finished yet")
            return 75
        time.sleep(interval.seconds if args.until_done else min(interval.seconds, _INTERVAL_S))
