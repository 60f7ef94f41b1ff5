"""The sign of a forecast in the dock: hatched, as its lines are dashed in the plots."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRect, QSize, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QWidget

from .basic import GRID, quiet_label, row, say

_SWATCH_PX = QSize(24, 12)
_ALPHA = 110


def hatch(painter: QPainter, box: QRect, colour: QColor) -> None:
    """Hatch a box in a paler shade of a colour of the theme."""
    pale = QColor(colour)
    pale.setAlpha(_ALPHA)
    painter.fillRect(box, QBrush(pale, Qt.BrushStyle.BDiagPattern))


class _Swatch(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SWATCH_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self.palette().color(self.foregroundRole())
        hatch(painter, self.rect(), colour)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class ForecastLine(QWidget):
    """A hatched sample with words beside it; not there where nothing is to be said."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = quiet_label(name)
        layout = row(_Swatch(), spacing=GRID)
        layout.addWidget(self._text, 1)
        self.setLayout(layout)
        self.tell("")

    def tell(self, text: str) -> None:
        say(self._text, text)
        self.setVisible(bool(text))
