"""Finished maps become layers: a group per job, filled one layer per turn of the event loop.

What is shown is told by custom properties in the layer tree, which the project saves; this class remembers nothing
but the queue of what is still to be added. A year of daily maps so comes in without holding QGIS.
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
from . import depth_chooser, geotiff, layer_tree, metadata, placing, style, temporal

_MARGIN = 1.15  # of the map view round the area
_MOST_NAMES = 3  # of files in one message
_MAP_SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True)
class _Pending:
    job_id: str
    name: str  # of the request
    output: Mapping[str, Any]
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
        canvas = iface.mapCanvas()
        self.days = (temporal.DayFollower(canvas, self._project, self)
                     if canvas.temporalController() is not None else None)
        self._depths = depth_chooser.DepthChooser(self._project, self)

    def close(self) -> None:
        """Let go of the project and of QGIS: the plugin is being unloaded."""
        self._forget()
        self._project.cleared.disconnect(self._forget)
        self._depths.close()
        if self.days is not None:
            self.days.close()

    def show(self, summary: Mapping[str, Any], zoom: bool = False) -> QgsLayerTreeGroup:
        """The group of a job, made where it is missing; its maps follow through the queue.

        Safe to call for every change of a running job: only new outputs are added, and what the user removed stays
        away. With ``zoom`` the user asks to see it: then all maps come back, and the map view moves there.
        """
        outputs = [output for output in summary.get("outputs") or () if is_map(output)]
        group = layer_tree.group_of_job(self._project, summary["id"]) or self._make_group(summary)
        known = self._in_project(summary["id"]) if zoom else set(group.customProperty(layer_tree.SHOWN) or [])
        known |= {item.output["name"] for item in self._queue if item.job_id == summary["id"]}
        dates = text_dates.dates_of(summary)
        several = dates is not None and dates[0] != dates[1]
        fresh = [output for output in outputs if output["name"] not in known]
        self.note(summary)
        # The newest day first: the user sees it while the others come in.
        for output in sorted(fresh, key=_newest_shallowest, reverse=True):
            self._queue.append(_Pending(summary["id"], summary.get("name") or "", output, several, zoom,
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
                if layer.customProperty(layer_tree.JOB) == job_id]
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
        if self.days is not None:
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
        return {str(layer.customProperty(layer_tree.OUTPUT)) for layer in self._project.mapLayers().values()
                if layer.customProperty(layer_tree.JOB) == job_id}

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
        layer = _open_layer(item.output["path"])
        if layer is None:
            self._failed.append(item.output["name"])
            return
        product = metadata.read_product(item.output["path"])
        field = product.field or str(item.output.get("field") or "")
        metadata.describe(layer, product, item.output, field or item.name)
        metadata.note(layer, item.warnings)
        layer.setCustomProperty(layer_tree.JOB, item.job_id)
        layer.setCustomProperty(layer_tree.FIELD, field or item.name)
        style.apply(layer)
        what = layer_tree.what_of_layer(layer)
        day = str(layer.customProperty(layer_tree.DATE) or "")
        if day:
            date = dt.date.fromisoformat(day)
            temporal.set_day(layer, date)
            name = field or text_dates.layer_name(what, date, item.several_days)
            layer.setName(f"{name} · {tr('forecast')}" if product.forecast else name)
        if product.synthetic:
            _name_synthetic(group)
        node = QgsLayerTreeLayer(layer)
        style.shorten_legend(node, product.synthetic)
        animating = self.days is not None and self.days.animating
        placing.place(self._project, node, group, placing.Spot(what, day, field, item.several_days), animating)
        shown = list(group.customProperty(layer_tree.SHOWN) or [])
        if item.output["name"] not in shown:
            group.setCustomProperty(layer_tree.SHOWN, [*shown, item.output["name"]])

    def _all_added(self, item: _Pending, group: QgsLayerTreeGroup) -> None:
        if self._failed:
            names = ", ".join(self._failed[:_MOST_NAMES])
            if len(self._failed) > _MOST_NAMES:
                names = self.tr("{0} and %n more", None, len(self._failed) - _MOST_NAMES).format(names)
            self._failed = []
            text = self.tr("Could not open {0}. The file may have been moved or deleted. To make it again, choose “Try "
                           "again” in the list of jobs.").format(names)
            self._iface.messageBar().pushMessage("DeepSoil", defused(text), Qgis.MessageLevel.Warning)
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


def is_map(output: Mapping[str, Any]) -> bool:
    """Whether an output of a job is a map, of soil moisture or of the water of the root zone."""
    return bool(quantities.what_of(output)) and str(output.get("path", "")).lower().endswith(_MAP_SUFFIXES)


def _newest_shallowest(output: Mapping[str, Any]) -> tuple[str, int]:
    """Largest for what is to be added first."""
    return str(output.get("date") or ""), -quantities.order(quantities.what_of(output))


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
