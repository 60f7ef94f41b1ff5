"""Beside the plots: the scores, and a line for each cell."""

from __future__ import annotations

import datetime as dt

from qgis.PyQt.QtCore import QEvent, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QTabWidget

from ...text.plain import tip_text
from ...text.translate import tr
from ...widgets.basic import GRID
from .comparison import Comparison
from .words import cell_row, score_rows

_LEAST_PX = 160


class SmapTables(QTabWidget):
    """``hovered(cell)``: -1 for none. ``picked(cell)``: chosen in the table."""

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("smapTables")
        self.setDocumentMode(True)
        self.setMinimumWidth(_LEAST_PX)
        self._scores = _table("smapScores", tr("Scores of the map against SMAP"))
        self._scores.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._scores.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.cells = _Cells()
        self.addTab(self._scores, tr("Scores"))
        self.addTab(self.cells, tr("Cells"))
        self.cells.cellEntered.connect(lambda row, _column: self.hovered.emit(row))
        self.cells.left.connect(lambda: self.hovered.emit(-1))
        self.cells.itemSelectionChanged.connect(self._selected)

    def show_scores(self, comparison: Comparison) -> None:
        rows = score_rows(comparison)
        _size(self._scores, [title for title, *_ in rows], [tr("good"), tr("flagged")])
        for column, hint in enumerate((tr("Retrievals that SMAP recommends"),
                                       tr("Retrievals that SMAP does not recommend"))):
            self._scores.horizontalHeaderItem(column).setToolTip(tip_text(hint))
        for line, (_, good, poor, hint) in enumerate(rows):
            for column, text in enumerate((good, poor)):
                _put(self._scores, line, column, text, hint)
            self._scores.verticalHeaderItem(line).setToolTip(tip_text(hint))
        self.setMinimumWidth(max(_LEAST_PX, _whole_width(self._scores)))

    def show_cells(self, comparison: Comparison, day: dt.date | None) -> None:
        values = comparison.values(day)
        self.cells.blockSignals(True)
        _size(self.cells, [], [tr("Cell"), tr("SMAP"), tr("Map"), tr("Map − SMAP"), tr("Retrieval"), tr("Covered")],
              len(values))
        for line, (cell, one) in enumerate(zip(comparison.cells, values, strict=True)):
            hint = "" if cell["scored"] else tr("Covered too little: without part in the scores")
            for column, text in enumerate(cell_row(line, cell, one)):
                _put(self.cells, line, column, text, hint)
        self.cells.blockSignals(False)

    def mark(self, picked: int) -> None:
        self.cells.blockSignals(True)
        if picked >= 0:
            self.cells.selectRow(picked)
        else:
            self.cells.clearSelection()
        self.cells.blockSignals(False)

    def _selected(self) -> None:
        rows = {index.row() for index in self.cells.selectedIndexes()}
        if len(rows) == 1:
            self.picked.emit(rows.pop())


class _Cells(QTableWidget):
    """``left()``: the pointer has left the table."""

    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(0, 0)
        _dress(self, "smapCells", tr("SMAP's cells"))
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()


def _table(name: str, title: str) -> QTableWidget:
    table = QTableWidget(0, 0)
    _dress(table, name, title)
    return table


def _dress(table: QTableWidget, name: str, title: str) -> None:
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setMinimumSectionSize(1)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + GRID)


def _whole_width(table: QTableWidget) -> int:
    """Pixels in which no cell and no heading is cut."""
    header = table.horizontalHeader()
    widest = max(max(header.sectionSizeHint(column), table.sizeHintForColumn(column))
                 for column in range(table.columnCount()))
    return int(table.verticalHeader().sizeHint().width() + widest * table.columnCount() + 2 * table.frameWidth()
               + table.verticalScrollBar().sizeHint().width())


def _size(table: QTableWidget, rows: list[str], columns: list[str], count: int = 0) -> None:
    table.setRowCount(max(len(rows), count))
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(columns)
    if rows:
        table.setVerticalHeaderLabels(rows)


def _put(table: QTableWidget, row: int, column: int, text: str, hint: str) -> None:
    item = QTableWidgetItem(text)
    item.setToolTip(tip_text(hint))
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    table.setItem(row, column, item)
