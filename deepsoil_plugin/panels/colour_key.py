"""What the colours of a plot mean: a row of coloured signs, each with its word."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QHBoxLayout, QWidget

from ..widgets.basic import GRID, PlainLabel


class ColourKey(QWidget):
    """Empty until `put`."""

    def __init__(self) -> None:
        super().__init__()
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID)

    def put(self, entries: Iterable[tuple[QColor, str, str]]) -> None:
        """Show these (colour, sign, word) instead of those before."""
        self.clear()
        for number, (colour, sign, word) in enumerate(entries):
            if number:
                self._line.addSpacing(GRID)
            mark = PlainLabel(sign)
            palette = mark.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            mark.setPalette(palette)
            for label in (mark, PlainLabel(word)):
                self._line.addWidget(label)
                label.show()  # else it has no size before the next turn

    def clear(self) -> None:
        while (item := self._line.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()

    def words(self) -> list[str]:
        """All texts in their order, as they are shown."""
        widgets = [self._line.itemAt(place).widget() for place in range(self._line.count())]
        return [widget.text() for widget in widgets if isinstance(widget, PlainLabel)]
