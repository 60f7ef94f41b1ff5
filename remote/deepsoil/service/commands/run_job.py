"""``deepsoil run-job FOLDER``: the worker, started detached by the queue."""

from __future__ import annotations

import argparse
import faulthandler
from pathlib import Path

from deepsoil.io import disk_errors
from deepsoil.jobs.folder import JobFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a job folder, HOME/jobs/<id>")


def run(args: argparse.Namespace) -> int:
    """0 succeeded, 1 failed, 3 cancelled, 4 the job was not, or no longer, waiting."""
    from deepsoil.jobs import runner
    from deepsoil.kinds.open_context import open_context

    faulthandler.enable()  # a crash in a library leaves a traceback in worker.txt
    folder = JobFolder.open(args.folder.absolute())
    try:
        if not folder.claim():
            return 4
    except OSError as error:
        reason = disk_errors.explained(error, folder.path)
        if reason is None:
            raise
        folder.finish("failed", reason.message, reason)
        return 1
    status = runner.run(folder, lambda: open_context(folder.path.parents[1]))
    return {"succeeded": 0, "failed": 1, "cancelled": 3}[status.state]
