"""The four questions to a map, one click apart: its values, the differences within the field, how sure it is, and the
water for the plants. In the context menu of the layer tree, and for the dock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QAction

from .. import paths
from ..text.quantities import FOR_PLANTS, WATER
from ..text.translate import tr
from ..widgets.message_bar import Messages
from . import difference_style, interval_style, layer_tree, style
from .field_figures import FieldFigures, FiguresTask

VALUES, DIFFERENCES, SURE, PLANTS = "values", "differences", "sure", "plants"
STYLES = (VALUES, DIFFERENCES, PLANTS, SURE)


def title(name: str) -> str:
    """What a look is called where one is chosen."""
    return {VALUES: tr("Values"), DIFFERENCES: tr("Relative to this field"),  # short: the dock is narrow
            PLANTS: tr("Water for the plants"), SURE: tr("How sure it is")}[name]


class StyleSwitch(QObject):
    """Changes all maps of the same job, so that fields beside one another show the same.

    ``waterWanted(job)``: the user asks for the water for the plants, and the job has no such map. ``changed()``: maps
    look different now.
    """

    waterWanted = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, iface: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface, self._messages = iface, Messages(iface)
        self._tasks: list[FiguresTask] = []  # a task that nobody holds is collected before it starts
        self._told: set[str] = set()
        icons = {VALUES: "deepsoil", DIFFERENCES: "sort", PLANTS: "reading", SURE: "view"}
        texts = {VALUES: tr("Show the values"), DIFFERENCES: tr("Show differences within the field"),
                 PLANTS: tr("Show the water for the plants"), SURE: tr("Show how sure it is")}
        self.actions = {}
        for name in STYLES:
            action = self.actions[name] = QAction(paths.icon(icons[name]), texts[name], self)
            action.setObjectName(f"deepsoilShow{name.capitalize()}")
            action.triggered.connect(lambda _=False, name=name: self.show_selected(name))
            iface.addCustomActionForLayerType(action, "", Qgis.LayerType.Raster, False)
        self._project = QgsProject.instance()
        self._project.layersAdded.connect(self._added)
        self._project.cleared.connect(self._told.clear)
        self._offer(self._project.mapLayers().values())

    def close(self) -> None:
        """The plugin is being unloaded."""
        self._project.layersAdded.disconnect(self._added)
        self._project.cleared.disconnect(self._told.clear)
        for action in self.actions.values():
            self._iface.removeCustomActionForLayerType(action)

    def show_selected(self, name: str) -> None:
        """What the selected layers show, and with each all maps of its job."""
        self.show(self._iface.layerTreeView().selectedLayersRecursive(), name)

    def show_job(self, job: str, name: str) -> None:
        """What the maps of a job show."""
        self.show(_of_job(self._project, job), name)

    def show(self, layers: Sequence[QgsMapLayer], name: str) -> None:
        """Let these maps and those of the same jobs answer another question; one of ``STYLES``."""
        jobs = {str(layer.customProperty(layer_tree.JOB)) for layer in layers} - {"None", ""}
        if name == PLANTS:
            for job in sorted(jobs):
                self._show_water(job)
        else:
            alone = {layer.id() for layer in layers}
            for layer in self._project.mapLayers().values():
                meant = layer.id() in alone or layer.customProperty(layer_tree.JOB) in jobs
                if meant and isinstance(layer, QgsRasterLayer) and _is_ours(layer):
                    self._dress(layer, name)
        self.changed.emit()

    def style_of(self, job: str) -> str:
        """What the maps of a job show now; empty where it has none."""
        tree = self._project.layerTreeRoot()
        nodes = [(tree.findLayer(layer.id()), layer) for layer in _of_job(self._project, job)]
        there = [(node, layer) for node, layer in nodes if node is not None]
        if not there:
            return ""
        # Of the layer itself: a node that is just being added has none yet.
        layer = next((layer for node, layer in there if node.isVisible()), there[0][1])
        if layer.customProperty(layer_tree.STYLE) == DIFFERENCES:
            return DIFFERENCES
        if interval_style.is_shown(layer):
            return SURE
        return PLANTS if layer_tree.what_of_layer(layer) in FOR_PLANTS else VALUES

    def possible(self, job: str) -> tuple[str, ...]:
        """The looks that a job's maps can have."""
        layers = _of_job(self._project, job)
        return tuple(name for name in STYLES
                     if layers and (name != SURE or any(map(interval_style.has_interval, layers))))

    def look_again(self) -> None:
        """Another day stands on the map: its differences are other ones."""
        for layer in self._project.mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and layer.customProperty(layer_tree.STYLE) == DIFFERENCES:
                self._measure(layer)

    def label_again(self) -> None:
        """The numbers of the legends in the units that the user has chosen; a look of the user's own stays."""
        for layer in self._project.mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and _is_ours(layer):
                if layer.customProperty(layer_tree.STYLE) == DIFFERENCES:
                    self._measure(layer)
                elif interval_style.is_shown(layer) or style.is_own(layer):
                    self._dress(layer, SURE if interval_style.is_shown(layer) else VALUES)

    def _dress(self, layer: QgsRasterLayer, name: str) -> None:
        if name == SURE and not interval_style.has_interval(layer):
            return
        layer.setCustomProperty(layer_tree.STYLE, name)
        if name == DIFFERENCES:
            self._measure(layer)
        else:
            interval_style.show(layer, self._project.layerTreeRoot().findLayer(layer.id()), name == SURE)

    def _measure(self, layer: QgsRasterLayer) -> None:
        task = FiguresTask(layer.id(), layer.source())
        task.read.connect(lambda *found: self._measured(task, *found))
        self._tasks.append(task)
        QgsApplication.taskManager().addTask(task)

    def _measured(self, task: FiguresTask, layer_id: str, path: str, figures: FieldFigures | None) -> None:
        self._tasks.remove(task)
        layer = self._project.mapLayer(layer_id)
        if (not isinstance(layer, QgsRasterLayer) or layer.source() != path
                or layer.customProperty(layer_tree.STYLE) != DIFFERENCES):
            return  # another day, or another look, was chosen meanwhile
        if figures is None:
            self._messages.warning(tr("The map {0} cannot be read. To make it again, choose “Try again” in the list of "
                                      "jobs.").format(layer.name()))
            return
        node = self._project.layerTreeRoot().findLayer(layer_id)
        difference_style.show(layer, node, figures)
        text = difference_style.pattern_text(figures, style.look_of(layer))
        if text and layer_id not in self._told and node is not None and node.isVisible():
            self._told.add(layer_id)
            self._messages.show(f"{layer.name()}: {text}")

    def _show_water(self, job: str) -> None:
        """Switch the map of available water on; where the job has none, say how to get one."""
        tree = self._project.layerTreeRoot()
        for what in FOR_PLANTS:
            nodes = [node for layer in _of_job(self._project, job) if layer_tree.what_of_layer(layer) == what
                     if (node := tree.findLayer(layer.id())) is not None]
            if nodes:
                for node in nodes:
                    self._dress(node.layer(), VALUES)
                    node.setItemVisibilityCheckedParentRecursive(True)
                return
        self._messages.show(tr("There is no map of the water for the plants of this field and day yet. It is simulated "
                               "with the field's soil, crop and weather."), button=tr("Fill in the request"),
                            action=lambda: self.waterWanted.emit(job))

    def _added(self, layers: Iterable[QgsMapLayer]) -> None:
        self._offer(layers)
        self.changed.emit()

    def _offer(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if isinstance(layer, QgsRasterLayer) and _is_ours(layer):
                for name, action in self.actions.items():
                    if name != SURE or interval_style.has_interval(layer):
                        self._iface.addCustomActionForLayer(action, layer)


def _of_job(project: QgsProject, job: str) -> list[QgsRasterLayer]:
    """A job's maps, from the surface down, then the water of the root zone."""
    found = [layer for layer in project.mapLayers().values() if isinstance(layer, QgsRasterLayer) and job
             and str(layer.customProperty(layer_tree.JOB) or "") == job and _is_ours(layer)]
    return sorted(found, key=lambda layer: (layer_tree.what_of_layer(layer) in WATER, layer.name()))


def _is_ours(layer: QgsRasterLayer) -> bool:
    """A map of DeepSoil, from the dock or from Processing."""
    return bool(layer.customProperty(layer_tree.OUTPUT))
