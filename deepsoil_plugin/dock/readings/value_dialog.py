"""One reading, typed: how wet, how deep, on which day, where. Nothing is assumed that was not typed or shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from ... import preferences
from ...contract import LARGEST_THETA
from ...contract_check import problem
from ...jobs.readings import TYPED, Reading
from ...text.formatting import number_from, number_text
from ...text.plain import tip_text
from ...text.quantities import INCHES, M3_M3, MM, PERCENT, shown_in
from ...text.translate import tr
from ...widgets.basic import GRID, PlainLabel, ProblemLine, line_edit, row, tool_button
from ...widgets.date_field import DateField

UNITS = {"m3m3": 1.0, "percent": 0.01, "mm": 0.01, "in": 1 / 12}
"""Factors to m³/m³ of what is typed: a share, per cent, mm in 10 cm of soil, inches in a foot of soil."""
OF_CHOSEN = {M3_M3: "m3m3", PERCENT: "percent", MM: "mm", INCHES: "in"}
"""By the unit in which soil moisture is shown."""

_WIDEST = 20  # characters of a place or a name


def reading_of(water: str, unit: str, depth: str, day: str, longitude: str, latitude: str, sensor: str,
               ) -> tuple[Reading | None, str]:
    """(the reading that the texts say, what is wrong with them). ``day`` is ISO. Pure."""
    value, depth_cm = number_from(water), number_from(depth)
    place = number_from(longitude), number_from(latitude)
    if value is None:
        return None, tr("Type the water content, such as 0.22 or 22.")
    if unit not in UNITS:
        return None, tr("Say the unit of the water content.")
    theta = value * UNITS[unit]
    shown = shown_in(M3_M3, next(name for name, one in OF_CHOSEN.items() if one == unit), MM)
    if not 0 < theta <= LARGEST_THETA:
        more = tr("If it is per cent, say so with the unit.") if unit == "m3m3" and 1 < value <= 100 * LARGEST_THETA \
            else tr("Correct it.")
        return None, tr("No soil holds {0} {1}. {2}").format(f"{value:.3g}", shown.unit, more)
    if depth_cm is None or not 0 <= depth_cm <= 150:
        return None, tr("Type the depth in cm, from 0 to 150.")
    if place[0] is None or place[1] is None or abs(place[0]) > 180 or abs(place[1]) > 90:
        return None, tr("Give the place in degrees, or pick it on the map.")
    found: Reading = {"longitude": place[0], "latitude": place[1], "depth_cm": depth_cm, "date": day,
                      "theta": round(theta, 6), "sensor": sensor.strip() or TYPED}
    return (found, "") if problem(found, "Reading") is None else (None, tr("This reading cannot be used."))


class ValueDialog(QDialog):
    """``given(reading)`` when it is right and wanted. ``placeWanted``: a point is to be picked. Not modal."""

    given = pyqtSignal(dict)
    placeWanted = pyqtSignal()

    def __init__(self, reading: Mapping[str, Any], is_new: bool, parent: QWidget | None = None) -> None:
        """``reading``: what is known of it; its ``unit`` is how its water is shown, the user's where there is none."""
        super().__init__(parent)
        self.setObjectName("deepsoilReadingValue")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Soil moisture reading"))
        self._water = line_edit("deepsoilReadingWater", self.tr("Water content"), 8)
        self._unit = QComboBox()
        self._unit.setObjectName("deepsoilReadingUnit")
        self._unit.setAccessibleName(self.tr("Unit of the water content"))
        for text, data in ((self.tr("choose the unit"), ""), (self.tr("m³/m³ (such as 0.22)"), "m3m3"),
                           (self.tr("per cent (such as 22)"), "percent"),
                           (self.tr("mm in 10 cm (such as 22)"), "mm"),
                           (self.tr("inches in a foot (such as 2.6)"), "in")):
            self._unit.addItem(text, data)
        self._depth = line_edit("deepsoilReadingDepth", self.tr("Depth in cm"), 8)
        self._day = DateField("deepsoilReadingDay", self.tr("Day of the reading"))
        self._longitude = line_edit("deepsoilReadingLongitude", self.tr("Longitude in degrees"), 11)
        self._latitude = line_edit("deepsoilReadingLatitude", self.tr("Latitude in degrees"), 10)
        pick = tool_button("deepsoilReadingPick", "zoom", self.tr("Pick the place on the map"), self.tr("On the map"))
        pick.clicked.connect(self.placeWanted)
        self._sensor = line_edit("deepsoilReadingSensor", self.tr("Sensor"), _WIDEST)
        self._sensor.setToolTip(tip_text(self.tr(
            "Readings of the same sensor share its offset. Leave it for values of one hand-held probe.")))
        self._problem = ProblemLine("deepsoilReadingProblem")
        self._unit.activated.connect(lambda _: self._problem.say(""))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._give = buttons.addButton(self.tr("Add") if is_new else self.tr("Save"),
                                       QDialogButtonBox.ButtonRole.AcceptRole)
        self._give.setObjectName("deepsoilReadingAdd")
        self._give.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        form = QGridLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(2 * GRID)
        water = row(self._water, self._unit)
        place = row(PlainLabel(self.tr("longitude")), self._longitude, PlainLabel(self.tr("latitude")), self._latitude)
        for line, (text, part) in enumerate((
                (self.tr("Water content"), water), (self.tr("Depth (cm)"), row(self._depth)),
                (self.tr("Day"), row(self._day)), (self.tr("Place"), place), ("", row(pick)),
                (self.tr("Sensor"), row(self._sensor)))):
            part.addStretch(1)
            form.addWidget(PlainLabel(text), line, 0)
            form.addLayout(part, line, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(3 * GRID)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self._fill(reading)

    def _fill(self, reading: Mapping[str, Any]) -> None:
        unit = str(reading.get("unit") or "")
        theta, depth = reading.get("theta"), reading.get("depth_cm")
        if theta is not None:
            unit = unit or OF_CHOSEN[preferences.soil_unit()]
            self._water.setText(f"{theta / UNITS[unit]:.6g}")
        self._unit.setCurrentIndex(max(0, self._unit.findData(unit)))
        self._depth.setText("" if depth is None else f"{depth:g}")
        day = QDate.fromString(str(reading.get("date") or ""), Qt.DateFormat.ISODate)
        self._day.setDate(day if day.isValid() else QDate.currentDate())
        self._sensor.setText(str(reading.get("sensor") or TYPED))
        if "longitude" in reading:
            self.set_place(reading["longitude"], reading["latitude"])

    def set_place(self, longitude: float, latitude: float) -> None:
        """Show a place that was picked."""
        self._longitude.setText(number_text(longitude, 6))
        self._latitude.setText(number_text(latitude, 6))

    @property
    def unit(self) -> str:
        return str(self._unit.currentData())

    def _accept(self) -> None:
        reading, wrong = reading_of(
            self._water.text(), self.unit, self._depth.text(), self._day.date().toString(Qt.DateFormat.ISODate),
            self._longitude.text(), self._latitude.text(), self._sensor.text())
        self._problem.say(wrong, warning=True)
        if reading is not None:
            self.given.emit(reading)
            self.accept()
