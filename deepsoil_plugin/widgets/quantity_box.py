"""A number with a unit: it is kept as files have it, and shown and typed in the unit that the user chose."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDoubleSpinBox

from ..text.quantities import Shown
from ..text.units import unit_text


class QuantityBox(QDoubleSpinBox):
    """``edited``: another amount, by the user's hand or by ``put``; another unit is none.

    ``least``, ``most``, ``step`` and ``decimals`` are in the unit of files.
    """

    edited = pyqtSignal()

    def __init__(self, name: str, what: str, least: float, most: float, step: float, decimals: int, shown: Shown,
                 ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._limits, self._step, self._file_decimals = (least, most), step, decimals
        self._amount, self._shown = least, shown
        self._dress()
        self.valueChanged.connect(self._typed)

    @property
    def amount(self) -> float:
        """In the unit of files; exactly what was put, unless something else was typed."""
        return self._amount

    def put(self, amount: float) -> None:
        before, self._amount = self._amount, min(max(amount, self._limits[0]), self._limits[1])
        self._show()
        if self._amount != before:
            self.edited.emit()

    def show_in(self, shown: Shown) -> None:
        """The same amount in another unit."""
        if shown != self._shown:
            self._shown = shown
            self._dress()

    def _dress(self) -> None:
        self.blockSignals(True)
        least, most = self._limits
        self.setDecimals(max(0, self._file_decimals + self._shown.decimals))
        self.setRange(least * self._shown.factor, most * self._shown.factor)
        self.setSingleStep(max(round(self._step * self._shown.factor, self.decimals()), 10.0 ** -self.decimals()))
        self.setSuffix(f" {unit_text(self._shown)}")
        self.blockSignals(False)
        self._show()

    def _show(self) -> None:
        self.blockSignals(True)
        self.setValue(self._amount * self._shown.factor)
        self.blockSignals(False)

    def _typed(self, value: float) -> None:
        least, most = self._limits
        self._amount = min(max(value / self._shown.factor, least), most)
        self.edited.emit()
