"""How the water to refill is counted, as a form: in the dock, and below the button of the table of fields."""

from __future__ import annotations

from dataclasses import replace

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QWidget

from ..jobs.refill import LEAST_HA, LEAST_PERCENT, MOST_HA, RAIN_DAYS, RefillWish
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel, column, row


class RefillForm(QWidget):
    """``changed``: another wish, by the user's hand. ``name``: the beginning of the names of its parts."""

    changed = pyqtSignal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}RefillForm")
        self._wish = RefillWish()
        self._target = QSpinBox()
        self._target.setObjectName(f"{name}Target")
        self._target.setAccessibleName(tr("Share of the available water up to which is refilled"))
        self._target.setToolTip(tip_text(tr(
            "100 % is field capacity. Less leaves room for rain, and gives less water")))
        self._target.setRange(LEAST_PERCENT, 100)
        self._target.setSingleStep(5)
        self._target.setSuffix(" %")
        self._rain = QComboBox()
        self._rain.setObjectName(f"{name}Rain")
        self._rain.setAccessibleName(tr("Rain to come"))
        self._rain.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._needed = QCheckBox(tr("Only where the limit is reached"))
        self._needed.setObjectName(f"{name}OnlyWhereNeeded")
        self._zones = QCheckBox(tr("Zones of need, from"))
        self._zones.setObjectName(f"{name}Zones")
        self._minimum = QDoubleSpinBox()
        self._minimum.setObjectName(f"{name}MinimumHa")
        self._minimum.setAccessibleName(tr("Smallest zone in hectares"))
        self._minimum.setRange(LEAST_HA, MOST_HA)
        self._minimum.setDecimals(1)
        self._minimum.setSingleStep(0.5)
        self._minimum.setSuffix(" ha")
        filled = row(PlainLabel(tr("Refill up to")), self._target, PlainLabel(tr("of the available water")),
                     spacing=GRID)
        zones = row(self._zones, self._minimum, spacing=GRID)
        for line in (filled, zones):
            line.addStretch(1)
        layout = column(spacing=GRID)
        layout.addLayout(filled)
        layout.addWidget(self._rain)
        layout.addWidget(self._needed)
        layout.addLayout(zones)
        self.setLayout(layout)
        self.show_wish(self._wish)
        for number in (self._target, self._minimum):
            number.valueChanged.connect(self._edited)
        self._rain.activated.connect(self._edited)
        for box in (self._needed, self._zones):
            box.clicked.connect(self._edited)

    @property
    def wish(self) -> RefillWish:
        return self._wish

    def show_wish(self, wish: RefillWish) -> None:
        """What a project keeps, or another screen has changed."""
        self._wish = wish
        for part in (self._target, self._minimum):
            part.blockSignals(True)
        self._target.setValue(round(100 * wish.target))
        self._minimum.setValue(wish.minimum_ha)
        for part in (self._target, self._minimum):
            part.blockSignals(False)
        self._rain.clear()
        for days in sorted({*RAIN_DAYS, wish.rain_days}):
            self._rain.addItem(tr("Leave the rain of the next %n day(s) out", None, days) if days else
                               tr("Count no rain to come"), days)
        self._rain.setCurrentIndex(self._rain.findData(wish.rain_days))
        self._needed.setChecked(wish.only_where_needed)
        self._zones.setChecked(wish.zones)
        self._minimum.setEnabled(wish.zones)

    def _edited(self, *_: object) -> None:
        percent, hectares = self._target.value(), self._minimum.value()
        target = self._wish.target if percent == round(100 * self._wish.target) else percent / 100
        self._wish = replace(self._wish, target=target, rain_days=int(self._rain.currentData()),
                             only_where_needed=self._needed.isChecked(), zones=self._zones.isChecked(),
                             minimum_ha=round(hectares, 1))
        self._minimum.setEnabled(self._wish.zones)
        self.changed.emit()
