"""What gives QGIS DeepSoil's page when its options are opened. The page itself is imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtWidgets import QWidget

from .. import paths

if TYPE_CHECKING:
    from ..plugin import DeepSoilPlugin


class OptionsFactory(QgsOptionsWidgetFactory):
    """Gives QGIS the page when its options are opened."""

    def __init__(self, plugin: DeepSoilPlugin) -> None:
        super().__init__("DeepSoil", paths.icon("deepsoil"), "deepsoil")
        self._plugin = plugin

    def createWidget(self, parent: QWidget | None = None) -> QgsOptionsPageWidget:
        from .options_page import OptionsPage

        return OptionsPage(self._plugin.parts, parent)
