"""Three small maps of the cells beside each other: SMAP, the means of the map, and the difference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QWidget

from ...text.translate import tr
from ...widgets.basic import GRID
from ...widgets.hatching import hatch
from ...widgets.plot_colours import plot_colours
from ..difference_steps import difference_colour
from .colours import text_on, theta_colour
from .comparison import FLAGGED, CellValues
from .words import theta

_SMALL_PT = 8.0
_LEAST = QSize(180, 120)
_PALE = 90  # alpha of a cell without part in the scores


class CellMaps(QWidget):
    """``hovered(cell)``: -1 for none. ``picked(cell)``: by a click, or by the arrow keys."""

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("smapMaps")
        self.setAccessibleName(tr("Maps of SMAP's cells: SMAP, map, difference"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(_LEAST)
        self._cells: Sequence[Mapping[str, Any]] = ()
        self._values: Sequence[CellValues] = ()
        self._picked = self._lit = -1

    def show_cells(self, cells: Sequence[Mapping[str, Any]], values: Sequence[CellValues]) -> None:
        """``cells`` as in the contract, with what is said of each."""
        self._cells, self._values = cells, values
        self.update()

    def mark(self, picked: int, lit: int) -> None:
        """Frame the picked cell, and the one that is pointed at anywhere; -1 for none."""
        self._picked, self._lit = picked, lit
        self.update()

    def rectangle(self, place: int, cell: int) -> QRectF:
        """Where a cell is drawn in the first (0), second or third map."""
        frame = self._frame(place)
        west, south, east, north = self._bounds()
        across = max(1e-9, (east - west) * math.cos(math.radians((south + north) / 2)))
        scale = min(frame.width() / across, frame.height() / max(1e-9, north - south))
        wide, high = scale * across, scale * (north - south)
        left, top = frame.center().x() - wide / 2, frame.center().y() - high / 2
        one = self._cells[cell]

        def at(longitude: float, latitude: float) -> QPointF:
            return QPointF(left + wide * (longitude - west) / max(1e-9, east - west),
                           top + high * (north - latitude) / max(1e-9, north - south))

        return QRectF(at(one["west"], one["north"]), at(one["east"], one["south"]))

    # --- drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        colours = plot_colours(self.palette())
        painter.fillRect(self.rect(), colours.background)
        for place, title in enumerate((tr("SMAP"), tr("Map"), tr("Difference"))):
            painter.setPen(colours.text)
            frame = self._frame(place)
            painter.drawText(QRectF(frame.left(), 0, frame.width(), frame.top()), Qt.AlignmentFlag.AlignCenter, title)
            for number in range(len(self._cells)):
                self._paint_cell(painter, place, number, colours)
            for number, width in ((self._lit, 2.0), (self._picked, 3.0)):
                if 0 <= number < len(self._cells):
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(colours.accent, width))
                    painter.drawRect(self.rectangle(place, number))
        painter.end()

    def _paint_cell(self, painter: QPainter, place: int, number: int, colours: Any) -> None:
        values, box = self._values[number], self.rectangle(place, number)
        value = (values.smap, values.map, values.difference)[place]
        colour = QColor(colours.background)
        if value is not None:
            colour = QColor(difference_colour(value)) if place == 2 else theta_colour(value)
            if not self._cells[number]["scored"]:
                pale = QColor(colour)
                pale.setAlpha(_PALE)
                painter.fillRect(box, pale)
            else:
                painter.fillRect(box, colour)
        if values.flag == FLAGGED and place != 1:
            hatch(painter, box.toAlignedRect(), text_on(colour))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.grid, 1))
        painter.drawRect(box)
        text = theta(value, signed=place == 2)
        metrics = QFontMetricsF(self._font())
        if box.width() > metrics.horizontalAdvance(text) + GRID and box.height() > metrics.height():
            solid = value is not None and self._cells[number]["scored"]
            painter.setPen(text_on(colour) if solid else colours.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(_SMALL_PT)
        return font

    def _frame(self, place: int) -> QRectF:
        title = QFontMetricsF(self._font()).height() + GRID
        wide = (self.width() - 4 * GRID) / 3
        return QRectF(GRID + place * (wide + GRID), title, wide, max(1.0, self.height() - title - GRID))

    def _bounds(self) -> tuple[float, float, float, float]:
        cells = self._cells
        return (min(one["west"] for one in cells), min(one["south"] for one in cells),
                max(one["east"] for one in cells), max(one["north"] for one in cells))

    # --- pointing

    def _cell_at(self, position: QPointF) -> int:
        return next((number for place in range(3) for number in range(len(self._cells))
                     if self.rectangle(place, number).contains(position)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self._cell_at(QPointF(event.pos())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(QPointF(event.pos()))
        if cell >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(cell)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(event.key())
        if step is None or not self._cells:
            super().keyPressEvent(event)
            return
        self.picked.emit((self._picked + step) % len(self._cells))
