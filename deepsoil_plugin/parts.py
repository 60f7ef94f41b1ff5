"""Everything that works together while DeepSoil is open, made and connected in one place."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QWidget

from . import paths, preferences
from .dock.dock import DeepSoilDock
from .engine.client import EngineClient
from .engine.installer import Installer
from .hosts.host_field import resources_of
from .hosts.installer import PlaceInstaller
from .hosts.login_prompts import QuestionDesk
from .hosts.model import PlacesModel
from .jobs.project_state import ProjectMemory
from .jobs.session import Session
from .map.export import ExportAction
from .map.results import ResultLayers
from .map.stations import StationLayers
from .text.formatting import plain_error
from .widgets.message_bar import Messages


class Parts:
    """The dock, the engine's client, the project's memory and the layers."""

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self.client = EngineClient()
        self.client.variables = preferences.engine_variables()
        self.places = PlacesModel(self.client)
        self.installer = Installer()
        self.memory = ProjectMemory()
        self.messages = Messages(iface)
        self.place_installer = PlaceInstaller(self.client)
        self.place_installer.ended.connect(self._installed_at)
        self.questions = QuestionDesk(self.client, self.places, self.messages, iface.mainWindow)
        self.results = ResultLayers(iface)
        self.stations = StationLayers(iface)
        self.export = ExportAction(iface)
        self._windows: dict[str, Any] = {}  # of training and models; made when they are first wanted
        self._station_panel: Any = None
        self._corners: Any = None
        self._station_regions: set[tuple[str, str]] = set()
        self.session = Session(self.client, self.memory, self.results, self.messages, self.places.title)
        self.dock = DeepSoilDock(iface, self.client, self.places, self.memory, self.session, self.installer,
                                 iface.mainWindow())
        self._docked = False
        self.dock.hide()
        self.dock.opened.connect(self.client.start)
        self.dock.curvesWanted.connect(self.show_curves)
        self.dock.request.placesWanted.connect(self.show_places)
        self.dock.request.data.stationsWanted.connect(self.show_stations)
        self.session.modelsWanted.connect(self.show_models)
        self.session.resultsShown.connect(self._results_shown)
        self.stations.stationPicked.connect(self._station_picked)
        self.memory.changed.connect(self._station_regions.clear)

    def close(self) -> None:
        """Take everything down; the engine ends by itself."""
        self.dock.close_down()
        if self._docked:
            self._iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.results.close()
        self.stations.close()
        self.export.close()
        if self._station_panel is not None:
            self._station_panel.close()
            self._corners.closed()
            self._iface.removeDockWidget(self._station_panel)
            self._station_panel.deleteLater()
        for window in self._windows.values():
            window.close()
            window.deleteLater()
        self.session.close()
        self.memory.close()
        self.installer.cancel()
        self.questions.close()
        self.client.stop()
        for part in (self.session, self.results, self.stations, self.export, self.memory, self.places,
                     self.place_installer, self.questions, self.client):
            part.deleteLater()

    def open_dock(self) -> None:
        """Bring the dock to the front; QGIS gets it only now, and lays out its window once."""
        if not self._docked:
            self._docked = True
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.show()
        self.dock.raise_()

    def show_training(self) -> None:
        """The dialog in which a training is described."""
        self.client.start()
        if "training" not in self._windows:
            from .training.dialog import TrainingDialog

            dialog = TrainingDialog(self.client, self.places, self.session, self._iface.mainWindow())
            dialog.placesWanted.connect(self.show_places)
            dialog.sent.connect(lambda _: self.open_dock())
            self._windows["training"] = dialog
        _to_front(self._windows["training"])

    def show_models(self, place: str = "") -> None:
        """The window of the models, at those of a place."""
        self.client.start()
        if "models" not in self._windows:
            from .training.models_list import ModelsList
            from .training.models_window import ModelsWindow

            models = ModelsList(self.client, self.places, self.dock)
            models.fetched.connect(self.dock.request.ask_place)
            self._windows["models"] = ModelsWindow(models, self.places, self._iface.mainWindow())
        self._windows["models"].look_at(place)
        _to_front(self._windows["models"])

    def show_curves(self, job_id: str) -> None:
        """The curves of a training, in a window of their own."""
        from .training.curves_window import CurvesWindow

        CurvesWindow(self.client, self.session.model, job_id, self.dock).show()

    def show_places(self) -> None:
        """QGIS's options, at DeepSoil's page; a turn later, since QGIS waits there for the user."""
        QTimer.singleShot(0, lambda: self._iface.showOptionsDialog(self._iface.mainWindow(), "deepsoilOptions"))

    def reinstall(self) -> None:
        """Make the engine's environment from scratch; the engine ends first, since its files are replaced."""
        self.client.stop()
        self.open_dock()
        self.installer.start(paths.home(), paths.engine_source(), again=True)

    def _installed_at(self, place_id: str) -> None:
        """The window of the installation may have been closed long ago."""
        known = self.place_installer.of(place_id)
        if known is not None and known.state in ("done", "failed"):
            level = Qgis.MessageLevel.Success if known.state == "done" else Qgis.MessageLevel.Warning
            self.messages.show(f"{self.places.title(place_id)}: {known.message} {known.hint}".strip(), level)

    def _results_shown(self, job: dict[str, Any]) -> None:
        """The stations of a region come with its first maps in a project."""
        region_id = (job.get("specification") or {}).get("region")
        place = str(job["place"]) if job.get("away") else ""
        if region_id and (place, region_id) not in self._station_regions:
            self.show_stations(region_id, place)

    def show_stations(self, region_id: str, place: str = "") -> None:
        """Load the stations of a region of a place as points."""
        region = self.dock.request.data.of_place(place, region_id)
        if region is None or not region.get("stations"):
            return
        self._station_regions.add((place, region_id))
        where = {"region": region_id, "place": place} if place else {"region": region_id}
        self.client.call("stations", where, lambda features: self.stations.show(region, features, place),
                         lambda error: self.messages.warning(plain_error(error)), owner=self.dock)

    def _station_picked(self, region_id: str, properties: dict[str, Any]) -> None:
        if self._station_panel is None:
            from .panels.corners import LowerCorners
            from .panels.station_panel import StationPanel

            self._station_panel = StationPanel(
                self._iface, self.client, lambda place: resources_of(self.places.place(place)))
            self._station_panel.dayPicked.connect(self.results.show_day)
            self._corners = LowerCorners(self._iface.mainWindow(), self._station_panel)
            self._corners.opened()
            self._iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._station_panel)
            self._station_panel.opened.connect(self._corners.opened)
            self._station_panel.closed.connect(self._corners.closed)
        self._station_panel.show_station(region_id, properties)
        self._station_panel.show()
        self._station_panel.raise_()


def _to_front(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
