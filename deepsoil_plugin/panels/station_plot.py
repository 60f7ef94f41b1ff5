"""The picture of a station: rain from above, observed and predicted θ at both depths on one time axis, and the scatter.

Only draws; what it draws comes from series.py. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from qgis.PyQt.QtCore import QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF

from ..depths import DEPTHS, depths_cm, shade
from ..text.translate import tr
from ..widgets import pyqtgraph_loader
from ..widgets.plot_colours import PlotColours, mix
from . import station_series
from .forecast_marks import ForecastMarks
from .interval_band import IntervalBand
from .plot_parts import DAY_S, DayAxis, draw_theta, quiet, seconds, theta_curve

pg: Any = pyqtgraph_loader.load_pyqtgraph()

_AXIS_WIDTH = 62
_HEAVY_RAIN_MM = 10.0  # the rain axis reaches at least so far, so that drizzle looks like drizzle
_SMALL_PT = 8.0
_TICK_MARK_PX = 8  # above the day and the year


class StationPlot(pg.GraphicsLayoutWidget):
    """Three plots on one time axis at the left, the scatter at the right.

    ``dayHovered``: index of the day under the pointer, -1 when it leaves. ``dayMoved``: the user has dragged the line
    of the map's date to this day.

    All items are made once and then only given other data: inside QGIS, taking an item out of a scene ends in
    "unable to convert a QVariant back to a Python object".
    """

    dayHovered = pyqtSignal(int)
    dayMoved = pyqtSignal(object)

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.setObjectName("stationPlot")
        self._colours = colours
        self._comparison: station_series.Comparison | None = None
        self._day: dt.date | None = None
        self._moving = False
        self.ci.layout.setContentsMargins(4, 4, 6, 0)
        self.ci.layout.setSpacing(2)
        self.rain = self._time_plot(0)
        self.rain.invertY(True)
        self.depths = {depth: self._time_plot(row) for row, depth in enumerate(depths_cm(), start=1)}
        self.scatter = self.addPlot(row=0, col=1, rowspan=1 + len(self.depths))
        quiet(self.scatter)
        # The rain needs half a row; the last row also holds the dates.
        for row, stretch in enumerate((5, *[10] * (len(self.depths) - 1), 13)):
            self.ci.layout.setRowStretchFactor(row, stretch)
        self.ci.layout.setColumnStretchFactor(0, 10)
        self.ci.layout.setColumnStretchFactor(1, 4)
        self._make_items()
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.set_colours(colours)
        self.show_day(None)

    @property
    def _time_plots(self) -> list[Any]:
        return [self.rain, *self.depths.values()]

    def set_colours(self, colours: PlotColours) -> None:
        """Wear these colours."""
        self._colours = colours
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(_SMALL_PT)
        for plot in [*self._time_plots, self.scatter]:
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(colours.faint))
                axis.setTextPen(pg.mkPen(colours.text))
                axis.setTickFont(small)
        self._time_plots[-1].getAxis("bottom").setHeight(2 * QFontMetricsF(small).lineSpacing() + _TICK_MARK_PX)
        self._label_axes()
        self._bars.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(colours.rain))
        pale = mix(colours.rain, colours.background, 0.7)
        self._rain_to_come.setOpts(pen=pg.mkPen(colours.rain), brush=pg.mkBrush(pale))
        for curves, colour, width in ((self._observed, colours.text, 1.5), (self._predicted, colours.accent, 2.0)):
            for line, dots in curves.values():
                line.setPen(pg.mkPen(colour, width=width))
                dots.setBrush(pg.mkBrush(colour))
        for line, dots in self._coming.values():
            line.setPen(pg.mkPen(colours.accent, width=2.0, style=Qt.PenStyle.DashLine))
            dots.setBrush(pg.mkBrush(colours.accent))
        self._forecast.wear(colours, small)
        for band in self._bands.values():
            band.set_colour(colours.band)
        for pointer, line in zip(self._pointers, self._date_lines, strict=True):
            pointer.setPen(pg.mkPen(colours.faint))
            line.setPen(pg.mkPen(colours.text, style=Qt.PenStyle.DashLine))
            line.label.setColor(colours.text)
            line.setHoverPen(pg.mkPen(colours.accent, width=3))
        self._one_to_one.setPen(pg.mkPen(colours.faint, style=Qt.PenStyle.DashLine))
        for depth, points in self._points.items():
            colour = QColor(self._depth_colour(depth))
            colour.setAlpha(150)
            points.setBrush(pg.mkBrush(colour))
        for note in self._notes.values():
            note.setColor(colours.hint)
        self._draw_key()

    def show_comparison(self, comparison: station_series.Comparison) -> None:
        """Draw a station's days; the view goes to their whole period."""
        self._comparison = comparison
        times = seconds(comparison.days)
        low, high = station_series.theta_range(comparison)
        self._draw_rain(times, comparison.rain_mm, comparison.foreseen)
        self._forecast.draw(times, comparison.foreseen, high)
        for depth, plot in self.depths.items():
            self._bands[depth].draw(times, comparison.lower.get(depth), comparison.upper.get(depth))
            draw_theta(self._observed[depth], times, comparison.observed.get(depth))
            said = comparison.predicted.get(depth)
            settled, coming = (None, None) if said is None else comparison.halves(said)
            draw_theta(self._predicted[depth], times, settled)
            draw_theta(self._coming[depth], times, coming)
            plot.setYRange(low, high, padding=0.04)
            seen = comparison.observed.get(depth)
            self._notes[depth].setText("" if seen is not None and np.isfinite(seen).any()
                                       else tr("no observations at {0} cm").format(depth))
            self._notes[depth].setPos(times[0], high)
        self._draw_scatter(comparison, low, high)
        for plot in self._time_plots:
            plot.setLimits(xMin=times[0] - DAY_S, xMax=times[-1] + DAY_S, minXRange=7 * DAY_S)
        self.rain.setXRange(times[0] - 0.6 * DAY_S, times[-1] + 0.6 * DAY_S, padding=0)

    def show_day(self, day: dt.date | None) -> None:
        """Put the line of the map's date on this day; None takes it away."""
        self._day = day
        for line in self._date_lines:
            line.setVisible(day is not None)
            if day is not None:
                line.setValue(seconds(np.datetime64(day, "D")))

    def _time_plot(self, row: int) -> Any:
        last = row == len(depths_cm())
        axis = DayAxis("bottom")
        axis.setStyle(showValues=last)
        plot = self.addPlot(row=row, col=0, axisItems={"bottom": axis})
        quiet(plot)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        plot.getViewBox().setMouseEnabled(x=True, y=False)
        if row:
            plot.setXLink(self.rain)
        return plot

    def _make_items(self) -> None:
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.8 * DAY_S)
        self._rain_to_come = pg.BarGraphItem(x=[], height=[], width=0.8 * DAY_S)
        self.rain.addItem(self._bars)
        self.rain.addItem(self._rain_to_come)
        self._bands = {depth: IntervalBand(plot) for depth, plot in self.depths.items()}  # first: below the lines
        self._observed = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._predicted = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._coming = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._forecast = ForecastMarks(self._time_plots, list(self.depths.values()))
        self._notes = {depth: pg.TextItem("", anchor=(0, 0)) for depth in self.depths}
        for depth, note in self._notes.items():
            self.depths[depth].addItem(note, ignoreBounds=True)
        self._pointers = [pg.InfiniteLine(angle=90) for _ in self._time_plots]
        self._date_lines = [pg.InfiniteLine(angle=90, movable=True, label="" if number else tr("map"),
                                            labelOpts={"position": 0.18, "anchors": [(0, 0.5), (0, 0.5)]})
                            for number in range(len(self._time_plots))]
        for plot, pointer, line in zip(self._time_plots, self._pointers, self._date_lines, strict=True):
            pointer.hide()
            plot.addItem(pointer, ignoreBounds=True)
            plot.addItem(line, ignoreBounds=True)
            line.sigDragged.connect(self._dragged)
            line.sigPositionChangeFinished.connect(self._dropped)
        self._one_to_one = self.scatter.plot([], [])
        self._points = {depth.depth_cm: pg.ScatterPlotItem(size=5, pen=pg.mkPen(None), symbol=depth.marker)
                        for depth in DEPTHS}
        for points in self._points.values():
            self.scatter.addItem(points)
        self._key = pg.TextItem("", anchor=(0, 0))
        self.scatter.addItem(self._key, ignoreBounds=True)

    def _label_axes(self) -> None:
        style = {"color": self._colours.text.name(), "font-size": f"{_SMALL_PT}pt"}
        self.rain.setLabel("left", tr("rain") + "<br>" + tr("mm/day"), **style)
        for depth, plot in self.depths.items():
            plot.setLabel("left", f"<b>{depth} cm</b><br>m³/m³", **style)
        self.scatter.setLabel("left", tr("predicted, m³/m³"), **style)
        self.scatter.setLabel("bottom", tr("observed, m³/m³"), **style)

    def _draw_rain(self, times: np.ndarray, rain_mm: np.ndarray, foreseen: np.ndarray) -> None:
        wet = np.isfinite(rain_mm) & (rain_mm > 0)
        for bars, which in ((self._bars, wet & ~foreseen), (self._rain_to_come, wet & foreseen)):
            bars.setOpts(x=times[which], height=rain_mm[which], width=0.8 * DAY_S)
        most = float(rain_mm[wet].max()) if wet.any() else 0.0
        self.rain.setYRange(0, max(_HEAVY_RAIN_MM, 1.05 * most), padding=0)

    def _draw_scatter(self, comparison: station_series.Comparison, low: float, high: float) -> None:
        self._one_to_one.setData([low, high], [low, high])
        for depth, points in self._points.items():
            seen, said = comparison.observed.get(depth), comparison.predicted.get(depth)
            if seen is None or said is None:
                points.setData([], [])
                continue
            both = np.isfinite(seen) & np.isfinite(said)
            points.setData(seen[both], said[both])
        self.scatter.setXRange(low, high, padding=0.03)
        self.scatter.setYRange(low, high, padding=0.03)
        self._key.setPos(low, high)
        self._draw_key()

    def _draw_key(self) -> None:
        parts = [f"<span style='color:{self._depth_colour(depth.depth_cm).name()}'>{depth.marker_sign}</span> "
                 f"<span style='color:{self._colours.text.name()}'>{depth.depth_cm} cm</span>"
                 for depth in DEPTHS]
        # Below each other: side by side they are cut in a narrow window.
        self._key.setHtml(f"<span style='font-size:{_SMALL_PT}pt'>{'<br>'.join(parts)}</span>")

    def _depth_colour(self, depth_cm: int) -> QColor:
        """Of predictions: the accent mixed with the text colour, so that depths can be told apart."""
        return mix(self._colours.accent, self._colours.text, shade(depth_cm))

    # --- the pointer and the date line

    def _mouse_moved(self, position: QPointF) -> None:
        index = self._index_at(position)
        for pointer in self._pointers:
            pointer.setVisible(index >= 0)
            if index >= 0 and self._comparison is not None:
                pointer.setValue(seconds(self._comparison.days[index]))
        self.dayHovered.emit(index)

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        for pointer in self._pointers:
            pointer.hide()
        self.dayHovered.emit(-1)

    def _index_at(self, position: QPointF) -> int:
        comparison = self._comparison
        if comparison is None:
            return -1
        for plot in self._time_plots:
            box = plot.getViewBox()
            if box.sceneBoundingRect().contains(position):
                day = round(box.mapSceneToView(position).x() / DAY_S) - int(comparison.days[0].astype(int))
                return day if 0 <= day < len(comparison.days) else -1
        box = self.scatter.getViewBox()
        if box.sceneBoundingRect().contains(position):
            return self._nearest_in_scatter(comparison, box.mapSceneToView(position))
        return -1

    @staticmethod
    def _nearest_in_scatter(comparison: station_series.Comparison, point: QPointF) -> int:
        nearest, found = 0.02, -1  # m³/m³: farther away nothing is meant
        for depth in comparison.depths_cm:
            if depth in comparison.observed and depth in comparison.predicted:
                away = np.hypot(comparison.observed[depth] - point.x(), comparison.predicted[depth] - point.y())
                if np.isfinite(away).any() and np.nanmin(away) < nearest:
                    nearest, found = float(np.nanmin(away)), int(np.nanargmin(away))
        return found

    def _dragged(self, line: Any) -> None:
        """Whole days only, and all three lines together."""
        comparison = self._comparison
        if comparison is None or self._moving:
            return
        self._moving = True
        first, last = comparison.days[0], comparison.days[-1]
        day = min(max(np.datetime64(round(line.value() / DAY_S), "D"), first), last)
        self._day = day.astype(object)
        for other in self._date_lines:
            other.setValue(seconds(day))
        self.dayHovered.emit(int((day - first).astype(int)))
        self._moving = False

    def _dropped(self, _line: Any) -> None:
        if self._day is not None:
            self.dayMoved.emit(self._day)
