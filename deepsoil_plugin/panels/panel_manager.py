"""Opens the registered panels below the map, and closes them with the plugin."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt

from . import registry
from .dock_corners import LowerCorners


class PanelManager:
    """Makes a panel the first time that it is opened. ``components``: what panels work with."""

    def __init__(self, components: Any) -> None:
        self._components = components
        self._made: dict[str, QgsDockWidget] = {}
        self._corners = LowerCorners(components.iface.mainWindow())

    def open(self, name: str) -> QgsDockWidget:
        """Show a panel and return it. KeyError for a name that is not registered."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = registry.panel(name).make(self._components)
            self._corners.opened(made)
            self._components.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
            made.opened.connect(lambda: self._corners.opened(made))
            made.closed.connect(lambda: self._corners.closed(made))
        made.show()
        made.raise_()
        return made

    def units_changed(self) -> None:
        """Numbers are shown in other units from now on."""
        for made in self._made.values():
            if (change := getattr(made, "units_changed", None)) is not None:
                change()

    def close(self) -> None:
        """Remove all panels from QGIS."""
        for made in self._made.values():
            made.close()
            if (leave := getattr(made, "leave", None)) is not None:
                leave()
            self._corners.closed(made)
            self._components.iface.removeDockWidget(made)
            made.deleteLater()
        self._made = {}
