"""Makes the states true again after a process was killed, and ends workers that do not heed a cancel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, Status
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder

ASK_AFTER_S = 10.0
FORCE_AFTER_S = 15.0


def job_folders(jobs: Path) -> Iterator[JobFolder]:
    """Every job in ``HOME/jobs``; drafts and what is being removed begin with a dot."""
    if not jobs.is_dir():
        return
    with os.scandir(jobs) as entries:  # tells folders from files without a look at each
        names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    for name in names:
        yield JobFolder(jobs / name)


def reconcile(folder: JobFolder) -> Status:
    """The true status of a job: one whose worker is gone has ended, and says so. Slurm's jobs have none here.

    Raises
    ------
    DeepSoilError
        ``job_damaged``: the state cannot be read.
    """
    status = folder.status()
    if status.state != "running" or status.host not in (None, process.this_host()) or folder.by_slurm:
        return status
    if process.alive(status.pid, status.process_start):
        _end_where_cancelled(folder, status)
        return status
    try:
        return _end_lost(folder, status)
    except IllegalStepError:
        return folder.status()  # it ended between our two looks


def _end_lost(folder: JobFolder, status: Status) -> Status:
    if folder.cancel_requested_s() is not None:
        return folder.finish("cancelled", "Stopped", expected=status)
    folder.log("The process of the job is gone without having said why.", "error")
    return folder.finish("failed", "The job's process ended unexpectedly", DeepSoilError(
        "worker_lost", "The job's process ended unexpectedly: it was stopped from outside, ran out of memory, "
        "or the computer was switched off.",
        "Finished outputs are kept. Send the job again; if it happens twice, choose a smaller area or fewer dates."),
        expected=status)


def _end_where_cancelled(folder: JobFolder, status: Status) -> None:
    waited_s = folder.cancel_requested_s()
    if waited_s is None or waited_s < ASK_AFTER_S or status.pid is None or status.process_start is None:
        return
    process.stop(status.pid, status.process_start, force=waited_s >= FORCE_AFTER_S)


def cancel(folder: JobFolder) -> Status:
    """Ask a job to stop; one that waits has ended at once, one that has ended stays as it is.

    A job of Slurm ends when Slurm has nothing of it any more, which whoever advances it finds out.
    """
    status = folder.status()
    if status.final:
        return status
    folder.request_cancel()
    if folder.by_slurm:
        folder.say("Stopping")
        return folder.status()
    if status.state == "queued":
        try:
            return folder.finish("cancelled", "Cancelled before it began", expected=status)
        except IllegalStepError:
            return folder.status()  # its worker was faster; the file tells it to stop
    return reconcile(folder)
