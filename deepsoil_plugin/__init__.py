"""DeepSoil in QGIS: draw a field, pick a date, get its soil moisture. Imports nothing heavy until QGIS asks for it."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:
    """QGIS's way in."""
    from .plugin import DeepSoilPlugin

    return DeepSoilPlugin(iface)
