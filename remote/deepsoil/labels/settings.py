"""The settings of a set of labels, besides the store: texture lattice, vegetation, length of the spin-up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import simulated_depths_cm
from deepsoil.soil.column_settings import DEFAULT_SETTINGS, LAND_SETTINGS, ColumnSettings
from deepsoil.soil.compiled import source_stamp
from deepsoil.soil.crops import CROPS
from deepsoil.soil.land import Plant, vegetation_stamp
from deepsoil.soil.vegetation import GROUPS

FALLOW = "fallow"
MOST_CLASSES = 4
"""Of greenness among the pixels of one kind of cover."""
ASSUMED_COVER = "grass"
"""Assumed cover where land cover is missing: the most common group, with a medium water use."""


@dataclass(frozen=True)
class LabelSettings:
    """texture_step: per cent, the lattice to which texture is rounded. fallow: bare soil everywhere (the paper).

    spinup_days: days of the first year of weather, simulated before the first day. depths_cm: of the labels.
    """

    texture_step: int = 1
    fallow: bool = False
    spinup_days: int = 365
    depths_cm: tuple[float, ...] = field(default_factory=simulated_depths_cm)

    def __post_init__(self) -> None:
        if not 1 <= self.texture_step <= 50 or 100 % self.texture_step:
            raise DeepSoilError("bad_option", "Texture cannot be snapped to steps of {texture_step} %.",
                                "Choose a step that divides 100: 1, 2, 4, 5, 10, 20, 25 or 50.", "texture_step",
                                texture_step=self.texture_step)
        if not 0 <= self.spinup_days <= 3660:
            raise DeepSoilError("bad_option", "A spin-up of {spinup_days} days cannot be run.",
                                "Choose from 0 to 3660 days; 365 is usual.", "spinup_days",
                                spinup_days=self.spinup_days)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What may grow: the groups of land cover, then the crops of the table."""
        return (FALLOW,) if self.fallow else (*(group.name for group in GROUPS), *CROPS)

    @property
    def covers(self) -> tuple[str, ...]:
        """Names of the covers, each kind with its classes of greenness; a cover number is an index into them."""
        if self.fallow:
            return (FALLOW,)
        return tuple(f"{kind} {number + 1}" for kind in self.kinds for number in range(MOST_CLASSES))

    def plant(self, cover: int) -> Plant:
        """What grows under a cover number."""
        kind = cover // MOST_CLASSES
        if kind < len(GROUPS):
            return Plant(GROUPS[kind])
        return Plant(next(group for group in GROUPS if group.seasonal_crop), self.kinds[kind])

    @property
    def column(self) -> ColumnSettings:
        """Assumptions of the columns: those of real ground, or the plain ones for the paper's fallow."""
        return DEFAULT_SETTINGS if self.fallow else LAND_SETTINGS

    def to_dict(self) -> dict[str, Any]:
        """All settings that affect the labels, as JSON; two sets with equal documents are the same simulation.

        ``vegetation`` is a digest of the assumptions on plants, ``kernel`` a checksum of the solver's source.
        """
        column = {one.name: value for one in fields(self.column)
                  if isinstance(value := getattr(self.column, one.name), bool | int | float | str)}
        plants = "none" if self.fallow else vegetation_stamp()
        return {**asdict(self), "depths_cm": list(self.depths_cm), "engine": __version__, "column": column,
                "vegetation": plants, "kernel": source_stamp()}
