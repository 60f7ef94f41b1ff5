"""The regions of a host: what days each has, whose data they are, where it lies; shown on the map, and removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..contract import LOCAL
from ..engine.client import EngineClient
from ..jobs.gather_request import is_old, last_known_day
from ..map.area import AreaBand, AreaError, extent_on
from ..text.dates import day_text, period_text
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, PlainMessageBox, ProblemLine, quiet_label, row, say
from .data_section import DataSection, Region, limits_of

_NAME, _FOLDER = 0, 4
_ID = int(Qt.ItemDataRole.UserRole)


class RegionsWindow(QDialog):
    """A table of the regions of the data's line. Not modal; the chosen one is outlined on the map while it is open."""

    def __init__(self, client: EngineClient, data: DataSection, canvas: QgsMapCanvas,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilRegionsWindow")
        self.setWindowTitle(self.tr("DeepSoil: Regions"))
        self._client, self._data, self._canvas = client, data, canvas
        self._band = AreaBand(canvas, self)
        self._band.follow_canvas()
        self._list = QTreeWidget()
        self._list.setObjectName("deepsoilRegions")
        self._list.setAccessibleName(self.tr("Regions"))
        self._list.setRootIsDecorated(False)
        self._list.setHeaderLabels([self.tr("Region"), self.tr("Days with maps"), self.tr("Data until"),
                                    self.tr("Stations"), self.tr("Folder")])
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_FOLDER, QHeaderView.ResizeMode.Stretch)
        self._about = quiet_label("deepsoilRegionsAbout")
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._empty = quiet_label("deepsoilRegionsEmpty")
        self._problem = ProblemLine("deepsoilRegionsProblem")
        self._zoom = self._push("deepsoilRegionsZoom", self.tr("Zoom to it"))
        self._update = self._push("deepsoilRegionsUpdate", self.tr("Update…"))
        self._remove = self._push("deepsoilRegionsRemove", self.tr("Remove…"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        line = row(self._zoom, self._update, self._remove, spacing=2 * GRID)
        line.addStretch(1)
        line.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._empty)
        layout.addWidget(self._about)
        layout.addWidget(self._problem)
        layout.addLayout(line)
        self.resize(820, 320)
        self._list.currentItemChanged.connect(self._chosen)
        self._list.itemDoubleClicked.connect(lambda *_: self._zoom_to())
        self._zoom.clicked.connect(self._zoom_to)
        self._update.clicked.connect(lambda: data.updateWanted.emit(self._region()))
        self._remove.clicked.connect(self._ask)
        data.listed.connect(self._fill)
        self._fill()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._band.show_area(None)

    def hide_outline(self) -> None:
        """Leave nothing on the map; before the window is deleted."""
        self._band.remove()

    def _push(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    # --- the table

    def _fill(self) -> None:
        before = self._id()
        self._list.clear()
        for region in self._data.regions:
            item = QTreeWidgetItem(_cells(region))
            item.setData(_NAME, _ID, region["id"])
            for column in range(self._list.columnCount()):
                item.setToolTip(column, tip_text(item.text(column)))
            self._list.addTopLevelItem(item)
            if region["id"] == before:
                self._list.setCurrentItem(item)
        say(self._empty, "" if self._data.regions else self.tr(
            "There is no region yet. Draw a field and get its data, or add a region folder in the line Data."))
        if self._list.currentItem() is None and self._list.topLevelItemCount():
            self._list.setCurrentItem(self._list.topLevelItem(0))
        self._chosen()

    def _id(self) -> str:
        item = self._list.currentItem()
        return "" if item is None else str(item.data(_NAME, _ID))

    def _region(self) -> Region | None:
        return self._data.by_id(self._id())

    def _chosen(self, *_: object) -> None:
        region = self._region() or {}
        problem = region.get("problem")
        self._problem.say(plain_error(problem) if problem else "", warning=True)
        sources = region.get("attribution")
        say(self._about, "\n".join([*([self.tr("Sources: {0}").format(sources)] if sources else []),
                                    self.tr("Folder: {0}").format(region["path"])]) if region else "")
        self._zoom.setEnabled(bool(region.get("footprint")))
        self._update.setEnabled(bool(region.get("gathered")) and is_old(region, dt.datetime.now(dt.UTC).date()))
        self._remove.setEnabled(bool(region))
        self._band.show_area(region.get("footprint") if self.isVisible() else None)

    def _zoom_to(self) -> None:
        region = self._region()
        if region is None or not region.get("footprint"):
            return
        try:
            self._canvas.setExtent(extent_on(self._canvas, region["footprint"]))
        except AreaError as error:
            self._problem.say(str(error), warning=True)
            return
        self._canvas.refresh()

    # --- removing

    def _ask(self) -> None:
        """Deleting files is asked for apart, and only offered for folders that DeepSoil made."""
        region = self._region()
        if region is None:
            return
        ours = bool(region.get("made_here"))
        text = self.tr("Remove {0}? Its maps and jobs stay.").format(region["name"]) + "\n\n" + (
            self.tr("Its files can be deleted too: {0}") if ours else
            self.tr("Its files stay, as DeepSoil did not make them: {0}")).format(region["path"])
        box = PlainMessageBox("deepsoilRemoveRegion", text, self)
        box.setWindowModality(Qt.WindowModality.NonModal)
        forget = box.addButton(self.tr("Take out of the list"), QMessageBox.ButtonRole.AcceptRole)
        forget.setObjectName("deepsoilForgetRegion")
        forget.clicked.connect(lambda: self._send(region, files=False))
        if ours:
            delete = box.addButton(self.tr("Delete its files, too"), QMessageBox.ButtonRole.DestructiveRole)
            delete.setObjectName("deepsoilDeleteRegion")
            delete.clicked.connect(lambda: self._send(region, files=True))
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.show()

    def _send(self, region: Region, files: bool) -> None:
        parameters: dict[str, Any] = {"region": region["id"], "files": files}
        if (host := self._data.host) != LOCAL:
            parameters["host"] = host
        self._client.call("remove_region", parameters, lambda _: self._removed(region),
                          lambda error: self._problem.say(plain_error(error), warning=True), owner=self)

    def _removed(self, region: Region) -> None:
        self._data.forget(region["id"])


def _cells(region: Region) -> Sequence[str]:
    limits, last = limits_of(region), last_known_day(region)
    return [region["name"], period_text(*limits) if limits else "", day_text(last) if last else "",
            str(region.get("stations") or ""), region["path"]]
