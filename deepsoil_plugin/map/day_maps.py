"""The maps of many days that one layer stands for, as the layer keeps them: it shows one of them at a time.

Kept with the layer, and so with the project: by day the name of the file and what the engine says of it. The files lie
in one folder, that of the file that the layer shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qgis.core import QgsMapLayer

from . import layer_tree

Output = Mapping[str, Any]
_KEPT = ("name", "sha256", "field")


def series_of(output: Output) -> str:
    """What the maps of one place and quantity on all days have in common: the name of the file without the day."""
    day = str(output.get("date") or "")
    return str(output["name"]).replace(day, "") if day else str(output["name"])


def known(layer: QgsMapLayer) -> Mapping[str, Mapping[str, Any]]:
    """By day (ISO, in order) what is kept of its output; empty for a layer of one map, and where it is damaged."""
    return _read(str(layer.customProperty(layer_tree.DAY_MAPS) or ""))


@lru_cache(maxsize=64)  # asked several times at each step, and long
def _read(text: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        document = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    return MappingProxyType({day: entry for day, entry in sorted(document.items())
                             if isinstance(entry, dict) and _is_name(entry.get("name"))})


def add(layer: QgsMapLayer, outputs: Iterable[Output]) -> None:
    """Keep further days with the layer; a day that is known becomes another map."""
    days = dict(known(layer)) | {str(output["date"]): {name: output[name] for name in _KEPT if output.get(name)}
                           for output in outputs}
    layer.setCustomProperty(layer_tree.DAY_MAPS, json.dumps(days, ensure_ascii=False, separators=(",", ":")))


def days(layer: QgsMapLayer) -> list[str]:
    """The days (ISO) of a layer that stands for several, in order; empty for any other layer."""
    return list(known(layer))


def output_of(layer: QgsMapLayer, day: str) -> dict[str, Any] | None:
    """The output of a day with its path; None where the layer has none."""
    entry = known(layer).get(day)
    return None if entry is None else {**entry, "date": day, "path": str(Path(layer.source()).parent / entry["name"])}


def _is_name(name: object) -> bool:
    """Whether this names a file in the layer's own folder: the project may come from anybody."""
    return isinstance(name, str) and name not in ("", ".", "..") and not any(sign in name for sign in "/\\:")
