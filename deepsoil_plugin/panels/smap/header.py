"""The first lines of the panel: which map, whose SMAP, which day, and how far the reading is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ...contract import LOCAL
from ...text.plain import tip_text
from ...text.translate import tr
from ...widgets.basic import GRID, row, tool_button
from ...widgets.open_file import ask_for_folder
from ...widgets.plot_colours import PlotColours
from ..colour_key import ColourKey
from ..finished_maps import job_text
from .comparison import Comparison
from .words import day_choice, progress_text

_REGION, _CHOOSE = "", "?"


class SmapHeader(QWidget):
    """``asked()``: another map or another SMAP. ``dayChosen(day)``: None for the mean. ``stopAsked``, ``goOnAsked``:
    the reading of the maps. ``layersAsked()``: the cells on the map.
    """

    asked = pyqtSignal()
    dayChosen = pyqtSignal(object)
    stopAsked = pyqtSignal()
    goOnAsked = pyqtSignal()
    layersAsked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._map = _list("smapMap", tr("Map that SMAP is compared with"))
        self._source = _list("smapSource", tr("SMAP to compare with"))
        self._source.addItem(tr("SMAP of the region"), _REGION)
        self._source.addItem(tr("Own SMAP files…"), _CHOOSE)
        self._source.setToolTip(tip_text(tr(
            "SMAP of the map's region, or a folder with HDF5 files of SPL3SMP or SPL3SMP_E, or GeoTIFFs with the day "
            "in their names")))
        self._chosen = _REGION
        self._day = _list("smapDay", tr("Day that is shown"))
        self._back = tool_button("smapBack", "previous", tr("Map of the day before"))
        self._on = tool_button("smapOn", "next", tr("Map of the next day"))
        self.key = ColourKey()
        self._progress = QProgressBar()
        self._progress.setObjectName("smapProgress")
        self._progress.setFixedSize(110, 14)
        self._stop = QPushButton(tr("Cancel"))
        self._stop.setObjectName("smapStop")
        self._stop.setToolTip(tip_text(tr("Read no more maps; what was read stays")))
        self._go_on = QPushButton(tr("Go on"))
        self._go_on.setObjectName("smapGoOn")
        self._go_on.setToolTip(tip_text(tr("Read the maps that are left")))
        self._layers = tool_button("smapLayers", "data", tr(
            "Show the cells as layers: SMAP, the means of the map, and the difference"), tr("On the map"))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID)
        first, second = row(self._map, self._source, self._layers, spacing=2 * GRID), row(
            self._back, self._day, self._on, self.key, self._progress, self._stop, self._go_on)
        first.setStretch(0, 3)
        first.setStretch(1, 2)
        second.setStretch(1, 1)
        second.insertStretch(4, 1)
        lines.addLayout(first)
        lines.addLayout(second)
        self._map.activated.connect(lambda _: self.asked.emit())
        self._source.activated.connect(self._source_chosen)
        self._day.activated.connect(lambda _: self.dayChosen.emit(self._day.currentData()))
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        self._stop.clicked.connect(lambda: self.stopAsked.emit())
        self._go_on.clicked.connect(lambda: self.goOnAsked.emit())
        self._layers.clicked.connect(lambda: self.layersAsked.emit())
        self.idle(False)
        self.offer_days(None, None)

    @property
    def job(self) -> str:
        """The id of the map that is chosen; empty without."""
        return str(self._map.currentData() or "")

    @property
    def name(self) -> str:
        return str(self._map.currentText())

    @property
    def path(self) -> str:
        """The folder of own files; empty for the region's SMAP."""
        return self._chosen

    def offer_maps(self, jobs: Sequence[Mapping[str, Any]], wanted: str) -> None:
        """``wanted``: the job to choose, where it is offered."""
        self._map.clear()
        for job in jobs:
            self._map.addItem(job_text(job), job["id"])
        self._map.setCurrentIndex(max(0, self._map.findData(wanted)) if jobs else -1)
        chosen = next((job for job in jobs if job["id"] == self.job), {})
        away = str(chosen.get("host") or LOCAL) != LOCAL
        self._source.model().item(1).setEnabled(not away)
        if away:
            self._take(_REGION)

    def offer_days(self, comparison: Comparison | None, day: dt.date | None) -> None:
        self._day.clear()
        if comparison is not None:
            days: list[dt.date | None] = list(comparison.map_days)
            for one in [None, *days] if len(days) > 1 else days:
                self._day.addItem(day_choice(comparison, one), one)
            self._day.setCurrentIndex(next((number for number in range(self._day.count())
                                            if self._day.itemData(number) == day), 0))
        for widget in (self._day, self._back, self._on):
            widget.setEnabled(self._day.count() > 1)
        self._layers.setEnabled(comparison is not None)

    def busy(self, comparison: Comparison | None) -> None:
        """Maps are being read."""
        self._progress.setRange(0, comparison.answer["of"] if comparison is not None else 0)
        self._progress.setValue(comparison.answer["read"] if comparison is not None else 0)
        self._progress.setToolTip(tip_text(progress_text(comparison) if comparison is not None else ""))
        self._progress.show()
        self._stop.show()
        self._go_on.hide()

    def idle(self, more: bool) -> None:
        """Nothing is being read; ``more``: maps are left."""
        self._progress.hide()
        self._stop.hide()
        self._go_on.setVisible(more)

    def explain(self, colours: PlotColours) -> None:
        """What lines and signs mean."""
        self.key.put([(colours.accent, "━", tr("map")), (colours.text, "●", tr("SMAP")),
                      (colours.hint, "△", tr("SMAP, flagged"))])

    def _step(self, by: int) -> None:
        place = self._day.currentIndex() + by
        if 0 <= place < self._day.count():
            self._day.setCurrentIndex(place)
            self.dayChosen.emit(self._day.currentData())

    def _source_chosen(self, _place: int) -> None:
        data = self._source.currentData()
        if data != _CHOOSE:
            self._chosen = data
            self.asked.emit()
            return
        self._take(self._chosen)
        ask_for_folder(self.window(), tr("Choose the folder with SMAP's files"), "smapFolder", self._folder_chosen)

    def _folder_chosen(self, path: str) -> None:
        if self._source.findData(path) < 0:
            self._source.insertItem(self._source.count() - 1, PurePath(path).name or path, path)
        self._take(path)
        self.asked.emit()

    def _take(self, source: str) -> None:
        self._chosen = source
        self._source.setCurrentIndex(max(0, self._source.findData(source)))


def _list(name: str, what: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(what)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box
