"""What the first steps say, when they are shown, and what counts as done."""

from __future__ import annotations

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QWidget

from .. import preferences
from .first_steps import FirstSteps, Step
from .request_panel import RequestPanel

WHERE, DATA, _WHEN, GO, _LOOK = range(5)


class Guide(QObject):
    """Shows the first steps above a request, once where there is no region yet, and whenever they are asked for."""

    def __init__(self, request: RequestPanel, jobs: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._request = request
        self.strip = FirstSteps(self._texts(request, jobs))
        self.strip.closed.connect(lambda: preferences.set_first_steps_seen(True))
        request.data.listed.connect(self._listed)
        request.area.areaChanged.connect(self._area_changed)
        request.submitted.connect(lambda _request: self.strip.done(GO))

    def _texts(self, request: RequestPanel, jobs: QWidget) -> list[Step]:
        return [
            Step(self.tr("Show where your field is"), self.tr(
                "Zoom the map to your field and press “Draw”: click its corners, and the last one twice. Selected "
                "polygons of a layer do as well. To look around first: “Try the sample field”, below in the line "
                "Data."), [request.area]),
            Step(self.tr("Get its data"), self.tr(
                "The line Data says whether there is data for your field. “Get it…” shows what would be fetched, from "
                "where and how large; nothing is fetched before you agree."), [request.data]),
            Step(self.tr("Choose the day and the depths"), self.tr(
                "The upper depth is the topsoil, the lower one the root zone. Tick “to” for several days. If you "
                "irrigate, say so in the line Water: the map cannot know it otherwise."),
                [request.dates, request.depths, request.water]),
            Step(self.tr("Make the map"), self.tr(
                "“Map it” starts the work. Beside “On” stands how long it takes; to the left of the button what is "
                "still missing."), [request.go]),
            Step(self.tr("Read the map"), self.tr(
                "The job stands in this list, and its maps among QGIS's layers, with one legend for all: brown is dry, "
                "blue-green is wet. DeepSoil's menu has the panels that compare a map with measurements."), [jobs])]

    def begin(self) -> None:
        """Show the first step, whatever was done before."""
        self.strip.begin()

    def _listed(self) -> None:
        data = self._request.data
        if data.answered and not data.known and not preferences.first_steps_seen() and self.strip.isHidden():
            self.strip.begin()
        self._area_changed()

    def _area_changed(self) -> None:
        if self._request.area.area is not None:
            self.strip.done(WHERE if self._request.data.region is None else DATA)
