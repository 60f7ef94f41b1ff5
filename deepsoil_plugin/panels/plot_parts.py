"""Parts of plots over days: the axis, lines of θ with gaps, and a plot that does only what it is asked for.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..widgets import pyqtgraph_loader
from . import station_series
from .day_ticks import day_labels, day_ticks

pg: Any = pyqtgraph_loader.load_pyqtgraph()

DAY_S = 86_400.0
_TICK_PX = 52  # room that a date needs


class DayAxis(pg.AxisItem):
    """Days as people write them; the time stamps behind them are seconds since 1970, UTC."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        ticks = day_ticks(low / DAY_S, high / DAY_S, int(size / _TICK_PX))
        return [(7 * DAY_S, [day * DAY_S for day in ticks])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return day_labels([round(value / DAY_S) for value in values])


def quiet(plot: Any) -> None:
    """No menus, buttons or zooming that nobody asked for."""
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.getViewBox().setMouseEnabled(x=False, y=False)
    plot.getViewBox().disableAutoRange()
    plot.showGrid(y=True, alpha=0.15)
    for side in ("left", "bottom"):
        plot.getAxis(side).enableAutoSIPrefix(False)  # 0.3 m³/m³, not 300 thousandths


def theta_curve(plot: Any) -> tuple[Any, Any]:
    """A line that breaks at gaps, and dots for days that stand alone between two gaps."""
    line = plot.plot([], [], connect="finite")
    dots = pg.ScatterPlotItem(size=4, pen=pg.mkPen(None))
    plot.addItem(dots)
    return line, dots


def draw_theta(curve: tuple[Any, Any], times: np.ndarray, theta: np.ndarray | None) -> None:
    line, dots = curve
    if theta is None:
        line.setData([], [])
        dots.setData([], [])
        return
    lone = station_series.lone_days(theta)
    line.setData(times, theta, connect="finite")
    dots.setData(times[lone], theta[lone])


def seconds(days: Any) -> Any:
    """Days as pyqtgraph's time axis wants them: seconds since 1970, UTC."""
    return days.astype("datetime64[D]").astype(float) * DAY_S
