"""What DeepSoil keeps with the QGIS project: the request as it stands, the requests for maps sent from it, and the
irrigation planned for its fields.

A project file may come from anybody. Only requests for maps are taken from it, and only as the contract has them; none
is sent before the user has seen what it does (`Session.retry`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..contract import KINDS, LOCAL, SCHEMA
from ..contract_check import problem
from .map_request import MapRequest
from .water import plans_from

SCOPE = "DeepSoil"
_REQUEST, _JOBS, _PLANS = "request", "jobs", "plans"
_FROM_PROJECTS = "predict"  # the kind of job
_LONGEST_ENTRY = 16_000_000  # characters
_JOB_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class KeptJob:
    """A job of this project. ``accepted``: the engine has it; ``loaded``: its layers were added once when it ended.
    ``host``: id of the host to which it was sent. ``after``: id of the job that fetches its data; until that has
    succeeded it is not sent.
    """

    specification: dict[str, Any]
    accepted: bool = False
    loaded: bool = False
    host: str = LOCAL
    after: str = ""

    def to_dict(self) -> dict[str, Any]:
        document = {"specification": self.specification, "accepted": self.accepted, "loaded": self.loaded,
                    "host": self.host}
        return {**document, "after": self.after} if self.after else document


class ProjectMemory(QObject):
    """Reads and writes the project's entries; ``changed`` when another project, or none, has been opened."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request = MapRequest()
        self.is_newer = False  # a later version has written the project: its jobs are left as they are
        self.skipped = 0  # jobs of the project that are damaged or no requests for maps
        self.plans: dict[str, list[dict[str, Any]]] = {}
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

    def set_plan(self, name: str, applications: list[dict[str, Any]]) -> None:
        """Keep the irrigation that is planned for a field; none forgets the plan."""
        plans = {**self.plans, name: applications}
        if not applications:
            del plans[name]
        if plans != self.plans:
            self.plans = plans
            self._write(_PLANS, plans)

    def keep(self, job_id: str, specification: dict[str, Any] | None = None, *, accepted: bool | None = None,
             loaded: bool | None = None, host: str | None = None, after: str | None = None) -> None:
        """Keep a job, or what has become of one that is kept."""
        job = self._jobs.get(job_id)
        if job is None:
            if specification is None:
                return
            job = self._jobs[job_id] = KeptJob(specification)
        before = job.to_dict()
        job.specification = job.specification if specification is None else specification
        job.accepted = job.accepted if accepted is None else accepted
        job.loaded = job.loaded if loaded is None else loaded
        job.host = job.host if host is None else host
        job.after = job.after if after is None else after
        if specification is not None or job.to_dict() != before:
            self._write_jobs()

    def forget(self, job_id: str) -> None:
        if self._jobs.pop(job_id, None) is not None:
            self._write_jobs()

    def _write_jobs(self) -> None:
        if self.is_newer:
            return
        self._write(_JOBS, {"schema": SCHEMA, "jobs": {job_id: job.to_dict() for job_id, job in self._jobs.items()
                                                       if job.specification["kind"] == _FROM_PROJECTS}})

    def _write(self, key: str, document: dict[str, Any]) -> None:
        # writeEntry marks the project as changed.
        QgsProject.instance().writeEntry(SCOPE, key, json.dumps(document, ensure_ascii=False))

    def _read(self, *_: Any) -> None:
        self._load()
        self.changed.emit()

    def _load(self) -> None:
        self.request = MapRequest.from_dict(_entry(_REQUEST))
        self.plans = plans_from(_entry(_PLANS))
        entry = _entry(_JOBS)
        self.is_newer = entry is not None and isinstance(entry.get("schema"), int) and entry["schema"] > SCHEMA
        self._jobs, self.skipped = {}, int(entry is None)
        if entry is None or self.is_newer:
            return
        kept = _kept(entry)
        for job_id, document in (kept or {}).items():
            if (job := _job(job_id, document)) is not None:
                self._jobs[job_id] = job
            elif not _is_history(document):
                self.skipped += 1
        self.skipped += int(kept is None)


def _kept(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The documents of the kept jobs by id; schema 1 had them side by side, without a version. None: damaged."""
    jobs = entry.get("jobs") if "schema" in entry else entry
    return jobs if isinstance(jobs, dict) else None


def _is_history(document: Any) -> bool:
    """Whether this is a job of another kind that an earlier version has sent: there is nothing left to do for it."""
    specification = document.get("specification") if isinstance(document, dict) else None
    return (isinstance(specification, dict) and specification.get("kind") in KINDS
            and specification["kind"] != _FROM_PROJECTS and document.get("accepted") is True)


def _job(job_id: str, document: Any) -> KeptJob | None:
    """A kept job of this version or an earlier one; None where it is none."""
    specification = document.get("specification") if isinstance(document, dict) else None
    if not isinstance(specification, dict):
        return None
    if specification.get("schema") == 1:
        specification = {**specification, "schema": SCHEMA}  # nothing else of it has changed
    if problem(specification, "Specification") is not None:
        return None
    if specification["id"] != job_id or specification["kind"] != _FROM_PROJECTS:
        return None
    host, after = document.get("host") or LOCAL, document.get("after") or ""
    if not isinstance(host, str) or not isinstance(after, str) or (after and not _JOB_ID.fullmatch(after)):
        return None
    return KeptJob(specification, document.get("accepted") is True, document.get("loaded") is True, host, after)


def _entry(key: str) -> dict[str, Any] | None:
    """An entry of the project, empty where there is none; None for a damaged one: the project must open all the same.
    """
    text, _ = QgsProject.instance().readEntry(SCOPE, key, "")
    if len(text) > _LONGEST_ENTRY:
        return None
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def has_jobs() -> bool:
    """Whether the open project keeps any job."""
    return bool(_kept(_entry(_JOBS) or {}))
