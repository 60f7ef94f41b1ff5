"""The stations part of a recipe: tables of readings, an archive of ISMN, or a list of such parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from deepsoil.depths import simulated_depths_cm
from deepsoil.sources.recipe_parts import Strict, Time


class StationDepth(Strict):
    theta: str
    temperature: str | None = None


class StationTables(Strict):
    """Stations of a table, each with a file of readings, or with several where ``files`` has wildcards beside {id}.

    ``irrigated``: a column with yes, no, or nothing. ``network_column``: a column with the network of each station,
    for a table of several; ``network`` is what the others are said to be of.
    """

    list: str
    id: str
    title: str | None = None
    longitude: str
    latitude: str
    network: str
    network_column: str | None = None
    irrigated: str | None = None
    files: str
    only: tuple[str, ...] = ()
    time: Time
    unit: str
    depths_cm: dict[float, StationDepth] = Field(min_length=1)
    nodata: tuple[float, ...] = ()
    minimum_share: float = Field(default=0.75, gt=0.0, le=1.0)
    warmer_than_c: float = 1.0


class IsmnArchive(Strict):
    """The stations inside the area from an archive of the International Soil Moisture Network.

    A sensor represents the depth nearest to its middle, within ``tolerance_cm``, unless it measures more than
    ``thickest_cm`` of the soil. Readings count whose quality flag is one of ``flags``; old archives have ``U`` (not
    judged) where newer ones have ``G`` (good).
    """

    ismn: str
    depths_cm: tuple[float, ...] = Field(default_factory=simulated_depths_cm, min_length=1)
    only: tuple[str, ...] = ()
    flags: tuple[str, ...] = ("G",)
    tolerance_cm: float = Field(default=2.5, ge=0.0, le=20.0)
    thickest_cm: float = Field(default=10.0, ge=0.0)
    minimum_share: float = Field(default=0.75, gt=0.0, le=1.0)
    warmer_than_c: float = 1.0


def _station_form(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "StationParts"
    archive = isinstance(value, IsmnArchive) or (isinstance(value, dict) and "ismn" in value)
    return "IsmnArchive" if archive else "StationTables"


StationPart = Annotated[Annotated[StationTables, Tag("StationTables")] | Annotated[IsmnArchive, Tag("IsmnArchive")],
                        Discriminator(_station_form)]
"""The stations of one network."""

_Several = Annotated[list[StationPart], Field(min_length=1), Tag("StationParts")]
AnyStations = Annotated[Annotated[StationTables, Tag("StationTables")] | Annotated[IsmnArchive, Tag("IsmnArchive")]
                        | _Several, Discriminator(_station_form)]


def parts_of(stations: StationTables | IsmnArchive | Sequence[StationTables | IsmnArchive],
             ) -> list[tuple[str, StationTables | IsmnArchive]]:
    """(field, part) of every network of the stations of a recipe."""
    if isinstance(stations, (StationTables, IsmnArchive)):
        return [("stations", stations)]
    return [(f"stations.{number}", one) for number, one in enumerate(stations)]
