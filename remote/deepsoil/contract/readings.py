"""Soil moisture readings that a map or an evaluation may use: single values, or those of own probes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.contract.strict import Strict

LARGEST_THETA = 0.8
"""m³/m³; more water than any mineral soil holds. A value in per cent is above it."""

MOST_READINGS = 20_000

_SAME_THETA = 1e-4


class Reading(Strict):
    """The mean of one UTC day, or one value of it, at a position in degrees (EPSG:4326).

    ``theta`` in m³/m³. ``sensor``: values with the same name share an offset and a slope.
    """

    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    depth_cm: Annotated[float, Field(ge=0, le=150)]
    date: dt.date
    theta: Annotated[float, Field(gt=0, le=LARGEST_THETA)]
    sensor: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] = "reading"


class Readings(Strict):
    """What a map is conditioned on.

    stations      whether the readings of the region's stations are used, those of ``left_out`` excepted
    values        the user's own readings
    later_days    whether readings of days after a map's own may be used: the best reconstruction of the past,
                  not what could be known on that day
    """

    stations: bool = False
    left_out: list[str] = Field(default_factory=list)
    values: Annotated[list[Reading], Field(max_length=MOST_READINGS, default_factory=list)]
    later_days: bool = False


def check_readings(readings: Readings) -> None:
    """A sensor has one value a day, depth and place. DeepSoilError ``specification_invalid`` where it has two unlike
    ones, and where neither stations nor values are given."""
    if not readings.stations and not readings.values:
        raise DeepSoilError("specification_invalid", "A map is to rest on readings, and none are given.",
                            "Give values, use the region's stations, or leave the readings out.", "options.readings")
    if readings.left_out and not readings.stations:
        raise DeepSoilError("specification_invalid", "Stations are left out of the readings, and none are used.",
                            "Use the region's stations, or leave out no station.", "options.readings.left_out")
    check_values(readings.values)


def check_values(values: Sequence[Reading]) -> None:
    """DeepSoilError ``specification_invalid`` where a sensor has two unlike values a day, depth and place."""
    seen: dict[tuple[object, ...], float] = {}
    for number, one in enumerate(values):
        key = one.sensor, one.date, one.depth_cm, round(one.longitude, 5), round(one.latitude, 5)
        theta = seen.setdefault(key, one.theta)
        if abs(theta - one.theta) > _SAME_THETA:
            raise DeepSoilError(
                "specification_invalid", "The sensor '{sensor}' has two values at {depth_cm:g} cm on {day}: "
                "{first_value:g} and {second_value:g} m³/m³.", "Keep the right one, or their mean.",
                f"options.readings.values.{number}", sensor=one.sensor, depth_cm=one.depth_cm, day=one.date,
                first_value=theta, second_value=one.theta)
