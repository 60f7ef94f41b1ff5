"""Where a map belongs in the group of its job: by what it shows (a depth, or water of the root zone), and field.

One field:       depth
Several fields:  subgroup of the depth ▸ field

Several days are one layer (`day_layers`), so that the tree is as short as for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsLayerTreeNode, QgsProject

from ..text import quantities
from . import depth_chooser, layer_tree


@dataclass(frozen=True)
class Spot:
    """What a map shows. ``what``: see ``quantities``; ``field``: its name where the job has several, else empty."""

    what: str
    field: str


def place(project: QgsProject, node: QgsLayerTreeLayer, group: QgsLayerTreeGroup, spot: Spot) -> None:
    """Put a map into the group of its job: shallow above deep above water, and only the one that came first is on;
    fields stand in the order of the request, and all are on.
    """
    waits = depth_chooser.is_other_shown(group, spot.what)
    if spot.field:
        _add_field(project, node, _subgroup_of_fields(group, spot.what, waits))
        return
    node.setItemVisibilityChecked(not waits)
    _add_to_project(project, node, group, _index_of(group, spot.what))


def _subgroup_of_fields(group: QgsLayerTreeGroup, what: str, waits: bool) -> QgsLayerTreeGroup:
    found = next((child for child in group.children() if isinstance(child, QgsLayerTreeGroup)
                  and child.customProperty(layer_tree.FIELDS) == what), None)
    if found is not None:
        return found
    made = group.insertGroup(_index_of(group, what), quantities.title(what))
    made.setCustomProperty(layer_tree.FIELDS, what)
    made.setItemVisibilityChecked(not waits)
    return made


def _add_field(project: QgsProject, node: QgsLayerTreeLayer, group: QgsLayerTreeGroup) -> None:
    node.setExpanded(False)
    output = _output_of(node)
    _add_to_project(project, node, group, _index(group.children(), lambda other: _output_of(other) <= output))


def _output_of(node: QgsLayerTreeNode) -> str:
    """The name of a map's file, without the day where it is one of several; those of fields are in the order of the
    request.
    """
    layer = node.layer() if isinstance(node, QgsLayerTreeLayer) else None
    return "" if layer is None else str(layer.customProperty(layer_tree.SERIES)
                                        or layer.customProperty(layer_tree.OUTPUT) or "")


def _index_of(group: QgsLayerTreeGroup, what: str) -> int:
    return sum(1 for child in group.children() if _order_of(child) < quantities.order(what))


def _order_of(node: Any) -> int:
    """Shallow above deep above water, the stations on top, anything else below."""
    layer = node.layer() if isinstance(node, QgsLayerTreeLayer) else None
    if layer is not None and layer.customProperty(layer_tree.STATIONS):
        return -1
    return quantities.order(what) if (what := layer_tree.what_of(node)) else 10_000


def _index(nodes: list[Any], is_before: Callable[[Any], bool]) -> int:
    """The number of nodes that come before; by halves, because hundreds of fields are slow to ask one by one.

    A node that the user moved among them makes it no worse than a little out of order.
    """
    low, high = 0, len(nodes)
    while low < high:
        middle = (low + high) // 2
        if is_before(nodes[middle]):
            low = middle + 1
        else:
            high = middle
    return low


def _add_to_project(project: QgsProject, node: QgsLayerTreeLayer, group: QgsLayerTreeGroup, index: int) -> None:
    """QGIS's own work: legend, canvas and panels take in the layer."""
    project.addMapLayer(node.layer(), False)
    group.insertChildNode(index, node)
