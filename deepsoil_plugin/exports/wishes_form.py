"""How the maps are to be taken out, as a form: CRS, resolution, units, files beside the maps, thresholds."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QWidget

from .. import preferences
from ..text import units
from ..text.quantities import M3_M3, MM, PERCENT, Shown, shown_in
from ..widgets.basic import GRID, quiet_label, row, say
from ..widgets.quantity_box import QuantityBox
from . import choices
from .wishes import CSV, LEAST_M, MOST_M, RESOLUTION_M, Wishes

_COARSER = 1.5
_USUAL_THRESHOLD, _USUAL_PERCENT = 0.2, 50.0


class WishesForm(QWidget):
    """``changed``: something else is wished for."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._maps = _tick("deepsoilExportMaps", self.tr("GeoTIFF"), True)
        self._interval = _tick("deepsoilExportInterval", self.tr("with the 90 % interval"), True)
        self._crs = QgsProjectionSelectionWidget()
        self._crs.setObjectName("deepsoilExportCrs")
        self._crs.setOptionVisible(QgsProjectionSelectionWidget.CrsOption.CrsNotSet, True)
        self._crs.setNotSetText(self.tr("As the map (UTM zone of the field)"))
        self._crs.setCrs(QgsCoordinateReferenceSystem())
        self._resolution = QDoubleSpinBox()
        self._resolution.setObjectName("deepsoilExportResolution")
        self._resolution.setRange(LEAST_M, MOST_M)
        self._resolution.setDecimals(1)
        self._resolution.setValue(RESOLUTION_M)
        self._resolution.setSuffix(" m")
        self._pixels = quiet_label("deepsoilExportPixels")
        self._soil = _combo("deepsoilExportSoilUnit", choices.SOIL, preferences.soil_unit())
        self._water = _combo("deepsoilExportWaterUnit", choices.water(), preferences.water_unit())
        self._tables = {key: _tick(f"deepsoilExport{key.capitalize()}", title, key == CSV)
                        for title, key in choices.TABLES}
        self._outlines = {key: _tick(f"deepsoilExport{key.capitalize()}", title, False)
                          for title, key in choices.OUTLINES}
        self._reports = _tick("deepsoilExportReports", self.tr("PDF, a page for each field and day"), False)
        self._drier = _tick("deepsoilExportDrier", self.tr("soil moisture below"), False)
        self._threshold = QuantityBox("deepsoilExportThreshold", self.tr("Threshold"), *choices.DRIER_M3_M3, 0.01, 3,
                                      self._soil_shown())
        self._threshold.put(_USUAL_THRESHOLD)
        self._emptier = _tick("deepsoilExportEmptier", self.tr("available water below"), False)
        self._percent = QuantityBox("deepsoilExportPercent", self.tr("Threshold"), *choices.EMPTIER_PERCENT, 5, 0,
                                    units.chosen(PERCENT))
        self._percent.put(_USUAL_PERCENT)
        self._lay_out()
        for box in (self._maps, self._interval, self._reports, self._drier, self._emptier, *self._tables.values(),
                    *self._outlines.values()):
            box.toggled.connect(self._change)
        self._resolution.valueChanged.connect(self._change)
        for number in (self._threshold, self._percent):
            number.edited.connect(self._change)
        for combo in (self._soil, self._water):
            combo.currentIndexChanged.connect(self._change)
        self._crs.crsChanged.connect(self._change)
        self._change()

    def wishes(self) -> Wishes:
        """As they stand."""
        crs = self._crs.crs()
        return Wishes(
            crs=(crs.authid() or crs.toWkt()) if crs.isValid() else "", resolution_m=self._resolution.value(),
            soil_unit=self._soil.currentData(), water_unit=self._water.currentData(),
            interval=self._interval.isChecked(), maps=self._maps.isChecked(),
            tables=tuple(form for form, box in self._tables.items() if box.isChecked()),
            outlines=tuple(form for form, box in self._outlines.items() if box.isChecked()),
            reports=self._reports.isChecked(),
            threshold=self._threshold.amount if self._drier.isChecked() else None,
            threshold_percent=self._percent.amount if self._emptier.isChecked() else None)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(2 * GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Maps"), _line(self._maps, self._interval))
        form.addRow(self.tr("Coordinates"), self._crs)
        form.addRow(self.tr("Pixel size"), _line(self._resolution))
        form.addRow("", self._pixels)
        form.addRow(self.tr("Soil moisture in"), _line(self._soil))
        form.addRow(self.tr("Water in"), _line(self._water))
        form.addRow(self.tr("Table of fields"), _line(*self._tables.values()))
        form.addRow(self.tr("Outlines and zones"), _line(*self._outlines.values()))
        form.addRow(self.tr("Report"), _line(self._reports))
        form.addRow(self.tr("Share of a field with"), _line(self._drier, self._threshold))
        form.addRow("", _line(self._emptier, self._percent))

    def _change(self, *_: object) -> None:
        maps = self._maps.isChecked()
        for part in (self._interval, self._crs, self._resolution):
            part.setEnabled(maps)
        self._threshold.show_in(self._soil_shown())
        self._threshold.setEnabled(self._drier.isChecked())
        self._percent.setEnabled(self._emptier.isChecked())
        say(self._pixels, self._how() if maps else "")
        self.changed.emit()

    def _soil_shown(self) -> Shown:
        return shown_in(M3_M3, self._soil.currentData(), MM)

    def _how(self) -> str:
        """What becomes of the pixels; empty where they stay as they are."""
        if self._resolution.value() > _COARSER * RESOLUTION_M:
            return self.tr("Each pixel is the mean of the map's pixels in it.")
        if self._crs.crs().isValid() or self._resolution.value() != RESOLUTION_M:
            return self.tr("Each pixel has the value of the nearest one of the map. Finer pixels show no more detail.")
        return ""


def _tick(name: str, text: str, on: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setChecked(on)
    return box


def _combo(name: str, entries: choices.Choices, chosen: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    for text, key in entries:
        combo.addItem(text, key)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    return combo


def _line(*widgets: QWidget) -> QHBoxLayout:
    line = row(*widgets, spacing=3 * GRID)
    line.addStretch(1)
    return line
