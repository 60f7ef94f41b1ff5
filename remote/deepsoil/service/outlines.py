"""The method ``field_outlines``: fields to pick from, from a public service."""

from __future__ import annotations

from typing import Any

from deepsoil.contract.errors import DeepSoilError

_AROUND_POINT = 0.0002
"""Degrees: a click is this exact."""
_READ_S, _TRIES = 30.0, 2
"""A person waits for the answer."""


def field_outlines(area: dict[str, Any], *, offline: bool = False) -> dict[str, Any]:
    """Fields that touch the box of a GeoJSON geometry in degrees, or lie under a Point; ``offline``: nobody is asked.

    Raises
    ------
    DeepSoilError
        ``area_invalid``; ``extra_missing``; ``archive_offline``; and those of `archives.field_outlines.outlines`.
    """
    from deepsoil.archives.field_outlines import outlines
    from deepsoil.archives.session import open_network
    from deepsoil.archives.transport import Limits

    bounds = _bounds(area)
    with open_network(offline=offline, limits=Limits(read_s=_READ_S, tries=_TRIES)) as network:
        return outlines(network, bounds)


def _bounds(area: dict[str, Any]) -> tuple[float, float, float, float]:
    import shapely
    import shapely.geometry

    try:
        shape = shapely.geometry.shape(area)
        west, south, east, north = shape.bounds
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise DeepSoilError("area_invalid", "The area is not a GeoJSON geometry.",
                            "Give a GeoJSON geometry in degrees, longitude first.", "area") from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise DeepSoilError("area_invalid", "The corners of the area are not longitudes and latitudes in degrees.",
                            "Give a GeoJSON geometry in degrees, longitude first.", "area")
    if shape.geom_type == "Point":
        return west - _AROUND_POINT, south - _AROUND_POINT, east + _AROUND_POINT, north + _AROUND_POINT
    return west, south, east, north
