"""The area of a job as GeoJSON, longitude and latitude in degrees (EPSG:4326): one outline, or several named fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from deepsoil.contract.strict import Strict

LONGEST_NAME = 200
MOST_FIELDS = 2000
"""Of one job."""

Position = Annotated[list[float], Field(min_length=2, max_length=3)]
LinearRing = Annotated[list[Position], Field(min_length=4)]
Polygon = Annotated[list[LinearRing], Field(min_length=1)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class PolygonArea(Strict):
    """A GeoJSON Polygon, longitude and latitude in degrees (EPSG:4326)."""

    type: Literal["Polygon"]
    coordinates: Polygon


class MultiPolygonArea(Strict):
    """A GeoJSON MultiPolygon, longitude and latitude in degrees (EPSG:4326)."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Polygon], Field(min_length=1)]


class FieldProperties(Strict):
    """What a field is called."""

    name: Name


class FieldFeature(Strict):
    """One of several fields. Fields may touch or overlap each other, and two may have the same name."""

    type: Literal["Feature"]
    properties: FieldProperties
    geometry: Annotated[PolygonArea | MultiPolygonArea, Field(discriminator="type")]


class FieldsArea(Strict):
    """Several fields; each gets maps of its own."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[FieldFeature], Field(min_length=1, max_length=MOST_FIELDS)]


Area = Annotated[PolygonArea | MultiPolygonArea | FieldsArea, Field(discriminator="type")]


def named_outlines(area: dict[str, Any]) -> list[tuple[str | None, dict[str, Any]]]:
    """Name and GeoJSON geometry of every field of an area; one without a name for an area that is one outline."""
    if area["type"] != "FeatureCollection":
        return [(None, area)]
    return [(feature["properties"]["name"], feature["geometry"]) for feature in area["features"]]
