"""The region of a live comparison: what an archive gave for a small place, ingested as for any gathered region."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepsoil.archives import recipe_file
from deepsoil.archives.archive import Bounds
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store


def ingested(folder: Path, area: Bounds, channels: Mapping[str, Any], **more: Any) -> Store:
    """The store of the files in ``folder``. ``channels`` and ``more`` as a recipe has them."""
    recipe = recipe_file.write(folder, {"schema": 1, "name": "probe", "title": "Probe", "area": {"box": area},
                                        "channels": channels, **more})
    return ingest(recipe, folder / "probe-store")
