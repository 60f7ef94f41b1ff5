"""A list of things that are wanted or not, under a box that switches all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ..text.plain import tip_text
from ..widgets.basic import GRID

_KEY = int(Qt.ItemDataRole.UserRole)
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_LINES = 4


class CheckList(QWidget):
    """``changed``: another choice. ``title``: above the list, with how many of how many are wanted."""

    changed = pyqtSignal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._title = title
        self._all = QCheckBox()
        self._all.setObjectName(f"{name}All")
        self._all.clicked.connect(self._switch_all)
        self._list = QListWidget()
        self._list.setObjectName(name)
        self._list.setAccessibleName(title)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setUniformItemSizes(True)
        self._list.setMinimumHeight(_LINES * self.fontMetrics().height())
        self._list.itemChanged.connect(self._item_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._all)
        layout.addWidget(self._list)

    def fill(self, entries: Sequence[tuple[str, str]], wanted: Collection[str]) -> None:
        """``entries``: key and text of each."""
        self._list.blockSignals(True)
        self._list.clear()
        for key, text in entries:
            item = QListWidgetItem(text)
            item.setData(_KEY, key)
            item.setToolTip(tip_text(text))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_ON if key in wanted else _OFF)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._tell()

    def wanted(self) -> frozenset[str]:
        """The keys that are ticked."""
        return frozenset(str(item.data(_KEY)) for item in self._items() if item.checkState() == _ON)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(number) for number in range(self._list.count())]

    def _switch_all(self) -> None:
        on = len(self.wanted()) < self._list.count()
        self._list.blockSignals(True)
        for item in self._items():
            item.setCheckState(_ON if on else _OFF)
        self._list.blockSignals(False)
        self._item_changed()

    def _item_changed(self, *_: object) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        count, wanted = self._list.count(), len(self.wanted())
        self._all.setText(f"{self._title} ({wanted}/{count})")
        state = _ON if wanted == count else _OFF if not wanted else Qt.CheckState.PartiallyChecked
        self._all.setTristate(state == Qt.CheckState.PartiallyChecked)
        self._all.setCheckState(state)
