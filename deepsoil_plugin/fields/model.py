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
_SHOWN = int(Qt.ItemDataRole.DisplayRole)
_SIGN, _TIP, _SIDE = (int(role) for role in (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.ToolTipRole,
                                             Qt.ItemDataRole.TextAlignmentRole))


class FieldsModel(QAbstractTableModel):
    """One row a field, in the order that was chosen last: the largest on top, or at the end; what is not known comes
    last. It sorts itself: Qt would ask for each value again at each comparison.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[FieldRow] = []
        self.columns: list[Column] = columns_of([])
        self._by, self._order = NEED, Qt.SortOrder.DescendingOrder

    def put(self, rows: list[FieldRow]) -> None:
        """Show other fields."""
        self.beginResetModel()
        self.columns = columns_of(rows)
        self.rows = self._sorted(rows)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._by, self._order = column, order
        before, self.rows = self.rows, self._sorted(self.rows)
        places = {id(row): place for place, row in enumerate(self.rows)}
        kept = self.persistentIndexList()
        self.changePersistentIndexList(kept, [self.index(places[id(before[one.row()])], one.column()) for one in kept])
        self.layoutChanged.emit()

    def _sorted(self, rows: list[FieldRow]) -> list[FieldRow]:
        if not 0 <= self._by < len(self.columns):
            return list(rows)
        ranks = [(self.columns[self._by].rank(row), row) for row in rows]
        known = sorted(((rank, row) for rank, row in ranks if rank is not None), key=lambda one: one[0],
                       reverse=self._order == Qt.SortOrder.DescendingOrder)
        return [*(row for _, row in known), *(row for rank, row in ranks if rank is None)]

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _SHOWN) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == _SHOWN:
                return column.title
            if role == _TIP:
                return tip_text(column.tip)
        return None

    def data(self, index: QModelIndex, role: int = _SHOWN) -> Any:
        if role not in (_SHOWN, _SIGN, _TIP, _SIDE) or not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == _SHOWN:
            return self.columns[column].text(row)
        if role == _SIGN:
            return QColor(COLOURS[row.level]) if column == NAME else None
        if role == _TIP:
            return tip_text(f"{row.title}: {problem_text(row) or level_text(row.level)}")
        right = column != NAME and not row.word("problem")
        return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) if right else None

    def text_of(self, numbers: list[int]) -> str:
        """Some rows as they are read, with their titles, separated by tabs for a spreadsheet."""
        lines = [[column.title for column in self.columns]]
        lines += [[column.text(self.rows[number]) for column in self.columns] for number in numbers]
        return "\n".join("\t".join("" if cell == NOTHING else str(guarded(cell)) for cell in line) for line in lines)


class FilteredFields(QSortFilterProxyModel):
    """Filtered by name; the model behind it sorts itself."""

    def __init__(self, model: FieldsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(model)
        self.setFilterKeyColumn(NAME)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sourceModel().sort(column, order)
