"""What the user knows of the water, crop and soil of fields, by name, and what of it goes into a request. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract_check import problem
from ..text.translate import tr
from ..text.units import water_text

Entry = dict[str, Any]
"""``crop``, ``irrigation`` and ``soil`` as an entry of ``options.management`` has them, without its ``field``."""

MOST_NAMES = 4000
USUAL_HABIT: Entry = {"type": "habit", "mm": 25.0, "depletion": 0.4}


def field_names(area: Mapping[str, Any] | None) -> list[str]:
    """The names of several fields; empty for one area."""
    if area is None or area.get("type") != "FeatureCollection":
        return []
    return [str(feature["properties"]["name"]) for feature in area["features"]]


def management(known: Mapping[str, Entry], area: Mapping[str, Any] | None, name: str) -> list[Entry]:
    """The entries for an area called ``name``: one for all of it, and one for each of its fields that has its own."""
    entries = [dict(known[name])] if known.get(name) else []
    return [*entries, *({"field": field, **known[field]} for field in dict.fromkeys(field_names(area))
                        if known.get(field) and field != name)]


def kept(document: Any) -> dict[str, Entry]:
    """What a project file keeps; what is not as the contract has it is as if it had never been said."""
    if not isinstance(document, Mapping):
        return {}
    return {name: dict(entry) for name, entry in list(document.items())[:MOST_NAMES]
            if isinstance(name, str) and isinstance(entry, dict) and entry and problem(entry, "Management") is None}


def plans_from(document: Any) -> dict[str, list[dict[str, Any]]]:
    """The planned irrigation of fields in a project file, by name; what is not as the contract has it is left out."""
    if not isinstance(document, Mapping):
        return {}
    return {name: [dict(one) for one in plan] for name, plan in list(document.items())[:MOST_NAMES]
            if isinstance(name, str) and isinstance(plan, list) and plan
            and problem({"type": "log", "applications": plan}, "IrrigationLog") is None}


def entry_text(entry: Mapping[str, Any]) -> str:
    """An entry in a few words; empty where nothing is said."""
    irrigation = entry.get("irrigation") or {}
    kind = irrigation.get("type")
    text = ""
    if kind == "log":
        text = log_text(irrigation.get("applications") or ())
    elif kind == "habit":
        text = tr("usual practice, {0} at {1} %").format(water_text(float(irrigation.get("mm") or USUAL_HABIT["mm"])),
                                                         round(100 * irrigation.get("depletion", 0.4)))
    elif kind == "irrigated":
        text = tr("irrigated")
    elif kind == "rainfed":
        text = tr("not irrigated")
    return ", ".join(part for part in (str(entry.get("crop") or ""), text, soil_text(entry.get("soil") or ())) if part)


def log_text(applications: Sequence[Mapping[str, Any]]) -> str:
    """How many days a log has, and how much water."""
    total = math.fsum(float(one["mm"]) for one in applications)
    return tr("irrigation log, days: {0}, water: {1}").format(len(applications), water_text(total))


def soil_text(layers: Sequence[Mapping[str, Any]]) -> str:
    """How many layers of the soil were measured, and where; empty where none was."""
    if not layers:
        return ""
    top, bottom = min(layer["top_cm"] for layer in layers), max(layer["bottom_cm"] for layer in layers)
    return tr("%n measured soil layer(s), {0}–{1} cm", None, len(layers)).format(f"{top:g}", f"{bottom:g}")
