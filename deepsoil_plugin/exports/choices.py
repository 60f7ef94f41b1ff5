"""What can be chosen of an export, for the dialog and for Processing: the title and the key of each choice."""

from __future__ import annotations

from ..text.quantities import INCHES, M3_M3, MM, SOIL_UNITS, shown_in
from ..text.translate import tr
from .wishes import CSV, GPKG, SHAPEFILE, XLSX

Choices = tuple[tuple[str, str], ...]

TABLES: Choices = (("CSV", CSV), ("XLSX", XLSX))
OUTLINES: Choices = (("GeoPackage", GPKG), ("Shapefile", SHAPEFILE))
SOIL: Choices = tuple((shown_in(M3_M3, unit, MM).unit, unit) for unit in SOIL_UNITS)
DRIER_M3_M3 = (0.01, 0.9)
"""The least and the most soil moisture of which the share of a field below it can be asked."""
EMPTIER_PERCENT = (1, 200)
"""The same of available water."""


def water() -> Choices:
    """Units of a height of water."""
    return (("mm", MM), (tr("inches"), INCHES))


def titles(choices: Choices) -> list[str]:
    return [title for title, _ in choices]


def keys(choices: Choices) -> list[str]:
    return [key for _, key in choices]
