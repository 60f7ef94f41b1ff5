"""``recipe.yaml`` of a gathered folder, from what its archives mean for a recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from deepsoil.archives.archive import Archive, Entries
from deepsoil.archives.folder import RECIPE, Record
from deepsoil.archives.needs import OUTLOOK
from deepsoil.io import atomic

_EDGE_DEGREES = 1e-7
"""The box is this much smaller, so that rounding never adds a row of pixels."""


def document_of(record: Record, entries: Mapping[str, Sequence[Entries]], archives: Mapping[str, Archive],
                further: Sequence[str] = ()) -> dict[str, Any]:
    """The recipe. Of a channel that two needs give, the first counts.

    further   recipes of the region's other fields
    """
    channels: dict[str, Any] = {}
    stations: list[Any] = []
    outlook: Mapping[str, Any] | None = None
    for parts in entries.values():
        for part in parts:
            for name, entry in part.channels.items():
                channels.setdefault(name, entry)
            if part.outlook is not None:
                outlook = part.outlook
            if part.stations is not None:
                stations.append(part.stations)
    west, south, east, north = record.bounds
    document: dict[str, Any] = {
        "schema": 1, "name": name_of(record.title), "title": record.title,
        "attribution": attribution_of(record, archives),
        "area": {"box": [west + _EDGE_DEGREES, south + _EDGE_DEGREES, east - _EDGE_DEGREES, north - _EDGE_DEGREES]},
        "dates": {"start": record.start, "end": record.end + OUTLOOK if "outlook" in entries else record.end},
        "channels": channels}
    if outlook is not None:
        document["outlook"] = outlook
    if stations:
        document["stations"] = stations[0] if len(stations) == 1 else stations
    if further:
        document["parts"] = list(further)
    return document


def write(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write the recipe. Raises OSError."""
    text = yaml.safe_dump(_plain(document), sort_keys=False, allow_unicode=True, width=110)
    atomic.write_text(folder / RECIPE, _HEAD + text)
    return folder / RECIPE


_HEAD = """# What was gathered from public archives; gathered.json says where each file came from.
#
#   deepsoil ingest recipe.yaml store
#
"""


def attribution_of(record: Record, archives: Mapping[str, Archive]) -> str:
    """Whom the users of the data must name, with the licences that ask for it; every archive that served, once."""
    names = dict.fromkeys(name for served in record.served.values() for name in served)
    lines = []
    for name in names:
        if name in archives and archives[name].attribution:
            sentence = archives[name].attribution.strip().rstrip(".")
            licence = archives[name].licence
            lines.append(f"{sentence} ({licence})" if licence and licence not in sentence else sentence)
    return ". ".join(dict.fromkeys(lines)) + ("." if lines else "")


def name_of(title: str) -> str:
    """A name that a recipe takes, from a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace("°", "")).strip("-") or "region"


def _plain(value: Any) -> Any:
    """Mappings and sequences as YAML writes them."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value
