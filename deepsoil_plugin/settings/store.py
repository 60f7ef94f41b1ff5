"""What the user chose in the options, and what the plugin remembers between two starts of QGIS. Not the project's."""

from __future__ import annotations

import json

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QTimer

_DOCK_OPEN = "DeepSoil/dockOpen"
_THREADS = "DeepSoil/threads"
_AT_ONCE = "DeepSoil/jobsAtOnce"
_SENT = "DeepSoil/sentJobs"
_ANNOUNCED = "DeepSoil/announcedJobs"
_MOST_IDS = 2_000


def dock_open() -> bool:
    """Whether the dock stood open last time; at the very first start it does."""
    return bool(QgsSettings().value(_DOCK_OPEN, True, type=bool))


def set_dock_open(is_open: bool) -> None:
    QgsSettings().setValue(_DOCK_OPEN, is_open)


def threads() -> int:
    """Threads a job may use; 0: the engine decides."""
    return max(0, int(QgsSettings().value(_THREADS, 0, type=int)))


def set_threads(count: int) -> None:
    QgsSettings().setValue(_THREADS, count)


def jobs_at_once() -> int:
    return max(1, int(QgsSettings().value(_AT_ONCE, 1, type=int)))


def set_jobs_at_once(count: int) -> None:
    QgsSettings().setValue(_AT_ONCE, count)


def engine_variables() -> dict[str, str]:
    """The options that reach the engine as variables."""
    return {"DEEPSOIL_JOBS_AT_ONCE": str(jobs_at_once())}


class RememberedIds:
    """A set of job ids in the settings, the latest two thousand."""

    def __init__(self, key: str) -> None:
        self._key = key
        try:
            kept = json.loads(QgsSettings().value(key, "[]", type=str))
        except ValueError:
            kept = []
        self._ids: dict[str, None] = dict.fromkeys(name for name in kept if isinstance(name, str))
        # Settings go to the disk at once; a turn of the event loop later, and once for several changes, will do.
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._write)

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._ids

    def add(self, job_id: str) -> None:
        if job_id not in self._ids:
            self._ids[job_id] = None
            self._timer.start()

    def flush(self) -> None:
        """Write now what is still to be written."""
        if self._timer.isActive():
            self._timer.stop()
            self._write()

    def _write(self) -> None:
        QgsSettings().setValue(self._key, json.dumps(list(self._ids)[-_MOST_IDS:]))


def sent_jobs() -> RememberedIds:
    """Jobs that were sent from this QGIS profile."""
    return RememberedIds(_SENT)


def announced_jobs() -> RememberedIds:
    """Jobs whose end has been said."""
    return RememberedIds(_ANNOUNCED)
