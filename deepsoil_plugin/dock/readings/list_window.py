"""All readings of a request in one list: files with a tick, single values; to be edited, removed and brought back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...jobs.readings import KnownReadings, Reading, days_of, depths_text, sensors_of
from ...text import units
from ...text.dates import day_text, period_text
from ...text.formatting import number_text
from ...text.plain import tip_text
from ...widgets.basic import GRID, quiet_label, row, tool_button

_MOST_UNDONE = 50
_Key = tuple[str, int]
_KEY = Qt.ItemDataRole.UserRole


class ReadingsWindow(QDialog):
    """``changed(KnownReadings)`` after an edit. ``editWanted(index)``: of a typed value. Not modal."""

    changed = pyqtSignal(object)
    editWanted = pyqtSignal(int)

    def __init__(self, known: KnownReadings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilReadingsWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Readings of this request"))
        self._known = known
        self._undone: list[KnownReadings] = []
        self._filling = False
        self._list = QTreeWidget()
        self._list.setObjectName("deepsoilReadingsList")
        self._list.setAccessibleName(self.tr("Readings: files, which are used if ticked, and single values"))
        self._list.setRootIsDecorated(False)
        self._list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self._list.setHeaderLabels([self.tr("Readings"), self.tr("Depth"), self.tr("Day"), self.tr("Place")])
        header = self._list.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self._list.itemChanged.connect(self._ticked)
        self._list.itemActivated.connect(lambda item, _column: self._edit(item))
        self._list.itemSelectionChanged.connect(self._refresh)
        self._change = tool_button("deepsoilReadingsEdit", "draw", self.tr("Change the selected value"),
                                   self.tr("Change"))
        self._remove = tool_button("deepsoilReadingsRemove", "job-remove", self.tr("Remove what is selected"),
                                   self.tr("Remove"))
        self._undo = tool_button("deepsoilReadingsUndo", "undo", self.tr("Undo the last change"), self.tr("Undo"))
        self._change.clicked.connect(lambda: self._edit(self._list.currentItem()))
        self._remove.clicked.connect(self._remove_selected)
        self._undo.clicked.connect(self._take_back)
        self._later = QCheckBox(self.tr("Use readings of later days too"))
        self._later.setObjectName("deepsoilLaterDays")
        self._later.toggled.connect(self._later_toggled)
        about = quiet_label("deepsoilLaterDaysAbout", self.tr(
            "The best reconstruction of the past: the map of a day then also rests on what was measured after it. "
            "Leave it off to see what could be known on that day."))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = row(self._change, self._remove, self._undo)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._list, 1)
        layout.addLayout(buttons)
        layout.addWidget(self._later)
        layout.addWidget(about)
        layout.addWidget(close)
        self.resize(760, 400)
        self.show_known(known)

    def show_known(self, known: KnownReadings) -> None:
        """Show what has come from elsewhere."""
        self._known = known
        self._filling = True
        self._list.clear()
        for number, file in enumerate(known.files):
            first, last = (dt.date.fromisoformat(day) for day in days_of(file.values))
            item = QTreeWidgetItem([
                self.tr("{0}: %n daily mean(s) of {1}", None, len(file.values)).format(
                    file.name, ", ".join(sensors_of(file.values)[:4])),
                depths_text(file.values), period_text(first, last), ""])
            item.setData(0, _KEY, ("file", number))
            item.setCheckState(0, Qt.CheckState.Checked if file.used else Qt.CheckState.Unchecked)
            self._add(item)
        for number, value in enumerate(known.typed):
            item = QTreeWidgetItem([
                f"{units.theta_text(value['theta'])} {units.theta_unit()}",
                depths_text([value]), day_text(dt.date.fromisoformat(value["date"])),
                f"{number_text(value['latitude'], 4)}, {number_text(value['longitude'], 4)}"])
            item.setData(0, _KEY, ("typed", number))
            self._add(item)
        self._later.setChecked(known.later_days)
        self._filling = False
        self._refresh()

    def _add(self, item: QTreeWidgetItem) -> None:
        for column in range(item.columnCount()):
            item.setToolTip(column, tip_text(item.text(column)))
        self._list.addTopLevelItem(item)

    def replace_typed(self, number: int, reading: Reading) -> None:
        """Another value in place of one that was typed."""
        if number < len(self._known.typed):
            self._put(replace(self._known, typed=(*self._known.typed[:number], reading,
                                                  *self._known.typed[number + 1:])))

    # --- inside

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove_selected()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._take_back()
        else:
            super().keyPressEvent(event)

    def _selected(self) -> set[_Key]:
        return {tuple(item.data(0, _KEY)) for item in self._list.selectedItems()}

    def _refresh(self) -> None:
        chosen = self._selected()
        self._change.setEnabled(len(chosen) == 1 and next(iter(chosen))[0] == "typed")
        self._remove.setEnabled(bool(chosen))
        self._undo.setEnabled(bool(self._undone))

    def _edit(self, item: QTreeWidgetItem | None) -> None:
        kind, number = ("", 0) if item is None else item.data(0, _KEY)
        if kind == "typed":
            self.editWanted.emit(int(number))

    def _ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        if self._filling or item.data(0, _KEY)[0] != "file":
            return
        number, used = int(item.data(0, _KEY)[1]), item.checkState(0) == Qt.CheckState.Checked
        # The list stays as it is: Qt still reads the item after this call, so it must not be deleted in it.
        self._keep(replace(self._known, files=tuple(
            replace(file, used=used) if at == number else file for at, file in enumerate(self._known.files))))

    def _remove_selected(self) -> None:
        chosen = self._selected()
        if chosen:
            files = [file for at, file in enumerate(self._known.files) if ("file", at) not in chosen]
            typed = [value for at, value in enumerate(self._known.typed) if ("typed", at) not in chosen]
            self._put(replace(self._known, files=tuple(files), typed=tuple(typed)))

    def _later_toggled(self, on: bool) -> None:
        if not self._filling:
            self._put(replace(self._known, later_days=on))

    def _take_back(self) -> None:
        if self._undone:
            self.show_known(self._undone.pop())
            self.changed.emit(self._known)

    def _put(self, known: KnownReadings) -> None:
        self._keep(known)
        self.show_known(known)

    def _keep(self, known: KnownReadings) -> None:
        """Take what the list shows already."""
        self._undone = [*self._undone[-_MOST_UNDONE:], self._known]
        self._known = known
        self._refresh()
        self.changed.emit(known)
