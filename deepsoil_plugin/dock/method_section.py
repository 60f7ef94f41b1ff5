"""How the maps are made: by the networks, or by soil columns that are simulated for the field."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from ..jobs.methods import METHODS, NETWORK, method_text, method_tip
from ..text.plain import tip_text


class MethodSection(QWidget):
    """``methodChanged`` when another method is chosen."""

    methodChanged = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combo = QComboBox()
        self._combo.setObjectName("deepsoilMethod")
        self._combo.setAccessibleName(self.tr("How the map is made"))
        self._combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for line, method in enumerate(METHODS):
            self._combo.addItem(method_text(method), method)
            self._combo.setItemData(line, tip_text(method_tip(method)), Qt.ItemDataRole.ToolTipRole)
        self._combo.activated.connect(lambda _: self.methodChanged.emit())
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo)
        self.setLayout(layout)

    @property
    def method(self) -> str:
        return str(self._combo.currentData() or NETWORK)

    def restore(self, method: str) -> None:
        self._combo.setCurrentIndex(max(0, self._combo.findData(method)))
