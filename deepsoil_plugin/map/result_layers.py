"""Finished maps become layers: a group per job, filled one layer per turn of the event loop.

A layer stands for a depth (or a water of the root zone) of a field on all days of its job (`day_layers`). What is shown
is told by custom properties in the layer tree, which the project saves; this class remembers nothing but the queue of
what is still to be added.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateTransform,
    QgsCsException,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..text import dates as text_dates
from ..text import quantities
from ..text.plain import defused
from ..text.translate import tr
from . import day_layers, day_maps, depth_chooser, geotiff, layer_tree, metadata, placing, style, temporal
from .day_follower import DayFollower
from .outputs import is_map

_MARGIN = 1.15  # of the map view round the area
_MOST_NAMES = 3  # of files in one message


@dataclass(frozen=True)
class _Pending:
    job_id: str
    name: str  # of the request
    outputs: Sequence[Mapping[str, Any]]  # the newest first; more than one are the days of one layer
    several_days: bool
    zoom: bool
    warnings: Sequence[Mapping[str, Any]]


class ResultLayers(QObject):
    """Shows the maps of jobs in the layer tree.

    ``layersAdded`` tells the id of a job when everything that was asked for stands there.
    """

    layersAdded = pyqtSignal(str)

    def __init__(self, iface: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._project = QgsProject.instance()
        self._queue: deque[_Pending] = deque()
        self._failed: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._add_next)
        self._project.cleared.connect(self._forget)
        self.days = DayFollower(iface.mapCanvas(), self._project, self)
        self.days.failed.connect(self._tell_failed)
        self._depths = depth_chooser.DepthChooser(self._project, self)

    def close(self) -> None:
        """Let go of the project and of QGIS: the plugin is being unloaded."""
        self._forget()
        self._project.cleared.disconnect(self._forget)
        self._depths.close()
        self.days.close()

    def show(self, summary: Mapping[str, Any], zoom: bool = False) -> QgsLayerTreeGroup:
        """The group of a job, made where it is missing; its maps follow through the queue.

        Safe to call for every change of a running job: only new outputs are added, and what the user removed stays
        away. With ``zoom`` the user asks to see it: then all maps come back, and the map view moves there.
        """
        outputs = [output for output in summary.get("outputs") or () if is_map(output)]
        group = layer_tree.group_of_job(self._project, summary["id"]) or self._make_group(summary)
        here = self._in_project(summary["id"])
        here |= {output["name"] for item in self._queue if item.job_id == summary["id"] for output in item.outputs}
        known = here if zoom else here | set(group.customProperty(layer_tree.SHOWN) or [])
        dates = text_dates.dates_of(summary)
        several = dates is not None and dates[0] != dates[1]
        fresh = [maps for together in _layers_of(outputs, several)
                 if zoom or _is_wanted(together, here, known)
                 if (maps := [output for output in together if output["name"] not in known])]
        self.note(summary)
        for maps in fresh:
            self._queue.append(_Pending(summary["id"], summary.get("name") or "", maps, several, zoom,
                                        summary.get("warnings") or ()))
        if several and dates is not None:
            controller = self._iface.mapCanvas().temporalController()
            temporal.offer_days(controller, self._project, *dates)
        if fresh:
            self._timer.start()
        elif zoom:
            self._zoom_to(group)
        return group

    def note(self, summary: Mapping[str, Any]) -> None:
        """Put a job's warnings into the notes of its maps that are here.

        Maps come in while their job runs; what it says later, such as their error at a station, follows.
        """
        if not (warnings := summary.get("warnings")):
            return
        self._queue = deque(replace(item, warnings=warnings) if item.job_id == summary["id"] else item
                            for item in self._queue)
        for layer in self._project.mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and layer.customProperty(layer_tree.JOB) == summary["id"]:
                metadata.note(layer, warnings)

    def remove(self, job_id: str) -> None:
        """Take a job's maps and group out of the project; other layers that the user put there move up."""
        self._queue = deque(item for item in self._queue if item.job_id != job_id)
        group = layer_tree.group_of_job(self._project, job_id)
        ours = [layer.id() for layer in self._project.mapLayers().values()
                if job_id in (layer.customProperty(layer_tree.JOB), layer.customProperty(layer_tree.NEED))]
        if group is not None:
            parent = group.parent()
            for node in reversed([node for node in group.findLayers() if node.layerId() not in ours]):
                layer_tree.move_to_top(node, parent)
        self._project.removeMapLayers(ours)
        if group is not None:
            group.parent().removeChildNode(group)

    def shown_jobs(self) -> list[str]:
        """Ids of the jobs with a group in the project, from the top down."""
        return [str(group.customProperty(layer_tree.JOB)) for group in layer_tree.groups(self._project)]

    def show_day(self, day: dt.date) -> None:
        """Bring the map to another of the days that are there."""
        self.days.show_day(day)

    def _make_group(self, summary: Mapping[str, Any]) -> QgsLayerTreeGroup:
        first = next((output for output in summary.get("outputs") or () if is_map(output)), None)
        synthetic = first is not None and metadata.read_product(first["path"]).synthetic
        name = text_dates.group_name(summary, synthetic)
        group = self._project.layerTreeRoot().insertGroup(0, name)
        group.setCustomProperty(layer_tree.JOB, summary["id"])
        group.setCustomProperty(layer_tree.NAME, name)
        region = (summary.get("specification") or {}).get("region")
        if region:
            group.setCustomProperty(layer_tree.REGION, region)
            layer_tree.raise_stations(self._project, region, group)
        return group

    def _in_project(self, job_id: str) -> set[str]:
        names: set[str] = set()
        for layer in self._project.mapLayers().values():
            if layer.customProperty(layer_tree.JOB) == job_id:
                names.add(str(layer.customProperty(layer_tree.OUTPUT)))
                names |= {entry["name"] for entry in day_maps.known(layer).values()}
        return names

    def _add_next(self) -> None:
        if not self._queue:
            self._timer.stop()
            return
        item = self._queue.popleft()
        group = layer_tree.group_of_job(self._project, item.job_id)
        if group is None:  # the user took it away meanwhile
            self._queue = deque(other for other in self._queue if other.job_id != item.job_id)
            return
        self._add(item, group)
        if not any(other.job_id == item.job_id for other in self._queue):
            self._all_added(item, group)

    def _add(self, item: _Pending, group: QgsLayerTreeGroup) -> None:
        series = day_maps.series_of(item.outputs[0]) if item.several_days else ""
        layer = self._layer_of(item.job_id, series) if series else None
        outputs = item.outputs if layer is not None else self._add_layer(item, group, series)
        if layer is not None:
            self._add_days(layer, outputs)
        shown = dict.fromkeys([*(group.customProperty(layer_tree.SHOWN) or []),
                               *(output["name"] for output in outputs)])
        group.setCustomProperty(layer_tree.SHOWN, list(shown))

    def _layer_of(self, job_id: str, series: str) -> QgsRasterLayer | None:
        return next((layer for layer in day_layers.of_project(self._project)
                     if layer.customProperty(layer_tree.JOB) == job_id
                     and layer.customProperty(layer_tree.SERIES) == series), None)

    def _add_days(self, layer: QgsRasterLayer, outputs: Sequence[Mapping[str, Any]]) -> None:
        """Further days of a layer; the newest is shown if the newest was, and nobody plays the days."""
        followed = day_layers.shown_day(layer) == max(day_maps.days(layer), default="")
        day_maps.add(layer, outputs)
        newest = max(day_maps.days(layer))
        if followed and newest != day_layers.shown_day(layer) and not self.days.animating:
            day_layers.show_day(layer, newest)
            self.days.shown.emit(newest)

    def _add_layer(self, item: _Pending, group: QgsLayerTreeGroup, series: str) -> Sequence[Mapping[str, Any]]:
        """A new layer, which shows the newest map that can be opened; the maps that it stands for."""
        layer, outputs = None, list(item.outputs)
        while outputs and (layer := _open_layer(outputs[0]["path"])) is None:
            self._failed.append(outputs.pop(0)["name"])
        if layer is None:
            return ()
        output = outputs[0]
        product = metadata.read_product(output["path"])
        field = product.field or str(output.get("field") or "")
        metadata.describe(layer, product, output, field or item.name)
        metadata.note(layer, item.warnings)
        marks = {layer_tree.JOB: item.job_id, layer_tree.FIELD: field or item.name, layer_tree.OF_FIELDS: field}
        for name, value in (marks | ({layer_tree.SERIES: series} if series else {})).items():
            layer.setCustomProperty(name, value)
        if series:
            day_maps.add(layer, outputs)
        style.apply(layer)
        day_layers.tell_day(layer, product)
        if product.synthetic:
            _name_synthetic(group)
        node = QgsLayerTreeLayer(layer)
        style.shorten_legend(node, product.synthetic)
        placing.place(self._project, node, group, placing.Spot(layer_tree.what_of_layer(layer), field))
        return outputs

    def _tell_failed(self, name: str) -> None:
        """A day was chosen whose map cannot be opened."""
        self._failed.append(name)
        self._say_failed()

    def _say_failed(self) -> None:
        if self._failed:
            names = ", ".join(self._failed[:_MOST_NAMES])
            if len(self._failed) > _MOST_NAMES:
                names = self.tr("{0} and %n more", None, len(self._failed) - _MOST_NAMES).format(names)
            self._failed = []
            text = self.tr("Could not open {0}. The file may have been moved or deleted. To make it again, choose “Try "
                           "again” in the list of jobs.").format(names)
            self._iface.messageBar().pushMessage("DeepSoil", defused(text), Qgis.MessageLevel.Warning)

    def _all_added(self, item: _Pending, group: QgsLayerTreeGroup) -> None:
        self._say_failed()
        if item.zoom:
            self._zoom_to(group)
        self.layersAdded.emit(item.job_id)

    def _zoom_to(self, group: QgsLayerTreeGroup) -> None:
        """After QGIS has taken in the layer: the first one of an empty project also sets the project's CRS."""
        job_id = str(group.customProperty(layer_tree.JOB))
        QTimer.singleShot(0, lambda: self._zoom_to_job(job_id))

    def _zoom_to_job(self, job_id: str) -> None:
        canvas, extent = self._iface.mapCanvas(), QgsRectangle()
        for layer in self._project.mapLayers().values():
            if layer.customProperty(layer_tree.JOB) != job_id:
                continue
            to_map = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), self._project)
            # Where the map's CRS cannot show a field, the view does not go there.
            with contextlib.suppress(QgsCsException):
                extent.combineExtentWith(to_map.transformBoundingBox(layer.extent()))
        if extent.isEmpty():
            return
        extent.scale(_MARGIN)
        canvas.setExtent(extent)
        canvas.refresh()

    def _forget(self) -> None:
        self._timer.stop()
        self._queue.clear()
        self._failed = []


