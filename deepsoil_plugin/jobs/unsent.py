"""Jobs that the project keeps and no engine has: their rows in the list, and the maps that wait for their data."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .. import preferences
from ..contract import LOCAL
from ..text.translate import tr
from .project_state import KeptJob, ProjectMemory


def row_of(kept: KeptJob, message: str, host_title: str, held: bool = False) -> dict[str, Any]:
    """The summary of a kept job that the engine does not have yet. ``held``: it is sent by itself later."""
    row = {key: kept.specification[key] for key in ("id", "kind", "name")}
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**row, "state": "queued", "reason": None, "message": message, "progress": 0.0, "seconds_left": None,
            "created": now, "started": None, "ended": None, "host": kept.host, "host_title": host_title,
            "away": kept.host != LOCAL, "specification": kept.specification, "folder": "", "outputs": [],
            "unsent": True, "held": held}


class HeldMaps:
    """The maps of the project that wait for a job that fetches their data. Sent without a question are those that a
    QGIS of this home was asked for, exactly as it was asked for them; others, of somebody's project, ask first.
    """

    def __init__(self, memory: ProjectMemory) -> None:
        self._memory = memory
        self._ours = preferences.held_maps()

    def flush(self) -> None:
        self._ours.flush()

    def keep(self, specification: dict[str, Any], host: str, after: str) -> None:
        """Keep maps with the project until the job ``after`` has fetched their data."""
        job_id = str(specification["id"])
        self._memory.keep(job_id, specification, host=host, after=after)
        self._ours.add(_digest(self._memory.jobs[job_id]))

    def move(self, job_id: str, after: str) -> None:
        """Let maps wait for another job."""
        self._memory.keep(job_id, after=after)
        self._ours.add(_digest(self._memory.jobs[job_id]))

    def waiting_for(self, after: str) -> list[str]:
        """The maps that wait for a job, by their ids."""
        return [job_id for job_id, kept in self._memory.jobs.items() if kept.after == after and self._is_ours(kept)]

    def all(self) -> dict[str, KeptJob]:
        """All maps that wait, by their ids."""
        return {job_id: kept for job_id, kept in self._memory.jobs.items() if self._is_ours(kept)}

    def status(self, kept: KeptJob, data: Mapping[str, Any] | None) -> tuple[str, bool]:
        """What is said of a kept job that was not sent, and whether it is still to be sent by itself; ``data``: the
        job for which it waits.
        """
        if data is None or not self._is_ours(kept):
            return tr("Not sent. Try again, or remove it."), False
        if data["state"] in ("failed", "cancelled"):
            return tr("Not sent, as its data have not come. Try again to get them, or remove this."), False
        return tr("Waiting for the data of this field"), True

    def _is_ours(self, kept: KeptJob) -> bool:
        return bool(kept.after) and not kept.accepted and _digest(kept) in self._ours


def _digest(kept: KeptJob) -> str:
    whole = json.dumps([kept.after, kept.host, kept.specification], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
