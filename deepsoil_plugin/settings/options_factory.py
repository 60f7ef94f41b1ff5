"""Gives QGIS DeepSoil's options page. The page itself is imported only when the options are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtWidgets import QWidget

from .. import paths


class OptionsFactory(QgsOptionsWidgetFactory):
    """``components`` makes the plugin's components, or returns the ones that exist."""

    def __init__(self, components: Callable[[], Any]) -> None:
        super().__init__("DeepSoil", paths.icon("deepsoil"), "deepsoil")
        self._components = components

    def createWidget(self, parent: QWidget | None = None) -> QgsOptionsPageWidget:
        from .options_page import OptionsPage

        return OptionsPage(self._components(), parent)
