"""The maps that can be taken out, of jobs, of layers and of files, and what their files are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer

from ..map import day_maps, layer_tree, metadata
from ..map.area import is_several
from ..map.new_files import Wanted, map_rest, names_for
from ..map.outputs import is_map
from ..text import quantities

_NUMBER = re.compile(r"_field(\d{4,})\.tiff?$")


@dataclass(frozen=True)
class Item:
    """One map. ``what``: see ``quantities``; ``date``: ISO; ``group``: what the maps of one field of one job have in
    common; ``job``: the job's id; ``outline``: of the field, a GeoJSON geometry in EPSG:4326, where it is known.
    """

    source: Path
    field: str
    what: str
    date: str
    group: str = ""
    job: str = ""
    outline: Mapping[str, Any] | None = dataclass_field(default=None, compare=False, repr=False)


def of_job(summary: Mapping[str, Any]) -> list[Item]:
    """The finished maps of a job that are on this computer, by field, day and depth."""
    job, found = str(summary["id"]), []
    area = (summary.get("specification") or {}).get("area")
    for output in summary.get("outputs") or ():
        if is_map(output) and output.get("path"):
            what, day = quantities.what_of(output), str(output.get("date") or "")
            field = str(output.get("field") or summary.get("name") or "")
            found.append(_item(str(output["path"]), field, what, day, job, _outline(area, str(output["name"]))))
    return ordered(found)


def of_layers(layers: Sequence[QgsMapLayer], all_days: bool = False) -> list[Item]:
    """The result maps among these layers, each once, by field, day and depth: those that they show, or of layers that
    stand for several days those of all of them.
    """
    project = QgsProject.instance()
    found = {}
    for layer in layers:
        if isinstance(layer, QgsRasterLayer) and layer.customProperty(layer_tree.JOB):
            job, source = str(layer.customProperty(layer_tree.JOB)), Path(layer.source())
            what, day = layer_tree.what_of_layer(layer), str(layer.customProperty(layer_tree.DATE) or "")
            group = layer_tree.group_of_job(project, job)
            field = layer.customProperty(layer_tree.FIELD) or (group.name() if group is not None else layer.name())
            days = day_maps.known(layer) if all_days else {}
            files = {one: source.parent / kept["name"] for one, kept in days.items()}
            for one, file in (files or {day: source}).items():
                found[file] = _item(str(file), str(field), what, one, job)
    return ordered(found.values())


def of_file(path: Path) -> Item:
    """A map by the tags in its file; without them its name stands for the field."""
    product = metadata.read_product(str(path))
    day = product.day.isoformat() if product.day else ""
    alone = str(path).replace(quantities.file_stem(product.what, day), "") if product.what else str(path)
    begins = path.name.split(quantities.file_stem(product.what, day))[0] if product.what and day else path.stem
    return Item(path, product.field or begins.strip("_- "), product.what, day, f"{product.job} {alone}",
                product.job)


def with_outline(item: Item, summary: Mapping[str, Any]) -> Item:
    """The map of a file with the outline of its field, by the number in its name, else by the field's own name."""
    area = (summary.get("specification") or {}).get("area")
    if not is_several(area) or _NUMBER.search(item.source.name):
        return replace(item, outline=_outline(area, item.source.name))
    same = [feature["geometry"] for feature in area["features"] if feature["properties"].get("name") == item.field]
    return replace(item, outline=same[0] if len(same) == 1 else None)


def ordered(items: Any) -> list[Item]:
    return sorted(items, key=lambda item: (item.field, item.group, item.date, quantities.order(item.what)))


def names_of(items: Sequence[Item], others: Sequence[Sequence[Wanted]] = (), taken: Sequence[str] = (),
             ) -> tuple[list[str], list[list[str]]]:
    """The names of the items' files and of other files, none of which is one of ``taken``.

    ``others``: groups of files that stay together, as the parts of a shapefile do.
    """
    groups = by_field(items)
    wanted: list[list[Wanted]] = [[(items[number].field, _rest(items[number])) for number in group]
                                  for group in groups]
    found = names_for([*wanted, *others], taken)
    names = dict(zip((number for group in groups for number in group),
                     (name for group in found[:len(wanted)] for name in group), strict=True))
    return [names[number] for number in range(len(items))], found[len(wanted):]


def _item(path: str, field: str, what: str, day: str, job: str, outline: Mapping[str, Any] | None = None) -> Item:
    alike = path.replace(quantities.file_stem(what, day), "") if what else path
    return Item(Path(path), field, what, day, f"{job} {alike}", job, outline)


def _outline(area: Any, name: str) -> Mapping[str, Any] | None:
    """The outline of the field that a job's file shows: of several fields the one with the number in its name."""
    if not is_several(area):
        return area if isinstance(area, Mapping) else None
    found, features = _NUMBER.search(name), area["features"]
    number = int(found.group(1)) if found else 1
    return features[number - 1]["geometry"] if number <= len(features) else None


def by_field(items: Sequence[Item]) -> list[list[int]]:
    """The numbers of the items of each field of each job."""
    groups: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        groups.setdefault(item.group or str(number), []).append(number)
    return list(groups.values())


def _rest(item: Item) -> str:
    return map_rest(item.what, item.date) if item.what and item.date else item.source.name
