"""The plot of a report, drawn into an SVG: θ with its interval, rain and irrigation from above, forecast dashed.

Drawn with Qt alone, so that it works in any thread.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from qgis.PyQt.QtSvg import QSvgGenerator

from ..depths import depths_cm
from ..text.dates import day_month_text
from ..text.quantities import M3_M3, MM, shown_in
from ..text.translate import tr
from ..text.units import value_text
from .report_series import Series
from .wishes import Wishes

WIDTH, HEIGHT = 1800, 620  # tenths of a millimetre
_LEFT, _RIGHT, _TOP, _BOTTOM = 130.0, 1640.0, 80.0, 545.0
_RAIN_SHARE = 0.36  # of the plot's height, from above
_LEAST_RAIN_MM = 20.0
_INK, _QUIET, _GRID = QColor("#1f2a30"), QColor("#5b6870"), QColor("#dfe4e7")
_RAIN, _IRRIGATION = QColor("#7fb3dd"), QColor("#16697a")
_LINES = (QColor("#b0772a"), QColor("#0a5570"), QColor("#57b2ab"), QColor("#6b3fa0"), QColor("#333333"))
_TEXT_PX = 31
_STEP = 0.05  # of the scale of soil moisture
_MOST_TICKS = 6


def draw(path: Path, series: Series, day: dt.date, depths: Sequence[int], wishes: Wishes) -> None:
    """Write the plot. ``depths``: those to be drawn."""
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(QSize(WIDTH, HEIGHT))
    made.setViewBox(QRectF(0, 0, WIDTH, HEIGHT))
    painter = QPainter()
    if not painter.begin(made):
        raise OSError(0, tr("the plot cannot be drawn"), str(path))
    try:
        font = QFont("Open Sans")
        font.setPixelSize(_TEXT_PX)
        painter.setFont(font)
        _Plot(painter, series, [depth for depth in depths if depth in series.mean] or sorted(series.mean)[:2],
              wishes).draw(day)
    finally:
        painter.end()


class _Plot:
    def __init__(self, painter: QPainter, series: Series, depths: Sequence[int], wishes: Wishes) -> None:
        self._painter, self._series, self._depths = painter, series, depths
        self._soil = shown_in(M3_M3, wishes.soil_unit, wishes.water_unit)
        self._height = shown_in(MM, wishes.soil_unit, wishes.water_unit)
        shown = [values for edge in (series.mean, series.lower, series.upper) for depth, values in edge.items()
                 if depth in depths]
        known = np.concatenate([values[np.isfinite(values)] for values in shown]) if shown else np.array([])
        low, high = (known.min(), known.max()) if len(known) else (0.1, 0.3)
        self._low = max(0.0, float(np.floor(low / _STEP) * _STEP))
        self._high = max(float(np.ceil(high / _STEP) * _STEP), self._low + 2 * _STEP)
        water = np.nan_to_num(series.rain_mm) + (0 if series.irrigation_mm is None else np.nan_to_num(
            series.irrigation_mm))
        self._most_mm = max(_LEAST_RAIN_MM, float(np.ceil(water.max(initial=0.0) / 10) * 10))

    def draw(self, day: dt.date) -> None:
        self._grid()
        self._water()
        for depth in self._depths:
            self._band(depth, _colour(depth))
        for depth in self._depths:
            self._line(depth, _colour(depth))
        self._day(day)
        self._key()

    # --- places

    def _x(self, index: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (index + 0.5) / len(self._series.days)

    def _y(self, theta: float) -> float:
        """Below the water, which hangs from above."""
        top = _TOP + (_BOTTOM - _TOP) * _RAIN_SHARE * 0.55
        return _BOTTOM - (theta - self._low) / (self._high - self._low) * (_BOTTOM - top)

    def _text(self, x: float, y: float, text: str, align: Qt.AlignmentFlag, colour: QColor = _QUIET) -> None:
        self._painter.setPen(colour)
        room = 900.0
        left = {Qt.AlignmentFlag.AlignLeft: x, Qt.AlignmentFlag.AlignRight: x - room}.get(align, x - room / 2)
        self._painter.drawText(QRectF(left, y - 24, room, 48), int(align | Qt.AlignmentFlag.AlignVCenter), text)

    # --- parts

    def _grid(self) -> None:
        pen = self._painter
        each = _STEP * max(1, math.ceil((self._high - self._low) / _STEP / _MOST_TICKS))
        for theta in np.arange(self._low, self._high + _STEP / 2, each):
            pen.setPen(QPen(_GRID, 2))
            pen.drawLine(QPointF(_LEFT, self._y(theta)), QPointF(_RIGHT, self._y(theta)))
            self._text(_LEFT - 14, self._y(theta), value_text(theta, 2, self._soil), Qt.AlignmentFlag.AlignRight)
        for mm in (0.0, self._most_mm / 2, self._most_mm):
            text = f"{value_text(mm, 0, self._height)} {self._height.unit}"
            self._text(_RIGHT + 14, self._mm_y(mm), text, Qt.AlignmentFlag.AlignLeft)
        days = self._series.days
        for index in range(0, len(days), 7):
            pen.setPen(QPen(_QUIET, 2))
            pen.drawLine(QPointF(self._x(index), _BOTTOM), QPointF(self._x(index), _BOTTOM + 10))
            self._text(self._x(index), _BOTTOM + 38, day_month_text(days[index].astype(object)),
                       Qt.AlignmentFlag.AlignHCenter)
        pen.setPen(QPen(_QUIET, 2))
        pen.drawLine(QPointF(_LEFT, _BOTTOM), QPointF(_RIGHT, _BOTTOM))

    def _mm_y(self, mm: float) -> float:
        return _TOP + (_BOTTOM - _TOP) * _RAIN_SHARE * mm / self._most_mm

    def _water(self) -> None:
        width = (_RIGHT - _LEFT) / len(self._series.days) * 0.62
        foreseen = self._foreseen()
        for index, rain in enumerate(np.nan_to_num(self._series.rain_mm)):
            given = 0.0 if self._series.irrigation_mm is None else float(np.nan_to_num(
                self._series.irrigation_mm[index]))
            for start, mm, colour in ((0.0, float(rain), _RAIN), (float(rain), given, _IRRIGATION)):
                if mm > 0.05:
                    box = QRectF(self._x(index) - width / 2, self._mm_y(start), width,
                                 self._mm_y(start + mm) - self._mm_y(start))
                    self._painter.setPen(_dashed(colour, 3) if foreseen[index] else QPen(colour, 1))
                    self._painter.setBrush(Qt.BrushStyle.NoBrush if foreseen[index] else colour)
                    self._painter.drawRect(box)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _band(self, depth: int, colour: QColor) -> None:
        lower, upper = self._series.lower.get(depth), self._series.upper.get(depth)
        if lower is None or upper is None:
            return
        shade = QColor(colour)
        shade.setAlpha(38)
        for run in _runs(np.isfinite(lower) & np.isfinite(upper)):
            points = [QPointF(self._x(i), self._y(upper[i])) for i in run]
            points += [QPointF(self._x(i), self._y(lower[i])) for i in reversed(run)]
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(shade)
            self._painter.drawPolygon(QPolygonF(points))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _line(self, depth: int, colour: QColor) -> None:
        theta, foreseen = self._series.mean[depth], self._foreseen()
        meets = foreseen | np.append(foreseen[1:], False)  # the last day that is known begins the dashes
        for mask, pen in ((~foreseen, QPen(colour, 6)), (meets if foreseen.any() else foreseen, _dashed(colour, 6))):
            for run in _runs(np.isfinite(theta) & mask):
                self._painter.setPen(pen)
                self._painter.drawPolyline(QPolygonF([QPointF(self._x(i), self._y(theta[i])) for i in run]))

    def _foreseen(self) -> np.ndarray:
        first = self._series.forecast_from
        if first is None:
            return np.zeros(len(self._series.days), bool)
        return np.asarray(self._series.days >= np.datetime64(first, "D"))

    def _day(self, day: dt.date) -> None:
        index = int((np.datetime64(day, "D") - self._series.days[0]).astype(int))
        self._painter.setPen(QPen(_INK, 3))
        self._painter.drawLine(QPointF(self._x(index), _TOP), QPointF(self._x(index), _BOTTOM))

    def _key(self) -> None:
        """Above the plot: what each line and bar is."""
        x, y = _LEFT, 34.0
        entries: list[tuple[str, QPen | QColor]] = [
            (f"{depth} cm ({self._soil.unit})", QPen(_colour(depth), 8)) for depth in self._depths]
        entries.append((tr("rain"), _RAIN))
        if self._series.irrigation_mm is not None:
            entries.append((tr("irrigation"), _IRRIGATION))
        if self._foreseen().any():
            entries.append((tr("forecast"), _dashed(_QUIET, 5)))
        entries.append((tr("day of the map"), QPen(_INK, 3)))
        for text, sign in entries:
            if isinstance(sign, QColor):
                self._painter.fillRect(QRectF(x, y - 13, 42, 26), sign)
            else:
                self._painter.setPen(sign)
                self._painter.drawLine(QPointF(x, y), QPointF(x + 48, y))
            self._text(x + 62, y, text, Qt.AlignmentFlag.AlignLeft, _INK)
            x += 62 + self._painter.fontMetrics().horizontalAdvance(text) + 44


def _colour(depth_cm: int) -> QColor:
    """The same for a depth in every report."""
    known = depths_cm()
    return _LINES[(known.index(depth_cm) if depth_cm in known else len(known)) % len(_LINES)]


def _dashed(colour: QColor, width: int) -> QPen:
    pen = QPen(colour, width)
    pen.setDashPattern([3, 2])
    return pen


def _runs(mask: np.ndarray) -> list[list[int]]:
    """The indices of each unbroken row of true values, of two or more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [list(range(start, end)) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1]
