"""In which units numbers are shown. Maps, files and what is computed keep theirs."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QGroupBox, QWidget

from .. import preferences
from ..text.plain import tip_text
from ..text.quantities import INCHES, M3_M3, MM, PERCENT


class UnitsGroup(QGroupBox):
    """Takes effect with OK."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Units"))
        self._soil = QComboBox()
        self._soil.setObjectName("deepsoilSoilUnit")
        self._soil.setToolTip(tip_text(self.tr("In legends, panels and tables. Files keep m³/m³")))
        for text, unit in ((self.tr("m³ of water in m³ of soil"), M3_M3), (self.tr("% of the volume"), PERCENT),
                           (self.tr("mm of water in 10 cm of soil"), MM),
                           (self.tr("inches of water in a foot of soil"), INCHES)):
            self._soil.addItem(text, unit)
        self._water = QComboBox()
        self._water.setObjectName("deepsoilWaterUnit")
        for text, unit in ((self.tr("mm"), MM), (self.tr("inches"), INCHES)):
            self._water.addItem(text, unit)
        form = QFormLayout(self)
        form.addRow(self.tr("Soil moisture"), self._soil)
        form.addRow(self.tr("Rain, irrigation and water for plants"), self._water)
        self._soil.setCurrentIndex(self._soil.findData(preferences.soil_unit()))
        self._water.setCurrentIndex(self._water.findData(preferences.water_unit()))

    def apply(self) -> bool:
        """Keep what is chosen; whether that is something else than before."""
        before = preferences.soil_unit(), preferences.water_unit()
        preferences.set_soil_unit(str(self._soil.currentData()))
        preferences.set_water_unit(str(self._water.currentData()))
        return before != (preferences.soil_unit(), preferences.water_unit())
