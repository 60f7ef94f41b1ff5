"""Where the forecast begins in plots over days. Importing this module loads pyqtgraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont

from ..text.translate import tr
from ..widgets.plot_colours import PlotColours
from .plot_parts import DAY_S, pg


class ForecastMarks:
    """A dotted line in each of ``plots``, and the word in those of ``named``. Made once; what they show changes."""

    def __init__(self, plots: Sequence[Any], named: Sequence[Any]) -> None:
        self.lines = [pg.InfiniteLine(angle=90) for _ in plots]
        self.notes = [pg.TextItem("", anchor=(1, 0)) for _ in named]
        for items, owners in ((self.lines, plots), (self.notes, named)):
            for item, plot in zip(items, owners, strict=True):
                plot.addItem(item, ignoreBounds=True)

    def wear(self, colours: PlotColours, font: QFont) -> None:
        for line in self.lines:
            line.setPen(pg.mkPen(colours.faint, style=Qt.PenStyle.DotLine))
        for note in self.notes:
            note.setColor(colours.text)
            note.setFont(font)

    def draw(self, times: np.ndarray, foreseen: np.ndarray, high: float) -> None:
        """``times``: days in seconds since 1970; ``foreseen``: which of them; ``high``: the upper end of the θ axis."""
        for line in self.lines:
            line.setVisible(bool(foreseen.any()))
            if foreseen.any():
                line.setValue(times[foreseen][0] - DAY_S / 2)
        for note in self.notes:
            note.setText(tr("forecast") if foreseen.any() else "")
            note.setPos(times[-1], high)
