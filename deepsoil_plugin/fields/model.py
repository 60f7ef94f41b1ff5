"""The rows of the table of fields for Qt, sorted and filtered."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QColor

from ..text.plain import tip_text
from ..text.table_cells import guarded
from .columns import NOTHING, Column, columns_of, level_text, problem_text
from .looks import COLOURS
from .rows import FieldRow

NAME, NEED = 0, 1
_RANK = int(Qt.ItemDataRole.UserRole)


class FieldsModel(QAbstractTableModel):
    """One row a field, in the order of the engine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[FieldRow] = []
        self.columns: list[Column] = columns_of([])

    def put(self, rows: list[FieldRow]) -> None:
        """Show other fields."""
        self.beginResetModel()
        self.rows, self.columns = rows, columns_of(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
                   ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == int(Qt.ItemDataRole.DisplayRole):
                return column.title
            if role == int(Qt.ItemDataRole.ToolTipRole):
                return tip_text(column.tip)
        return None

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return column.text(row)
        if role == _RANK:
            return column.rank(row)
        if role == int(Qt.ItemDataRole.DecorationRole) and index.column() == NAME:
            return QColor(COLOURS[row.level])
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return tip_text(f"{row.title}: {problem_text(row) or level_text(row.level)}")
        if role == int(Qt.ItemDataRole.TextAlignmentRole) and index.column() != NAME and not row.word("problem"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def text_of(self, numbers: list[int]) -> str:
        """Some rows as they are read, with their titles, separated by tabs for a spreadsheet."""
        lines = [[column.title for column in self.columns]]
        lines += [[column.text(self.rows[number]) for column in self.columns] for number in numbers]
        return "\n".join("\t".join("" if cell == NOTHING else str(guarded(cell)) for cell in line) for line in lines)


class SortedFields(QSortFilterProxyModel):
    """By any column, the largest on top; what is not known comes last. Filtered by name."""

    def __init__(self, model: FieldsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(model)
        self.setFilterKeyColumn(NAME)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:
        first, second = left.data(_RANK), right.data(_RANK)
        if first is None or second is None:
            if self.sortOrder() == Qt.SortOrder.DescendingOrder:
                return first is None and second is not None
            return first is not None and second is None
        return bool(first < second)
