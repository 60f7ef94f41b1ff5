"""Runs one job in this process, and turns whatever happens into a final state with a reason."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deepsoil import extras
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.states import IllegalStepError, State, Status
from deepsoil.io import disk
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.folder_errors import disk_full
from deepsoil.jobs.tasks import heartbeat

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context

_FULL_BELOW_BYTES = 1 << 20


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
            _log(folder, str(outcome.reason))
        try:
            return folder.finish(outcome.state, outcome.message, outcome.reason)
        except IllegalStepError:
            return folder.status()  # it was ended by another process


def _outcome(folder: JobFolder, make_context: Callable[[], Context]) -> _Outcome:
    try:
        _handle(folder, make_context)
        return _Outcome("succeeded", "Finished")
    except DeepSoilError as error:
        reason = error
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may end without a reason
        reason = translate(error, folder)
        _log(folder, "".join(traceback.format_exception(error)))
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
    if any(isinstance(cause, OSError) and disk.is_full(cause) for cause in _causes(error)) or _disk_is_full(folder):
        return disk_full(folder.path)
    return DeepSoilError("internal", "The job failed unexpectedly ({name}: {error}).",
                         "The job's log has the details; please send it to the developers. Finished outputs are kept.",
                         name=type(error).__name__, error=error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _disk_is_full(folder: JobFolder) -> bool:
    # Raster writers report a full disk as their own error, without the system's error number.
    return shutil.disk_usage(folder.path).free < _FULL_BELOW_BYTES


def _log(folder: JobFolder, text: str) -> None:
    try:
        folder.log(text.rstrip(), "error")
    except OSError:
        print(text, file=sys.stderr)  # the disk is full: worker.txt or the terminal is the last resort


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
