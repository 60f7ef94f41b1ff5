"""The table of an irrigation log: dates and water, typed or put in from elsewhere. Every change can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import QDate, QLocale, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ..contract import LARGEST_APPLICATION_MM, MOST_APPLICATIONS
from ..text import units
from ..text.formatting import number_from
from ..text.plain import tip_text
from ..text.quantities import MM, Shown
from ..text.translate import tr
from ..widgets.date_field import SHOWN, day_from

Applications = list[dict[str, Any]]
_Rows = list[tuple[str, str]]
_VISIBLE_ROWS = 5
_MOST_UNDONE = 100


def applications_of(rows: Sequence[tuple[str, str]], shown: Shown,
                    ) -> tuple[Applications, str, tuple[int, int] | None]:
    """(the log of rows of texts, what is wrong with it, the cell where that is); empty rows do not count. ``shown``:
    how the water in mm is written in them.
    """
    found: dict[dt.date, tuple[int, float]] = {}
    for number, (date, water) in enumerate(rows):
        if not date.strip() and not water.strip():
            continue
        if not date.strip():
            return [], tr("Row {0}: type the date.").format(number + 1), (number, 0)
        if not water.strip():
            return [], tr("Row {0}: type the water in {1}.").format(number + 1, shown.unit), (number, 1)
        day = day_from(date)
        if day is None:
            return [], tr("Row {0}: “{1}” is not a date.").format(number + 1, date), (number, 0)
        amount = number_from(water)
        if amount is None:
            return [], tr("Row {0}: “{1}” is not an amount of water in {2}.").format(number + 1, water, shown.unit), (
                number, 1)
        mm = round(amount / shown.factor, 3)
        if not 0 < mm <= LARGEST_APPLICATION_MM:
            return [], tr("Row {0}: water must be more than 0 and at most {1}.").format(
                number + 1, units.water_text(LARGEST_APPLICATION_MM)), (number, 1)
        of_day = dt.date(day.year(), day.month(), day.day())
        if of_day in found:
            return [], tr("Rows {0} and {1} have the same day. Add them up.").format(
                found[of_day][0] + 1, number + 1), (number, 0)
        found[of_day] = number, mm
    if len(found) > MOST_APPLICATIONS:
        return [], tr("A log has at most {0} days.").format(MOST_APPLICATIONS), None
    return [{"date": day.isoformat(), "mm": mm} for day, (_, mm) in sorted(found.items())], "", None


class IrrigationTable(QTableWidget):
    """``changed`` when other rows stand there; ``textPasted(text)`` for a table of a spreadsheet."""

    changed = pyqtSignal()
    textPasted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self.setObjectName("deepsoilIrrigationTable")
        self.setAccessibleName(self.tr("Irrigation log: a date and its water in each row"))
        self._shown = units.chosen(MM)
        self._name_columns()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed
                             | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTabKeyNavigation(True)
        height = self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(height * _VISIBLE_ROWS + self.horizontalHeader().sizeHint().height() + 4)
        self._undo: list[_Rows] = []
        self._rows: _Rows = []
        self._put([])
        self.cellChanged.connect(self._edited)

    # --- what others ask

    @property
    def applications(self) -> Applications:
        return applications_of(self._rows, self._shown)[0]

    @property
    def problem(self) -> str:
        return applications_of(self._rows, self._shown)[1]

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def show_log(self, applications: Sequence[dict[str, Any]]) -> None:
        """Show what is kept; nothing to undo."""
        self._undo = []
        self._put([self._row_of(one) for one in applications])

    def add(self, applications: Sequence[dict[str, Any]]) -> int:
        """Put a log in beside what stands there; how many days it replaces."""
        new = {str(one["date"]): one for one in applications}
        old = [(row, day_from(row[0])) for row in self._rows if row[0].strip() or row[1].strip()]
        kept = [row for row, day in old if day is None or day.toString(Qt.DateFormat.ISODate) not in new]
        self._change(_sorted([*kept, *map(self._row_of, new.values())]))
        return len(old) - len(kept)

    def undo(self) -> None:
        if self._undo:
            self._put(self._undo.pop())
            self.changed.emit()

    def delete_selected(self) -> None:
        """Take out the rows with a selected cell, or the one with the cursor."""
        rows = {index.row() for index in self.selectedIndexes()} or {self.currentRow()}
        left = [row for number, row in enumerate(self._rows) if number not in rows]
        if len(left) < len(self._rows):
            at = min(rows)
            self._change(left)
            self.setCurrentCell(min(at, self.rowCount() - 1), 0)

    def show_units(self) -> None:
        """The water in the unit that the user has chosen; what cannot be read as a log stays as it was typed."""
        applications, problem, _ = applications_of(self._rows, self._shown)
        self._shown = units.chosen(MM)
        self._name_columns()
        if problem:
            self._put(self._rows)
        else:
            self.show_log(applications)

    # --- inside

    def _name_columns(self) -> None:
        self.setHorizontalHeaderLabels([self.tr("Date"), self.tr("Water ({0})").format(self._shown.unit)])

    def _row_of(self, application: dict[str, Any]) -> tuple[str, str]:
        return _row_of(application, self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.textPasted.emit(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selected()
        else:
            super().keyPressEvent(event)

    def _edited(self, row: int, column: int) -> None:
        text = self.item(row, column).text() if self.item(row, column) is not None else ""
        rows = [*self._rows, *[("", "")] * (row + 1 - len(self._rows))]
        before = rows[row]
        if text == before[column]:
            return
        rows[row] = (_day_shown(text), before[1]) if column == 0 else (before[0], text)
        cell = self.currentRow(), self.currentColumn()
        self._change(rows)
        self.setCurrentCell(*cell)

    def _change(self, rows: _Rows) -> None:
        self._undo = [*self._undo[-_MOST_UNDONE:], self._rows]
        self._put(rows)
        self.changed.emit()

    def _put(self, rows: _Rows) -> None:
        """Show rows, and an empty one at the end to type into."""
        while rows and not any(cell.strip() for cell in rows[-1]):
            rows = rows[:-1]
        self._rows = rows
        _, problem, wrong = applications_of(rows, self._shown)
        self.blockSignals(True)
        self.setRowCount(len(rows) + 1)
        for number, row in enumerate([*rows, ("", "")]):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip("")
                if column == 1:
                    item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                if (number, column) == wrong:
                    font = item.font()
                    font.setBold(True)
                    font.setUnderline(True)
                    item.setFont(font)
                    item.setToolTip(tip_text(problem))
                self.setItem(number, column, item)
        self.blockSignals(False)


def _row_of(application: dict[str, Any], shown: Shown) -> tuple[str, str]:
    day = QDate.fromString(str(application["date"]), Qt.DateFormat.ISODate)
    return QLocale().toString(day, SHOWN), QLocale().toString(float(application["mm"]) * shown.factor, "g", 5)


def _day_shown(text: str) -> str:
    """A date that was typed, with the month as a word, so that it cannot be misread; any other text as it is."""
    day = day_from(text)
    return text if day is None else QLocale().toString(day, SHOWN)


def _sorted(rows: _Rows) -> _Rows:
    def key(row: tuple[str, str]) -> str:
        day = day_from(row[0])
        return "9" if day is None else day.toString(Qt.DateFormat.ISODate)

    return sorted(rows, key=key)
