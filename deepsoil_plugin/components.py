"""All that works together while DeepSoil is open, made and connected in one place."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QAbstractItemView, QWidget

from . import depths, paths, preferences
from .contract import LOCAL
from .dock.dock import DeepSoilDock
from .dock.gather.desk import GatherDesk
from .dock.gather.sample import SampleField
from .engine.client import EngineClient
from .engine.installer import Installer
from .engine.network import NetworkSettings
from .exports.action import ExportAction
from .hosts.archive_accounts import ArchiveAccounts
from .hosts.installer import HostInstaller
from .hosts.login_prompts import QuestionDesk
from .hosts.model import HostsModel
from .jobs.project_state import ProjectMemory
from .jobs.session import Session
from .map.result_layers import ResultLayers
from .map.station_layers import StationLayers
from .map.style_switch import StyleSwitch
from .panels.panel_manager import PanelManager
from .text.formatting import plain_error
from .widgets.message_bar import Messages
from .widgets.readable_hints import ReadableHints
from .widgets.tab_order import TabAfter, first_stop


class Components:
    """The dock, the engine's client, the project's state, the layers and the panels."""

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.client = EngineClient()
        self.client.variables = preferences.engine_variables()
        self.hosts = HostsModel(self.client)
        self.installer = Installer()
        self.memory = ProjectMemory()
        self.messages = Messages(iface)
        self.host_installer = HostInstaller(self.client)
        self.host_installer.ended.connect(self._installed_at)
        self.questions = QuestionDesk(self.client, self.hosts, self.messages, iface.mainWindow)
        self.results = ResultLayers(iface)
        self.stations = StationLayers(iface)
        self.export = ExportAction(iface, self._known_jobs, self.client)
        self.styles = StyleSwitch(iface)
        self._windows: dict[str, Any] = {}  # training and models; made on first use
        self.panels = PanelManager(self)
        self._station_panel: Any = None
        self._station_regions: set[tuple[str, str]] = set()
        self.session = Session(self.client, self.memory, self.results, self.messages, self.hosts.title)
        self.dock = DeepSoilDock(iface, self.client, self.hosts, self.memory, self.session, self.installer,
                                 self.results, self.styles, iface.mainWindow())
        if (jobs := self.dock.findChild(QAbstractItemView, "deepsoilJobs")) is not None:
            ReadableHints(jobs)  # which it paints itself
        self.accounts = ArchiveAccounts()
        self.network = NetworkSettings(self.client, self.accounts.known)
        self.gathering = GatherDesk(self.client, self.session, self.dock.request, self.network, self.accounts.unlock)
        self.gathering.refused.connect(self.messages.warning)
        self.memory.changed.connect(self.gathering.forget)
        self._sample = SampleField(self.client, self.dock.request)
        self._docked = self._closed = False
        self._tabs: TabAfter | None = None
        self.dock.hide()
        self.dock.opened.connect(self.client.start)
        self.client.ready.connect(self._learn_depths)
        self.dock.curvesWanted.connect(self.show_curves)
        self.dock.exportWanted.connect(self.show_export)
        self.dock.fieldsWanted.connect(lambda job_id: self.panels.open("fields").show_job(job_id))
        self.dock.request.hostsWanted.connect(self.show_hosts)
        self.dock.request.data.stationsWanted.connect(self.show_stations)
        self.session.model.modelReset.connect(self.export.jobs_came)
        self.dock.request.data.regionsWanted.connect(self.show_regions)
        self.dock.request.data.assistantWanted.connect(self.show_assistant)
        self.session.modelsWanted.connect(self.show_models)
        self.session.resultsShown.connect(self._results_shown)
        self.stations.stationPicked.connect(self._station_picked)
        self.results.days.shown.connect(lambda _: self.styles.look_again())
        self.styles.waterWanted.connect(self._ask_for_water)
        self.memory.changed.connect(self._station_regions.clear)

    def close(self) -> None:
        """Close and remove everything; the engine ends when its client does."""
        self._closed = True
        if self._tabs is not None:
            self._tabs.close()
        self.gathering.close()
        self._sample.close()
        self.dock.close_down()
        if self._docked:
            self.iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.results.close()
        self.stations.close()
        self.export.close()
        self.styles.close()
        self.panels.close()
        for window in self._windows.values():
            window.close()
            window.deleteLater()
        self.session.close()
        self.memory.close()
        self.installer.cancel()
        self.questions.close()
        self.client.stop()
        for part in (self.session, self.results, self.stations, self.export, self.styles, self.memory, self.hosts,
                     self.host_installer, self.questions, self.network, self.client):
            part.deleteLater()

    def open_dock(self) -> None:
        """Bring the dock to the front; QGIS gets it only now, and lays out its window once."""
        if not self._docked:
            self._docked = True
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            QTimer.singleShot(0, self._order_tabs)
        self.dock.show()
        self.dock.raise_()

    def go_to_dock(self) -> None:
        """Open the dock, and go on there with the keyboard."""
        self.open_dock()
        QTimer.singleShot(0, self._focus_dock)

    def _order_tabs(self) -> None:
        if self._tabs is None and not self._closed:
            self._tabs = TabAfter(self.iface.mapCanvas(), self.dock)

    def _focus_dock(self) -> None:
        if not self._closed and (stop := first_stop(self.iface.mapCanvas(), self.dock)) is not None:
            self.dock.activateWindow()
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_training(self) -> None:
        """The dialog in which a training is described."""
        self.client.start()
        if "training" not in self._windows:
            from .training.dialog import TrainingDialog

            dialog = TrainingDialog(self.client, self.hosts, self.session, self.iface.mainWindow())
            dialog.hostsWanted.connect(self.show_hosts)
            dialog.sent.connect(lambda _: self.open_dock())
            self._windows["training"] = dialog
        _to_front(self._windows["training"])

    def show_models(self, host: str = "") -> None:
        """The window of the models, at those of a host."""
        self.client.start()
        if "models" not in self._windows:
            from .training.models_list import ModelsList
            from .training.models_window import ModelsWindow

            models = ModelsList(self.client, self.hosts, self.dock)
            models.fetched.connect(self.dock.request.ask_host)
            models.defaultChanged.connect(self.dock.request.depths.choose)
            models.defaultChanged.connect(self.dock.request.ask_host)
            self._windows["models"] = ModelsWindow(models, self.hosts, self.iface.mainWindow())
        self._windows["models"].look_at(host)
        _to_front(self._windows["models"])

    def show_regions(self) -> None:
        """The window of the regions of the dock's host."""
        if "regions" not in self._windows:
            from .dock.regions_window import RegionsWindow

            window = RegionsWindow(self.client, self.dock.request.data, self.iface.mapCanvas(),
                                   self.iface.mainWindow())
            self._windows["regions"] = window
        _to_front(self._windows["regions"])

    def show_assistant(self) -> None:
        """The window that makes a region of the user's own files."""
        if "assistant" not in self._windows:
            from .dock.assistant.window import RegionAssistant

            self._windows["assistant"] = RegionAssistant(self.client, self.session.send, self.iface.mainWindow())
        _to_front(self._windows["assistant"])

    def show_curves(self, job_id: str) -> None:
        """The curves of a training, in a window of their own."""
        from .training.curves_window import CurvesWindow

        CurvesWindow(self.client, self.session.model, job_id, self.dock).show()

    def show_export(self, job_id: str = "") -> None:
        """The dialog in which maps are exported, at those of a job."""
        self.client.start()
        self.export.ask(job_id)

    def _known_jobs(self) -> list[dict[str, Any]]:
        return self.session.model.jobs()

    def show_hosts(self) -> None:
        """QGIS's options, at DeepSoil's page; a turn later, since QGIS waits there for the user."""
        QTimer.singleShot(0, lambda: self.iface.showOptionsDialog(self.iface.mainWindow(), "deepsoilOptions"))

    def reinstall(self) -> None:
        """Make the engine's environment from scratch; the engine ends first, since its files are replaced."""
        self.client.stop()
        self.open_dock()
        self.installer.start(paths.home(), paths.engine_source(), again=True)

    def _installed_at(self, host_id: str) -> None:
        """The window of the installation may have been closed long ago."""
        known = self.host_installer.of(host_id)
        if known is not None and known.state in ("done", "failed"):
            level = Qgis.MessageLevel.Success if known.state == "done" else Qgis.MessageLevel.Warning
            self.messages.show(f"{self.hosts.title(host_id)}: {known.message} {known.hint}".strip(), level)

    def _results_shown(self, job: dict[str, Any]) -> None:
        """The stations of a region come with its first maps in a project."""
        region_id = (job.get("specification") or {}).get("region")
        host = str(job["host"])
        if region_id and (host, region_id) not in self._station_regions:
            self.show_stations(region_id, host)

    def show_stations(self, region_id: str, host: str = LOCAL) -> None:
        """Load the stations of a region of a host as points."""
        region = self.dock.request.data.of_host(host, region_id)
        if region is None or not region.get("stations"):
            return
        self._station_regions.add((host, region_id))
        self.client.call("stations", {"region": region_id, "host": host},
                         lambda features: self.stations.show(region, features, host),
                         lambda error: self.messages.warning(plain_error(error)), owner=self.dock)

    def units_changed(self) -> None:
        """Legends and panels in the units that the user has chosen."""
        self.styles.label_again()
        self.dock.request.water.units_changed()
        self.dock.request.readings.units_changed()
        self.panels.units_changed()

    def _ask_for_water(self, job_id: str) -> None:
        """Put the request of a job into the dock, with the maps of the water for the plants; the user sends it."""
        job = self.session.model.job(job_id)
        if job is not None and job.get("specification"):
            self.dock.request.restore(self.dock.request.request().with_water_of(job["specification"]))
            self.memory.set_request(self.dock.request.request())
        self.open_dock()

    def _learn_depths(self, hello: dict[str, Any]) -> None:
        if depths.learn(hello.get("depths") or []):
            self.dock.request.depths.show_depths()

    def _station_picked(self, region_id: str, properties: dict[str, Any]) -> None:
        self.stations.mark(region_id, str(properties["id"]))  # first: the panel takes room from the map
        panel = self.panels.open("station")
        if panel is not self._station_panel:
            self._station_panel = panel
            panel.closed.connect(self.stations.unmark)
        panel.show_station(region_id, properties)


def _to_front(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
