"""The first line of the panel: which field or place, from which day on, how far ahead, the unit, the buttons."""

from __future__ import annotations

import datetime as dt

from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy, QToolButton, QWidget

from ...text.plain import tip_text
from ...text.translate import tr
from ...widgets.basic import GRID, ElidedLabel, row, tool_button
from ...widgets.date_field import DateField
from .amounts import UNITS, Unit

HORIZONS_DAYS = (7, 14)
_LEAST_TITLE_PX = 90


class WaterHeader(QWidget):
    """``sourceAsked(name)``: ``field``, ``job`` or ``place``. ``fieldChosen(name)`` of several. ``dayChosen(date)``,
    ``daysChosen(count)``, ``unitChosen(unit)``; ``undoAsked``, ``redoAsked``, ``removeAsked``, ``keepAsked``.
    """

    sourceAsked = pyqtSignal(str)
    fieldChosen = pyqtSignal(str)
    dayChosen = pyqtSignal(object)
    daysChosen = pyqtSignal(int)
    unitChosen = pyqtSignal(str)
    undoAsked = pyqtSignal()
    redoAsked = pyqtSignal()
    removeAsked = pyqtSignal()
    keepAsked = pyqtSignal()

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self._filling = False
        self.title = ElidedLabel("waterTitle")
        self.title.setMinimumWidth(_LEAST_TITLE_PX)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        font = QFont(self.title.font())
        font.setBold(True)
        self.title.setFont(font)
        self.fields = _combo("waterField", tr("Field that is shown"))
        self.fields.activated.connect(lambda _: self.fieldChosen.emit(self.fields.currentText()))
        self.day = DateField("waterDay", tr("Day from which is looked ahead"))
        self.day.dateChanged.connect(self._day_changed)
        self.days = _combo("waterDays", tr("Days ahead"))
        for days in HORIZONS_DAYS:
            self.days.addItem(tr("%n day(s)", None, days), days)
        self.days.activated.connect(lambda _: self.daysChosen.emit(self.days_ahead))
        self.unit = _combo("waterUnit", tr("Unit of water"))
        for one in UNITS:
            self.unit.addItem(one, one)
        self.unit.setCurrentIndex(UNITS.index(unit))
        self.unit.activated.connect(lambda _: self.unitChosen.emit(str(self.unit.currentData())))
        self.sources = {
            "field": tool_button("waterOfField", "draw", tr("The field of the DeepSoil panel")),
            "job": tool_button("waterOfJob", "job-show", tr("The field of the job that is selected in the list")),
            "place": tool_button("waterOfPlace", "pick", tr("A place: click it on the map"))}
        for name, button in self.sources.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, name=name: self.sourceAsked.emit(name))
        self.undo = tool_button("waterUndo", "undo", tr("Undo (Ctrl+Z)"))
        self.redo = tool_button("waterRedo", "redo", tr("Redo (Ctrl+Y)"))
        self.remove = tool_button("waterRemove", "job-remove", tr("Remove the selected irrigation (Delete)"))
        self.keep = QToolButton()
        self.keep.setObjectName("waterKeep")
        self.keep.setText(tr("Keep as plan"))
        self.keep.setToolTip(tip_text(tr("Keep the planned irrigation with this field in the project. It is not put "
                                         "into the irrigation log.")))
        for button, signal in ((self.undo, self.undoAsked), (self.redo, self.redoAsked),
                               (self.remove, self.removeAsked), (self.keep, self.keepAsked)):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        line = row(*self.sources.values(), spacing=GRID // 2)
        line.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        for widget in (self.title, self.fields, self.day, self.days, self.unit, self.undo, self.redo, self.remove,
                       self.keep):
            line.addWidget(widget, 1 if widget is self.title else 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)
        self.show_fields([], "")

    def show_unit(self, unit: Unit) -> None:
        """Another unit was chosen elsewhere."""
        self.unit.setCurrentIndex(UNITS.index(unit))

    @property
    def days_ahead(self) -> int:
        return int(self.days.currentData())

    def show_source(self, name: str) -> None:
        for source, button in self.sources.items():
            button.setChecked(source == name)

    def show_fields(self, names: list[str], chosen: str) -> None:
        """Several fields to choose from; none hides the choice."""
        if [self.fields.itemText(index) for index in range(self.fields.count())] != names:
            self.fields.clear()
            self.fields.addItems(names)
        self.fields.setCurrentIndex(max(0, self.fields.findText(chosen)))
        self.fields.setVisible(len(names) > 1)

    def show_day(self, day: dt.date, first: dt.date, last: dt.date) -> None:
        self._filling = True
        self.day.setDateRange(_qdate(first), _qdate(last))
        self.day.setDate(_qdate(day))
        self._filling = False

    def _day_changed(self, day: QDate) -> None:
        if not self._filling:
            self.dayChosen.emit(dt.date(day.year(), day.month(), day.day()))


def _combo(name: str, what: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(what)
    combo.setToolTip(tip_text(what))
    return combo


def _qdate(day: dt.date) -> QDate:
    return QDate(day.year, day.month, day.day)
