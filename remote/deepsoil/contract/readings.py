"""Soil moisture readings that a map or an evaluation may use: single values, or those of own probes. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.contract.strict import Strict

LARGEST_THETA = 0.8
"""m³/m³; more water than any mineral soil holds. A value in per cent is above it."""

MOST_READINGS = 20_000


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
