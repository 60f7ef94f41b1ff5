"""Where a map belongs in the group of its job: by what it shows (a depth, or water of the root zone), day and field.

One field and one day:    depth
One field, several days:  subgroup of the depth ▸ day
Several fields, one day:  subgroup of the depth ▸ field
Several of both:          subgroup of the depth ▸ subgroup of the day ▸ field
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeLayer, QgsLayerTreeNode, QgsProject

from ..text import dates as text_dates
from ..text import quantities
from . import depth_chooser, layer_tree, temporal


@dataclass(frozen=True)
class Spot:
    """What a map shows. ``what``: see ``quantities``; ``day``: ISO; ``field``: its name where the job has several, else
    empty.
    """

    what: str
    day: str
    field: str
    several_days: bool


def place(project: QgsProject, node: QgsLayerTreeLayer, group: QgsLayerTreeGroup, spot: Spot, animating: bool) -> None:
    """Put a map into the group of its job: shallow above deep above water, and only the one that came first is on; of
    days the newest is on top, and only that one is on; fields stand in the order of the request, and all are on.

    ``animating``: the Temporal Controller chooses the day.
    """
    waits = depth_chooser.is_other_shown(group, spot.what)
    if not spot.several_days and not spot.field:
        node.setItemVisibilityChecked(not waits)
        _add_to_project(project, node, group, _index_of(group, spot.what))
        return
    within = _subgroup_of_what(group, spot, waits)
    if not spot.several_days:
        _add_field(project, node, within)
        return
    if spot.field:
        day = next((child for child in within.children() if isinstance(child, QgsLayerTreeGroup)
                    and layer_tree.date_of(child) == spot.day), None)
        if day is None:
            index = _index_of_day(within.children(), spot.day)
            day = within.insertGroup(index, text_dates.day_text(dt.date.fromisoformat(spot.day)))
            day.setCustomProperty(layer_tree.DATE, spot.day)
            _show_newest(within, day, index, spot.day, animating)
        _add_field(project, node, day)
        return
    index = _index_of_day(within.children(), spot.day)
    node.setItemVisibilityChecked(index == 0 or animating)
    node.setExpanded(index == 0)
    _add_to_project(project, node, within, index)
    if index == 0 and not animating:
        temporal.choose_day(within, spot.day)


def _subgroup_of_what(group: QgsLayerTreeGroup, spot: Spot, waits: bool) -> QgsLayerTreeGroup:
    mark = layer_tree.DAYS if spot.several_days else layer_tree.FIELDS
    found = next((child for child in group.children() if isinstance(child, QgsLayerTreeGroup)
                  and child.customProperty(mark) == spot.what), None)
    if found is not None:
        return found
    made = group.insertGroup(_index_of(group, spot.what), quantities.title(spot.what))
    made.setCustomProperty(mark, spot.what)
    made.setItemVisibilityChecked(not waits)
    return made


def _show_newest(days: QgsLayerTreeGroup, day: QgsLayerTreeNode, index: int, iso: str, animating: bool) -> None:
    day.setItemVisibilityChecked(index == 0 or animating)
    day.setExpanded(index == 0)
    if index == 0 and not animating:
        temporal.choose_day(days, iso)


def _add_field(project: QgsProject, node: QgsLayerTreeLayer, group: QgsLayerTreeGroup) -> None:
    node.setExpanded(False)
    output = _output_of(node)
    _add_to_project(project, node, group, _index(group.children(), lambda other: _output_of(other) <= output))


def _output_of(node: QgsLayerTreeNode) -> str:
    """The name of a map's file; those of the fields of a day are in the order of the request."""
    layer = node.layer() if isinstance(node, QgsLayerTreeLayer) else None
    return str(layer.customProperty(layer_tree.OUTPUT) or "") if layer is not None else ""


def _index_of(group: QgsLayerTreeGroup, what: str) -> int:
    return sum(1 for child in group.children() if _order_of(child) < quantities.order(what))


def _order_of(node: Any) -> int:
    """Shallow above deep above water, the stations on top, anything else below."""
    layer = node.layer() if isinstance(node, QgsLayerTreeLayer) else None
    if layer is not None and layer.customProperty(layer_tree.STATIONS):
        return -1
    return quantities.order(what) if (what := layer_tree.what_of(node)) else 10_000


def _index_of_day(nodes: list[Any], day: str) -> int:
    """Where a day belongs among nodes, newest first."""
    return _index(nodes, lambda node: layer_tree.date_of(node) > day)


def _index(nodes: list[Any], is_before: Callable[[Any], bool]) -> int:
    """The number of nodes that come before; by halves, because a year of nodes is slow to ask one by one.

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
