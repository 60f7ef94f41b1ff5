"""The user's choice of default models: by depth a model's name, version and SHA-256, in ``HOME/default_models.json``.

A file that is copied to HOME under the name of a default does not become the default: its SHA-256 is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deepsoil.io import json_files

FILE = "default_models.json"


@dataclass(frozen=True)
class Trusted:
    """What a model is trusted by."""

    id: str
    version: str
    sha256: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Trusted:
        """Of a model as `Library.list` has it."""
        return cls(document["id"], document["version"], document["sha256"])


def read(home: Path) -> dict[int, Trusted]:
    """The choices by depth in cm; an entry that is damaged counts as none."""
    found = {}
    for depth, entry in (json_files.read_or_none(home / FILE) or {}).items():
        values = [entry.get(name) for name in ("id", "version", "sha256")] if isinstance(entry, dict) else [None]
        if depth.isascii() and depth.isdigit() and len(depth) < 4 and all(isinstance(value, str) for value in values):
            found[int(depth)] = Trusted(*values)
    return found


def choose(home: Path, depth_cm: int, model: Trusted | None) -> None:
    """Remember a choice; None: what comes with DeepSoil. Raises OSError."""
    choices = {**read(home), depth_cm: model}
    json_files.write(home / FILE, {str(depth): asdict(one) for depth, one in sorted(choices.items())
                                   if one is not None})
