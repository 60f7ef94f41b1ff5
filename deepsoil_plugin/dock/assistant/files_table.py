"""The files of a folder: a picture, what each seems to be, its unit, and what has yet to be said."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QPixmap
from qgis.PyQt.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ...text.plain import tip_text
from ...text.translate import engine_text
from .said import LEFT_OUT, asked_text, days_text, values_text

FILE, CHANNEL, UNIT, ASKED, VALUES, DAYS = range(6)
_PICTURE_PX = 48
_FILE_PX = 210
_CHARACTERS = {CHANNEL: 15, UNIT: 6}  # of what is chosen; the longest name of a channel would fill the window


class FilesTable(QTableWidget):
    """``said(key, what, value)`` when the user says ``channel`` or ``unit`` of a file, None to take it back;
    ``chosen(key)`` for another row.
    """

    said = pyqtSignal(str, str, object)
    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 6, parent)
        self.setObjectName("deepsoilAssistantFiles")
        self.setAccessibleName(self.tr("Files of the folder"))
        self.setHorizontalHeaderLabels([self.tr("File"), self.tr("What it is"), self.tr("Unit"),
                                        self.tr("Still to be said"), self.tr("Values"), self.tr("Days")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIconSize(QSize(_PICTURE_PX, _PICTURE_PX))
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(ASKED, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(_PICTURE_PX)
        self.setColumnWidth(FILE, _FILE_PX)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._keys: list[str] = []
        self.currentCellChanged.connect(lambda row, *_: self.chosen.emit(self.key_of(row)))

    def key_of(self, row: int) -> str:
        return self._keys[row] if 0 <= row < len(self._keys) else ""

    def fill(self, files: Sequence[Mapping[str, Any]], channels: Sequence[Mapping[str, str]]) -> None:
        """Show what the engine makes of the files; the chosen row stays."""
        before = self.key_of(self.currentRow())
        if [row["key"] for row in files] != self._keys:
            self._keys = [row["key"] for row in files]
            self.setRowCount(0)
            self.setRowCount(len(files))
        for number, row in enumerate(files):
            self._fill_row(number, row, channels)
        wanted = self._keys.index(before) if before in self._keys else 0 if self._keys else -1
        if wanted != self.currentRow():
            self.setCurrentCell(wanted, FILE)
        else:
            self.chosen.emit(self.key_of(wanted))

    def _fill_row(self, number: int, row: Mapping[str, Any], channels: Sequence[Mapping[str, str]]) -> None:
        name = self.item(number, FILE)
        if name is None:
            name = QTableWidgetItem(row["key"])
            name.setToolTip(tip_text(row["key"]))
            picture = QPixmap()
            if row["picture"] and picture.loadFromData(base64.b64decode(row["picture"])):
                name.setIcon(QIcon(picture.scaled(_PICTURE_PX, _PICTURE_PX, Qt.AspectRatioMode.KeepAspectRatio)))
                self.setRowHeight(number, _PICTURE_PX + 4)
            self.setItem(number, FILE, name)
        self._offer(number, CHANNEL, self._choices(row, channels), row["channel"])
        units = row["units"] if row["channel"] else []
        self._offer(number, UNIT, [(one, one) for one in units], row["unit"])
        for column, text in ((VALUES, values_text(row)), (DAYS, days_text(row)), (ASKED, asked_text(row))):
            self.setItem(number, column, QTableWidgetItem(text))

    def _choices(self, row: Mapping[str, Any], channels: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
        if row["form"] == "ismn":
            return [(self.tr("Stations (ISMN)"), "stations"), (self.tr("Not used"), LEFT_OUT)]
        known = sorted((engine_text(one["title"]), one["name"]) for one in channels if one["form"] == row["form"])
        return [*known, (self.tr("Not used"), LEFT_OUT)]

    def _offer(self, number: int, column: int, choices: Sequence[tuple[str, str]], chosen: str | None) -> None:
        combo = self.cellWidget(number, column)
        if not isinstance(combo, QComboBox):
            combo = QComboBox()
            combo.setObjectName(f"deepsoilAssistant{'Channel' if column == CHANNEL else 'Unit'}_{number}")
            combo.setAccessibleName(f"{self.horizontalHeaderItem(column).text()}: {self._keys[number]}")
            combo.activated.connect(lambda _, number=number, column=column: self._activated(number, column))
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(_CHARACTERS[column])
            combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCellWidget(number, column, combo)
        combo.clear()
        if chosen is None and not (choices and choices[0][1] == "stations"):
            combo.addItem("?", None)
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.setEnabled(bool(choices))
        combo.setToolTip(tip_text(combo.currentText()))

    def _activated(self, number: int, column: int) -> None:
        combo = self.cellWidget(number, column)
        assert isinstance(combo, QComboBox)
        value = combo.currentData()
        if value is None:
            return
        if value == "stations":
            value = None  # nothing else is known of an archive
        self.said.emit(self._keys[number], "channel" if column == CHANNEL else "unit", value)
