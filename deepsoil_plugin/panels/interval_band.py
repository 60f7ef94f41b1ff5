"""The 90 % interval of a curve as a coloured band. Importing this module loads pyqtgraph."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.PyQt.QtGui import QColor

from ..widgets import pyqtgraph_loader

pg: Any = pyqtgraph_loader.load_pyqtgraph()


class IntervalBand:
    """Two invisible edges and what fills the room between them. Made once; only its data changes."""

    def __init__(self, plot: Any) -> None:
        self.edges = [pg.PlotCurveItem([], [], pen=None, connect="finite") for _ in range(2)]
        self.filled = pg.FillBetweenItem(*self.edges)
        plot.addItem(self.filled)

    def set_colour(self, colour: QColor) -> None:
        self.filled.setBrush(pg.mkBrush(colour))

    def draw(self, times: np.ndarray, lower: np.ndarray | None, upper: np.ndarray | None) -> None:
        """Between these θ; nothing on days without, and nothing at all without both."""
        for edge, values in zip(self.edges, (lower, upper), strict=True):
            edge.setData(times if values is not None else [], values if values is not None else [], connect="finite")
