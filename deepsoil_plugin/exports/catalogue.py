"""What can be exported now: the maps of each request whose files are here, and which of them are wanted. No window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsMapLayer, QgsProject

from ..map import layer_tree
from ..map.outputs import is_map
from ..text.dates import group_name
from . import items as parts
from .items import Item


@dataclass(frozen=True)
class Entry:
    """A request with maps. ``summary``: its job, None where only its layers are known."""

    job: str
    title: str
    summary: Mapping[str, Any] | None

    def items(self) -> list[Item]:
        """Its maps, by field, day and depth."""
        if self.summary is not None:
            return parts.of_job(self.summary)
        return parts.of_layers([layer for layer in QgsProject.instance().mapLayers().values()
                                if str(layer.customProperty(layer_tree.JOB) or "") == self.job], all_days=True)


@dataclass(frozen=True)
class Choice:
    """Which maps of a request are wanted: those of these fields (by `field_key`), days and quantities."""

    fields: frozenset[str]
    days: frozenset[str]
    whats: frozenset[str]

    def of(self, items: Iterable[Item]) -> list[Item]:
        return [item for item in items
                if field_key(item) in self.fields and item.date in self.days and item.what in self.whats]


def field_key(item: Item) -> str:
    """What tells the fields of a request apart: two may have one name."""
    return item.group or item.field


def entries(jobs: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The newest first; then what only the project's layers know."""
    known = [job for job in jobs if any(is_map(output) and output.get("path") for output in job.get("outputs") or ())]
    known.sort(key=lambda job: str(job.get("created") or ""), reverse=True)
    found = [Entry(str(job["id"]), group_name(job, False), job) for job in known]
    there = {entry.job for entry in found}
    for group in layer_tree.groups(QgsProject.instance()):
        job = str(group.customProperty(layer_tree.JOB))
        if job not in there and parts.of_layers([node.layer() for node in group.findLayers() if node.layer()]):
            there.add(job)
            found.append(Entry(job, group.name(), None))
    return found


def usual(items: Sequence[Item]) -> Choice:
    """All fields and quantities on the newest day."""
    newest = max((item.date for item in items), default="")
    return Choice(frozenset(field_key(item) for item in items), frozenset([newest]),
                  frozenset(item.what for item in items))


def chosen_by(layers: Sequence[QgsMapLayer], items: Sequence[Item]) -> Choice:
    """What these layers show; the usual where they show no map of ``items``."""
    selected = parts.of_layers(layers)
    sources = {item.source for item in selected}
    same = [item for item in items if item.source in sources] or selected
    choice = Choice(frozenset(field_key(item) for item in same), frozenset(item.date for item in same),
                    frozenset(item.what for item in same))
    return choice if choice.of(items) else usual(items)
