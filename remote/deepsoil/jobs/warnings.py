"""What the user is told of a job that can run all the same, kept in its folder: when it was sent, and while it ran."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files

_FILE = "warnings.json"
_MOST = 100


def with_warnings(warnings: Sequence[DeepSoilError], fill_draft: Callable[[Path], None] | None = None,
                  ) -> Callable[[Path], None]:
    """What writes the warnings into the draft of a job's folder, after ``fill_draft``; see `JobFolder.create`."""
    def fill(draft: Path) -> None:
        if fill_draft is not None:
            fill_draft(draft)
        if warnings:
            json_files.write_new(draft / _FILE, {"warnings": [one.to_dict() for one in warnings]})

    return fill


def add_warning(folder: Path, warning: DeepSoilError) -> None:
    """Add what has come up while the job ran; the same one is there once, and beyond a hundred there is none more.

    For the one process that runs the job: two at a time may lose one.
    """
    known, new = read_warnings(folder), warning.to_dict()
    if len(known) < _MOST and all(one["message"] != new["message"] for one in known):
        json_files.write(folder / _FILE, {"warnings": [*known, new]})


def read_warnings(folder: Path) -> list[dict[str, Any]]:
    """The warnings as error objects of the contract; none where they cannot be read."""
    from deepsoil.contract.summary import Error  # a service must start quickly, without pydantic

    try:
        found = json_files.read(folder / _FILE)["warnings"]
        return [Error.model_validate(one).model_dump() for one in found]
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return []
