"""Whether the worker of a job that began under another machine's name is still there.

The name may be that of another computer with the same HOME, on which the worker goes on, or an earlier name of this
one. A worker touches the file ``heartbeat`` every 10 s; what counts is how old that is by the clock of the disk.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deepsoil.contract.states import Status
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout

SILENT_S = 180.0
"""After this long without a heartbeat the worker is gone."""
SILENT_AFTER_CANCEL_S = 30.0
"""The same for a job that was cancelled. If its worker goes on it stops at its next look for ``cancel``."""
SILENT_WITHOUT_HEARTBEAT_S = 3600.0
"""The same for a worker of an earlier version, which has none: it writes a line for each window or epoch."""

_WRITTEN = ("state.json", "progress.jsonl", "log.jsonl", "outputs.jsonl")


def is_here(status: Status) -> bool:
    """Whether this computer can tell if the job's process is alive."""
    if status.machine in (None, process.this_machine()):
        return True
    return process.is_of_this_boot(status.process_start) and process.alive(status.pid, status.process_start)


def is_silent(folder: JobFolder) -> bool:
    """Whether the worker of a job under another machine's name has ended without saying so."""
    seen_s, longest_s = _newest_s([folder.path / layout.HEARTBEAT]), SILENT_S
    if seen_s is None:
        seen_s, longest_s = _newest_s(folder.path / name for name in _WRITTEN), SILENT_WITHOUT_HEARTBEAT_S
    if (folder.path / "cancel").exists():
        longest_s = SILENT_AFTER_CANCEL_S
    return seen_s is None or _disk_time_s(folder.path) - seen_s > longest_s


def _newest_s(paths: Iterable[Path]) -> float | None:
    times = []
    for path in paths:
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return max(times, default=None)


def _disk_time_s(folder: Path) -> float:
    """The present time by the clock of the disk with ``folder``; by this computer's if nothing can be written there."""
    mark = folder / f".clock-{secrets.token_hex(4)}"
    try:
        mark.touch()
        return mark.stat().st_mtime
    except OSError:
        return time.time()
    finally:
        with suppress(OSError):
            mark.unlink()
