"""SMAP against the map as a scatter, and the series of one cell. Importing this module loads pyqtgraph."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from qgis.PyQt.QtCore import QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontMetricsF

from ...text import units
from ...text.translate import tr
from ...widgets.plot_colours import PlotColours
from ..plot_parts import DAY_S, DayAxis, draw_theta, pg, quiet, seconds, theta_curve
from ..time_plots import SMALL_PT
from .comparison import FLAGGED, RECOMMENDED, Comparison

_ROOM = 0.02  # m³/m³ round the points
_REACH_PX = 12
_LEAST_PX = 220
_AXIS_WIDTH = 56
_SYMBOLS = {RECOMMENDED: "o", FLAGGED: "t1"}


class SmapPlot(pg.GraphicsLayoutWidget):
    """``pointHovered(cell, day)``: of the scatter, -1 and None for none. ``pointPicked``: clicked. ``dayPicked(day)``:
    a click in the series.

    Items are made once and then only given other data.
    """

    pointHovered = pyqtSignal(int, object)
    pointPicked = pyqtSignal(int, object)
    dayPicked = pyqtSignal(object)

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.setObjectName("smapPlot")
        self.setMinimumWidth(_LEAST_PX)
        self._comparison: Comparison | None = None
        self._points = np.empty((4, 0))  # SMAP, map, day's index, cell's index
        self.ci.layout.setContentsMargins(2, 2, 4, 0)
        self.scatter = self.addPlot(row=0, col=0)
        self.series = self.addPlot(row=0, col=1, axisItems={"bottom": DayAxis("bottom")})
        for plot in (self.scatter, self.series):
            quiet(plot)
            plot.getAxis("left").setWidth(_AXIS_WIDTH)
        self.ci.layout.setColumnStretchFactor(0, 2)
        self.ci.layout.setColumnStretchFactor(1, 3)
        self._line = self.scatter.plot([], [])
        self._marks = {kind: pg.ScatterPlotItem(size=6, symbol=symbol) for kind, symbol in _SYMBOLS.items()}
        self._seen = {kind: pg.ScatterPlotItem(size=6, symbol=symbol) for kind, symbol in _SYMBOLS.items()}
        self._lit = pg.ScatterPlotItem(size=9, symbol="o")
        for mark in (*self._marks.values(), self._lit):
            self.scatter.addItem(mark)
        self._map = theta_curve(self.series)
        for seen in self._seen.values():
            self.series.addItem(seen)
        self._day = pg.InfiniteLine(angle=90)
        self._day.hide()
        self.series.addItem(self._day, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._moved)
        self.scene().sigMouseClicked.connect(self._clicked)
        self.set_colours(colours)

    def set_colours(self, colours: PlotColours) -> None:
        """Colours of the theme, and axes in the unit that the user has chosen."""
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(SMALL_PT)
        style = {"color": colours.text.name(), "font-size": f"{SMALL_PT}pt"}
        shown = units.chosen()
        for plot in (self.scatter, self.series):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(colours.faint))
                axis.setTextPen(pg.mkPen(colours.text))
                axis.setTickFont(small)
        for plot, side, text in ((self.scatter, "left", tr("map, {0}")), (self.scatter, "bottom", tr("SMAP, {0}")),
                                 (self.series, "left", tr("cell, {0}"))):
            plot.getAxis(side).setScale(shown.factor)
            plot.setLabel(side, text.format(shown.unit), **style)
        self.series.getAxis("bottom").setHeight(2 * QFontMetricsF(small).lineSpacing() + 8)
        self._line.setPen(pg.mkPen(colours.faint, style=Qt.PenStyle.DashLine))
        self._day.setPen(pg.mkPen(colours.text, style=Qt.PenStyle.DashLine))
        line, dots = self._map
        line.setPen(pg.mkPen(colours.accent, width=2.0))
        dots.setBrush(pg.mkBrush(colours.accent))
        for marks in (self._marks, self._seen):
            marks[RECOMMENDED].setPen(pg.mkPen(None))
            marks[RECOMMENDED].setBrush(pg.mkBrush(colours.text))
            marks[FLAGGED].setPen(pg.mkPen(colours.hint, width=1.2))
            marks[FLAGGED].setBrush(pg.mkBrush(None))
        self._lit.setPen(pg.mkPen(colours.accent, width=2.0))
        self._lit.setBrush(pg.mkBrush(None))

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Draw the scatter; None empties it."""
        self._comparison = comparison
        parts = []
        for kind, mark in self._marks.items():
            smap, theta, rows, columns = comparison.pairs(kind) if comparison is not None else (np.empty(0),) * 4
            mark.setData(smap, theta)
            parts.append(np.array([smap, theta, rows, columns]))
        self._points = np.concatenate(parts, axis=1)
        values = self._points[:2]
        low, high = (values.min() - _ROOM, values.max() + _ROOM) if values.size else (0.0, 0.5)
        self._line.setData([low, high], [low, high])
        self.scatter.setXRange(low, high, padding=0)
        self.scatter.setYRange(low, high, padding=0)

    def show_cell(self, cell: int, lit: int, day: dt.date | None) -> None:
        """The series of ``cell``; the points of ``lit`` are ringed; the line is on ``day``. -1 and None for none."""
        if self._comparison is None or cell < 0:
            return
        found = self._comparison
        days, theta = found.daily(found.map[:, cell])
        times = seconds(days)
        draw_theta(self._map, times, theta)
        shown = [theta]
        for kind, values in ((RECOMMENDED, found.recommended), (FLAGGED, found.flagged)):
            _, seen = found.daily(values[:, cell])
            shown.append(seen)
            known = np.isfinite(seen)
            self._seen[kind].setData(times[known], seen[known])
        every = np.concatenate(shown)
        every = every[np.isfinite(every)]
        low, high = (every.min() - _ROOM, every.max() + _ROOM) if every.size else (0.0, 0.5)
        self.series.setXRange(times[0] - DAY_S, times[-1] + DAY_S, padding=0)
        self.series.setYRange(low, high, padding=0)
        self._day.setVisible(day is not None)
        if day is not None:
            self._day.setValue(seconds(np.datetime64(day, "D")))
        ringed = self._points[:, self._points[3] == lit]
        self._lit.setData(ringed[0], ringed[1])

    # --- pointing

    def _near(self, position: QPointF) -> tuple[int, dt.date | None]:
        """Cell and day of the scatter's point at a position of the scene."""
        box = self.scatter.getViewBox()
        if self._comparison is None or not self._points.size or not box.sceneBoundingRect().contains(position):
            return -1, None
        at, pixel = box.mapSceneToView(position), box.viewPixelSize()
        away = np.hypot((self._points[0] - at.x()) / pixel[0], (self._points[1] - at.y()) / pixel[1])
        nearest = int(away.argmin())
        if away[nearest] > _REACH_PX:
            return -1, None
        return int(self._points[3, nearest]), self._comparison.days[int(self._points[2, nearest])]

    def _moved(self, position: QPointF) -> None:
        self.pointHovered.emit(*self._near(position))

    def _clicked(self, event: Any) -> None:
        cell, day = self._near(event.scenePos())
        box = self.series.getViewBox()
        if cell >= 0:
            self.pointPicked.emit(cell, day)
        elif self._comparison is not None and box.sceneBoundingRect().contains(event.scenePos()):
            wanted = round(box.mapSceneToView(event.scenePos()).x() / DAY_S)
            days = self._comparison.map_days
            self.dayPicked.emit(min(days, key=lambda one: abs(int(np.datetime64(one, "D").astype(int)) - wanted)))

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self.pointHovered.emit(-1, None)
