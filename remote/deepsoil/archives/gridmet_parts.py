"""The variables of gridMET that are used, and the parts of them that pieces ask for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deepsoil.archives.gridmet_grid import Cells

TITLE = "gridMET daily weather"
FIRST_DAY = date(1979, 1, 1)
REVISED_DAYS = 60
"""The last days that the provider calls preliminary (public_data.md §5a)."""
SETTLED_AFTER_DAYS = 120
"""Older than twice the days that are revised, a day is taken as final for good."""


@dataclass(frozen=True)
class Variable:
    """A variable: ``long`` is its name in the aggregations.

    low, high  what a value can be; ``means``: what the mean of a year can be anywhere in the lower 48 states, from
               Death Valley to the Olympic Mountains, with some room
    """

    name: str
    long: str
    unit: str
    low: float
    high: float
    means: tuple[float, float]


VARIABLES: dict[str, Variable] = {one.name: one for one in (
    Variable("pr", "precipitation_amount", "mm", 0.0, 800.0, (0.02, 16.0)),
    Variable("tmmn", "daily_minimum_temperature", "K", 205.0, 315.0, (255.0, 302.0)),
    Variable("tmmx", "daily_maximum_temperature", "K", 210.0, 335.0, (262.0, 312.0)),
    Variable("vpd", "daily_mean_vapor_pressure_deficit", "kPa", 0.0, 12.0, (0.08, 6.0)),
    Variable("pet", "daily_mean_reference_evapotranspiration_grass", "mm", 0.0, 25.0, (0.8, 11.0)),
)}


@dataclass(frozen=True)
class Part:
    """What a piece asks for. ``asked`` is the day of the plan for days that may still be revised, else None."""

    variable: Variable
    start: date
    end: date
    cells: Cells
    asked: date | None

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Part:
        return cls(VARIABLES[details["variable"]], date.fromisoformat(details["start"]),
                   date.fromisoformat(details["end"]), Cells(*details["cells"]),
                   None if details["asked"] is None else date.fromisoformat(details["asked"]))

    def details(self) -> dict[str, Any]:
        cells = self.cells
        return {"variable": self.variable.name, "start": str(self.start), "end": str(self.end),
                "cells": [cells.left, cells.top, cells.right, cells.bottom],
                "asked": None if self.asked is None else str(self.asked)}


def aggregation(name: str) -> str:
    """The data set of a variable from 1979 to today."""
    return f"agg_met_{name}_1979_CurrentYear_CONUS.nc"
