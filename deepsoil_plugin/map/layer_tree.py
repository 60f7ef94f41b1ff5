"""DeepSoil's marks in the layer tree: custom properties that the project saves and a renamed or moved group keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsLayerTreeNode, QgsMapLayer, QgsProject

# On groups; JOB, OUTPUT, REGION, DATE, DEPTH and PRODUCT also on layers.
JOB = "deepsoil/job"
NAME = "deepsoil/name"            # the name we gave: another one is the user's and stays
SHOWN = "deepsoil/shown"          # outputs that were added once: what the user removed does not come back by itself
REGION = "deepsoil/region"
OUTPUT = "deepsoil/output"
DATE = "deepsoil/date"
DEPTH = "deepsoil/depth_cm"
PRODUCT = "deepsoil/product"      # on layers: which water of the root zone, in the place of a depth
FIELD = "deepsoil/field"          # on layers: what the field is called
STYLE = "deepsoil/style"          # on layers: which of the looks it was given (`style_switch`)
WARNED = "deepsoil/warned"        # on layers: how many of the job's warnings its notes have
DAY_MAPS = "deepsoil/day_maps"    # on layers that stand for several days: their maps (`day_maps`)
SERIES = "deepsoil/series"        # on such layers: what the names of their files have in common
OF_FIELDS = "deepsoil/of_fields"  # on layers: the field's name where the job has several fields
DAYS = "deepsoil/days"            # on a subgroup of an earlier version, with one layer, or one group of fields, a day
FIELDS = "deepsoil/fields"        # on a subgroup that holds one layer a field: what it shows
NEED = "deepsoil/need"            # on a layer of fields: the job whose fields it shows
STATIONS = "deepsoil/stations"    # on a station layer: its region
HOST = "deepsoil/host"          # on a station layer: the host that has the region


def groups(project: QgsProject) -> Iterator[QgsLayerTreeGroup]:
    """The group of every shown job, from the top of the tree down."""
    return (group for group in project.layerTreeRoot().findGroups(True) if group.customProperty(JOB))


def group_of_job(project: QgsProject, job_id: str) -> QgsLayerTreeGroup | None:
    return next((group for group in groups(project) if group.customProperty(JOB) == job_id), None)


def day_groups(project: QgsProject) -> Iterator[QgsLayerTreeGroup]:
    """Every subgroup of an earlier version that holds one layer a day."""
    return (group for group in project.layerTreeRoot().findGroups(True) if group.customProperty(DAYS))


def date_of(node: QgsLayerTreeNode) -> str:
    """ISO date of a result layer's node or of a day's subgroup; empty for any other node."""
    if isinstance(node, QgsLayerTreeGroup):
        return str(node.customProperty(DATE) or "")
    if isinstance(node, QgsLayerTreeLayer) and node.layer() is not None:
        return str(node.layer().customProperty(DATE) or "")
    return ""


def what_of(node: QgsLayerTreeNode) -> str:
    """What a result layer's node, or a subgroup of them, shows (see ``quantities``); empty for any other node."""
    if isinstance(node, QgsLayerTreeGroup):
        return str(node.customProperty(DAYS) or node.customProperty(FIELDS) or "")
    if isinstance(node, QgsLayerTreeLayer) and node.layer() is not None:
        return what_of_layer(node.layer())
    return ""


def what_of_layer(layer: QgsMapLayer) -> str:
    """What a result layer shows (see ``quantities``); empty for any other layer."""
    return str(layer.customProperty(PRODUCT) or layer.customProperty(DEPTH) or "")


def shown_day(project: QgsProject, region_id: str) -> dt.date | None:
    """The newest day of the region's maps that are switched on."""
    days = [date_of(node) for node in project.layerTreeRoot().findLayers()
            if node.isVisible() and date_of(node) and node.layer().customProperty(REGION) == region_id]
    return dt.date.fromisoformat(max(days)) if days else None


def station_node(project: QgsProject, region_id: str) -> QgsLayerTreeLayer | None:
    for node in project.layerTreeRoot().findLayers():
        if node.layer() is not None and node.layer().customProperty(STATIONS) == region_id:
            return node
    return None


def move_to_top(node: QgsLayerTreeNode, parent: QgsLayerTreeGroup) -> QgsLayerTreeNode:
    """Move a node to the top of a group. The layer stays in the project; the node is a new one, which is returned."""
    moved = node.clone()
    parent.insertChildNode(0, moved)
    node.parent().removeChildNode(node)
    return moved


def raise_stations(project: QgsProject, region_id: str, group: QgsLayerTreeGroup) -> None:
    """Put the region's stations on top of its newest group, where no map covers them.

    A layer that the user has put elsewhere stays there.
    """
    node = station_node(project, region_id)
    if node is None or node.parent() is group:
        return
    parent = node.parent()
    if parent is project.layerTreeRoot() or parent.customProperty(JOB):
        move_to_top(node, group)
