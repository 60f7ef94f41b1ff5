"""How maps are to be taken out: which CRS, resolution and unit, and which files beside the maps. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..text import quantities
from ..text.quantities import M3_M3, MM, Shown, shown_in

CSV, XLSX = "csv", "xlsx"
GPKG, SHAPEFILE = "gpkg", "shp"
RESOLUTION_M = 30.0
"""Of products."""
LEAST_M, MOST_M = 1.0, 10_000.0


@dataclass(frozen=True)
class Wishes:
    """crs: e.g. ``EPSG:4326``, or WKT; empty: as the map has it (the UTM zone of the field).
    resolution_m: size of a pixel on the ground, metres.
    soil_unit, water_unit: of soil moisture, one of ``quantities.SOIL_UNITS``, and of water that is a height, one of
    ``quantities.WATER_UNITS``.
    interval: with the second band, the half-width of the 90 % interval, where a map has one.
    maps: whether the maps themselves are wanted.
    tables, outlines: which files beside the maps.
    reports: whether a page for each field and day is wanted.
    threshold: of soil moisture, m³/m³; the tables then have the share of a field that is drier. None: without.
    threshold_percent: the same of available water, %.
    """

    crs: str = ""
    resolution_m: float = RESOLUTION_M
    soil_unit: str = M3_M3
    water_unit: str = MM
    interval: bool = True
    maps: bool = True
    tables: tuple[str, ...] = (CSV,)
    outlines: tuple[str, ...] = ()
    reports: bool = False
    threshold: float | None = None
    threshold_percent: float | None = None

    def threshold_of(self, what: str) -> float | None:
        """In the unit of the products; None where there is none."""
        if what not in quantities.WATER:
            return self.threshold
        return self.threshold_percent if what == "available_percent" else None

    def shown_of(self, what: str) -> Shown:
        """How values of a quantity (see ``quantities``) are shown."""
        return shown_in(quantities.UNITS.get(what, M3_M3), self.soil_unit, self.water_unit)

    def unit_of(self, what: str) -> tuple[str, float]:
        """The unit in which a quantity is written into files, and by what its values are multiplied."""
        shown = self.shown_of(what)
        return quantities.written(shown.unit), shown.factor
