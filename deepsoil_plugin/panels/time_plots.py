"""Plots below each other on one time axis: rain from above, then θ, with the map's day as a line that can be dragged.

What stations and pixels share; each draws its own curves into the rows. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from qgis.PyQt.QtCore import QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontMetricsF

from ..text import units
from ..text.translate import tr
from ..widgets.plot_colours import PlotColours, mix
from .forecast_marks import ForecastMarks
from .plot_parts import DAY_S, DayAxis, pg, quiet, seconds

SMALL_PT = 8.0
_AXIS_WIDTH = 62
_HEAVY_RAIN_MM = 10.0  # the rain axis reaches at least so far, so that drizzle looks like drizzle
_TICK_MARK_PX = 8  # above the day and the year
_RAIN_STRETCH, _STRETCH, _LAST_STRETCH = 5, 10, 13  # the rain needs half a row; the last row also holds the dates


class TimePlots(pg.GraphicsLayoutWidget):
    """Rain and one plot for each of ``keys``, from the top down, in the first column of a grid.

    ``dayHovered``: index of the day under the pointer, -1 when it leaves. ``dayMoving``: the user drags the line of the
    map's date over this day; ``dayMoved``: it is dropped there.

    All items are made once and then only given other data: inside QGIS, taking an item out of a scene ends in
    "unable to convert a QVariant back to a Python object".
    """

    dayHovered = pyqtSignal(int)
    dayMoving = pyqtSignal(object)
    dayMoved = pyqtSignal(object)

    def __init__(self, name: str, keys: Sequence[Any]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._days: np.ndarray | None = None
        self._day: dt.date | None = None
        self._moving = False
        self.ci.layout.setContentsMargins(4, 4, 6, 0)
        self.ci.layout.setSpacing(2)
        self.rain = self._time_plot(0, not keys)
        self.rain.invertY(True)
        self.rows = {key: self._time_plot(row, row == len(keys)) for row, key in enumerate(keys, start=1)}
        for row, stretch in enumerate((_RAIN_STRETCH, *[_STRETCH] * (len(keys) - 1), _LAST_STRETCH)):
            self.ci.layout.setRowStretchFactor(row, stretch)
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.8 * DAY_S)
        self._rain_to_come = pg.BarGraphItem(x=[], height=[], width=0.8 * DAY_S)
        self.rain.addItem(self._bars)
        self.rain.addItem(self._rain_to_come)

    def make_marks(self) -> None:
        """What lies above all curves; to be called once these are there."""
        self._forecast = ForecastMarks(self.time_plots, list(self.rows.values()))
        self._pointers = [pg.InfiniteLine(angle=90) for _ in self.time_plots]
        self._date_lines = [pg.InfiniteLine(angle=90, movable=True, label="" if number else tr("map"),
                                            labelOpts={"position": 0.18, "anchors": [(0, 0.5), (0, 0.5)]})
                            for number in range(len(self.time_plots))]
        for plot, pointer, line in zip(self.time_plots, self._pointers, self._date_lines, strict=True):
            pointer.hide()
            plot.addItem(pointer, ignoreBounds=True)
            plot.addItem(line, ignoreBounds=True)
            line.sigDragged.connect(self._dragged)
            line.sigPositionChangeFinished.connect(self._dropped)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.show_day(None)

    @property
    def time_plots(self) -> list[Any]:
        return [self.rain, *self.rows.values()]

    def wear(self, colours: PlotColours, more: Sequence[Any] = ()) -> None:
        """Axes, rain and marks in these colours; ``more``: other plots, whose axes get them as well."""
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(SMALL_PT)
        for plot in [*self.time_plots, *more]:
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(colours.faint))
                axis.setTextPen(pg.mkPen(colours.text))
                axis.setTickFont(small)
        self.time_plots[-1].getAxis("bottom").setHeight(2 * QFontMetricsF(small).lineSpacing() + _TICK_MARK_PX)
        self._bars.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(colours.rain))
        pale = mix(colours.rain, colours.background, 0.7)
        self._rain_to_come.setOpts(pen=pg.mkPen(colours.rain), brush=pg.mkBrush(pale))
        self._forecast.wear(colours, small)
        for pointer, line in zip(self._pointers, self._date_lines, strict=True):
            pointer.setPen(pg.mkPen(colours.faint))
            line.setPen(pg.mkPen(colours.text, style=Qt.PenStyle.DashLine))
            line.label.setColor(colours.text)
            line.setHoverPen(pg.mkPen(colours.accent, width=3))

    def draw_days(self, days: np.ndarray, rain_mm: np.ndarray, foreseen: np.ndarray, high: float,
                  more_mm: np.ndarray | None = None) -> np.ndarray:
        """Rain and forecast of these days; the view goes to all of them. Returns their times in seconds since 1970.

        ``high``: the upper end of the θ axes. ``more_mm``: other water, for which the rain's axis must have room.
        """
        self._days = days
        times: np.ndarray = seconds(days)
        wet = np.isfinite(rain_mm) & (rain_mm > 0)
        for bars, which in ((self._bars, wet & ~foreseen), (self._rain_to_come, wet & foreseen)):
            bars.setOpts(x=times[which], height=rain_mm[which], width=0.8 * DAY_S)
        water = np.concatenate([rain_mm[wet], [] if more_mm is None else more_mm[np.isfinite(more_mm)]])
        self.rain.setYRange(0, max(_HEAVY_RAIN_MM, 1.05 * float(water.max(initial=0.0))), padding=0)
        self._forecast.draw(times, foreseen, high)
        for plot in self.time_plots:
            plot.setLimits(xMin=times[0] - DAY_S, xMax=times[-1] + DAY_S, minXRange=7 * DAY_S)
        self.rain.setXRange(times[0] - 0.6 * DAY_S, times[-1] + 0.6 * DAY_S, padding=0)
        return times

    def show_day(self, day: dt.date | None) -> None:
        """Put the line of the map's date on this day; None takes it away."""
        self._day = day
        for line in self._date_lines:
            line.setVisible(day is not None)
            if day is not None:
                line.setValue(seconds(np.datetime64(day, "D")))

    @property
    def is_dragged(self) -> bool:
        """Whether the user has the line of the map's date in hand."""
        return any(line.moving for line in self._date_lines)

    def label_rain(self, style: dict[str, str]) -> None:
        shown = units.chosen("mm/day")
        self.rain.getAxis("left").setScale(shown.factor)
        self.rain.setLabel("left", tr("rain") + "<br>" + units.unit_text(shown), **style)

    def index_elsewhere(self, _position: QPointF) -> int:
        """The day that is meant at a position of the scene outside the time plots; -1: none."""
        return -1

    def _time_plot(self, row: int, last: bool) -> Any:
        axis = DayAxis("bottom")
        axis.setStyle(showValues=last)
        plot = self.addPlot(row=row, col=0, axisItems={"bottom": axis})
        quiet(plot)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        plot.getViewBox().setMouseEnabled(x=True, y=False)
        if row:
            plot.setXLink(self.rain)
        return plot

    # --- the pointer and the date line

    def _mouse_moved(self, position: QPointF) -> None:
        index = self._index_at(position)
        for pointer in self._pointers:
            pointer.setVisible(index >= 0)
            if index >= 0 and self._days is not None:
                pointer.setValue(seconds(self._days[index]))
        self.dayHovered.emit(index)

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        for pointer in self._pointers:
            pointer.hide()
        self.dayHovered.emit(-1)

    def _index_at(self, position: QPointF) -> int:
        if self._days is None:
            return -1
        for plot in self.time_plots:
            box = plot.getViewBox()
            if box.sceneBoundingRect().contains(position):
                day = round(box.mapSceneToView(position).x() / DAY_S) - int(self._days[0].astype(int))
                return day if 0 <= day < len(self._days) else -1
        return self.index_elsewhere(position)

    def _dragged(self, line: Any) -> None:
        """Whole days only, and all lines together."""
        if self._days is None or self._moving:
            return
        self._moving = True
        first, last = self._days[0], self._days[-1]
        day = min(max(np.datetime64(round(line.value() / DAY_S), "D"), first), last)
        before, self._day = self._day, day.astype(object)
        for other in self._date_lines:
            other.setValue(seconds(day))
        self.dayHovered.emit(int((day - first).astype(int)))
        self._moving = False
        if self._day != before:
            self.dayMoving.emit(self._day)

    def _dropped(self, _line: Any) -> None:
        if self._day is not None:
            self.dayMoved.emit(self._day)
