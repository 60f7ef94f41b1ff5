"""The picture of a station: rain from above, observed and predicted θ at both depths on one time axis, and the scatter.

Only draws; what it draws comes from series.py. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QPointF, Qt
from qgis.PyQt.QtGui import QColor

from ..depths import DEPTHS, depths_cm, shade
from ..text import units
from ..text.translate import tr
from ..widgets.plot_colours import PlotColours, mix
from . import station_series
from .forecast_days import halves
from .interval_band import IntervalBand
from .plot_parts import draw_theta, pg, quiet, theta_curve
from .time_plots import SMALL_PT, TimePlots


class StationPlot(TimePlots):
    """Rain and the depths on one time axis at the left, the scatter at the right."""

    def __init__(self, colours: PlotColours) -> None:
        super().__init__("stationPlot", depths_cm())
        self._colours = colours
        self._comparison: station_series.Comparison | None = None
        self.depths = self.rows
        self.scatter = self.addPlot(row=0, col=1, rowspan=1 + len(self.depths))
        quiet(self.scatter)
        self.ci.layout.setColumnStretchFactor(0, 10)
        self.ci.layout.setColumnStretchFactor(1, 4)
        self._make_items()
        self.set_colours(colours)

    def set_colours(self, colours: PlotColours) -> None:
        """Wear these colours."""
        self._colours = colours
        self.wear(colours, [self.scatter])
        self._label_axes()
        for curves, colour, width in ((self._observed, colours.text, 1.5), (self._predicted, colours.accent, 2.0)):
            for line, dots in curves.values():
                line.setPen(pg.mkPen(colour, width=width))
                dots.setBrush(pg.mkBrush(colour))
        for line, dots in self._coming.values():
            line.setPen(pg.mkPen(colours.accent, width=2.0, style=Qt.PenStyle.DashLine))
            dots.setBrush(pg.mkBrush(colours.accent))
        for band in self._bands.values():
            band.set_colour(colours.band)
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
        low, high = station_series.theta_range(comparison)
        times = self.draw_days(comparison.days, comparison.rain_mm, comparison.foreseen, high)
        for depth, plot in self.depths.items():
            self._bands[depth].draw(times, comparison.lower.get(depth), comparison.upper.get(depth))
            draw_theta(self._observed[depth], times, comparison.observed.get(depth))
            said = comparison.predicted.get(depth)
            settled, coming = (None, None) if said is None else halves(said, comparison.foreseen)
            draw_theta(self._predicted[depth], times, settled)
            draw_theta(self._coming[depth], times, coming)
            plot.setYRange(low, high, padding=0.04)
            seen = comparison.observed.get(depth)
            self._notes[depth].setText("" if seen is not None and np.isfinite(seen).any()
                                       else tr("no observations at {0} cm").format(depth))
            self._notes[depth].setPos(times[0], high)
        self._draw_scatter(comparison, low, high)

    def _make_items(self) -> None:
        self._bands = {depth: IntervalBand(plot) for depth, plot in self.depths.items()}  # first: below the lines
        self._observed = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._predicted = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._coming = {depth: theta_curve(plot) for depth, plot in self.depths.items()}
        self._notes = {depth: pg.TextItem("", anchor=(0, 0)) for depth in self.depths}
        for depth, note in self._notes.items():
            self.depths[depth].addItem(note, ignoreBounds=True)
        self._one_to_one = self.scatter.plot([], [])
        self._points = {depth.depth_cm: pg.ScatterPlotItem(size=5, pen=pg.mkPen(None), symbol=depth.marker)
                        for depth in DEPTHS}
        for points in self._points.values():
            self.scatter.addItem(points)
        self._key = pg.TextItem("", anchor=(0, 0))
        self.scatter.addItem(self._key, ignoreBounds=True)
        self.make_marks()

    def _label_axes(self) -> None:
        style = {"color": self._colours.text.name(), "font-size": f"{SMALL_PT}pt"}
        self.label_rain(style)
        shown = units.chosen()
        for plot, side in (*((plot, "left") for plot in self.depths.values()), (self.scatter, "left"),
                           (self.scatter, "bottom")):
            plot.getAxis(side).setScale(shown.factor)
        for depth, plot in self.depths.items():
            plot.setLabel("left", f"<b>{depth} cm</b><br>{shown.unit}", **style)
        self.scatter.setLabel("left", tr("predicted, {0}").format(shown.unit), **style)
        self.scatter.setLabel("bottom", tr("observed, {0}").format(shown.unit), **style)

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
        self._key.setHtml(f"<span style='font-size:{SMALL_PT}pt'>{'<br>'.join(parts)}</span>")

    def _depth_colour(self, depth_cm: int) -> QColor:
        """Of predictions: the accent mixed with the text colour, so that depths can be told apart."""
        return mix(self._colours.accent, self._colours.text, shade(depth_cm))

    def index_elsewhere(self, position: QPointF) -> int:
        """The day of the point of the scatter that is near."""
        box = self.scatter.getViewBox()
        if self._comparison is not None and box.sceneBoundingRect().contains(position):
            return self._nearest_in_scatter(self._comparison, box.mapSceneToView(position))
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
