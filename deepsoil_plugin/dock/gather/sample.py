"""“Try the sample field”: builds the synthetic region, draws one of its fields and chooses a summer day."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject

from ... import paths
from ...engine.client import EngineClient
from ...engine.sample_builder import SampleBuilder
from ..request_panel import RequestPanel

FIELD = {"type": "Polygon", "coordinates": [[[-104.9333, 40.43284], [-104.9333, 40.42603], [-104.92435, 40.42603],
                                             [-104.92435, 40.43284], [-104.9333, 40.43284]]]}
NAME, DAY = "North quarter", "2023-07-15"
"""A field of the region that ``deepsoil sample`` builds; nothing of it is real."""


class SampleField(QObject):
    """Says how far it is in the line Data; the same button stops it."""

    def __init__(self, client: EngineClient, panel: RequestPanel) -> None:
        super().__init__(panel)
        self._client, self._panel = client, panel
        self._builder = SampleBuilder(self)
        self._builder.progressed.connect(lambda message, fraction: panel.data.say_building(
            self.tr("Building the sample region: {0} %").format(round(100 * fraction))))
        self._builder.built.connect(self._built)
        self._builder.failed.connect(lambda message: panel.data.say_building(
            self.tr("The sample region could not be built: {0}").format(message), failed=True))
        self._builder.stopped.connect(lambda: panel.data.say_building(""))
        panel.data.sampleWanted.connect(self._wanted)

    def close(self) -> None:
        """Leave nothing running."""
        self._builder.stop()

    def _wanted(self) -> None:
        if self._builder.running:
            self._builder.stop()
        elif python := self._client.hello.get("python"):
            self._panel.data.say_building(self.tr("Building the sample region: {0} %").format(0))
            self._builder.start(str(python), paths.home() / "regions-data" / "sample")

    def _built(self, folder: str) -> None:
        panel = self._panel
        panel.data.say_building("")
        panel.data.listed.connect(self._show)
        panel.data.add_folder(folder)

    def _show(self, *_: Any) -> None:
        panel = self._panel
        panel.data.listed.disconnect(self._show)
        if panel.data.known and panel.area.area is None:
            panel.dates.restore(DAY, None)
            panel.area.set_area(FIELD, NAME)
            panel.area.zoom_to_area()
