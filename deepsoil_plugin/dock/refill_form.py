"""How the water to refill is counted, as a form: in the dock, and below the button of the table of fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QCheckBox, QDoubleSpinBox, QGridLayout, QSpinBox, QWidget

from ..jobs.refill import LEAST_HA, LEAST_PERCENT, MOST_HA, MOST_RAIN_DAYS, RefillWish
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel


class RefillForm(QWidget):
    """``changed``: another wish, by the user's hand. ``name``: the beginning of the names of its parts."""

    changed = pyqtSignal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}RefillForm")
        self._wish = RefillWish()
        self._target = _spin(QSpinBox(), f"{name}Target", tr("Share of the available water up to which is refilled"),
                             tr("100 % is field capacity. Less leaves room for rain, and gives less water"))
        self._target.setRange(LEAST_PERCENT, 100)
        self._target.setSingleStep(5)
        self._target.setSuffix(" %")
        self._rain = _spin(QSpinBox(), f"{name}RainDays", tr("Days whose rain is left out"),
                           tr("What the region's weather has of rain on so many days after the map's is not refilled"))
        self._rain.setRange(0, MOST_RAIN_DAYS)
        self._rain.setSpecialValueText(tr("none"))
        self._needed = QCheckBox(tr("Only where the limit is reached"))
        self._needed.setObjectName(f"{name}OnlyWhereNeeded")
        self._zones = QCheckBox(tr("Zones from"))
        self._zones.setObjectName(f"{name}Zones")
        self._zones.setToolTip(tip_text(tr("Zones of need in each field, too, none smaller than this")))
        self._minimum = _spin(QDoubleSpinBox(), f"{name}MinimumHa", tr("Smallest zone in hectares"),
                              tr("Zones of need in each field, too, none smaller than this"))
        self._minimum.setRange(LEAST_HA, MOST_HA)
        self._minimum.setDecimals(1)
        self._minimum.setSingleStep(0.5)
        self._minimum.setSuffix(" ha")
        lines = QGridLayout()
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID)
        for line, (title, part) in enumerate(((PlainLabel(tr("Refill up to")), self._target),
                                              (PlainLabel(tr("Days of rain left out")), self._rain),
                                              (self._zones, self._minimum))):
            lines.addWidget(title, line, 0)
            lines.addWidget(part, line, 1)
        lines.setColumnStretch(2, 1)
        lines.addWidget(self._needed, lines.rowCount(), 0, 1, 3)
        self.setLayout(lines)
        self.show_wish(self._wish)
        for number in (self._target, self._rain, self._minimum):
            number.valueChanged.connect(self._edited)
        for box in (self._needed, self._zones):
            box.clicked.connect(self._edited)

    @property
    def wish(self) -> RefillWish:
        return self._wish

    def show_wish(self, wish: RefillWish) -> None:
        """What a project keeps, or another screen has changed."""
        self._wish = wish
        for part in (self._target, self._rain, self._minimum):
            part.blockSignals(True)
        self._target.setValue(round(100 * wish.target))
        self._rain.setValue(wish.rain_days)
        self._minimum.setValue(wish.minimum_ha)
        for part in (self._target, self._rain, self._minimum):
            part.blockSignals(False)
        self._needed.setChecked(wish.only_where_needed)
        self._zones.setChecked(wish.zones)
        self._minimum.setEnabled(wish.zones)

    def _edited(self, *_: object) -> None:
        percent, hectares = self._target.value(), self._minimum.value()
        target = self._wish.target if percent == round(100 * self._wish.target) else percent / 100
        self._wish = replace(self._wish, target=target, rain_days=self._rain.value(),
                             only_where_needed=self._needed.isChecked(), zones=self._zones.isChecked(),
                             minimum_ha=round(hectares, 1))
        self._minimum.setEnabled(self._wish.zones)
        self.changed.emit()


def _spin(spin: QAbstractSpinBox, name: str, what: str, tip: str) -> Any:
    spin.setObjectName(name)
    spin.setAccessibleName(what)
    spin.setToolTip(tip_text(f"{what}. {tip}"))
    return spin
