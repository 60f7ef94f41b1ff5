"""The table of trainings: name, region, seed, epochs; each cell can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ..jobs.training_request import TrainingRow, unique
from ..text.plain import tip_text
from ..text.translate import tr

_NAME, _REGION, _SEED, _EPOCHS = range(4)
_FIELDS = ("name", "region", "seed", "epochs")
_LARGEST = 2**31 - 1


class RowsModel(QAbstractTableModel):
    """``edited`` when the rows are others than before."""

    edited = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TrainingRow, ...] = ()
        self._regions: dict[str, str] = {}  # name by path
        self.with_regions = True

    @property
    def rows(self) -> tuple[TrainingRow, ...]:
        return self._rows

    def put(self, rows: Sequence[TrainingRow]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()
        self.edited.emit()

    def set_regions(self, names: dict[str, str]) -> None:
        """What regions are called, by path."""
        self._regions = dict(names)
        if self._rows:
            self.dataChanged.emit(self.index(0, _REGION), self.index(len(self._rows) - 1, _REGION))

    def add(self, template: TrainingRow) -> None:
        """One more row: the last one with the next seed, else the template."""
        last = self._rows[-1] if self._rows else None
        row = template if last is None else replace(last, seed=last.seed + 1)
        self.put(unique([*self._rows, row]))

    def remove(self, numbers: Sequence[int]) -> None:
        gone = set(numbers)
        self.put([row for number, row in enumerate(self._rows) if number not in gone])

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_FIELDS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
                   ) -> Any:
        if role != int(Qt.ItemDataRole.DisplayRole):
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return (tr("Name"), tr("Stations of region"), tr("Seed"), tr("Epochs"))[section]

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == _REGION and not self.with_regions:
            return flags & ~Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        value = getattr(row, _FIELDS[index.column()])
        if index.column() == _REGION and role == int(Qt.ItemDataRole.DisplayRole):
            return self._regions.get(value, value) if self.with_regions else tr("none")
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)):
            return value
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return tip_text(str(value))
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        if role != int(Qt.ItemDataRole.EditRole):
            return False
        field = _FIELDS[index.column()]
        if field in ("seed", "epochs"):
            value = min(_LARGEST, max(0 if field == "seed" else 1, int(value)))
        else:
            value = str(value).strip()
        rows = list(self._rows)
        rows[index.row()] = replace(rows[index.row()], **{field: value})
        self._rows = tuple(rows)
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True


class RowsTable(QTableView):
    """The table's view."""

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilTrainRows")
        self.setAccessibleName(tr("Models to train"))
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
                             | QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (_NAME, _REGION):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def selected(self) -> list[int]:
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})
