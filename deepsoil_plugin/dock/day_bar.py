"""Another day of the maps of the chosen job: a slider that follows mouse and keyboard, with the day beside it."""

from __future__ import annotations

import datetime as dt

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QSizePolicy, QSlider, QWidget

from ..map import day_layers
from ..map.result_layers import ResultLayers
from ..text.dates import day_text
from ..text.plain import tip_text
from ..widgets.basic import GRID, PlainLabel, row, tool_button

_PAGE = 7  # days that a click beside the handle, or Page Up, goes on


class DayBar(QWidget):
    """For the chosen job, or where that has no maps of several days, for the uppermost in the layer tree that has some,
    or for the layers that Processing made; not there while there is none.
    """

    def __init__(self, results: ResultLayers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results = results
        self._job = ""
        self._days: list[str] = []
        self._before = tool_button("deepsoilMapDayBefore", "previous", self.tr("Show the day before on the map"))
        self._after = tool_button("deepsoilMapDayAfter", "next", self.tr("Show the next day on the map"))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("deepsoilMapDay")
        self._slider.setAccessibleName(self.tr("Day on the map"))
        self._slider.setToolTip(tip_text(self.tr("Day on the map: drag, or step with the arrow keys")))
        self._slider.setPageStep(_PAGE)
        self._slider.setMinimumWidth(10 * GRID)
        self._slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text = PlainLabel(name="deepsoilMapDayText")
        layout = row(self._before, self._slider, self._after, self._text, spacing=GRID)
        layout.setContentsMargins(GRID, 0, GRID, GRID)
        self.setLayout(layout)
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        self._slider.valueChanged.connect(self._moved)
        # Of the places that a quick hand passes, the last one counts.
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(0)
        self._wait.timeout.connect(self._ask)
        # Processing tells a layer its days only after it has been added.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.look)
        project = QgsProject.instance()
        project.layersAdded.connect(self._added)
        results.layersAdded.connect(self.look)
        results.days.shown.connect(self.look)
        project.layersRemoved.connect(self.look)
        project.readProject.connect(self.look)
        self.hide()

    def close_down(self) -> None:
        """Let go of the project, before the dock is deleted."""
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._added)
        project.layersRemoved.disconnect(self.look)
        project.readProject.disconnect(self.look)

    def _added(self, *_: object) -> None:
        self._later.start()

    def choose(self, job_id: str) -> None:
        """Offer the days of this job's maps, where it has several."""
        self._job = job_id
        self.look()

    def look(self, *_: object) -> None:
        """Show the days that there are, and the one on the map."""
        for job in (*([self._job] if self._job else []), *self._results.shown_jobs(), ""):
            self._days, shown = day_layers.days_of_job(QgsProject.instance(), job)
            if len(self._days) > 1:
                break
        self.setVisible(len(self._days) > 1)
        if len(self._days) < 2:
            return
        at = self._days.index(shown) if shown in self._days else len(self._days) - 1
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(self._days) - 1)
        if not self._wait.isActive():
            self._slider.setValue(at)
        self._slider.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        at = self._slider.value()
        self._text.setText(day_text(dt.date.fromisoformat(self._days[at])))
        self._before.setEnabled(at > 0)
        self._after.setEnabled(at < len(self._days) - 1)

    def _step(self, by: int) -> None:
        self._slider.setValue(self._slider.value() + by)

    def _moved(self) -> None:
        self._tell()
        self._wait.start()

    def _ask(self) -> None:
        if self._days:
            self._results.show_day(dt.date.fromisoformat(self._days[self._slider.value()]))
