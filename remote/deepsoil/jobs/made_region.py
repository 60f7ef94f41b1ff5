"""The region that a job made: recorded in its folder, and named by its summary."""

from __future__ import annotations

from pathlib import Path

from deepsoil.io import json_files

_NAME = "region.json"


def record(job: Path, region: str) -> None:
    """Record the region that the job in a folder made. Raises OSError."""
    json_files.write(job / _NAME, {"region": region})


def read(job: Path) -> str | None:
    """The region that the job made, if it made one."""
    found = (json_files.read_or_none(job / _NAME) or {}).get("region")
    return found if isinstance(found, str) else None
