"""What the user chose in the options, and what the plugin remembers between two starts of QGIS. Not the project's."""

from __future__ import annotations

import json

from qgis.core import QgsSettings

_DOCK_OPEN = "DeepSoil/dockOpen"
_THREADS = "DeepSoil/threads"
_AT_ONCE = "DeepSoil/jobsAtOnce"
_SENT = "DeepSoil/sentJobs"
_ANNOUNCED = "DeepSoil/announcedJobs"
_FIELDS = "DeepSoil/fieldsDrawn"
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


def next_field_number() -> int:
    """1, 2, 3 … over all projects, so that two fields seldom have the same name."""
    number = int(QgsSettings().value(_FIELDS, 0, type=int)) + 1
    QgsSettings().setValue(_FIELDS, number)
    return number


class RememberedIds:
    """A set of job ids in the settings, the latest two thousand."""

    def __init__(self, key: str) -> None:
        self._key = key
        try:
            kept = json.loads(QgsSettings().value(key, "[]", type=str))
        except ValueError:
            kept = []
        self._ids: dict[str, None] = dict.fromkeys(name for name in kept if isinstance(name, str))

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._ids

    def add(self, job_id: str) -> None:
        if job_id not in self._ids:
            self._ids[job_id] = None
            QgsSettings().setValue(self._key, json.dumps(list(self._ids)[-_MOST_IDS:]))


def sent_jobs() -> RememberedIds:
    """Jobs that were sent from this QGIS profile."""
    return RememberedIds(_SENT)


def announced_jobs() -> RememberedIds:
    """Jobs whose end has been said."""
    return RememberedIds(_ANNOUNCED)
