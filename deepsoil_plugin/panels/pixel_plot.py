"""The picture of a pixel: rain and irrigation from above, and θ at all depths with its 90 % interval.

Only draws; what it draws comes from ``pixel_series``. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..text import units
from ..widgets.plot_colours import PlotColours, mix
from .forecast_days import halves
from .interval_band import IntervalBand
from .pixel_series import PixelSeries
from .plot_parts import DAY_S, draw_theta, pg, theta_curve
from .station_series import theta_limits
from .time_plots import SMALL_PT, TimePlots

_NAME_SHARE = 0.1  # of the period, for the name of a depth
_DEEPER_SHADES = (0.15, 0.5, 0.85)  # of the text's colour, for the depths that share a plot


class PixelPlot(TimePlots):
    """``rows``: the depths in cm of each plot below the rain."""

    def __init__(self, colours: PlotColours, rows: Sequence[tuple[int, ...]]) -> None:
        super().__init__("pixelPlot", rows)
        self._irrigation = pg.BarGraphItem(x=[], height=[], width=0.8 * DAY_S)
        self.rain.addItem(self._irrigation)
        self._plots = {depth: plot for depths, plot in self.rows.items() for depth in depths}
        self._bands = {depth: IntervalBand(plot) for depth, plot in self._plots.items()}  # first: below the lines
        self._settled = {depth: theta_curve(plot) for depth, plot in self._plots.items()}
        self._coming = {depth: theta_curve(plot) for depth, plot in self._plots.items()}
        self._names = {depth: pg.TextItem("", anchor=(0, 0)) for depths in self.rows if len(depths) > 1
                       for depth in depths}
        for depth, name in self._names.items():
            self._plots[depth].addItem(name, ignoreBounds=True)
        self.make_marks()
        self.set_colours(colours)

    def set_colours(self, colours: PlotColours) -> None:
        """Wear these colours."""
        self.wear(colours)
        self._irrigation.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(colours.given))
        for depth in self._plots:
            colour = self._colour(depth, colours)
            for (line, dots), style in ((self._settled[depth], Qt.PenStyle.SolidLine),
                                        (self._coming[depth], Qt.PenStyle.DashLine)):
                line.setPen(pg.mkPen(colour, width=2.0, style=style))
                dots.setBrush(pg.mkBrush(colour))
            pale = mix(colour, colours.background, 0.55)
            pale.setAlpha(110)  # those of depths that share a plot lie over each other
            self._bands[depth].set_colour(pale if depth in self._names else colours.band)
            if depth in self._names:
                self._names[depth].setColor(colour)
        small = QFont(self.font())
        small.setPointSizeF(SMALL_PT)
        for name in self._names.values():
            name.setFont(small)
        style = {"color": colours.text.name(), "font-size": f"{SMALL_PT}pt"}
        self.label_rain(style)
        for depths, plot in self.rows.items():
            title = f"{depths[0]} cm" if len(depths) == 1 else f"&gt; {_mapped(self.rows)} cm"
            plot.getAxis("left").setScale(units.chosen().factor)
            plot.setLabel("left", f"<b>{title}</b><br>{units.theta_unit()}", **style)

    def show_series(self, series: PixelSeries) -> None:
        """Draw a place's days; the view goes to their whole period."""
        low, high = theta_limits(curve for band in series.theta.values()
                                 for curve in (band.mean, band.lower, band.upper))
        rain = np.nan_to_num(series.rain_mm)
        times = self.draw_days(series.days, series.rain_mm, series.foreseen, high,
                               rain + np.nan_to_num(series.irrigation_mm))
        wet = np.nan_to_num(series.irrigation_mm) > 0
        self._irrigation.setOpts(x=times[wet], y0=rain[wet], height=series.irrigation_mm[wet], width=0.8 * DAY_S)
        for depth, band in series.theta.items():
            settled, coming = halves(band.mean, series.foreseen)
            self._bands[depth].draw(times, band.lower, band.upper)
            draw_theta(self._settled[depth], times, settled)
            draw_theta(self._coming[depth], times, coming)
        for number, (depth, name) in enumerate(self._names.items()):  # side by side, as a key
            name.setText(f"{depth} cm")
            name.setPos(times[0] + number * _NAME_SHARE * (times[-1] - times[0]), high)
        for plot in self.rows.values():
            plot.setYRange(low, high, padding=0.04)

    def _colour(self, depth: int, colours: PlotColours) -> QColor:
        group = next(depths for depths in self.rows if depth in depths)
        if len(group) == 1:
            return colours.accent
        return mix(colours.accent, colours.text, _DEEPER_SHADES[min(group.index(depth), len(_DEEPER_SHADES) - 1)])


def _mapped(rows: Iterable[tuple[int, ...]]) -> int:
    """The deepest of the depths with a plot of their own."""
    return max((depths[0] for depths in rows if len(depths) == 1), default=0)