def _layers_of(outputs: Sequence[Mapping[str, Any]], several_days: bool) -> list[list[Mapping[str, Any]]]:
    """The maps that are one layer together, the newest first; shallow layers before deep ones before water."""
    together: dict[str, list[Mapping[str, Any]]] = {}
    for output in outputs:
        together.setdefault(day_maps.series_of(output) if several_days else output["name"], []).append(output)
    return sorted((sorted(maps, key=lambda output: str(output.get("date") or ""), reverse=True)
                   for maps in together.values()), key=lambda maps: quantities.order(quantities.what_of(maps[0])))


def _is_wanted(maps: Sequence[Mapping[str, Any]], here: set[str], known: set[str]) -> bool:
    """Whether new days of a layer are to come: not where the user has removed it."""
    names = {output["name"] for output in maps}
    return bool(names & here) or not names & known


def _name_synthetic(group: QgsLayerTreeGroup) -> None:
    """Say it in the group's name, unless the user has given another one."""
    ours = str(group.customProperty(layer_tree.NAME) or "")
    if text_dates.synthetic_text() not in ours:
        name = f"{ours} · {text_dates.synthetic_text()}"
        if group.name() == ours:
            group.setName(name)
        group.setCustomProperty(layer_tree.NAME, name)


def _open_layer(path: str) -> QgsRasterLayer | None:
    """QGIS's own work: open the file; QGIS samples its pixels for a stretch of its own, which is not used."""
    if not geotiff.is_whole(path):
        return None
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsRasterLayer(path, tr("Soil moisture"), "gdal", options)
    return layer if layer.isValid() else None
