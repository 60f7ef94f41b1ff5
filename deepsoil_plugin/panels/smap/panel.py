"""The panel *SMAP*: a finished map of the surface, averaged over SMAP's cells, beside SMAP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qgis.core import QgsGeometry, QgsMapLayer, QgsProject, QgsRectangle
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, Qt, QTimer
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ...depths import SATELLITE_CM
from ...map import layer_tree
from ...map.area import ACCENT, polygon_band, wgs84
from ...text.formatting import plain_error
from ...text.translate import tr
from ...widgets.basic import GRID, ProblemLine, say, subdue
from ...widgets.plot_colours import plot_colours
from ..finished_maps import maps_of
from ..map_day import MapDay
from ..words_line import WordsLine
from .asking import Asking
from .cell_maps import CellMaps
from .comparison import Comparison
from .header import SmapHeader
from .layers import remove_cells, show_cells
from .tables import SmapTables
from .words import cell_text, no_pass_text, notes, progress_text

_PICTURE_PX = 170
_SHARES = [2500, 4200, 3300]  # of the width: maps, plots, tables


class SmapPanel(QgsDockWidget):
    """Compares while it is seen; a cell that is pointed at in maps, plot or table is marked in all of them."""

    def __init__(self, iface: Any, client: Any, session: Any) -> None:
        """``session``: of the jobs."""
        super().__init__(tr("DeepSoil SMAP"), iface.mainWindow())
        self.setObjectName("DeepSoilSmapPanel")
        self._iface, self._model = iface, session.model
        self._asking = Asking(client, self)
        self._compared: tuple[str, str] | None = None
        self._comparison: Comparison | None = None
        self._day: dt.date | None = None
        self._picked = self._lit = -1
        self._pointed_day: dt.date | None = None
        self._plot: Any = None
        self._band = polygon_band(iface.mapCanvas(), ACCENT)
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._look)
        self._connect(iface)
        self._show()

    def _build(self) -> None:
        self._header = SmapHeader()
        self._maps = CellMaps()
        self._tables = SmapTables()
        self._body = QSplitter(Qt.Orientation.Horizontal)
        self._body.setObjectName("smapBody")
        self._body.setChildrenCollapsible(False)
        self._body.setMinimumHeight(_PICTURE_PX)
        self._body.addWidget(self._maps)
        self._body.addWidget(self._tables)
        self._cell = WordsLine("smapCell")
        self._notes = WordsLine("smapNotes")
        subdue(self._notes)
        self._problem = ProblemLine("smapProblem")
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(GRID, 0, GRID, GRID)
        lines.setSpacing(GRID)
        lines.addWidget(self._header)
        lines.addWidget(self._body, 1)
        for line in (self._cell, self._notes, self._problem):
            lines.addWidget(line)
        self.setWidget(whole)

    def _connect(self, iface: Any) -> None:
        self._header.asked.connect(lambda: self._compare(again=True))
        self._header.dayChosen.connect(self._day_chosen)
        self._header.stopAsked.connect(self._asking.stop)
        self._header.goOnAsked.connect(self._go_on)
        self._header.layersAsked.connect(self._show_layers)
        self._maps.hovered.connect(self._hovered)
        self._tables.hovered.connect(self._hovered)
        self._maps.picked.connect(self._pick)
        self._tables.picked.connect(self._pick)
        self._asking.came.connect(self._came)
        self._asking.failed.connect(self._failed)
        self._asking.stopped.connect(self._stopped)
        iface.mapCanvas().currentLayerChanged.connect(self._layer_changed)
        MapDay(iface.mapCanvas(), self).changed.connect(self._map_day_changed)
        for signal in (self._model.rowsInserted, self._model.dataChanged, self._model.modelReset,
                       self._model.rowsRemoved):
            signal.connect(self._later.start)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def closeEvent(self, event: Any) -> None:
        self._asking.stop()
        self._band.reset()
        remove_cells(QgsProject.instance())
        super().closeEvent(event)

    def leave(self) -> None:
        """The plugin goes, and with it what lies on the map."""
        self._iface.mapCanvas().currentLayerChanged.disconnect(self._layer_changed)
        self._iface.mapCanvas().scene().removeItem(self._band)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            QTimer.singleShot(0, self._new_colours)  # after Qt has told all widgets

    def units_changed(self) -> None:
        self._new_colours()
        self._show()

    def _new_colours(self) -> None:
        if self._plot is not None:
            self._plot.set_colours(plot_colours(self.palette()))
            self._header.explain(plot_colours(self.palette()))

    # --- what is compared

    def _look(self, wanted: str = "") -> None:
        """Offer the maps that are there, and compare where the choice is another one."""
        if not self.isVisible():
            return
        jobs = maps_of(self._model.jobs(), set(), SATELLITE_CM)
        self._header.offer_maps(jobs, wanted or self._header.job or self._job_of(self._iface.activeLayer()))
        self._compare()

    @staticmethod
    def _job_of(layer: QgsMapLayer | None) -> str:
        return str(layer.customProperty(layer_tree.JOB) or "") if layer is not None else ""

    def _layer_changed(self, layer: QgsMapLayer | None) -> None:
        """The map that is chosen in the layer tree is the one to compare."""
        job = self._job_of(layer)
        if job and job != self._header.job:
            self._look(job)

    def _compare(self, again: bool = False) -> None:
        """``again``: also what was asked before, as after an error."""
        if not self._header.job:
            self._asking.stop()
            self._compared, self._comparison = None, None
            self._show(tr("There is no finished map of {0} cm yet. Make one in the dock: SMAP sees this depth.").format(
                SATELLITE_CM))
            return
        if self._compared == (self._header.job, self._header.path) and not again:
            return
        self._compared = (self._header.job, self._header.path)
        self._comparison, self._day, self._picked, self._lit = None, None, -1, -1
        self._header.busy(None)
        self._show(tr("The map is averaged over SMAP's cells …"))
        self._asking.begin(*self._compared)

    def _go_on(self) -> None:
        self._header.busy(self._comparison)
        self._asking.go_on()

    def _came(self, answer: Mapping[str, Any]) -> None:
        first = self._comparison is None
        self._comparison = Comparison.of(answer)
        cells = self._comparison.cells
        if first or self._picked >= len(cells):
            self._picked = max(range(len(cells)), key=lambda number: cells[number]["share"], default=-1)
        if first:
            self._day = self._first_day(self._comparison)
        if self._comparison.is_whole:
            self._header.idle(False)
        else:
            self._header.busy(self._comparison)
        self._show()

    @staticmethod
    def _first_day(comparison: Comparison) -> dt.date | None:
        """The last map's day with a pass, else the last map's."""
        seen = [day for day in comparison.map_days if comparison.has_pass(day)]
        return max(seen or comparison.map_days, default=None)

    def _failed(self, error: Mapping[str, Any]) -> None:
        self._comparison = None
        self._header.idle(False)
        self._show(plain_error(error), warning=True)

    def _stopped(self) -> None:
        known = self._comparison
        self._header.idle(known is not None)
        if known is None:
            self._compared = None
            self._show(tr("Cancelled: no map was read. Choose the map again to compare it."))
        else:
            self._problem.say(tr("Cancelled: {0}.").format(progress_text(known)))

    # --- what is shown

    def _show(self, text: str = "", warning: bool = False) -> None:
        known = self._comparison
        if known is not None and self._plot is None:
            from .plot import SmapPlot  # loads pyqtgraph, which nobody needs before

            self._plot = SmapPlot(plot_colours(self.palette()))
            self._plot.pointHovered.connect(self._hovered)
            self._plot.pointPicked.connect(self._point_picked)
            self._plot.dayPicked.connect(self._day_chosen)
            self._body.insertWidget(1, self._plot)
            self._body.setSizes(_SHARES)
            self._header.explain(plot_colours(self.palette()))
        self._body.setVisible(known is not None)
        self._header.offer_days(known, self._day)
        if known is None:
            self._band.reset()
            self._cell.clear()
            self._notes.clear()
            self._problem.say(text, warning=warning)
            return
        self._plot.show_comparison(known)
        self._tables.show_scores(known)
        say(self._notes, notes(known))
        self._problem.say(text or no_pass_text(known, self._day), warning=warning)
        self._show_day()

    def _show_day(self) -> None:
        assert self._comparison is not None
        self._maps.show_cells(self._comparison.cells, self._comparison.values(self._day))
        self._tables.show_cells(self._comparison, self._day)
        self._show_marks()

    def _show_marks(self) -> None:
        known = self._comparison
        if known is None or not 0 <= self._picked < len(known.cells):
            return
        lit = self._lit if self._lit >= 0 else self._picked
        self._maps.mark(self._picked, self._lit)
        self._tables.mark(self._picked)
        self._plot.show_cell(lit, lit, self._pointed_day or self._day)
        self._cell.setText(cell_text(known, lit, self._pointed_day or self._day))
        cell = known.cells[lit]
        box = QgsRectangle(cell["west"], cell["south"], cell["east"], cell["north"])
        self._band.setToGeometry(QgsGeometry.fromRect(box), wgs84())

    def _hovered(self, cell: int, day: dt.date | None = None) -> None:
        if (cell, day) != (self._lit, self._pointed_day):
            self._lit, self._pointed_day = cell, day
            self._show_marks()

    def _pick(self, cell: int) -> None:
        self._picked = cell
        self._show_marks()

    def _point_picked(self, cell: int, day: dt.date) -> None:
        self._picked = cell
        self._day_chosen(day)

    def _day_chosen(self, day: dt.date | None) -> None:
        if self._comparison is None:
            return
        self._day = day
        self._header.offer_days(self._comparison, day)
        self._problem.say(no_pass_text(self._comparison, day))
        self._show_day()

    def _map_day_changed(self, day: dt.date) -> None:
        """The panel follows the Temporal Controller."""
        if self._comparison is not None and day in self._comparison.map_days and day != self._day:
            self._day_chosen(day)

    def _show_layers(self) -> None:
        if self._comparison is not None:
            show_cells(QgsProject.instance(), self._comparison, self._day, self._header.name)


def make(components: Any) -> SmapPanel:
    """For the registry of panels."""
    return SmapPanel(components.iface, components.client, components.session)
