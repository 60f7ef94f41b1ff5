"""“The values / How sure” in the context menu of the layer tree: what the maps of a job show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QAction

from .. import paths
from ..text.translate import tr
from . import interval_style, layer_tree


class IntervalSwitch(QObject):
    """Two actions, offered on DeepSoil's maps that have intervals. They change all such maps of the same job.

    So the days that are played after one another, and the fields beside one another, show the same.
    """

    def __init__(self, iface: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self.moisture = QAction(paths.icon("deepsoil"), tr("Show the values"), self)
        self.moisture.setObjectName("deepsoilShowMoisture")
        self.interval = QAction(paths.icon("view"), tr("Show how sure it is"), self)
        self.interval.setObjectName("deepsoilShowInterval")
        self.moisture.triggered.connect(lambda: self.show_selected(interval=False))
        self.interval.triggered.connect(lambda: self.show_selected(interval=True))
        for action in (self.moisture, self.interval):
            iface.addCustomActionForLayerType(action, "", Qgis.LayerType.Raster, False)
        self._project = QgsProject.instance()
        self._project.layersAdded.connect(self._offer)
        self._offer(self._project.mapLayers().values())

    def close(self) -> None:
        """The plugin is being unloaded."""
        self._project.layersAdded.disconnect(self._offer)
        for action in (self.moisture, self.interval):
            self._iface.removeCustomActionForLayerType(action)

    def show_selected(self, interval: bool) -> None:
        """What the selected layers show, and with each all maps of its job."""
        self.show(self._iface.layerTreeView().selectedLayersRecursive(), interval)

    def show(self, layers: Sequence[QgsMapLayer], interval: bool) -> None:
        """Show how sure these maps and those of the same jobs are, or their values again."""
        jobs = {layer.customProperty(layer_tree.JOB) for layer in layers} - {None, ""}
        alone = {layer.id() for layer in layers}
        tree = self._project.layerTreeRoot()
        for layer in self._project.mapLayers().values():
            meant = layer.id() in alone or layer.customProperty(layer_tree.JOB) in jobs
            if meant and isinstance(layer, QgsRasterLayer) and _is_ours(layer):
                interval_style.show(layer, tree.findLayer(layer.id()), interval)

    def _offer(self, layers: Any) -> None:
        for layer in layers:
            if isinstance(layer, QgsRasterLayer) and _is_ours(layer):
                for action in (self.moisture, self.interval):
                    self._iface.addCustomActionForLayer(action, layer)


def _is_ours(layer: QgsRasterLayer) -> bool:
    """A map of DeepSoil, from the dock or from Processing, with intervals."""
    return bool(layer.customProperty(layer_tree.OUTPUT)) and interval_style.has_interval(layer)
