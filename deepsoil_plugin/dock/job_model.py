"""The jobs as a table, and the filter in front of it. A change of one job costs the same however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt

from .words import depths_words, period_of, status_words, tr

Summary = dict[str, Any]
SUMMARY_ROLE = int(Qt.ItemDataRole.UserRole)
CREATED_ROLE = SUMMARY_ROLE + 1
SEARCH_ROLE = SUMMARY_ROLE + 2
FINAL = ("succeeded", "failed", "cancelled")


class JobModel(QAbstractTableModel):
    """One row a job; columns: name, dates, depths, state, status line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Summary] = []
        self._rows: dict[str, int] = {}

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._jobs)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 5

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        job = self._jobs[index.row()]
        if role == SUMMARY_ROLE:
            return job
        if role == CREATED_ROLE:
            return f"{job.get('created') or ''} {job['id']}"
        if role == int(Qt.ItemDataRole.DisplayRole):
            return self._words(job)[index.column()]
        if role == SEARCH_ROLE:
            return " ".join(self._words(job)).lower()
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return "\n".join(word for word in self._words(job) if word)
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(word for word in self._words(job) if word)
        return None

    @staticmethod
    def _words(job: Summary) -> tuple[str, str, str, str, str]:
        return (str(job.get("name") or ""), period_of(job), depths_words(job), state_word(str(job.get("state"))),
                status_words(job))

    def job(self, job_id: str) -> Summary | None:
        row = self._rows.get(job_id)
        return None if row is None else self._jobs[row]

    def jobs(self) -> list[Summary]:
        return list(self._jobs)

    def replace(self, jobs: Iterable[Summary]) -> None:
        """A whole new list."""
        self.beginResetModel()
        self._jobs = list({job["id"]: job for job in jobs}.values())
        self._rows = {job["id"]: row for row, job in enumerate(self._jobs)}
        self.endResetModel()

    def put(self, job: Summary) -> None:
        """Add a job, or take its new summary."""
        row = self._rows.get(job["id"])
        if row is None:
            row = len(self._jobs)
            self.beginInsertRows(QModelIndex(), row, row)
            self._jobs.append(job)
            self._rows[job["id"]] = row
            self.endInsertRows()
        elif self._jobs[row] != job:
            self._jobs[row] = job
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def remove(self, job_id: str) -> None:
        row = self._rows.pop(job_id, None)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._jobs[row]
        for later in self._jobs[row:]:
            self._rows[later["id"]] -= 1
        self.endRemoveRows()


class JobFilter(QSortFilterProxyModel):
    """Newest first; only jobs in which every word of the filter occurs."""

    def __init__(self, model: JobModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needles: list[str] = []
        self.setSortRole(CREATED_ROLE)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)
        self.sort(0, Qt.SortOrder.DescendingOrder)

    def set_text(self, text: str) -> None:
        self._needles = text.lower().split()
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        if not self._needles:
            return True
        words = self.sourceModel().index(row, 0, parent).data(SEARCH_ROLE)
        return all(needle in words for needle in self._needles)


def state_word(state: str) -> str:
    return {"queued": tr("waiting"), "running": tr("running"), "succeeded": tr("done"), "failed": tr("failed"),
            "cancelled": tr("cancelled")}.get(state, state)
