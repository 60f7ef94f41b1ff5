"""Runs one job in this process, and turns whatever happens into a final state with a reason."""

from __future__ import annotations

import math
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from deepsoil import extras
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, State, Status
from deepsoil.io import disk, disk_errors
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.tasks import heartbeat

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context

_Result = TypeVar("_Result")

_AGAIN_AFTER_S = 1.0


@dataclass(frozen=True)
class _Outcome:
    state: State
    message: str
    reason: DeepSoilError | None = None


_STOPPED = _Outcome("cancelled", "Stopped")


def run(folder: JobFolder, make_context: Callable[[], Context]) -> Status:
    """Run a job that this process has claimed, to its end. Errors of the job are recorded, never raised."""
    with heartbeat.beating(folder), _sigterm_restored():
        try:
            with _cancelled_by_sigterm(folder):
                outcome = _outcome(folder, make_context)
        except (JobCancelledError, KeyboardInterrupt):
            outcome = _STOPPED
        if outcome.reason is not None:
            folder.log(str(outcome.reason), "error")
        return _finish(folder, outcome)


def _finish(folder: JobFolder, outcome: _Outcome) -> Status:
    """Record the end, as soon as the disk has space and can be written."""
    def finish() -> Status:
        try:
            return folder.finish(outcome.state, outcome.message, outcome.reason)
        except IllegalStepError:
            return folder.status()  # it was ended by another process

    return when_writable(finish)


def when_writable(action: Callable[[], _Result], most_s: float = math.inf) -> _Result:
    """``action()``, repeated for up to ``most_s`` until the disk has space, can be written and answers.

    Raises OSError for any other reason.
    """
    deadline = time.monotonic() + most_s
    while True:
        try:
            return action()
        except OSError as error:
            passing = disk.may_pass(error) or disk_errors.is_storage_failure(error)
            if not passing or time.monotonic() > deadline:
                raise
        except DeepSoilError as error:
            if error.code != "lock_held" or time.monotonic() > deadline:
                raise
        time.sleep(_AGAIN_AFTER_S)


def _outcome(folder: JobFolder, make_context: Callable[[], Context]) -> _Outcome:
    try:
        _handle(folder, make_context)
        return _Outcome("succeeded", "Finished")
    except DeepSoilError as error:
        reason = error
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
        reason = translate(error, folder)
        folder.log("".join(traceback.format_exception(error)).rstrip(), "error")
    # A library that is stopped midway may raise its own error; what happened is that the user cancelled.
    return _STOPPED if folder.cancelled() else _Outcome("failed", reason.message, reason)


def _handle(folder: JobFolder, make_context: Callable[[], Context]) -> None:
    specification = folder.specification()
    folder.stop_if_cancelled()
    context = make_context()
    kind = context.find_kind(specification.kind)
    kind.require_packages()
    kind.run(specification, folder, context)
    folder.stop_if_cancelled()


def translate(error: Exception, folder: JobFolder) -> DeepSoilError:
    """An unexpected exception as an error that a user can understand."""
    if (missing := extras.explained(error)) is not None:
        return missing
    if isinstance(error, MemoryError):
        return DeepSoilError("out_of_memory", "The computer's memory was not enough for this job.",
                             "Close other programs, or choose a smaller area or fewer dates.")
    for cause in _causes(error):
        if isinstance(cause, OSError) and disk.may_pass(cause):
            # Perhaps another disk than the job's.
            problem = disk_errors.explained(cause, None if cause.filename else folder.path)
            return problem or disk_errors.disk_full(folder.path)
    # Raster writers report a full disk as their own error, without the system's error number.
    if disk.takes_no_files(folder.path):
        return disk_errors.disk_full(folder.path)
    return DeepSoilError("internal", "The job failed unexpectedly ({name}: {error}).",
                         "The job's log has the details; please send it to the developers. Finished outputs are kept.",
                         name=type(error).__name__, error=error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _sigterm_restored() -> Iterator[None]:
    """Restore the handler of SIGTERM afterwards."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if _in_main_thread():
            signal.signal(signal.SIGTERM, before)


@contextmanager
def _cancelled_by_sigterm(folder: JobFolder) -> Iterator[None]:
    """SIGTERM stops the job like a cancel; after that, and while the end is written, it is ignored."""
    if not _in_main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        folder.stop_requested = True
        raise JobCancelledError

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
