"""Which jobs are seen, and in which order. Plain Python lists decide, so that a thousand jobs take a few milliseconds;
Qt's own proxy would ask Python twice for every comparison.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from qgis.PyQt.QtCore import QAbstractProxyModel, QModelIndex, QObject

from .table_model import JobModel, Summary

NEWEST, STATE, NAME, HOST = "newest", "state", "name", "host"
ORDERS = (NEWEST, STATE, NAME, HOST)
# What one may have to care for stands above what is done.
_STATES = {"running": 0, "queued": 1, "failed": 2, "cancelled": 3, "succeeded": 4}

Key = tuple[Any, ...]


class JobFilter(QAbstractProxyModel):
    """Jobs in which every word of the filter occurs, of the group that was asked for, in one of ``ORDERS``.

    Equals in an order stand newest first. A change of one job looks at that job only; another filter or order lays
    the list out anew.
    """

    def __init__(self, model: JobModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._needles: list[str] = []
        self._group: str | None = None
        self._order = NEWEST
        self._keys: dict[str, Key] = {}   # of the jobs that are seen
        self._seen: list[Key] = []        # sorted; the last entry of a key is the job's id
        self.setSourceModel(model)
        self._sort()
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._reset)
        model.rowsInserted.connect(self._inserted)
        model.rowsAboutToBeRemoved.connect(self._leaving)
        model.dataChanged.connect(self._changed)

    @property
    def order(self) -> str:
        return self._order

    def set_text(self, text: str) -> None:
        """Every word must occur in a job: in its name, dates, depths, state, host or status line."""
        self._needles = text.lower().split()
        self._again()

    def set_group(self, group: str | None) -> None:
        """Only jobs of this group of the model; None: all."""
        self._group = group
        self._again()

    def set_order(self, order: str) -> None:
        self._order = order
        self._again()

    def id_at(self, row: int) -> str:
        return str(self._seen[row][-1])

    def job_at(self, row: int) -> Summary:
        """Not a role of ``data``: Qt would copy the whole summary, entry by entry, for every question."""
        return self._model.job(self.id_at(row)) or {}

    def row_of(self, job_id: str) -> int:
        """-1 for a job that is not seen."""
        key = self._keys.get(job_id)
        return -1 if key is None else bisect_left(self._seen, key)

    # --- what Qt asks

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._seen)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._model.columnCount()

    def hasChildren(self, parent: QModelIndex | None = None) -> bool:
        return not (parent is not None and parent.isValid()) and bool(self._seen)

    def index(self, row: int, column: int, parent: QModelIndex | None = None) -> QModelIndex:
        inside = 0 <= row < len(self._seen) and 0 <= column < self.columnCount()
        if not inside or (parent is not None and parent.isValid()):
            return QModelIndex()
        return self.createIndex(row, column)

    def parent(self, _child: QModelIndex | None = None) -> QModelIndex:  # type: ignore[override]  # a list has none
        return QModelIndex()

    def mapToSource(self, index: QModelIndex) -> QModelIndex:
        if not index.isValid() or index.row() >= len(self._seen):
            return QModelIndex()
        return self._model.index(self._model.row_of(self.id_at(index.row())), index.column())

    def mapFromSource(self, index: QModelIndex) -> QModelIndex:
        if not index.isValid():
            return QModelIndex()
        return self.index(self.row_of(self._model.id_at(index.row())), index.column())

    # --- what changes

    def _again(self) -> None:
        self.beginResetModel()
        self._reset()

    def _reset(self) -> None:
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        ids = map(self._model.id_at, range(self._model.rowCount()))
        self._keys = {job_id: key for job_id in ids if (key := self._key(job_id)) is not None}
        self._seen = sorted(self._keys.values())

    def _key(self, job_id: str) -> Key | None:
        """Where a job belongs; None where it is not to be seen."""
        told = self._model.told(job_id)
        if self._group is not None and told.group != self._group:
            return None
        if not all(needle in told.search for needle in self._needles):
            return None
        tail = (-told.created, job_id)
        if self._order == STATE:
            state = (self._model.job(job_id) or {}).get("state")
            return (_STATES.get(str(state), len(_STATES)), *tail)
        if self._order == NAME:
            return (told.cells[0].casefold(), *tail)
        if self._order == HOST:
            return (told.cells[4].casefold(), *tail)
        return tail

    def _inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self._put(self._model.id_at(row))

    def _leaving(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self._take(self._model.id_at(row))

    def _changed(self, first: QModelIndex, last: QModelIndex, *_: Any) -> None:
        for row in range(first.row(), last.row() + 1):
            self._put(self._model.id_at(row))

    def _put(self, job_id: str) -> None:
        """Bring one job to where it belongs now."""
        before, key = self._keys.get(job_id), self._key(job_id)
        if before is None and key is None:
            return
        if key is None:
            self._take(job_id)
        elif before is None:
            row = bisect_left(self._seen, key)
            self.beginInsertRows(QModelIndex(), row, row)
            self._seen.insert(row, key)
            self._keys[job_id] = key
            self.endInsertRows()
        else:
            if key != before:
                self._move(job_id, before, key)
            row = self.row_of(job_id)
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def _move(self, job_id: str, before: Key, key: Key) -> None:
        row, to = bisect_left(self._seen, before), bisect_left(self._seen, key)
        # Qt counts the new host among the rows as they still stand.
        moves = to not in (row, row + 1)
        if moves:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), to)
        del self._seen[row]
        self._seen.insert(bisect_left(self._seen, key), key)
        self._keys[job_id] = key
        if moves:
            self.endMoveRows()

    def _take(self, job_id: str) -> None:
        row = self.row_of(job_id)
        if row < 0:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._seen[row]
        del self._keys[job_id]
        self.endRemoveRows()
