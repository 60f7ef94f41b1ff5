"""``deepsoil run-merge FOLDER --attempt A``: makes the outputs of a job from the results of its tasks."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from deepsoil.jobs.folder import JobFolder
from deepsoil.service.commands.run_task import EXIT, WAIT_FOR_DISK_S, keep_output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a job folder, HOME/jobs/<id>, with tasks/plan.json")
    parser.add_argument("--attempt", type=int, required=True, metavar="A", help="which submission of the job this is")
    parser.add_argument("--killed", action="store_true", help="record why the merge was killed (used by itself)")


def run(args: argparse.Namespace) -> int:
    """0 succeeded, nothing to do, or results are missing (they are printed); 1 failed, 3 cancelled, 75 interrupted."""
    from deepsoil.jobs.runner import when_writable
    from deepsoil.jobs.tasks import merge
    from deepsoil.kinds.open_context import open_context
    from deepsoil.schedulers import registry

    job = JobFolder.open(args.folder.absolute())
    if args.killed:
        from deepsoil.jobs.tasks import killed, layout

        killed.record(job, layout.MERGE, args.attempt)
        return 0
    restarts = registry.find(job.scheduler).restarts(os.environ)
    folder = when_writable(lambda: merge.prepare(job, args.attempt, restarts), WAIT_FOR_DISK_S)
    if folder is None:
        return 0
    lacking: list[str] = []
    keep_output(folder.path / "worker.txt")
    state = merge.run(folder, lambda: open_context(job.path.parents[1]), lacking.append)
    for line in lacking:
        print(line, flush=True)
    return 0 if lacking else EXIT[state]
