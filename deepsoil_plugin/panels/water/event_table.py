"""The events of a plan as a small table, date and water, for who types rather than pulls."""

from __future__ import annotations

import datetime as dt

from qgis.PyQt.QtCore import QDate, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ...contract import LARGEST_APPLICATION_MM
from ...text.dates import day_text
from ...text.formatting import number_from
from ...text.translate import tr
from ...widgets.date_field import day_from
from .amounts import Unit, amount, in_mm
from .plan import Plan


class EventTable(QTableWidget):
    """``settled(plan)`` after a row was typed, changed or deleted; ``refused(text)`` for what cannot be;
    ``selected(day)``.
    """

    settled = pyqtSignal(object)
    refused = pyqtSignal(str)
    selected = pyqtSignal(object)
    undoWanted = pyqtSignal()
    redoWanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setObjectName("waterEvents")
        self.setAccessibleName(tr("Irrigation given and planned: a date and its water in each row"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed
                             | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._plan, self._day = Plan(), dt.date(1970, 1, 1)
        self._unit: Unit = "mm"
        self._typed: tuple[str, str] = ("", "")  # the last row, until it is whole
        self.cellChanged.connect(self._edited)
        self.currentCellChanged.connect(self._current)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("00 MMMM 0000") + 110, 100)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 3 * self.verticalHeader().defaultSectionSize())

    def show_plan(self, plan: Plan, day: dt.date, unit: Unit, chosen: dt.date | None) -> None:
        self._plan, self._day, self._unit = plan, day, unit
        self.blockSignals(True)
        self.setHorizontalHeaderLabels([tr("Date"), tr("Water ({0})").format(unit)])
        self.setRowCount(len(plan.events) + 1)
        for row, event in enumerate(plan.events):
            planned = not event.logged
            for column, text in enumerate((day_text(event.day), amount(event.mm, unit))):
                item = QTableWidgetItem(text)
                font = QFont(item.font())
                font.setItalic(planned)
                item.setFont(font)
                item.setToolTip(tr("planned") if planned else tr("given, in the irrigation log"))
                if column:
                    item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                self.setItem(row, column, item)
        for column, text in enumerate(self._typed):
            self.setItem(len(plan.events), column, QTableWidgetItem(text))
        shown = plan.at(chosen) if chosen is not None else None
        if shown is not None and not self.hasFocus():
            self.setCurrentCell(plan.events.index(shown), 1)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undoWanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo) or (
                event.key() == Qt.Key.Key_Y and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.redoWanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if 0 <= row < len(self._plan.events):
                self.settled.emit(self._plan.without(self._plan.events[row].day))
        else:
            super().keyPressEvent(event)

    def _current(self, row: int, *_: int) -> None:
        if self.hasFocus() and 0 <= row < len(self._plan.events):
            self.selected.emit(self._plan.events[row].day)

    def _edited(self, row: int, column: int) -> None:
        item = self.item(row, column)
        text = item.text().strip() if item is not None else ""
        events = self._plan.events
        if row < len(events):
            date, water = (text, "") if column == 0 else ("", text)
            self._put(date or day_text(events[row].day), water, events[row].day, events[row].mm)
            return
        typed = list(self._typed)
        typed[column] = text
        self._typed = (typed[0], typed[1])
        if all(self._typed):
            date, water = self._typed
            self._typed = ("", "")
            self._put(date, water, None, 0.0)

    def _put(self, date: str, water: str, before: dt.date | None, mm: float) -> None:
        """``before``, ``mm``: the event that is changed; an empty ``water`` leaves its amount."""
        day, value = day_from(date), number_from(water) if water else None
        said = mm if not water else None if value is None else in_mm(value, self._unit)
        if day is None:
            self._refuse(tr("“{0}” is not a date.").format(date))
        elif said is None or not 0 < said <= LARGEST_APPLICATION_MM:
            self._refuse(tr("“{0}” is not an amount of water: type more than 0 and at most {1}.").format(
                water, amount(LARGEST_APPLICATION_MM, self._unit, named=True)))
        else:
            on = _date(day)
            plan = self._plan if before is None or before == on else self._plan.without(before)
            was = self._plan.at(before) if before is not None else None
            self.settled.emit(plan.exactly(on, said, logged=on <= self._day if was is None else was.logged))

    def _refuse(self, text: str) -> None:
        self.show_plan(self._plan, self._day, self._unit, None)
        self.refused.emit(text)


def _date(day: QDate) -> dt.date:
    return dt.date(day.year(), day.month(), day.day())


