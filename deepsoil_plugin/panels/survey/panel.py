"""The panel *Own readings*: the readings of the dock beside a map that was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QTimer
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ...depths import depths_cm
from ...text.formatting import plain_error
from ...text.plain import tip_text
from ...text.translate import tr
from ...widgets.basic import GRID, ProblemLine, row, say, subdue, tool_button
from ...widgets.plot_colours import plot_colours
from ..finished_maps import job_text, maps_of
from ..words_line import WordsLine
from .layer import has_residuals, remove_residuals, show_residuals
from .words import all_values, figures, left_out_text, made_with_text, pattern_text

_TABLE_PX = 260
_PICTURE_PX = 170


class SurveyPanel(QgsDockWidget):
    """Compares again when readings or maps change, while it is seen."""

    def __init__(self, iface: Any, client: Any, session: Any, readings: Any) -> None:
        """``readings``: the dock's section; ``session``: of the jobs."""
        super().__init__(tr("DeepSoil Own readings"), iface.mainWindow())
        self.setObjectName("DeepSoilSurveyPanel")
        self._client, self._model, self._readings = client, session.model, readings
        self._plot: Any = None
        self._answer: dict[str, Any] = {}
        self._asked: tuple[str, list[dict[str, Any]]] | None = None
        self._map = QComboBox()
        self._map.setObjectName("surveyMap")
        self._map.setAccessibleName(tr("Map that the readings are compared with"))
        self._map.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._residuals = tool_button("surveyResiduals", "reading", tr(
            "Show on the map where it is wetter or drier than the readings"), tr("On the map"))
        self._words = WordsLine("surveyWords")
        subdue(self._words)
        self._problem = ProblemLine("surveyProblem")
        self._figures = QTableWidget(0, 0)
        self._figures.setObjectName("surveyFigures")
        self._figures.setAccessibleName(tr("Figures of the comparison"))
        self._figures.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._figures.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._figures.setMinimumWidth(_TABLE_PX)
        self._body = row(spacing=2 * GRID)
        self._body.addWidget(self._figures, 2)
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(GRID, 0, GRID, GRID)
        lines.setSpacing(GRID)
        head = row(self._map, self._residuals, spacing=2 * GRID)
        head.setStretch(0, 1)
        lines.addLayout(head)
        lines.addLayout(self._body, 1)
        lines.addWidget(self._words)
        lines.addWidget(self._problem)
        self.setWidget(whole)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._look)
        self._map.activated.connect(lambda _: self._compare())
        self._residuals.clicked.connect(self._show_residuals)
        readings.readingsChanged.connect(self._later.start)
        for signal in (self._model.rowsInserted, self._model.dataChanged, self._model.modelReset,
                       self._model.rowsRemoved):
            signal.connect(self._later.start)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            self._plot.set_colours(plot_colours(self.palette()))

    # --- what is compared

    def _look(self) -> None:
        """Offer the maps of the readings' days, and compare where the choice or the readings are others."""
        if not self.isVisible():
            return
        values = all_values(self._readings.known)
        before = self._map.currentData()
        jobs = maps_of(self._model.jobs(), {str(value["date"]) for value in values})
        self._map.clear()
        for job in jobs:
            self._map.addItem(job_text(job), job["id"])
        self._map.setCurrentIndex(max(0, self._map.findData(before)) if jobs else -1)
        self._compare()

    def _compare(self) -> None:
        values, job = all_values(self._readings.known), self._map.currentData()
        if not values or job is None:
            self._asked, self._answer = None, {}
            self._refresh(tr("There are no readings yet. Add them in the dock's line Probes: a CSV file or single "
                             "values.") if not values else
                          tr("No finished map has a day of these readings."))
            return
        if self._asked == (job, values):
            return
        asked = self._asked = (job, values)
        self._client.call("compare_readings", {"id": job, "values": values},
                          lambda answer: self._came(asked, answer), lambda error: self._refused(asked, error),
                          owner=self)

    def _came(self, asked: Any, answer: dict[str, Any]) -> None:
        if asked is self._asked:  # else other readings or another map have been chosen since
            self._answer = answer
            self._refresh()

    def _refused(self, asked: Any, error: Mapping[str, Any]) -> None:
        if asked is self._asked:
            self._answer = {}
            self._refresh(plain_error(error), warning=True)

    # --- what is shown

    def units_changed(self) -> None:
        """Figures, axes and residuals on the map in the unit that the user has chosen."""
        if self._plot is not None:
            self._plot.set_colours(plot_colours(self.palette()))
        if self._answer:
            self._refresh()
        if self._answer and has_residuals(QgsProject.instance()):
            self._show_residuals()

    def _refresh(self, text: str = "", warning: bool = False) -> None:
        points, scores = self._answer.get("points") or [], self._answer.get("scores") or {}
        if points and self._plot is None:
            from .plot import SurveyPlot

            self._plot = SurveyPlot(plot_colours(self.palette()))
            self._plot.setMinimumHeight(_PICTURE_PX)
            self._body.insertWidget(0, self._plot, 3)
        if self._plot is not None:
            self._plot.show_points(points)
            self._plot.setVisible(bool(points))
        self._fill_figures(scores)
        self._residuals.setEnabled(bool(points))
        job = self._model.job(self._map.currentData() or "") or {}
        parts = [made_with_text(job) if points else "", *(pattern_text(one) for one in scores.values()),
                 left_out_text(self._answer.get("left_out") or {})]
        say(self._words, " ".join(dict.fromkeys(part for part in parts if part)))
        self._problem.say(text, warning=warning)

    def _fill_figures(self, scores: Mapping[str, Any]) -> None:
        columns = [str(depth) for depth in depths_cm() if str(depth) in scores]
        table = {depth: figures(scores[depth]) for depth in columns}
        titles = [title for title, _, _ in table[columns[0]]] if columns else []
        self._figures.setVisible(bool(columns))
        self._figures.setRowCount(len(titles))
        self._figures.setColumnCount(len(columns))
        self._figures.setHorizontalHeaderLabels([tr("{0} cm").format(depth) for depth in columns])
        self._figures.setVerticalHeaderLabels(titles)
        for column, depth in enumerate(columns):
            for line, (_, figure, hint) in enumerate(table[depth]):
                item = QTableWidgetItem(figure)
                item.setToolTip(tip_text(hint))
                self._figures.setItem(line, column, item)

    def _show_residuals(self) -> None:
        show_residuals(QgsProject.instance(), self._answer["points"], self._map.currentText())

    def closeEvent(self, event: Any) -> None:
        remove_residuals(QgsProject.instance())
        super().closeEvent(event)


def make(components: Any) -> SurveyPanel:
    """For the registry of panels."""
    return SurveyPanel(components.iface, components.client, components.session, components.dock.request.readings)
