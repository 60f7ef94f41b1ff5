"""The picture of trainings: the loss above, the error on what was held out below, on one axis of epochs.

Only draws. Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
from qgis.PyQt.QtGui import QFont

from ..text.plain import html_text
from ..text.translate import tr
from ..widgets import pyqtgraph_loader
from ..widgets.plot_colours import PlotColours
from .curves import TRAINING_LOSS, VALIDATION_MAE, Run
from .line_styles import pen_of

pg: Any = pyqtgraph_loader.load_pyqtgraph()

_SMALL_PT = 8.0
_AXIS_WIDTH = 62
_FAINT = 0.25
MOST_IN_LEGEND = 12


class CurvesPlot(pg.GraphicsLayoutWidget):
    """Two plots: the training loss, and the MAE of what was held out.

    Curves are made when they are first needed and then only given other data: inside QGIS, taking an item out of a
    scene ends in "unable to convert a QVariant back to a Python object".
    """

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.setObjectName("deepsoilCurvesPlot")
        self._colours = colours
        self._numbers: list[int] = []
        self._loud: list[bool | None] = []  # of each curve: chosen, not chosen, or nothing is chosen
        self.ci.layout.setContentsMargins(4, 4, 8, 0)
        self.loss = self._plot(0)
        self.mae = self._plot(1)
        self.mae.setXLink(self.loss)
        self.loss.getAxis("bottom").setStyle(showValues=False)
        self.loss.setLogMode(y=True)
        for row, stretch in enumerate((10, 12)):  # the lower one also carries the axis
            self.ci.layout.setRowStretchFactor(row, stretch)
        self._losses: list[Any] = []
        self._maes: list[Any] = []
        self.legend = pg.LegendItem(offset=(-8, 4), labelTextSize=f"{_SMALL_PT}pt")
        self.legend.setParentItem(self.mae.getViewBox())
        self.set_colours(colours)

    def set_colours(self, colours: PlotColours) -> None:
        """Wear these colours."""
        self._colours = colours
        self.setBackground(colours.background)
        small = QFont(self.font())
        small.setPointSizeF(_SMALL_PT)
        style = {"color": colours.text.name(), "font-size": f"{_SMALL_PT}pt"}
        for plot, label in ((self.loss, tr("loss")), (self.mae, tr("validation MAE") + "<br>m³/m³")):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(colours.faint))
                axis.setTextPen(pg.mkPen(colours.text))
                axis.setTickFont(small)
            plot.setLabel("left", label, **style)
        self.mae.setLabel("bottom", tr("epoch"), **style)
        self.legend.setLabelTextColor(colours.text)
        for position in range(len(self._maes)):
            self._dress(position, self._numbers[position] if position < len(self._numbers) else position)

    def show_runs(self, runs: Sequence[Run], chosen: Set[int] = frozenset()) -> None:
        """Draw these runs; the number of each, which is its colour, stays with it whatever else is shown. Where some
        are chosen, by number, the others step back.
        """
        self._numbers = [run.task for run in runs]
        seen = chosen & set(self._numbers)
        self._loud = [number in seen if seen else None for number in self._numbers]
        while len(self._maes) < len(runs):
            self._make()
        for position in range(len(self._maes)):
            run = runs[position] if position < len(runs) else None
            for curve, column in ((self._losses[position], TRAINING_LOSS), (self._maes[position], VALIDATION_MAE)):
                epochs, values = run.series(column) if run is not None else (np.empty(0), np.empty(0))
                epochs, values = epochs[values > 0], values[values > 0]
                # A single epoch is no line yet: a dot shows it.
                curve.setData(epochs, values, symbol="o" if len(epochs) == 1 else None)
            if run is not None:
                self._dress(position, run.task)
        self.legend.clear()
        if 1 < len(runs) <= MOST_IN_LEGEND:
            for position, run in enumerate(runs):
                self.legend.addItem(self._maes[position], html_text(run.name))
        last = max([run.epochs or run.done for run in runs] or [1])
        self.loss.setXRange(0.5, max(2, last) + 0.5, padding=0)

    def _make(self) -> None:
        self._losses.append(self.loss.plot([], []))
        self._maes.append(self.mae.plot([], []))

    def _dress(self, position: int, number: int) -> None:
        colour, style = pen_of(number, self._colours)
        loud = self._loud[position] if position < len(self._loud) else None
        if loud is False:
            colour.setAlphaF(_FAINT)
        for curve in (self._losses[position], self._maes[position]):
            curve.setZValue(1 if loud else 0)
            curve.setPen(pg.mkPen(colour, width=3.0 if loud else 2.0, style=style))
            curve.setSymbolBrush(pg.mkBrush(colour))
            curve.setSymbolPen(pg.mkPen(colour))
            curve.setSymbolSize(5)

    def _plot(self, row: int) -> Any:
        plot = self.addPlot(row=row, col=0)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.getViewBox().setMouseEnabled(x=False, y=False)
        plot.showGrid(x=True, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        for side in ("left", "bottom"):
            plot.getAxis(side).enableAutoSIPrefix(False)
        return plot
