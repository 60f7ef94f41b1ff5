"""When each archive was last compared with what DeepSoil assumes of it: ``HOME/archives-checked.json``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from deepsoil.io import json_files

NAME = "archives-checked.json"


def read(home: Path) -> dict[str, dict[str, Any]]:
    """Archive → {"on": ISO date, "problems": [texts]}; empty where none was ever checked."""
    document = json_files.read_or_none(home / NAME) or {}
    found = document.get("archives")
    return {name: entry for name, entry in found.items() if _is_entry(entry)} if isinstance(found, dict) else {}


def last(home: Path) -> dict[str, str]:
    """Archive → the day on which it was last found as assumed."""
    return {name: entry["on"] for name, entry in read(home).items() if not entry["problems"]}


def write(home: Path, found: dict[str, dict[str, Any]]) -> None:
    """Record what was found, beside what is known of other archives. Raises OSError."""
    json_files.write(home / NAME, {"schema": 1, "archives": {**read(home), **found}})


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("problems"), list):
        return False
    try:
        date.fromisoformat(str(entry.get("on")))
    except ValueError:
        return False
    return True
