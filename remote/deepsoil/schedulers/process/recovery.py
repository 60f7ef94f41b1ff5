"""Corrects the state of jobs whose process was killed, and ends processes that do not react to a cancel."""

from __future__ import annotations

import time
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, Status
from deepsoil.io import disk, disk_errors, process
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import elsewhere

TERMINATE_AFTER_S = 10.0
KILL_AFTER_S = 15.0

# When this process first saw that a job was to be cancelled, by its monotonic clock.
_cancelled_since: dict[Path, float] = {}


def refresh(folder: JobFolder) -> Status:
    """The true status of a job: one whose process is gone is marked as ended.

    Raises
    ------
    DeepSoilError
        ``job_damaged``: the state cannot be read.
    """
    status = folder.status()
    if status.state != "running":
        _cancelled_since.pop(folder.path, None)
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
    if folder.cancelled():
        return folder.finish("cancelled", "Stopped", expected=status)
    folder.log("The job's process ended without giving a reason.", "error")
    if disk.has_no_space(folder.path):  # some libraries crash then
        reason = disk_errors.disk_full(folder.path)
        return folder.finish("failed", reason.message, reason, expected=status)
    return folder.finish("failed", "The job's process ended unexpectedly", DeepSoilError(
        "worker_lost", "The job's process ended unexpectedly: it was stopped from outside, ran out of memory, "
        "or the computer was switched off.",
        "Finished outputs are kept. Send the job again; if it happens twice, choose a smaller area or fewer dates."),
        expected=status)


def _end_where_cancelled(folder: JobFolder, status: Status) -> None:
    if not folder.cancelled():
        return
    # Not by the time of the file: the clock of a file server may differ from this computer's.
    waited_s = time.monotonic() - _cancelled_since.setdefault(folder.path, time.monotonic())
    if waited_s < TERMINATE_AFTER_S or status.pid is None or status.process_start is None:
        return
    process.stop(status.pid, status.process_start, force=waited_s >= KILL_AFTER_S)


def cancel(folder: JobFolder) -> Status:
    """Ask a job to stop; a waiting job ends immediately, an ended one is unchanged."""
    status = folder.status()
    if status.final:
        return status
    try:
        folder.request_cancel()
    except OSError:
        if status.state == "running":
            _stop_without_a_file(status)
            raise
    if status.state == "queued":
        try:
            return folder.finish("cancelled", "Cancelled before it began", expected=status)
        except IllegalStepError:
            return folder.status()  # its process was faster; the cancel file stops it
    return refresh(folder)


def _stop_without_a_file(status: Status) -> None:
    """Cancel a running job whose folder cannot be written: its process takes the signal for a cancel."""
    if elsewhere.is_here(status) and status.pid is not None and status.process_start is not None:
        process.stop(status.pid, status.process_start)
