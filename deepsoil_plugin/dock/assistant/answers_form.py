"""What is asked of one file beside its channel and unit: missing values, day, coordinate system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.gui import QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QPushButton, QWidget

from ...text.translate import tr
from ...widgets.basic import GRID, line_edit, row
from ...widgets.date_field import DateField
from .said import numbers_from


class AnswersForm(QWidget):
    """``said(what, value)`` of the file that is shown; ``refused(text)`` for what cannot be meant."""

    said = pyqtSignal(str, object)
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._missing = line_edit("deepsoilAssistantMissing", self.tr("Values that stand for missing pixels"), 12)
        self._suggest = self._push("deepsoilAssistantSuspects", "")
        self._none = self._push("deepsoilAssistantNoneMissing", self.tr("None is missing"))
        self._day = DateField("deepsoilAssistantDay", self.tr("Day of the map"))
        self._take_day = self._push("deepsoilAssistantTakeDay", self.tr("Take this day"))
        self._crs = QgsProjectionSelectionWidget()
        self._crs.setObjectName("deepsoilAssistantCrs")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID)
        self._parts: dict[str, tuple[QWidget, QWidget]] = {}
        for what, text, widgets in (
                ("nodata", self.tr("Missing values"), (self._missing, self._suggest, self._none)),
                ("day", self.tr("Day"), (self._day, self._take_day)),
                ("crs", self.tr("Coordinate system"), (self._crs,))):
            line = QWidget()
            layout = row(*widgets, spacing=2 * GRID)
            layout.addStretch(1)
            line.setLayout(layout)
            form.addRow(text, line)
            self._parts[what] = (form.labelForField(line), line)
        self._suspects: list[float] = []
        self._missing.editingFinished.connect(self._missing_typed)
        self._suggest.clicked.connect(lambda: self.said.emit("nodata", self._suspects))
        self._none.clicked.connect(lambda: self.said.emit("nodata", []))
        self._take_day.clicked.connect(lambda: self.said.emit("day", self._day.date().toString(Qt.DateFormat.ISODate)))
        self._crs.crsChanged.connect(self._crs_chosen)
        self.show_file(None, {})

    def _push(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def show_file(self, file: Mapping[str, Any] | None, said: Mapping[str, Any]) -> None:
        """Show the questions of a file, and those that the user has answered, which can be changed."""
        asked = {*(file["asked"] if file else ()), *said}
        for what, parts in self._parts.items():
            for part in parts:
                part.setVisible(what in asked)
        self.setVisible(bool(asked & {*self._parts}))
        self._suspects = list(file["suspects"]) if file else []
        self._suggest.setVisible(bool(self._suspects))
        self._suggest.setText(tr("It is {0}").format(", ".join(f"{one:g}" for one in self._suspects)))
        self._missing.setText("; ".join(f"{one:g}" for one in (file["nodata"] if file else ())))
        if file and file["day"]:
            self._day.setDate(QDate.fromString(file["day"], Qt.DateFormat.ISODate))

    def _missing_typed(self) -> None:
        text = self._missing.text().strip()
        if not self._missing.isModified() or not text:
            return
        self._missing.setModified(False)
        values = numbers_from(text)
        if values is None:
            self.refused.emit(self.tr("“{0}” is not a list of numbers. Type them like this: -9999; 0.").format(text))
        else:
            self.said.emit("nodata", values)

    def _crs_chosen(self) -> None:
        crs = self._crs.crs()
        if crs.isValid():
            self.said.emit("crs", crs.authid() or crs.toWkt())
