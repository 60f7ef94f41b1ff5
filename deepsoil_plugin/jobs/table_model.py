"""The jobs as a table. A change of one job costs the same however many there are.

What is said, searched and sorted of a job is put into words once for each of its changes, not for each question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ..contract import FINAL_STATES
from ..text.plain import tip_text
from ..text.translate import tr
from .status_text import depths_text, host_of, is_foreseen, period_of, state_word, status_text

Summary = dict[str, Any]
RUNNING, FAILED, ENDED = "running", "failed", "ended"  # what the quick filters tell apart


class RowText(NamedTuple):
    """What is said of a job: its cells, the text that the filter searches, when it was made, how it stands."""

    cells: tuple[str, ...]
    search: str
    created: float  # seconds since 1970; 0 where it is not known
    group: str


class JobModel(QAbstractTableModel):
    """One row a job; columns: name, dates, depths, state, host, status line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Summary] = []
        self._rows: dict[str, int] = {}
        self._told: dict[str, RowText] = {}
        self._counts = {RUNNING: 0, FAILED: 0, ENDED: 0}

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._jobs)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 6

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        cells = self._told[self._jobs[index.row()]["id"]].cells
        if role == int(Qt.ItemDataRole.DisplayRole):
            return cells[index.column()]
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return tip_text("\n".join(word for word in cells if word))
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(word for word in cells if word)
        return None

    def job(self, job_id: str) -> Summary | None:
        row = self._rows.get(job_id)
        return None if row is None else self._jobs[row]

    def row_of(self, job_id: str) -> int:
        """-1 for a job that is not there."""
        return self._rows.get(job_id, -1)

    def id_at(self, row: int) -> str:
        return str(self._jobs[row]["id"])

    def told(self, job_id: str) -> RowText:
        return self._told[job_id]

    def jobs(self) -> list[Summary]:
        return list(self._jobs)

    def count(self, group: str) -> int:
        """How many jobs run or wait (RUNNING), have failed (FAILED), or have ended otherwise (ENDED)."""
        return self._counts[group]

    def replace(self, jobs: Iterable[Summary]) -> None:
        """A whole new list."""
        self.beginResetModel()
        self._jobs = list({job["id"]: job for job in jobs}.values())
        self._rows = {job["id"]: row for row, job in enumerate(self._jobs)}
        self._told, self._counts = {}, dict.fromkeys(self._counts, 0)
        for job in self._jobs:
            self._tell(job)
        self.endResetModel()

    def put(self, job: Summary) -> None:
        """Add a job, or take its new summary."""
        row = self._rows.get(job["id"])
        if row is None:
            row = len(self._jobs)
            self.beginInsertRows(QModelIndex(), row, row)
            self._jobs.append(job)
            self._rows[job["id"]] = row
            self._tell(job)
            self.endInsertRows()
        elif self._jobs[row] != job:
            self._jobs[row] = job
            self._tell(job)
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def remove(self, job_id: str) -> None:
        row = self._rows.get(job_id)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._jobs[row]
        del self._rows[job_id]
        self._counts[self._told.pop(job_id).group] -= 1
        for later in self._jobs[row:]:
            self._rows[later["id"]] -= 1
        self.endRemoveRows()

    def _tell(self, job: Summary) -> None:
        before = self._told.get(job["id"])
        if before is not None:
            self._counts[before.group] -= 1
        told = self._told[job["id"]] = tell(job)
        self._counts[told.group] += 1


def tell(job: Summary) -> RowText:
    """What is said of a job. Pure apart from the translator."""
    state = str(job.get("state"))
    period = " · ".join(word for word in (period_of(job), tr("forecast") if is_foreseen(job) else "") if word)
    cells = (str(job.get("name") or ""), period, depths_text(job), state_word(state), host_of(job),
             status_text(job))
    group = FAILED if state == "failed" else ENDED if state in FINAL_STATES else RUNNING
    return RowText(cells, " ".join((*cells, str(job.get("kind") or ""))).lower(), _seconds(job.get("created")), group)


def _seconds(utc: Any) -> float:
    try:
        return dt.datetime.fromisoformat(str(utc).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
