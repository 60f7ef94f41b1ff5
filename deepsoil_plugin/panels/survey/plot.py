"""Readings against the map: a scatter with the 1:1 line. Importing this module loads pyqtgraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtGui import QColor, QFont

from ...depths import DEPTHS, shade
from ...text import units
from ...text.translate import tr
from ...widgets.plot_colours import PlotColours, mix
from ..plot_parts import pg, quiet

_SMALL_PT = 8.0
_ROOM = 0.02  # m³/m³ round the points


class SurveyPlot(pg.PlotWidget):
    """Items are made once and then only given other data."""

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.setObjectName("surveyPlot")
        quiet(self.getPlotItem())
        self.showGrid(x=True, y=True, alpha=0.15)
        self._line = self.plot([], [])
        self._points: dict[int, Any] = {}
        for depth in DEPTHS:
            self._points[depth.depth_cm] = pg.ScatterPlotItem(size=6, pen=pg.mkPen(None), symbol=depth.marker)
            self.addItem(self._points[depth.depth_cm])
        self.set_colours(colours)

    def set_colours(self, colours: PlotColours) -> None:
        """And the axes in the user's unit."""
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(_SMALL_PT)
        shown = units.chosen()
        for side, text in (("left", tr("Map ({0})")), ("bottom", tr("Reading ({0})"))):
            axis = self.getAxis(side)
            axis.setScale(shown.factor)
            axis.setPen(pg.mkPen(colours.faint))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setTickFont(small)
            axis.setLabel(text.format(shown.unit), color=colours.text.name())
        self._line.setPen(pg.mkPen(colours.faint))
        for depth_cm, points in self._points.items():
            colour = QColor(mix(colours.accent, colours.text, shade(depth_cm)))
            colour.setAlpha(150)
            points.setBrush(pg.mkBrush(colour))

    def show_points(self, points: Sequence[Mapping[str, Any]]) -> None:
        """``points``: as in the answer of ``compare_readings``; none empties the plot."""
        for depth_cm, item in self._points.items():
            some = [one for one in points if one["map_depth_cm"] == depth_cm]
            item.setData([one["observed"] for one in some], [one["predicted"] for one in some])
        values = [one[name] for one in points for name in ("observed", "predicted")]
        low, high = (min(values) - _ROOM, max(values) + _ROOM) if values else (0.0, 0.5)
        self._line.setData([low, high], [low, high])
        self.setXRange(low, high, padding=0)
        self.setYRange(low, high, padding=0)
