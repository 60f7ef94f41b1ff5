"""What a product shows: its name, unit, and the steps in which it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A value is stored as a number of steps of ``scale`` units, from ``least`` to ``most``; see `product.NODATA`.

    name: the beginning of the file's name. title: the description of band 1, before the
    depth, the unit and the day.
    """

    name: str
    title: str
    unit: str
    scale: float
    least: int
    most: int

    @property
    def sign(self) -> str:
        """The unit as people read it."""
        return "m³/m³" if self.unit == "m3/m3" else self.unit


SOIL_MOISTURE = Quantity("soil_moisture", "Volumetric soil moisture", "m3/m3", 1e-4, 1, 10_000)
"""A map of soil moisture is never 0: no soil is that dry."""


def _of_roots(name: str, title: str, unit: str) -> Quantity:
    return Quantity(name, title, unit, 0.1, 0, 65_534)


OF_ROOT_ZONE: dict[str, Quantity] = {one.name: one for one in (
    _of_roots("available_mm", "Plant-available water of the root zone", "mm"),
    _of_roots("available_percent", "Plant-available water, share of what the root zone can hold", "%"),
    _of_roots("depletion_mm", "Depletion of the root zone below field capacity", "mm"),
    _of_roots("drainage_mm", "Drainage through the base of the soil column, 160 cm", "mm/day"),
    _of_roots("refill_mm", "Water to refill the root zone", "mm"),
)}
"""By the name in ``options.products``."""
