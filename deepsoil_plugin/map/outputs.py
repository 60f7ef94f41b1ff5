"""What a job has made, told apart. Imports no layers: QGIS's toolbox loads this when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..text import quantities

_MAP_SUFFIXES = (".tif", ".tiff")


def is_map(output: Mapping[str, Any]) -> bool:
    """Whether an output of a job is a map, of soil moisture or of the water of the root zone."""
    return bool(quantities.what_of(output)) and str(output.get("path", "")).lower().endswith(_MAP_SUFFIXES)
