"""How the maps are made: by the networks, or by soil columns that are simulated for the field and know its water, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QWidget

from ..jobs.methods import COLUMN, METHODS, NETWORK, method_text, method_tip, product_tip
from ..jobs.refill import REFILL, RefillWish
from ..text.plain import tip_text
from ..text.quantities import WATER, title
from ..widgets.basic import PlainLabel, column
from .refill_form import RefillForm


class MethodSection(QWidget):
    """``methodChanged`` when another method, other maps of the root zone's water, or another way to count the water to
    refill are chosen; ``refillChanged`` for the last.
    """

    methodChanged = pyqtSignal()
    refillChanged = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combo = QComboBox()
        self._combo.setObjectName("deepsoilMethod")
        self._combo.setAccessibleName(self.tr("How the map is made"))
        self._combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for line, method in enumerate(METHODS):
            self._combo.addItem(method_text(method), method)
            self._combo.setItemData(line, tip_text(method_tip(method)), Qt.ItemDataRole.ToolTipRole)
        self._boxes = {name: QCheckBox(title(name)) for name in WATER}
        self._refill = RefillForm("deepsoil")
        self._refill.changed.connect(self._refill_changed)
        self._water = self._water_choice()
        self.setLayout(column(self._combo, self._water))
        self._combo.activated.connect(self._changed)
        for box in self._boxes.values():
            box.clicked.connect(self._changed)
        self._show()

    @property
    def method(self) -> str:
        return str(self._combo.currentData() or NETWORK)

    @property
    def products(self) -> tuple[str, ...]:
        """The ticked maps of the root zone's water; they stay ticked, unseen, while another method is chosen."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    @property
    def refill(self) -> RefillWish:
        """How the water to refill is counted, wherever it is asked for."""
        return self._refill.wish

    def set_refill(self, wish: RefillWish) -> None:
        """What another screen has changed."""
        self._refill.show_wish(wish)
        self._refill_changed()

    def restore(self, method: str, products: Sequence[str] = (), refill: RefillWish | None = None) -> None:
        """Show what a project keeps."""
        self._refill.show_wish(refill or RefillWish())
        self._combo.setCurrentIndex(max(0, self._combo.findData(method)))
        for name, box in self._boxes.items():
            box.setChecked(name in products)
        self._show()
        self.refillChanged.emit()

    def _water_choice(self) -> QWidget:
        choice = QWidget()
        lines = column(PlainLabel(self.tr("Maps of soil moisture, and of:"), "deepsoilProducts"))
        for name, box in self._boxes.items():
            box.setObjectName(f"deepsoilProduct_{name}")
            box.setToolTip(tip_text(product_tip(name)))
            lines.addWidget(box)
            if name == REFILL:
                lines.addWidget(self._refill)
        choice.setLayout(lines)
        return choice

    def _show(self) -> None:
        self._water.setVisible(self.method == COLUMN)
        self._refill.setVisible(self._boxes[REFILL].isChecked())

    def _changed(self, *_: object) -> None:
        self._show()
        self.methodChanged.emit()

    def _refill_changed(self) -> None:
        self.refillChanged.emit()
        self.methodChanged.emit()
