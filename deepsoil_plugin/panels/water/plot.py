"""The picture of a field's water: rain and irrigation, depletion with the crop's limit, θ at the depths, drainage.

Only draws, and says which day the pointer is on. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from qgis.PyQt.QtCore import QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontMetricsF

from ...map.area import WRONG
from ...text import units
from ...text.translate import tr
from ...widgets.plot_colours import PlotColours, mix
from ..interval_band import IntervalBand
from ..plot_parts import DAY_S, DayAxis, pg, quiet, seconds
from .amounts import Unit, shown
from .course import Course
from .depth_lines import DepthLines, curves, draw
from .event_bars import EventBars
from .plan import Plan

_AXIS_WIDTH = 58
_SMALL_PT = 8.0
_TICK_MARK_PX = 8
_LEAST_WATER_MM, _LEAST_DRAINAGE_MM = 30.0, 2.0
_HEADROOM = 1.35  # for the numbers above the bars, and for pulling a bar higher


class WaterPlot(pg.GraphicsLayoutWidget):
    """Water above depletion at the left, θ above drainage at the right, on one time axis.

    ``dayHovered(index)``: -1 when the pointer leaves. All items are made once and only given other data, as in
    `StationPlot`.
    """

    dayHovered = pyqtSignal(int)

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.setObjectName("waterPlot")
        self._course: Course | None = None
        self._unit: Unit = "mm"
        self._plan = Plan()
        self.ci.layout.setContentsMargins(4, 4, 8, 0)
        self.ci.layout.setSpacing(2)
        self.water, self.depletion = self._plot(0, 0), self._plot(1, 0)
        self.theta, self.drainage = self._plot(0, 1), self._plot(1, 1)
        self.depletion.invertY(True)
        for plot in (self.depletion, self.theta, self.drainage):
            plot.setXLink(self.water)
        for row, stretch in enumerate((10, 12)):
            self.ci.layout.setRowStretchFactor(row, stretch)
        self._rain = pg.BarGraphItem(x=[], height=[], width=0.36 * DAY_S)
        self._rain_to_come = pg.BarGraphItem(x=[], height=[], width=0.36 * DAY_S)
        for bars in (self._rain, self._rain_to_come):
            self.water.addItem(bars)
        self.bars = EventBars(self.water)
        self._lack = IntervalBand(self.depletion)
        self._cases = pg.LinearRegionItem(orientation="vertical", movable=False)
        self.depletion.addItem(self._cases, ignoreBounds=True)
        self._limit = pg.InfiniteLine(angle=0, label="", labelOpts={"position": 0.02, "anchors": [(0, 1), (0, 0)]})
        self._reached = pg.InfiniteLine(angle=90)
        for line in (self._limit, self._reached):
            self.depletion.addItem(line, ignoreBounds=True)
        self._lines = {"depletion": curves(self.depletion), "drainage": curves(self.drainage)}
        self._drained = IntervalBand(self.drainage)
        self._depths = DepthLines(self.theta)
        plots = (self.water, self.depletion, self.theta, self.drainage)
        self._days = [pg.InfiniteLine(angle=90) for _ in plots]
        self._ends = [pg.InfiniteLine(angle=90) for _ in plots]
        self._pointers = [pg.InfiniteLine(angle=90) for _ in plots]
        for lines in (self._days, self._ends, self._pointers):
            for plot, line in zip(plots, lines, strict=True):
                plot.addItem(line, ignoreBounds=True)
                line.hide()
        self._note = pg.TextItem("", anchor=(0, 0))
        self.water.addItem(self._note, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._hovered)
        self.set_colours(colours)

    def _plot(self, row: int, column: int) -> Any:
        axis = DayAxis("bottom")
        axis.setStyle(showValues=row == 1)
        plot = self.addPlot(row=row, col=column, axisItems={"bottom": axis})
        quiet(plot)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        return plot

    def set_colours(self, colours: PlotColours) -> None:
        """Wear these colours."""
        self._colours = colours
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(_SMALL_PT)
        for plot in (self.water, self.depletion, self.theta, self.drainage):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(colours.faint))
                axis.setTextPen(pg.mkPen(colours.text))
                axis.setTickFont(small)
        for plot in (self.depletion, self.drainage):
            plot.getAxis("bottom").setHeight(2 * QFontMetricsF(small).lineSpacing() + _TICK_MARK_PX)
        self._rain.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(colours.rain))
        self._rain_to_come.setOpts(pen=pg.mkPen(colours.rain), brush=pg.mkBrush(mix(colours.rain, colours.background,
                                                                                     0.7)))
        self.bars.wear(colours, small)
        for was, coming in self._lines.values():
            was.setPen(pg.mkPen(colours.text, width=2.0))
            coming.setPen(pg.mkPen(colours.text, width=2.0, style=Qt.PenStyle.DashLine))
        band = mix(colours.text, colours.background, 0.8)
        self._lack.set_colour(band)
        self._drained.set_colour(band)
        warned = mix(WRONG, colours.background, 0.75)
        warned.setAlpha(150)
        self._cases.setBrush(pg.mkBrush(warned))
        for line in self._cases.lines:
            line.setPen(pg.mkPen(None))
        self._limit.setPen(pg.mkPen(WRONG, width=1.5))
        self._reached.setPen(pg.mkPen(WRONG, width=2.0))
        self._limit.label.setColor(colours.text)
        self._limit.label.setFont(small)
        for day, end, pointer in zip(self._days, self._ends, self._pointers, strict=True):
            day.setPen(pg.mkPen(colours.text))
            end.setPen(pg.mkPen(colours.faint, style=Qt.PenStyle.DotLine))
            pointer.setPen(pg.mkPen(colours.faint))
        self._note.setColor(colours.hint)
        self._note.setFont(small)
        self._depths.wear(colours, small)
        self._label_axes()

    def _label_axes(self) -> None:
        style = {"color": self._colours.text.name(), "font-size": f"{_SMALL_PT}pt"}
        unit = self._unit
        self.water.setLabel("left", tr("water") + f"<br>{unit}", **style)
        self.depletion.setLabel("left", tr("depletion") + f"<br>{unit}", **style)
        self.theta.getAxis("left").setScale(units.chosen().factor)
        self.theta.setLabel("left", tr("soil") + f"<br>{units.theta_unit()}", **style)
        self.drainage.setLabel("left", tr("drainage") + "<br>" + tr("{0}/day").format(unit), **style)

    # --- what is shown

    def set_unit(self, unit: Unit) -> None:
        self._unit = unit
        self._label_axes()
        if self._course is not None:
            self.show_course(self._course)

    def show_plan(self, plan: Plan, day: dt.date, days: int, selected: dt.date | None) -> None:
        """Draw the events at once, before the engine has answered."""
        self._plan = plan
        most = max([_LEAST_WATER_MM, *(event.mm for event in plan.events
                                       if self._course is None or abs((event.day - day).days) <= 31)])
        if self._course is not None:
            most = max(most, float(self._course.rain_mm.max(initial=0.0)))
        # A bar that is being pulled must not change the scale under the hand.
        if not self.bars.held:
            self.water.setYRange(0, shown(most, self._unit) * _HEADROOM, padding=0)
        self.bars.draw(plan, day, days, selected, self._unit)

    def show_course(self, course: Course) -> None:
        """Draw an answer."""
        self._course = course
        times, unit = seconds(course.days), self._unit
        self._draw_rain(course, times)
        self._draw_lack(course, times)
        draw(self._lines["drainage"], times, course.past, shown(1.0, unit) * course.drainage.mean)
        self._drained.draw(times, shown(1.0, unit) * course.drainage.lower, shown(1.0, unit) * course.drainage.upper)
        most = max(_LEAST_DRAINAGE_MM, float(np.nanmax(course.drainage.upper, initial=0.0)))
        self.drainage.setYRange(0, shown(most, unit) * 1.05, padding=0)
        self._depths.draw(course, times)
        last = times[course.past - 1] + DAY_S / 2
        end = times[course.past + course.known - 1] + DAY_S / 2
        ends_before = course.known < len(times) - course.past
        for line, mark in zip(self._days, self._ends, strict=True):
            line.setValue(last)
            line.show()
            mark.setValue(end)
            mark.setVisible(ends_before and course.known > 0)
        self._note.setText(tr("usual weather, no rain") if ends_before else
                           tr("forecast") if course.forecast_from is not None else "")
        self._note.setPos(end if ends_before else last, self.water.getViewBox().viewRange()[1][1])
        self.water.setXRange(times[0] - 0.6 * DAY_S, times[-1] + 0.6 * DAY_S, padding=0)

    def _draw_rain(self, course: Course, times: np.ndarray) -> None:
        wet = course.rain_mm > 0
        coming = np.arange(len(times)) >= course.past
        for bars, which in ((self._rain, wet & ~coming), (self._rain_to_come, wet & coming)):
            bars.setOpts(x=times[which] - 0.2 * DAY_S, height=shown(1.0, self._unit) * course.rain_mm[which],
                         width=0.36 * DAY_S)
        self.bars.show_assumed(times, shown(1.0, self._unit) * course.irrigation.mean, course.past)

    def _draw_lack(self, course: Course, times: np.ndarray) -> None:
        unit, need = shown(1.0, self._unit), course.need
        self._lack.draw(times, unit * course.depletion.lower, unit * course.depletion.upper)
        draw(self._lines["depletion"], times, course.past, unit * course.depletion.mean)
        limit = unit * float(need["limit_mm"])
        self._limit.setValue(limit)
        self._limit.label.setText(tr("limit of the crop"))
        most = max(1.25 * limit, float(np.nanmax(unit * course.depletion.upper, initial=0.0)))
        self.depletion.setYRange(0, most, padding=0.02)
        self._reached.setVisible(need["day"] is not None)
        if need["day"] is not None:
            self._reached.setValue(seconds(np.datetime64(need["day"], "D")))
        first = need["earliest"]
        self._cases.setVisible(first is not None)
        if first is not None:
            begin = seconds(np.datetime64(first, "D"))
            end = seconds(np.datetime64(need["latest"], "D")) if need["latest"] else times[-1] + DAY_S / 2
            self._cases.setRegion((begin - DAY_S / 2, max(end, begin) + DAY_S / 2))

    # --- the pointer

    def _hovered(self, position: QPointF) -> None:
        index = self._index_at(position)
        for pointer in self._pointers:
            pointer.setVisible(index >= 0)
            if index >= 0 and self._course is not None:
                pointer.setValue(seconds(self._course.days[index]))
        self.dayHovered.emit(index)

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        for pointer in self._pointers:
            pointer.hide()
        self.dayHovered.emit(-1)

    def _index_at(self, position: QPointF) -> int:
        if self._course is not None:
            for plot in (self.water, self.depletion, self.theta, self.drainage):
                box = plot.getViewBox()
                if box.sceneBoundingRect().contains(position):
                    first = int(self._course.days[0].astype(int))
                    index = round(box.mapSceneToView(position).x() / DAY_S) - first
                    return index if 0 <= index < len(self._course.days) else -1
        return -1
