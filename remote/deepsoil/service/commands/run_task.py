"""``deepsoil run-task FOLDER --attempt A``: one task of a job; its number comes from the scheduler's array."""

from __future__ import annotations

import argparse
import faulthandler
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from deepsoil.jobs.folder import JobFolder

WAIT_FOR_DISK_S = 600.0
"""How long a task waits at its start for a disk that is full; later it would be lost without a reason."""

# 75: "try again later", as in sysexits.h (EX_TEMPFAIL).
EXIT = {"succeeded": 0, "failed": 1, "cancelled": 3, "interrupted": 75}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a job folder, HOME/jobs/<id>, with tasks/plan.json")
    parser.add_argument("--attempt", type=int, required=True, metavar="A", help="which submission of the job this is")
    parser.add_argument("--index", type=int, metavar="I", help="which task (default: as the scheduler says)")
    parser.add_argument("--first", type=int, default=0, metavar="F", help="the task that is number 0 of the array")
    parser.add_argument("--killed", action="store_true", help="record why the task was killed (used by itself)")
    parser.add_argument("--within", metavar="RUN", help="take part in a run that is under way (used by itself)")


def run(args: argparse.Namespace) -> int:
    """0 succeeded, or nothing to do; 1 failed, 3 cancelled, 75 interrupted and to be continued."""
    from deepsoil.jobs.runner import when_writable
    from deepsoil.jobs.tasks import run as task
    from deepsoil.kinds.open_context import open_context
    from deepsoil.schedulers import registry

    job = JobFolder.open(args.folder.absolute())
    me = registry.find(job.scheduler).identity(os.environ, args.index)
    if args.index is None:
        me = replace(me, index=me.index + args.first)
    if args.killed:
        from deepsoil.jobs.tasks import killed

        killed.record(job, me.index, args.attempt)
        return 0
    if args.within:
        return task.take_part(job, me, args.within, lambda: open_context(job.path.parents[1]))
    folder = when_writable(lambda: task.prepare(job, args.attempt, me), WAIT_FOR_DISK_S)
    if folder is None:
        return 0
    keep_output(folder.path / "worker.txt")
    return EXIT[task.run(folder, me, lambda: open_context(job.path.parents[1]))]


def keep_output(path: Path) -> None:
    """Redirect stderr to a file, also for the traceback of a crash."""
    with suppress(OSError), path.open("ab") as stream:  # a full disk has room for no file
        os.dup2(stream.fileno(), 2)
    faulthandler.enable()
