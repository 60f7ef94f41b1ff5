"""Corrects the state of jobs whose process was killed, and ends processes that do not react to a cancel."""

from __future__ import annotations

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, Status
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import elsewhere

TERMINATE_AFTER_S = 10.0
KILL_AFTER_S = 15.0


def refresh(folder: JobFolder) -> Status:
    """The true status of a job: one whose process is gone is marked as ended.

    Raises
    ------
    DeepSoilError
        ``job_damaged``: the state cannot be read.
    """
    status = folder.status()
    if status.state != "running":
        return status
    if not elsewhere.is_here(status) and not elsewhere.is_silent(folder):
        return status
    if process.alive(status.pid, status.process_start):
        _end_where_cancelled(folder, status)
        return status
    try:
        return _end_lost(folder, status)
    except IllegalStepError:
        return folder.status()  # it ended between our two checks


def _end_lost(folder: JobFolder, status: Status) -> Status:
    if folder.cancel_requested_s() is not None:
        return folder.finish("cancelled", "Stopped", expected=status)
    folder.log("The job's process ended without giving a reason.", "error")
    return folder.finish("failed", "The job's process ended unexpectedly", DeepSoilError(
        "worker_lost", "The job's process ended unexpectedly: it was stopped from outside, ran out of memory, "
        "or the computer was switched off.",
        "Finished outputs are kept. Send the job again; if it happens twice, choose a smaller area or fewer dates."),
        expected=status)


def _end_where_cancelled(folder: JobFolder, status: Status) -> None:
    waited_s = folder.cancel_requested_s()
    if waited_s is None or waited_s < TERMINATE_AFTER_S or status.pid is None or status.process_start is None:
        return
    process.stop(status.pid, status.process_start, force=waited_s >= KILL_AFTER_S)


def cancel(folder: JobFolder) -> Status:
    """Ask a job to stop; a waiting job ends immediately, an ended one is unchanged."""
    status = folder.status()
    if status.final:
        return status
    folder.request_cancel()
    if status.state == "queued":
        try:
            return folder.finish("cancelled", "Cancelled before it began", expected=status)
        except IllegalStepError:
            return folder.status()  # its process was faster; the cancel file stops it
    return refresh(folder)
