"""The line "Probes" of the request: the region's stations, files of own probes, values typed at a point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QWidget

from ...engine.client import EngineClient
from ...jobs.readings import KnownReadings, ProbeReadings, Reading, summary_text
from ...map.point_tool import PointTool
from ...map.reading_marks import ReadingMarks
from ...text.plain import tip_text
from ...widgets.basic import GRID, ProblemLine, column, quiet_label, row, say, tool_button
from ...widgets.open_file import ask_for_file
from .archive_dialog import ArchiveDialog, is_archive
from .list_window import ReadingsWindow
from .probe_dialog import ProbeDialog
from .value_dialog import ValueDialog


class ReadingsSection(QWidget):
    """``readingsChanged`` when the maps are to rest on other readings."""

    readingsChanged = pyqtSignal()

    def __init__(self, client: EngineClient, canvas: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._known = KnownReadings()
        self._count = 0  # of the region's stations
        self._day = ""
        self._last: Reading = {}  # what the last typed value shares with the next: its unit, depth and sensor
        self._place_for: ProbeDialog | ValueDialog | None = None
        self._window: ReadingsWindow | None = None
        self._marks = ReadingMarks(canvas, self)
        self._tool = PointTool(canvas)
        self._tool.picked.connect(self._picked)
        self._tool.ended.connect(self._tool_ended)
        self._build()
        self._refresh()

    def _build(self) -> None:
        self._stations = QCheckBox(self.tr("Stations"))
        self._stations.setObjectName("deepsoilUseStations")
        self._stations.toggled.connect(self._stations_toggled)
        file = tool_button("deepsoilReadingsFile", "job-folder", self.tr(
            "Open readings of own probes: a CSV file, or an archive of the International Soil Moisture Network (zip, "
            "or a sensor's file in its folder)"), self.tr("File"))
        file.clicked.connect(self._ask_for_file)
        self._point = tool_button("deepsoilReadingsPoint", "reading", self.tr(
            "Type a single reading: click its place on the map"), self.tr("Point"))
        self._point.setCheckable(True)
        self._point.clicked.connect(self._point_clicked)
        self._list = tool_button("deepsoilReadingsShow", "job-details", self.tr("Show, change and remove readings"),
                                 self.tr("List"))
        self._list.clicked.connect(self._show_list)
        buttons = row(self._stations, file, self._point, self._list, spacing=0)
        buttons.addStretch(1)
        self._summary = quiet_label("deepsoilReadingsSummary")
        self._message = ProblemLine("deepsoilReadingsMessage")
        layout = column(spacing=GRID)
        layout.addLayout(buttons)
        layout.addWidget(self._summary)
        layout.addWidget(self._message)
        self.setLayout(layout)

    # --- what others ask

    @property
    def known(self) -> KnownReadings:
        return self._known

    def restore(self, known: KnownReadings) -> None:
        """What a project keeps."""
        self._known = known
        if self._window is not None:
            self._window.show_known(known)
        self._refresh()

    def set_stations(self, count: int) -> None:
        """How many stations the region has; one that has none cannot give any, but a tick can be taken away."""
        self._count = count
        self._stations.setToolTip(tip_text(
            self.tr("Let the maps rest on the readings of the region's %n station(s)", None, count) if count
            else self.tr("The region of this area has no stations")))
        self._stations.setEnabled(bool(count) or self._known.stations)

    def set_day(self, day: str) -> None:
        """ISO date of the map, which a typed value has at first."""
        self._day = day

    def add_file(self, path: str) -> None:
        """Ask what the columns of a file of probes are; an archive says all of it, and shows its sensors."""
        if is_archive(path):
            archive = ArchiveDialog(self._client, path, self)
            archive.given.connect(self._file_given)
            archive.show()
            return
        dialog = ProbeDialog(self._client, path, self)
        dialog.given.connect(self._file_given)
        self._open(dialog)

    def units_changed(self) -> None:
        """The list of readings in the unit that the user has chosen."""
        if self._window is not None:
            self._window.show_known(self._known)

    def close_tools(self) -> None:
        """Leave nothing on the map."""
        self._place_for = None
        self._tool.end()
        self._tool.deleteLater()
        self._marks.remove()

    # --- files and values

    def _ask_for_file(self) -> None:
        ask_for_file(self.window(), self.tr("Open readings of own probes"), self.tr(
            "Tables and ISMN archives (*.csv *.txt *.tsv *.zip *.stm)"), "deepsoilReadingsFileDialog", self.add_file)

    def _file_given(self, file: ProbeReadings) -> None:
        self._put(self._known.with_file(file))

    def ask_for_value(self, longitude: float, latitude: float) -> None:
        """Ask for the reading at a place."""
        dialog = ValueDialog({**self._last, "date": self._day, "longitude": longitude, "latitude": latitude}, True,
                             self)
        dialog.given.connect(lambda reading: self._value_given(dialog.unit, reading))
        self._open(dialog)

    def _value_given(self, unit: str, reading: Reading) -> None:
        self._last = {"unit": unit, "depth_cm": reading["depth_cm"], "sensor": reading["sensor"]}
        self._put(replace(self._known, typed=(*self._known.typed, reading)))

    def _edit_value(self, number: int) -> None:
        window = self._window
        if window is None or number >= len(self._known.typed):
            return
        dialog = ValueDialog(self._known.typed[number], False, window)
        dialog.given.connect(lambda reading: window.replace_typed(number, reading))
        self._open(dialog)

    def _open(self, dialog: ProbeDialog | ValueDialog) -> None:
        dialog.placeWanted.connect(lambda: self._pick_for(dialog))
        dialog.destroyed.connect(lambda: self._forget(dialog))
        dialog.show()

    # --- the map

    def _point_clicked(self, on: bool) -> None:
        self._tool.end()  # a dialog that waits for a place comes back
        self._point.setChecked(on)
        if not on:
            return
        self._tool.begin()
        self._message.say(self.tr("Click the place of the reading on the map. Esc cancels."))

    def _pick_for(self, dialog: ProbeDialog | ValueDialog) -> None:
        """The dialog is out of the map's way until a place is picked, or none is."""
        self._tool.end()
        self._place_for = dialog
        dialog.hide()
        self._tool.begin()
        self._message.say(self.tr("Click the place of the reading on the map. Esc cancels."))

    def _picked(self, longitude: float, latitude: float) -> None:
        if self._place_for is None:
            self.ask_for_value(longitude, latitude)
        else:
            self._place_for.set_place(longitude, latitude)

    def _tool_ended(self) -> None:
        """After a place was picked too."""
        self._point.setChecked(False)
        self._message.say("")
        dialog, self._place_for = self._place_for, None
        if dialog is not None:
            dialog.show()
            dialog.raise_()
            dialog.activateWindow()

    def _forget(self, dialog: ProbeDialog | ValueDialog) -> None:
        if self._place_for is dialog:
            self._place_for = None

    # --- what is shown

    def _show_list(self) -> None:
        if self._window is None:
            self._window = ReadingsWindow(self._known, self)
            self._window.changed.connect(self._put)
            self._window.editWanted.connect(self._edit_value)
            self._window.destroyed.connect(self._list_closed)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _list_closed(self) -> None:
        self._window = None

    def _stations_toggled(self, on: bool) -> None:
        if on != self._known.stations:
            self._put(replace(self._known, stations=on))

    def _put(self, known: KnownReadings) -> None:
        if known == self._known:
            return
        self._known = known
        if self._window is not None and self.sender() is not self._window:
            self._window.show_known(known)
        self._refresh()
        self.readingsChanged.emit()

    def _refresh(self) -> None:
        self._stations.setChecked(self._known.stations)
        self.set_stations(self._count)
        self._list.setEnabled(bool(self._known.files or self._known.typed or self._known.stations))
        say(self._summary, summary_text(self._known))
        self._marks.show_readings(self._known.values)
