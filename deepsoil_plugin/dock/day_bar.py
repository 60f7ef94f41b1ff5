"""Another day of the maps of the chosen job: a slider that follows mouse and keyboard, with the day beside it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFileDialog, QSizePolicy, QSlider, QWidget

from ..exports.day_pictures import DayPictures
from ..map import day_layers, layer_tree
from ..map.result_layers import ResultLayers
from ..text.dates import day_text
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel, row, tool_button
from ..widgets.message_bar import Messages

_PAGE = 7  # days that a click beside the handle, or Page Up, goes on


class DayBar(QWidget):
    """For the chosen job, or where that has no maps of several days, for the uppermost in the layer tree that has some,
    or for the layers that Processing made; not there while there is none.
    """

    def __init__(self, results: ResultLayers, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results, self._messages = results, Messages(iface)
        self._pictures = DayPictures(iface.mapCanvas(), results, self)
        self._job = self._of = ""
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
        self._shots = tool_button("deepsoilMapDayPictures", "export", self.tr("Export the days as pictures…"))
        self._shots.setCheckable(True)
        layout = row(self._before, self._slider, self._after, self._text, self._shots, spacing=GRID)
        layout.setContentsMargins(GRID, 0, GRID, GRID)
        self.setLayout(layout)
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        self._shots.clicked.connect(self._pictures_clicked)
        self._pictures.ended.connect(self._pictures_ended)
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
        self._pictures.stop()
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
            self._of = job
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

    # --- pictures

    def _pictures_clicked(self) -> None:
        """Ask for a folder; while pictures are made, stop."""
        self._shots.setChecked(self._pictures.running)
        if self._pictures.running:
            self._pictures.stop()
            return
        dialog = QFileDialog(self.window(), self.tr("Folder for the pictures of the days"))
        dialog.setObjectName("deepsoilDayPicturesFolder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self.export_pictures(Path(folder)))
        dialog.open()

    def export_pictures(self, folder: Path) -> None:
        """A picture of the map for each of the days, into a folder."""
        if self._pictures.running or not self._days:
            return
        group = layer_tree.group_of_job(QgsProject.instance(), self._of) if self._of else None
        name = str(group.name()).split(" · ")[0] if group is not None else self.tr("Soil moisture")
        self._shots.setChecked(True)
        self._shots.setToolTip(tip_text(self.tr("Stop")))
        self._folder = folder
        self._pictures.start(folder, name, self._days, self._days[self._slider.value()])

    def _pictures_ended(self, files: int, error: str) -> None:
        self._shots.setChecked(False)
        self._shots.setToolTip(tip_text(self.tr("Export the days as pictures…")))
        if error:
            self._messages.warning(error)
        elif files:
            self._messages.files(tr("%n file(s) are in {0}.", None, files).format(self._folder), self._folder)
