"""What is asked of the maps that irrigation is planned by: the water to refill, and zones of need. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from deepsoil.contract.strict import Strict

MOST_RAIN_DAYS = 10


class Refill(Strict):
    """How the water to refill is counted.

    ``target``: the share of the root zone's available water up to which it is filled; 1 is field capacity.
    ``rain_days``: the rain of so many days after the map's, as far as the region has it, is left to the sky.
    ``only_where_needed``: 0 where the plants have not yet used what they may use without stress.
    """

    target: Annotated[float, Field(ge=0.1, le=1)] = 1.0
    rain_days: Annotated[int, Field(ge=0, le=MOST_RAIN_DAYS)] = 0
    only_where_needed: bool = False


class Zones(Strict):
    """Contiguous parts of a field with one need for water, none smaller than ``minimum_ha``, none finer than the
    interval of the map."""

    minimum_ha: Annotated[float, Field(ge=0.1, le=1000)] = 0.5
