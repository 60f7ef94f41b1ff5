"""What DeepSoil keeps with the QGIS project: the request as it stands, and the jobs that were sent from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .map_request import MapRequest

SCOPE = "DeepSoil"
_REQUEST, _JOBS = "request", "jobs"


@dataclass
class KeptJob:
    """A job of this project. ``accepted``: the engine has it; ``loaded``: its layers were added once when it ended.
    ``host``: id of the host to which it was sent, empty for this computer.
    """

    specification: dict[str, Any]
    accepted: bool = False
    loaded: bool = False
    host: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"specification": self.specification, "accepted": self.accepted, "loaded": self.loaded,
                "host": self.host}


class ProjectMemory(QObject):
    """Reads and writes the project's entries; ``changed`` when another project, or none, has taken the host."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request = MapRequest()
        self._jobs: dict[str, KeptJob] = {}
        project = QgsProject.instance()
        project.readProject.connect(self._read)
        project.cleared.connect(self._read)
        self._load()

    def close(self) -> None:
        """Let the project go."""
        project = QgsProject.instance()
        project.readProject.disconnect(self._read)
        project.cleared.disconnect(self._read)

    @property
    def jobs(self) -> dict[str, KeptJob]:
        """By id. Change them through ``keep`` and ``forget`` only."""
        return self._jobs

    def set_request(self, request: MapRequest) -> None:
        before, self.request = self.request, request
        if request.to_dict() != before.to_dict():
            self._write(_REQUEST, request.to_dict())

    def keep(self, job_id: str, specification: dict[str, Any] | None = None, *, accepted: bool | None = None,
             loaded: bool | None = None, host: str | None = None) -> None:
        """Keep a job, or what has become of one that is kept."""
        job = self._jobs.get(job_id)
        if job is None:
            if specification is None:
                return
            job = self._jobs[job_id] = KeptJob(specification)
        before = job.to_dict()
        job.accepted = job.accepted if accepted is None else accepted
        job.loaded = job.loaded if loaded is None else loaded
        job.host = job.host if host is None else host
        if specification is not None or job.to_dict() != before:
            self._write_jobs()

    def forget(self, job_id: str) -> None:
        if self._jobs.pop(job_id, None) is not None:
            self._write_jobs()

    def _write_jobs(self) -> None:
        self._write(_JOBS, {job_id: job.to_dict() for job_id, job in self._jobs.items()})

    def _write(self, key: str, document: dict[str, Any]) -> None:
        # writeEntry marks the project as changed.
        QgsProject.instance().writeEntry(SCOPE, key, json.dumps(document, ensure_ascii=False))

    def _read(self, *_: Any) -> None:
        self._load()
        self.changed.emit()

    def _load(self) -> None:
        self.request = MapRequest.from_dict(_entry(_REQUEST))
        self._jobs = {}
        for job_id, document in (_entry(_JOBS) or {}).items():
            if isinstance(document, dict) and isinstance(document.get("specification"), dict):
                self._jobs[job_id] = KeptJob(document["specification"], bool(document.get("accepted")),
                                             bool(document.get("loaded")), str(document.get("host") or ""))


def _entry(key: str) -> dict[str, Any] | None:
    """A damaged entry counts as none: it must not keep a project from opening."""
    text, _ = QgsProject.instance().readEntry(SCOPE, key, "")
    try:
        document = json.loads(text) if text else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def has_jobs() -> bool:
    """Whether the open project keeps any job."""
    return bool(_entry(_JOBS))
