"""What a handler is given beside the specification and the folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deepsoil.models.library import Library
    from deepsoil.regions import Regions


@dataclass(frozen=True)
class Context:
    """Where things are on this machine."""

    home: Path
    regions: Regions
    library: Library

    @property
    def jobs(self) -> Path:
        return self.home / "jobs"
