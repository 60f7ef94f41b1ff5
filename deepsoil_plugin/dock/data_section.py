"""The request's data: which region is used, whether it is synthetic, and a menu to choose or add one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QToolButton, QWidget

from .. import preferences
from ..contract import LOCAL
from ..engine.client import EngineClient
from ..jobs.gather_request import GatherRequest, is_old, last_known_day
from ..map.area import AreaError, GeoJson, extent_on, geometry_from, outlines
from ..text.dates import day_text, period_text
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import NameLabel, PlainLabel, ProblemLine, column, row, tool_button
from .gather.offer import Offer
from .region_folder import ask_for_folder, ask_for_path

Region = dict[str, Any]


def limits_of(region: Region | None) -> tuple[dt.date, dt.date] | None:
    """First and last day for which a region gives maps."""
    if not region or not region.get("first_date") or not region.get("last_date"):
        return None
    return dt.date.fromisoformat(region["first_date"]), dt.date.fromisoformat(region["last_date"])


def region_for(area: GeoJson | None, regions: Sequence[Region]) -> Region | None:
    """The region that the engine would most likely take: one that holds the area, else one that touches it.

    Without an area, the only usable region there is.
    """
    usable = [region for region in regions if not region.get("problem")]
    if area is None:
        return usable[0] if len(usable) == 1 else None
    if (whole := next((region for region in usable if holds(region, area)), None)) is not None:
        return whole
    fields = outlines(area)
    return next((region for region in usable if region.get("footprint")
                 and any(geometry_from(region["footprint"]).intersects(field) for field in fields)), None)


def holds(region: Region, area: GeoJson) -> bool:
    """Whether a region has the whole of an area."""
    if not region.get("footprint"):
        return False
    footprint = geometry_from(region["footprint"])
    return all(footprint.contains(field) for field in outlines(area))


class DataSection(QWidget):
    """``chosen`` when the user has chosen another region, or none (automatic); ``listed`` when regions have come;
    ``stationsWanted(region, host)``; ``gatherWanted`` for the area's data from public archives,
    ``updateWanted(region)`` to bring a region up to today, ``sampleWanted`` for the sample region;
    ``regionsWanted`` for the list of all, ``assistantWanted`` for a region from the user's own files.
    """

    chosen = pyqtSignal()
    listed = pyqtSignal()
    stationsWanted = pyqtSignal(str, str)
    gatherWanted = pyqtSignal()
    updateWanted = pyqtSignal(dict)
    sampleWanted = pyqtSignal()
    regionsWanted = pyqtSignal()
    assistantWanted = pyqtSignal()

    def __init__(self, client: EngineClient, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client, self._canvas = client, canvas
        self._host: dict[str, str] = {}
        self._of_hosts: dict[str, list[Region]] = {}
        self._regions: list[Region] = []
        self._answered = False
        self._wanted: str | None = None
        self._area: GeoJson | None = None
        self._coming: Sequence[GeoJson] = ()
        self._can_gather = True
        self._long = PlainLabel(name="deepsoilNoData")
        self._long.setWordWrap(True)
        self._offer = Offer(client)
        self._offer.gatherWanted.connect(self.gatherWanted)
        self._offer.updateWanted.connect(lambda: self.updateWanted.emit(self.region or {}))
        self._offer.sampleWanted.connect(self.sampleWanted)
        self._offer.unavailable.connect(self._cannot_gather)
        self._text = NameLabel("deepsoilRegion")
        self._zoom = tool_button("deepsoilZoomRegion", "zoom", self.tr("Zoom to the region"))
        self._zoom.clicked.connect(self._zoom_to_region)
        self._menu = QMenu(self)
        self._menu.setObjectName("deepsoilRegionMenuList")
        self._menu.aboutToShow.connect(self._fill_menu)
        more = tool_button("deepsoilRegionMenu", "data", self.tr("Choose or add a region"))
        more.setMenu(self._menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._message = ProblemLine("deepsoilRegionMessage")
        line = row(spacing=0)
        line.addWidget(self._text, 1)
        line.addWidget(self._long, 1)
        line.addWidget(self._zoom)
        line.addWidget(more)
        layout = column()
        layout.addLayout(line)
        layout.addWidget(self._offer)
        layout.addWidget(self._message)
        self.setLayout(layout)
        self._show()

    @property
    def host(self) -> str:
        """Id of the host whose regions these are."""
        return self._host.get("host", LOCAL)

    @property
    def regions(self) -> Sequence[Region]:
        """All that the host has named."""
        return self._regions

    def forget(self, region_id: str) -> None:
        """A region was removed."""
        if self._wanted == region_id:
            self._choose(None)
        self.ask()

    @property
    def known(self) -> bool:
        """Whether there is any region that can be used."""
        return any(not region.get("problem") for region in self._regions)

    @property
    def answered(self) -> bool:
        """Whether the engine has said what regions there are."""
        return self._answered

    @property
    def wanted(self) -> str | None:
        """Id of the region that the user chose; None: whichever covers the area."""
        return self._wanted

    @property
    def region(self) -> Region | None:
        """The region that will serve, as far as it is known."""
        if self._wanted is not None:
            return self.by_id(self._wanted)
        return region_for(self._area, self._regions)

    @property
    def lacks(self) -> bool:
        """Whether no region has anything of the area, so that its data have to be fetched first."""
        return self._area is not None and self._answered and self.region is None and self._wanted is None \
            and self._can_gather

    @property
    def is_coming(self) -> bool:
        """Whether the data of this area are being fetched."""
        return self._area is not None and self._area in self._coming

    def set_coming(self, areas: Sequence[GeoJson]) -> None:
        """The areas whose data are being fetched."""
        self._coming = areas
        self._show()

    def say_building(self, text: str, failed: bool = False) -> None:
        """How far the sample region is; empty where none is being built."""
        self._message.say(text, warning=failed)
        self._offer.set_building(bool(text) and not failed)

    def by_id(self, region_id: str | None) -> Region | None:
        return next((region for region in self._regions if region["id"] == region_id), None)

    def of_host(self, host: str, region_id: str) -> Region | None:
        """A region of any host that has been asked."""
        return next((region for region in self._of_hosts.get(host, []) if region["id"] == region_id), None)

    def restore(self, region_id: str | None) -> None:
        self._wanted = region_id
        self._show()

    def set_area(self, area: GeoJson | None) -> None:
        if area is not self._area:
            self._area = area
            self._show()

    def set_host(self, parameters: dict[str, str], reachable: bool) -> None:
        """Show the regions of another host (``{"host": id}``, empty for this computer): what it said last, and what
        it says now where it can be reached.
        """
        if parameters != self._host:
            self._host = dict(parameters)
            known = self._of_hosts.get(parameters.get("host", LOCAL))
            self._regions, self._answered, self._can_gather = known or [], known is not None, True
            self._message.say("")
            self._show()
        if reachable:
            self.ask()

    def ask(self) -> None:
        """Ask the host for its regions."""
        host = self._host
        self._client.call("regions", host, lambda regions: self._came(host, regions),
                          lambda error: self._refused(error, host), owner=self)

    def _came(self, host: dict[str, str], regions: list[Region]) -> None:
        self._of_hosts[host.get("host", LOCAL)] = regions
        if host != self._host:
            return
        self._regions, self._answered = regions, True
        broken = next((region for region in regions if region.get("problem")), None)
        self._message.say(f"{broken['name']}: {plain_error(broken['problem'])}" if broken else "", warning=True)
        self._show()
        self.listed.emit()

    def _refused(self, error: dict[str, Any], host: dict[str, str] | None = None) -> None:
        if host is not None and host != self._host:
            return
        self._answered = True
        self._message.say(plain_error(error), warning=True)

    def _show(self) -> None:
        region = self.region
        if region is not None:
            self._text.put(region["name"], self._remark(region))
        elif self._regions:
            # Never silent about where there is data.
            self._text.put(self.tr("no region covers this area") if self._area else
                           self.tr("chosen once an area is set"))
        else:
            self._text.put(self.tr("no region added yet") if self._answered else
                           self.tr("unknown until the host answers") if self._host else "…")
        self._text.setToolTip(tip_text("\n".join(self._about(region))))
        self._long.setText(self.tr("The data of this field are being fetched.") if self.is_coming else
                           self.tr("DeepSoil has no data for this field yet."))
        self._long.setVisible(self.lacks)
        self._text.setVisible(not self.lacks)
        self._zoom.setEnabled(self._to_zoom() is not None)
        self._offer_data(region)

    def _remark(self, region: Region) -> str:
        if region.get("synthetic"):
            return self.tr("synthetic")
        if region.get("gathered") and (last := last_known_day(region)):
            return self.tr("until {0}").format(day_text(last))
        return ""

    def _about(self, region: Region | None) -> list[str]:
        """What is known of the region, for the tooltip."""
        if region is None:
            return [each["name"] for each in self._regions]
        limits, sources = limits_of(region), region.get("attribution")
        return [region["name"], region["path"], *([period_text(*limits)] if limits else []),
                *([self.tr("Sources: {0}").format(sources)] if sources else [])]

    def _offer_data(self, region: Region | None) -> None:
        """What can be done where there are no data, too few, or old ones."""
        area, host = self._area, self._host.get("host", LOCAL)
        if not self._answered or not self._can_gather or self.is_coming:
            self._offer.nothing()
        elif area is None and not self._regions:
            self._offer.first_steps(sample=not self._host)
        elif area is not None and self._wanted is None and (region is None or not holds(region, area)):
            self._offer.missing(GatherRequest(area, off=preferences.archives_off(), host=host))
        elif region is not None and is_old(region, dt.datetime.now(dt.UTC).date()):
            self._offer.old(region, host)
        else:
            self._offer.nothing()

    def _cannot_gather(self) -> None:
        self._can_gather = False
        self._show()

    def _to_zoom(self) -> Region | None:
        region = self.region or next(iter(self._regions), None)
        return region if region and region.get("footprint") else None

    def _zoom_to_region(self) -> None:
        region = self._to_zoom()
        if region is None:
            return
        try:
            self._canvas.setExtent(extent_on(self._canvas, region["footprint"]))
        except AreaError as error:
            self._message.say(str(error), warning=True)
            return
        self._canvas.refresh()

    def _fill_menu(self) -> None:
        self._menu.clear()
        choices: list[tuple[str, str | None]] = [(self.tr("Automatic: the region that covers the area"), None)]
        choices += [(region["name"], region["id"]) for region in self._regions]
        for text, region_id in choices:
            action = self._menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(region_id == self._wanted)
            action.setEnabled(region_id is None or not (self.by_id(region_id) or {}).get("problem"))
            action.triggered.connect(lambda _=False, region_id=region_id: self._choose(region_id))
        self._menu.addSeparator()
        if self._can_gather:
            gather = self._menu.addAction(self.tr("Get data from public archives…"), self.gatherWanted.emit)
            gather.setObjectName("deepsoilGatherAction")
        region = self.region
        if region and region.get("stations"):
            self._menu.addAction(self.tr("Show the stations of {0}").format(region["name"]),
                                 lambda: self.stationsWanted.emit(region["id"], self.host))
        if self._host:
            self._menu.addAction(self.tr("Add a region folder on that host…"),
                                 lambda: ask_for_path(self.window(), self.add_folder))
        else:
            self._menu.addAction(self.tr("Add a region folder…"),
                                 lambda: ask_for_folder(self.window(), self.add_folder))
            own = self._menu.addAction(self.tr("Region from your own files…"), self.assistantWanted.emit)
            own.setObjectName("deepsoilAssistantAction")
        self._menu.addAction(self.tr("Regions…"), self.regionsWanted.emit).setObjectName("deepsoilRegionsAction")
        self._menu.addAction(self.tr("Refresh the list of regions"), self.ask)

    def _choose(self, region_id: str | None) -> None:
        self._wanted = region_id
        self._show()
        self.chosen.emit()

    def add_folder(self, path: str) -> None:
        """Let the engine remember a region folder; what it says is shown here."""
        self._message.say(self.tr("Reading {0} …").format(path))
        self._client.call("add_region", {"path": path, **self._host}, self._added, self._refused, owner=self)

    def _added(self, region: Region) -> None:
        if region.get("problem"):
            self._message.say(plain_error(region["problem"]), warning=True)
        else:
            self._message.say("")
        self.ask()
