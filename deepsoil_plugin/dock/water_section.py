"""The request's water and soil: whether the field is irrigated, and how; for all fields, or for one of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QSpinBox, QWidget

from .. import preferences
from ..contract import LARGEST_APPLICATION_MM
from ..engine.client import EngineClient
from ..jobs.water import USUAL_HABIT, Entry, entry_text, field_names, log_text
from ..text import units
from ..text.plain import tip_text
from ..text.quantities import MM
from ..text.translate import engine_text
from ..widgets.basic import GRID, PlainLabel, ProblemLine, column, quiet_label, row, say, tool_button
from ..widgets.date_field import DateField
from ..widgets.quantity_box import QuantityBox
from .irrigation_table import IrrigationTable
from .soil_line import SoilLine
from .table_source import TableSource

_NONE, _IRRIGATED, _HABIT, _LOG, _RAINFED = "", "irrigated", "habit", "log", "rainfed"

_OF_OTHERS = ("root_depth_cm", "allowed_depletion")
"""Members of an entry that are not shown here, and stay."""


class WaterSection(QWidget):
    """``waterChanged`` when something else is said of the water of the area that is shown."""

    waterChanged = pyqtSignal()

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[str, Entry] = {}
        self._area: Mapping[str, Any] | None = None
        self._name = ""
        self._mapped = self._filling = False
        self._by_columns = False
        self._crops: list[dict[str, str]] = []
        self._build()
        self._field.activated.connect(lambda _: self._show())
        self._choice.activated.connect(self._chosen)
        self._crop.activated.connect(self._edited)
        self._is_planted.toggled.connect(self._edited)
        self._planted.dateChanged.connect(self._edited)
        self._mm.edited.connect(self._edited)
        self._depletion.valueChanged.connect(self._edited)
        self._table.changed.connect(self._edited)
        self._table.textPasted.connect(self.logs.read_text)
        self.logs.read.connect(self._came)
        self.logs.refused.connect(lambda text: self._message.say(text, True))
        self._soil.changed.connect(self._edited)
        self._soil.said.connect(lambda text: self._message.say(text, True))
        client.ready.connect(self._ask_for_crops)
        if client.is_ready:
            self._ask_for_crops()
        self._show()

    def _build(self) -> None:
        self._field = _combo("deepsoilWaterField", self.tr("Field whose water is shown"))
        self._choice = _combo("deepsoilWater", self.tr("What is known of the field's irrigation"))
        self._crop = _combo("deepsoilCrop", self.tr("Crop of the field"))
        self._is_planted = QCheckBox(self.tr("planted on"))
        self._is_planted.setObjectName("deepsoilIsPlanted")
        self._is_planted.setToolTip(tip_text(self.tr(
            "Day and month count, in every year. If not ticked: when the crop is usually planted in this climate")))
        self._planted = DateField("deepsoilPlanted", self.tr("Day of planting"))
        self._planting = QWidget()
        planting = row(self._is_planted, self._planted)
        planting.addStretch(1)
        self._planting.setLayout(planting)
        self._mm = QuantityBox("deepsoilHabitMm", self.tr("Water given at a time"), 1.0, LARGEST_APPLICATION_MM, 1.0, 0,
                               units.chosen(MM))
        self._depletion = QSpinBox()
        self._depletion.setObjectName("deepsoilHabitDepletion")
        self._depletion.setAccessibleName(self.tr("Share of the available water that is used before"))
        self._depletion.setToolTip(tip_text(self.tr(
            "Of the water that the roots can take from moist soil. Most crops suffer beyond 40 to 55 %.")))
        self._depletion.setRange(5, 95)
        self._depletion.setSuffix(" %")
        self._habit = QWidget()
        habit = row(self._mm, PlainLabel(self.tr("when")), self._depletion, PlainLabel(self.tr("is used")))
        habit.addStretch(1)
        self._habit.setLayout(habit)
        self._table = IrrigationTable()
        self.logs = TableSource(self._client, "irrigation_log", self)
        self._soil = SoilLine(self._client)
        opened = tool_button("deepsoilLogOpen", "job-folder",
                             self.tr("Open a CSV file with the columns date and mm (or in)"),
                             self.tr("CSV"))
        pasted = tool_button("deepsoilLogPaste", "job-log", self.tr("Paste rows of a spreadsheet: date and water"),
                             self.tr("Paste"))
        self._remove = tool_button("deepsoilLogRemove", "job-remove", self.tr("Delete the selected rows"))
        self._undo = tool_button("deepsoilLogUndo", "undo", self.tr("Undo the last change of the log"))
        opened.clicked.connect(lambda: self.logs.ask_for_file(
            self.window(), self.tr("Open an irrigation log"), "deepsoilLogFile"))
        pasted.clicked.connect(self.logs.read_clipboard)
        self._remove.clicked.connect(self._table.delete_selected)
        self._undo.clicked.connect(self._table.undo)
        buttons = row(opened, pasted, self._remove, self._undo, spacing=0)
        buttons.addStretch(1)
        self._total = quiet_label("deepsoilLogTotal")
        self._log = QWidget()
        log = column(spacing=GRID)
        log.addWidget(self._table)
        log.addLayout(buttons)
        log.addWidget(self._total)
        self._log.setLayout(log)
        self._message = ProblemLine("deepsoilWaterMessage")
        self.setLayout(column(self._field, self._choice, self._crop, self._planting, self._habit, self._log,
                              self._soil, self._message, spacing=GRID))
        self.logs.of_pasted = {"unit": preferences.water_unit()}

    # --- what others ask

    @property
    def known(self) -> dict[str, Entry]:
        """What is said of every field that was ever shown, by name."""
        return self._known

    @property
    def problem(self) -> str:
        """Why the water cannot be sent as it stands; empty where it can."""
        if self._choice.currentData() != _LOG:
            return ""
        return self._table.problem or ("" if self._table.applications else
                                       self.tr("The irrigation log is empty. Type a date and its water."))

    def restore(self, known: Mapping[str, Entry]) -> None:
        """What a project keeps."""
        self._known = {name: dict(entry) for name, entry in known.items()}
        self._show()

    def put(self, name: str, entry: Entry) -> None:
        """What another screen has learnt of a field's water; empty forgets it."""
        self._known = {**self._known, name: dict(entry)}
        if not entry:
            del self._known[name]
        self._show()
        self.waterChanged.emit()

    def set_area(self, area: Mapping[str, Any] | None, name: str) -> None:
        """Show the water of another area, or of the same under another name, which it then keeps."""
        if area is self._area and name == self._name:
            return
        if area is self._area and self._name in self._known and name not in self._known:
            self._known[name] = dict(self._known[self._name])
        names = field_names(area)
        if names != field_names(self._area):
            self._field.clear()
            for title, data in ((self.tr("All fields"), ""), *((each, each) for each in names)):
                self._field.addItem(title, data)
        self._area, self._name = area, name
        self._show()

    def set_mapped(self, mapped: bool) -> None:
        """Whether the region has a map of irrigated land."""
        if mapped != self._mapped:
            self._mapped = mapped
            self._show()

    def set_by_columns(self, by_columns: bool) -> None:
        """Whether the map is made by soil columns, which alone know a measured soil."""
        if by_columns != self._by_columns:
            self._by_columns = by_columns
            self._refresh()

    def units_changed(self) -> None:
        """Amounts of water in the unit that the user has chosen."""
        self._mm.show_in(units.chosen(MM))
        self._table.show_units()
        self.logs.of_pasted = {"unit": preferences.water_unit()}
        self._refresh()

    # --- what is shown

    @property
    def _key(self) -> str:
        """Name under which the shown field's water is kept."""
        return str(self._field.currentData() or "") or self._name

    @property
    def _of_one(self) -> bool:
        return bool(self._field.currentData())

    def _show(self) -> None:
        self._filling = True
        entry = self._known.get(self._key, {})
        irrigation = entry.get("irrigation") or {}
        self._field.setVisible(len(field_names(self._area)) > 1)
        self._choice.clear()
        kind = irrigation.get("type", _NONE)
        for text, data in self._choices(kind):
            self._choice.addItem(text, data)
        self._choice.setCurrentIndex(max(0, self._choice.findData(kind)))
        self._fill_crops(str(entry.get("crop") or ""))
        planted = QDate.fromString(str(entry.get("planted") or ""), Qt.DateFormat.ISODate)
        self._is_planted.setChecked(planted.isValid())
        if planted.isValid():
            self._planted.setDate(planted)
        habit: Entry = {**USUAL_HABIT, **(irrigation if kind == _HABIT else {})}
        self._mm.put(float(habit["mm"]))
        self._depletion.setValue(round(100 * float(habit["depletion"])))
        self._table.show_log(irrigation.get("applications", []) if kind == _LOG else [])
        self.logs.key = self._key
        self._soil.show_layers(entry.get("soil") or (), self._key)
        self._filling = False
        self._refresh()

    def _choices(self, kind: str) -> list[tuple[str, str]]:
        whole = self.tr("As irrigated as the region's map says") if self._mapped else \
            self.tr("Not irrigated, or not known")
        found = [(self.tr("As for all fields") if self._of_one else whole, _NONE),
                 (self.tr("Irrigated, nothing more is known"), _IRRIGATED), (self.tr("Usual practice"), _HABIT),
                 (self.tr("Irrigation log"), _LOG)]
        if self._of_one or self._mapped or kind == _RAINFED:
            found.append((self.tr("Not irrigated"), _RAINFED))
        return found

    def _refresh(self) -> None:
        kind = self._choice.currentData()
        self._crop.setVisible(kind in (_IRRIGATED, _HABIT) or bool(self._crop.currentData()))
        self._planting.setVisible(bool(self._crop.currentData()))
        self._planted.setEnabled(self._is_planted.isChecked())
        self._habit.setVisible(kind == _HABIT)
        self._log.setVisible(kind == _LOG)
        self._soil.setVisible(self._by_columns)
        self._undo.setEnabled(self._table.can_undo)
        say(self._total, log_text(self._table.applications) if kind == _LOG and self._table.applications else "")
        self._message.say(self._table.problem if kind == _LOG else "", warning=True)
        for index in range(self._field.count()):
            name = str(self._field.itemData(index))
            said = entry_text(self._known.get(name, {})) if name else ""
            self._field.setItemData(index, tip_text(said), Qt.ItemDataRole.ToolTipRole)
            self._field.setItemText(index, f"{name} ({said})" if said else name or self.tr("All fields"))

    def _chosen(self, _index: int) -> None:
        self._edited()
        if self._choice.currentData() == _LOG:
            self._table.setFocus()
            self._table.setCurrentCell(self._table.rowCount() - 1, 0)

    def _edited(self, *_: object) -> None:
        if self._filling:
            return
        kind = self._choice.currentData()
        entry: Entry = {"crop": self._crop.currentData()} if self._crop.currentData() else {}
        if entry and self._is_planted.isChecked():
            entry["planted"] = self._planted.date().toString(Qt.DateFormat.ISODate)
        before = self._known.get(self._key, {})
        entry.update({name: before[name] for name in _OF_OTHERS if name in before})
        if kind == _HABIT:
            entry["irrigation"] = {**USUAL_HABIT, "mm": round(self._mm.amount, 3),
                                   "depletion": self._depletion.value() / 100}
        elif kind == _LOG and self._table.problem:
            log = before.get("irrigation") or {}
            if log.get("type") == _LOG:
                entry["irrigation"] = log  # what was right stays until the rows are right again
        elif kind == _LOG:
            if self._table.applications:
                entry["irrigation"] = {"type": _LOG, "applications": self._table.applications}
        elif kind != _NONE:
            entry["irrigation"] = {"type": kind}
        if self._soil.layers:
            entry["soil"] = self._soil.layers
        self._known = {**self._known, self._key: entry}
        if not entry:
            del self._known[self._key]
        self._refresh()
        self.waterChanged.emit()

    # --- crops

    def _ask_for_crops(self, *_: object) -> None:
        self._client.call("crops", {}, self._crops_came, lambda _error: None, owner=self)

    def _crops_came(self, crops: list[dict[str, str]]) -> None:
        self._crops = crops or []
        self._show()

    def _fill_crops(self, chosen: str) -> None:
        self._crop.clear()
        titles = {one["crop"]: engine_text(one["title"]) for one in self._crops}
        if chosen:
            titles.setdefault(chosen, chosen)
        self._crop.addItem(self.tr("Crop not known"), "")
        for crop, title in sorted(titles.items(), key=lambda one: one[1].casefold()):
            self._crop.addItem(title, crop)
        self._crop.setCurrentIndex(max(0, self._crop.findData(chosen)))

    # --- logs from elsewhere

    def _came(self, log: dict[str, Any], key: str) -> None:
        if key != self._key or self._choice.currentData() != _LOG:
            return  # another field is shown by now
        replaced = self._table.add(log["applications"])
        if replaced and not self._table.problem:
            self._message.say(self.tr("Days that stood in the log already and were replaced: {0}").format(replaced))


def _combo(name: str, what: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(what)
    combo.setToolTip(tip_text(what))
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(12)
    return combo
