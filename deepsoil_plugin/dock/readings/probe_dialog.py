"""A file of own probes: what its columns, unit, clock and place are is asked; the engine says what it would read."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ...engine.client import EngineClient
from ...jobs.estimator import LatestAnswer
from ...jobs.readings import ProbeReadings, questions_text
from ...text.formatting import number_from, number_text, plain_error
from ...text.plain import tip_text
from ...widgets.basic import GRID, ElidedLabel, PlainLabel, ProblemLine, line_edit, quiet_label, row, say, tool_button
from .probe_grid import ProbeGrid, said_columns
from .probe_words import found_text, zones
from .refused_list import RefusedList


class ProbeDialog(QDialog):
    """``given(ProbeReadings)`` when the file is wanted. ``placeWanted``: a point is to be picked. Not modal."""

    given = pyqtSignal(object)
    placeWanted = pyqtSignal()

    def __init__(self, client: EngineClient, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilProbeDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Readings of {0}").format(Path(path).name))
        self._path = path
        self._answer: dict[str, Any] | None = None
        self._filled = False
        self._question = LatestAnswer(client, "probe_table", self)
        self._question.answered.connect(self._came)
        self._build()
        self._refresh()
        self._ask()

    def _build(self) -> None:
        self._file = ElidedLabel("deepsoilProbeFile")
        self._file.setText(self._path)
        self._separator = self._combo("deepsoilProbeSeparator", self.tr("What separates the columns"), (
            (self.tr("comma"), ","), (self.tr("semicolon"), ";"), (self.tr("tabulator"), "\t")))
        self._decimal = self._combo("deepsoilProbeDecimal", self.tr("Decimal sign of the numbers"), (
            (self.tr("point (0.22)"), "."), (self.tr("comma (0,22)"), ",")))
        choose = (self.tr("choose"), "")
        self._order = self._combo("deepsoilProbeOrder", self.tr("How dates are written"), (
            choose, (self.tr("year, month, day"), "ymd"), (self.tr("day, month, year"), "dmy"),
            (self.tr("month, day, year"), "mdy")))
        self._unit = self._combo("deepsoilProbeUnit", self.tr("Unit of the water content"), (
            choose, (self.tr("m³/m³ (such as 0.22)"), "m3m3"), (self.tr("per cent (such as 22)"), "percent")))
        self._zone = self._combo("deepsoilProbeZone", self.tr("Clock of the times"), (choose, *zones()))
        self._zone.setToolTip(tip_text(self.tr(
            "Most loggers stay on standard time all year: UTC−06:00 in Kansas, UTC+01:00 in Germany.")))
        self._sensor = line_edit("deepsoilProbeSensor", self.tr("Name of the sensor"))
        self._sensor.setText(Path(self._path).stem)
        self._longitude = line_edit("deepsoilProbeLongitude", self.tr("Longitude in degrees"), 11)
        self._latitude = line_edit("deepsoilProbeLatitude", self.tr("Latitude in degrees"), 11)
        for line in (self._sensor, self._longitude, self._latitude):
            line.textEdited.connect(self._changed)
        self._pick = tool_button("deepsoilProbePick", "zoom", self.tr("Pick the probe's place on the map"),
                                 self.tr("On the map"))
        self._pick.clicked.connect(self.placeWanted)
        self._grid = ProbeGrid()
        self._grid.changed.connect(self._changed)
        self._found = quiet_label("deepsoilProbeFound")
        self._refused = RefusedList("deepsoilProbeRefused", self.tr("Rows that would not be read, and why"))
        self._problem = ProblemLine("deepsoilProbeProblem")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._use = self._buttons.addButton(self.tr("Use these readings"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._use.setObjectName("deepsoilProbeUse")
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(2 * GRID)
        form.setColumnStretch(1, 1)
        form.setColumnStretch(3, 1)
        cells: list[tuple[str, QWidget]] = [
            (self.tr("Separator"), self._separator), (self.tr("Decimal sign"), self._decimal),
            (self.tr("Unit"), self._unit), (self.tr("Dates"), self._order),
            (self.tr("Clock"), self._zone), (self.tr("Sensor"), self._sensor)]
        for number, (text, widget) in enumerate(cells):
            form.addWidget(PlainLabel(text), number // 2, number % 2 * 2)
            form.addWidget(widget, number // 2, number % 2 * 2 + 1)
        place = row(PlainLabel(self.tr("longitude")), self._longitude, PlainLabel(self.tr("latitude")),
                    self._latitude, self._pick)
        form.addWidget(PlainLabel(self.tr("Place")), 3, 0)
        form.addLayout(place, 3, 1, 1, 3)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._file)
        layout.addWidget(self._grid, 1)
        layout.addLayout(form)
        layout.addWidget(self._found)
        layout.addWidget(self._refused)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self.resize(660, 560)

    def _combo(self, name: str, what: str, choices: tuple[tuple[str, Any], ...]) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(what)
        combo.setToolTip(tip_text(what))
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for text, data in choices:
            combo.addItem(text, data)
        combo.activated.connect(self._changed if name not in ("deepsoilProbeSeparator",) else self._separated)
        return combo

    # --- what others ask

    def set_place(self, longitude: float, latitude: float) -> None:
        """Show a place that was picked on the map."""
        self._longitude.setText(number_text(longitude, 6))
        self._latitude.setText(number_text(latitude, 6))
        self._changed()

    # --- asking the engine

    def _said(self) -> dict[str, Any]:
        """What is said of the file, as the method ``probe_table`` takes it."""
        place = [number_from(self._longitude.text()), number_from(self._latitude.text())]
        zone = self._zone.currentData()
        said: dict[str, Any] = {
            "unit": self._unit.currentData() or None, "order": self._order.currentData() or None,
            "zone_min": None if zone == "" else zone, "sensor": self._sensor.text().strip() or None,
            "place": place if None not in place else None}
        if self._filled:
            said |= {"separator": self._separator.currentData(), "decimal": self._decimal.currentData(),
                     **said_columns(self._grid)}
        elif self._answer is not None:
            said |= {"separator": self._separator.currentData()}
        return said

    def _changed(self, *_: object) -> None:
        self._use.setEnabled(False)
        self._ask()

    def _separated(self, *_: object) -> None:
        """Other columns: what they are is looked at anew."""
        self._filled = False
        self._changed()

    def _ask(self) -> None:
        self._question.want({"path": self._path, "said": self._said()})

    def _came(self, answer: dict[str, Any]) -> None:
        if "problems" in answer:
            self._refused_whole(answer["problems"][0])
            return
        self._answer = answer
        if not self._filled:
            self._fill(answer)
        named = {one["named"] for one in answer["values"]}
        if not self._unit.currentData() and len(named) == 1 and None not in named:
            self._unit.setCurrentIndex(self._unit.findData(named.pop()))  # the columns' names say it
        self._refresh()

    def _fill(self, answer: dict[str, Any]) -> None:
        """What the file shows by itself; all of it stands there to be changed."""
        self._filled = True
        for combo, key in ((self._separator, "separator"), (self._decimal, "decimal")):
            combo.setCurrentIndex(max(0, combo.findData(answer[key])))
        self._grid.show_table(answer)
        stops = [*self._grid.cells, self._separator, self._decimal, self._unit, self._order, self._zone, self._sensor,
                 self._longitude, self._latitude, self._pick, self._refused, self._use]
        for first, second in itertools.pairwise(stops):  # as they are read: the cells of the grid came last
            QWidget.setTabOrder(first, second)

    def _refused_whole(self, error: dict[str, Any]) -> None:
        self._answer = {**(self._answer or {}), "problem": error, "readings": [], "asked": []}
        self._refresh()

    # --- what is shown

    def _refresh(self) -> None:
        answer = self._answer or {}
        columns = answer.get("columns") or {}
        for widget in (self._longitude, self._latitude, self._pick):
            widget.setEnabled(None in (columns.get("longitude"), columns.get("latitude")))
        self._sensor.setEnabled(columns.get("sensor") is None)
        readings = answer.get("readings") or []
        asked = questions_text(answer.get("asked") or ())
        problem = plain_error(answer["problem"]) if answer.get("problem") else ""
        say(self._found, found_text(answer) if answer and not asked and not problem else "")
        self._refused.show_refused(answer.get("refused") or [], answer.get("refused_count") or 0)
        why = problem or asked or ("" if readings else self.tr("There is no reading to use."))
        self._problem.say(why if answer else self.tr("Reading the file …"), warning=bool(problem))
        self._use.setEnabled(bool(readings))
        self._use.setToolTip(tip_text(why))

    def _accept(self) -> None:
        readings = (self._answer or {}).get("readings") or []
        if readings and self._use.isEnabled():
            self.given.emit(ProbeReadings(Path(self._path).name, tuple(readings)))
            self.accept()
