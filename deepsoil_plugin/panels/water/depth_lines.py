"""θ at the depths: a line each, the band of the root zone, the depths' names. Importing this module loads pyqtgraph."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont

from ...widgets.plot_colours import PlotColours, mix
from ..interval_band import IntervalBand
from ..plot_parts import pg
from .course import Course

_NAME_SHARE = 0.16  # of the height of the plot: what a name needs
_ROOT_ZONE_CM = 20.0  # the depth with a band; of all five they would hide each other
_DEPTHS = 5


class DepthLines:
    """Made once; what it shows changes. A depth gets its line when it is first told."""

    def __init__(self, plot: Any) -> None:
        self._plot = plot
        self._band = IntervalBand(plot)
        self._curves: dict[float, tuple[Any, Any]] = {}
        self._names: dict[float, Any] = {}

    def wear(self, colours: PlotColours, font: QFont) -> None:
        self._colours, self._font = colours, font
        self._band.set_colour(colours.band)
        for depth in self._curves:
            self._wear(depth)

    def draw(self, course: Course, times: np.ndarray) -> None:
        """The lines, dashed from the day on, and an axis that has them all."""
        low, high = 1.0, 0.0
        for depth, band in course.theta.items():
            if depth not in self._curves:
                self._curves[depth] = curves(self._plot)
                self._names[depth] = pg.TextItem("", anchor=(0, 1))
                self._plot.addItem(self._names[depth], ignoreBounds=True)
                self._wear(depth)
            draw(self._curves[depth], times, course.past, band.mean)
            seen = [band.mean]
            if depth == _ROOT_ZONE_CM:
                self._band.draw(times, band.lower, band.upper)
                seen += [band.lower, band.upper]
            low = min(low, *(float(np.nanmin(values)) for values in seen))
            high = max(high, *(float(np.nanmax(values)) for values in seen))
        room = max(0.05, high - low)
        self._plot.setYRange(low - 0.05 * room, high + 0.12 * room, padding=0)
        self._name(course, times, room)

    def _name(self, course: Course, times: np.ndarray, room: float) -> None:
        """The depths above their lines at the left; where lines are near each other, one name stands for them."""
        groups: list[list[float]] = []
        for depth in sorted(course.theta, key=lambda one: float(course.theta[one].mean[0])):
            here = float(course.theta[depth].mean[0])
            if groups and here - float(course.theta[groups[-1][-1]].mean[0]) < _NAME_SHARE * room:
                groups[-1].append(depth)
            else:
                groups.append([depth])
        for name in self._names.values():
            name.setText("")
        for group in groups:
            name = self._names[group[-1]]
            name.setText(f"{', '.join(f'{depth:g}' for depth in sorted(group))} cm")
            name.setPos(times[0], float(course.theta[group[-1]].mean[0]))

    def _wear(self, depth: float) -> None:
        """The deeper, the nearer to the colour of text."""
        colour = mix(self._colours.accent, self._colours.text, list(self._curves).index(depth) / _DEPTHS)
        width = 2.0 if depth == _ROOT_ZONE_CM else 1.2
        was, coming = self._curves[depth]
        was.setPen(pg.mkPen(colour, width=width))
        coming.setPen(pg.mkPen(colour, width=width, style=Qt.PenStyle.DashLine))
        self._names[depth].setColor(self._colours.text)
        self._names[depth].setFont(self._font)


def curves(plot: Any) -> tuple[Any, Any]:
    """Lines for what was, and for what is to come."""
    return plot.plot([], [], connect="finite"), plot.plot([], [], connect="finite")


def draw(lines: tuple[Any, Any], times: np.ndarray, past: int, values: np.ndarray) -> None:
    """``values`` on all days, of which the first ``past`` were."""
    lines[0].setData(times[:past], values[:past], connect="finite")
    lines[1].setData(times[past - 1:], values[past - 1:], connect="finite")
