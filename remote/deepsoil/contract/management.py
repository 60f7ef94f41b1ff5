"""What the user knows of a field's water and crop. Pure; the rules that need weather or soil are elsewhere.

An irrigation is water that reaches the ground, in mm over the field; what a sprinkler loses before is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import Name
from deepsoil.contract.measured_soil import MOST_LAYERS, SoilLayer, check_soil
from deepsoil.contract.strict import Strict

LARGEST_APPLICATION_MM = 300.0
"""Of one day. More is a typing error or a flood; basin irrigation of rice stays below it."""

MOST_APPLICATIONS = 3660

Crop = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A key of the table of crops (``soil.crops``)."""


RootDepth = Annotated[float, Field(ge=10.0, le=300.0)]
"""cm; the water of the root zone is counted down to 100 cm at most (``field.root_zone``)."""

AllowedDepletion = Annotated[float, Field(ge=0.05, le=0.95)]
"""Share of the root zone's available water."""


class Application(Strict):
    """Water given on one day."""

    date: dt.date
    mm: Annotated[float, Field(gt=0, le=LARGEST_APPLICATION_MM)]


class IrrigationLog(Strict):
    """Every irrigation of the season that is known: no other water was given."""

    type: Literal["log"]
    applications: Annotated[list[Application], Field(max_length=MOST_APPLICATIONS)]


class IrrigationHabit(Strict):
    """How the field is usually irrigated: ``mm`` whenever the share ``depletion`` of the root zone's available water
    is used, between two days of the year (``MM-DD``); without them, while the crop grows."""

    type: Literal["habit"]
    mm: Annotated[float, Field(gt=0, le=LARGEST_APPLICATION_MM)] = 25.0
    depletion: Annotated[float, Field(ge=0.05, le=0.95)] = 0.4
    first_day: Annotated[str, Field(pattern=r"^[0-1][0-9]-[0-3][0-9]$")] | None = None
    last_day: Annotated[str, Field(pattern=r"^[0-1][0-9]-[0-3][0-9]$")] | None = None


class Irrigated(Strict):
    """The field is irrigated, and nothing more is known: what is usual for its crop is assumed."""

    type: Literal["irrigated"]


class Rainfed(Strict):
    """The field is not irrigated, whatever a map says."""

    type: Literal["rainfed"]


Irrigation = Annotated[IrrigationLog | IrrigationHabit | Irrigated | Rainfed, Field(discriminator="type")]


class Management(Strict):
    """Of the field called ``field``, or of all fields of the area where it is left out: its crop, its water
    and its soil.

    What is left out is taken from the region: land cover, texture and, where there is one, the map of irrigated land.
    ``root_depth_cm`` takes the place of that of the crop or the land cover in soil columns; ``allowed_depletion`` that
    of the crop where ``what_if`` says when water is needed: the share of the available water used without stress.
    ``soil``: what was measured; only soil columns (``method`` ``column``) know it. Depths that it leaves out have the
    soil of the region.
    """

    field: Name | None = None
    crop: Crop | None = None
    planted: dt.date | None = None
    root_depth_cm: RootDepth | None = None
    allowed_depletion: AllowedDepletion | None = None
    irrigation: Irrigation | None = None
    soil: Annotated[list[SoilLayer], Field(min_length=1, max_length=MOST_LAYERS)] | None = None


def management_of(entries: Sequence[Management], *names: str | None) -> Management:
    """What is known of a field with one of these names: from its own entry, and else from the one for all fields."""
    common = next((entry for entry in entries if entry.field is None), Management())
    own = next((entry for entry in entries if entry.field is not None and entry.field in names), Management())
    crop = own if own.crop is not None else common
    return Management(field=own.field, crop=crop.crop, planted=own.planted or crop.planted,
                      root_depth_cm=own.root_depth_cm or common.root_depth_cm,
                      allowed_depletion=own.allowed_depletion or common.allowed_depletion,
                      irrigation=own.irrigation or common.irrigation, soil=own.soil or common.soil)


def check_management(entries: Sequence[Management], names: Sequence[str | None]) -> None:
    """Each field is managed once and is in the area. ``names``: of the fields of the area, None for an outline alone.

    Raises DeepSoilError ``specification_invalid`` (a field that is not there or is named twice, a habit whose days of
    the year are no dates, a day with two irrigations, a date of planting without a crop, layers that are no soil).
    """
    seen: set[str | None] = set()
    for number, entry in enumerate(entries):
        place = f"options.management.{number}"
        if entry.field is not None and entry.field not in names:
            raise _wrong(f"{place}.field", "The area has no field '{name}'.", "Use the name of one of its fields.",
                         name=entry.field)
        if entry.field in seen:
            raise _wrong(f"{place}.field", "The water and crop of a field are given twice.",
                         "Give one entry for each field.")
        seen.add(entry.field)
        if entry.planted is not None and entry.crop is None:
            raise _wrong(f"{place}.planted", "A date of planting is given, and no crop.", "Name the crop too.")
        _check_irrigation(entry.irrigation, f"{place}.irrigation")
        check_soil(entry.soil or (), f"{place}.soil")


def _check_irrigation(irrigation: Irrigation | None, place: str) -> None:
    if isinstance(irrigation, IrrigationHabit):
        for name in ("first_day", "last_day"):
            day = getattr(irrigation, name)
            if day is not None and not _is_day_of_year(day):
                raise _wrong(f"{place}.{name}", "{day} is not a day of the year.", "Give month and day, e.g. 05-15.",
                             day=day)
        if (irrigation.first_day is None) != (irrigation.last_day is None):
            raise _wrong(f"{place}.first_day", "Only one end of the irrigation season is given.",
                         "Give the first and the last day, or neither.")
    if isinstance(irrigation, IrrigationLog):
        dates = [application.date for application in irrigation.applications]
        twice = next((day for day in dates if dates.count(day) > 1), None) if len(set(dates)) < len(dates) else None
        if twice is not None:
            raise _wrong(f"{place}.applications", "{day} has two irrigations.",
                         "Add them up: one entry for each day.", day=twice)


def _is_day_of_year(text: str) -> bool:
    try:
        dt.date.fromisoformat(f"2024-{text}")  # a leap year: 29 February is a day
    except ValueError:
        return False
    return True


def _wrong(field: str, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("specification_invalid", message, hint, field, **values)
