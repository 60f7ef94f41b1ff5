"""The maps of many days that one layer stands for, as the layer keeps them: it shows one of them at a time.

Kept with the layer, and so with the project: by day the name of the file and what the engine says of it. The files lie
in one folder, that of the file that the layer shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer

from . import layer_tree

Output = Mapping[str, Any]
_KEPT = ("name", "sha256", "field")


def series_of(output: Output) -> str:
    """What the maps of one place and quantity on all days have in common: the name of the file without the day."""
    day = str(output.get("date") or "")
    return str(output["name"]).replace(day, "") if day else str(output["name"])


def known(layer: QgsMapLayer) -> dict[str, dict[str, Any]]:
    """By day (ISO, in order) what is kept of its output; empty for a layer of one map, and where it is damaged."""
    text = str(layer.customProperty(layer_tree.DAY_MAPS) or "")
    try:
        document = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    return {day: entry for day, entry in sorted(document.items()) if isinstance(entry, dict) and _is_name(entry)}


def add(layer: QgsMapLayer, outputs: Iterable[Output]) -> None:
    """Keep further days with the layer; a day that is known becomes another map."""
    days = known(layer) | {str(output["date"]): {name: output[name] for name in _KEPT if output.get(name)}
                           for output in outputs}
    layer.setCustomProperty(layer_tree.DAY_MAPS, json.dumps(days, ensure_ascii=False, separators=(",", ":")))


def days(layer: QgsMapLayer) -> list[str]:
    """The days (ISO) of a layer that stands for several, in order; empty for any other layer."""
    return list(known(layer))


def output_of(layer: QgsMapLayer, day: str) -> dict[str, Any] | None:
    """The output of a day with its path; None where the layer has none."""
    entry = known(layer).get(day)
    return None if entry is None else {**entry, "date": day, "path": str(Path(layer.source()).parent / entry["name"])}


def _is_name(entry: Mapping[str, Any]) -> bool:
    """Whether the file is named, and in the layer's own folder: the project may come from anybody."""
    name = entry.get("name")
    return isinstance(name, str) and name != "" and Path(name).name == name
