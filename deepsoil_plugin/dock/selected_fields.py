"""The selected fields of a layer in the dock: what they are called, and what to do with outlines that are not valid."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QPushButton, QSizePolicy, QWidget

from ..map.selection import Selection
from ..text.plain import tip_text
from ..widgets.basic import GRID, PlainLabel, column, row

_NUMBERS, _AS_ONE = "", "\0one"


class SelectedFields(QWidget):
    """``changed`` when other names are chosen, or that the fields are one area; ``repairWanted``."""

    changed = pyqtSignal()
    repairWanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection: Selection | None = None
        self._caption = PlainLabel(self.tr("Names from"))
        self._names = QComboBox()
        self._names.setObjectName("deepsoilNamesFrom")
        self._names.setAccessibleName(self.tr("Attribute with the names of the fields"))
        self._names.setToolTip(tip_text(self._names.accessibleName()))
        self._names.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names.activated.connect(lambda _: self.changed.emit())
        self._repair = QPushButton(self.tr("Repair"))
        self._repair.setObjectName("deepsoilRepairOutlines")
        self._repair.setToolTip(self.tr("Use the outlines that are not valid after taking out their crossings"))
        self._repair.clicked.connect(self.repairWanted)
        names = row(self._caption, self._names, spacing=GRID)
        repair = row(self._repair)
        repair.addStretch(1)
        layout = column()
        layout.addLayout(names)
        layout.addLayout(repair)
        self.setLayout(layout)
        self.show_selection(None)

    @property
    def selection(self) -> Selection | None:
        """What is shown, with the names that are chosen."""
        attribute = self._names.currentData()
        if self._selection is None or attribute == _AS_ONE:
            return self._selection
        return self._selection.named_by(attribute or None)

    @property
    def as_one(self) -> bool:
        """Whether the fields are to be one area."""
        return bool(self._selection is not None and self._names.currentData() == _AS_ONE)

    def show_selection(self, selection: Selection | None) -> None:
        """Offer the names of these fields; None for an area that is no selection."""
        self._selection = selection
        several = selection is not None and len(selection.outlines) > 1
        self._names.clear()
        if selection is not None:
            for name in selection.values:
                self._names.addItem(name, name)
            self._names.addItem(self.tr("numbers"), _NUMBERS)
            self._names.addItem(self.tr("none: all are one area"), _AS_ONE)
            self._names.setCurrentIndex(max(0, self._names.findData(selection.attribute or _NUMBERS)))
        can_repair = selection is not None and bool(selection.invalid) and not selection.repair
        for widget in (self._caption, self._names):
            widget.setVisible(several)
        self._repair.setVisible(can_repair)
        self.setVisible(several or can_repair)
