"""What the user was told of a job when it was sent, kept in its folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files

_FILE = "warnings.json"


def with_warnings(warnings: Sequence[DeepSoilError], fill_draft: Callable[[Path], None] | None = None,
                  ) -> Callable[[Path], None]:
    """What writes the warnings into the draft of a job's folder, after ``fill_draft``; see `JobFolder.create`."""
    def fill(draft: Path) -> None:
        if fill_draft is not None:
            fill_draft(draft)
        if warnings:
            json_files.write_new(draft / _FILE, {"warnings": [one.to_dict() for one in warnings]})

    return fill


def read_warnings(folder: Path) -> list[dict[str, Any]]:
    """The warnings as error objects of the contract; none where they cannot be read."""
    from deepsoil.contract.summary import Error  # a service must start quickly, without pydantic

    try:
        found = json_files.read(folder / _FILE)["warnings"]
        return [Error.model_validate(one).model_dump() for one in found]
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return []
