"""Checks of an area before anything is computed for it. No I/O, no store."""

from __future__ import annotations

from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import named_outlines
from deepsoil.contract.text import Text
from deepsoil.grid import MAX_LATITUDE

Ring = list[list[float]]


def check_area(area: dict[str, Any]) -> None:
    """Refuse an area that has an outline (of at least one ring) that is open, not in degrees, or crosses itself or the
    date line. Of several fields the message names the first that cannot be used.

    Raises
    ------
    DeepSoilError
        ``area_not_degrees``, ``area_date_line``, ``area_invalid``; field ``area.coordinates`` or
        ``area.features.N.geometry.coordinates``.
    """
    for number, (name, geometry) in enumerate(named_outlines(area)):
        if name is None:
            _check_outline(geometry, "area.coordinates")
            continue
        try:
            _check_outline(geometry, f"area.features.{number}.geometry.coordinates")
        except DeepSoilError as error:
            raise error.reworded(Text("Field “{name}”: {problem}", name=name, problem=error.text)) from None


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """All rings of a GeoJSON Polygon or MultiPolygon."""
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _check_outline(geometry: dict[str, Any], field: str) -> None:
    rings = _rings(geometry)
    if any(ring[0] != ring[-1] for ring in rings):
        raise DeepSoilError("area_invalid", "A ring of the area is not closed.",
                            "A ring must end at the corner where it begins.", field)
    longitudes = [position[0] for ring in rings for position in ring]
    latitudes = [position[1] for ring in rings for position in ring]
    if max(map(abs, longitudes)) > 360 or max(map(abs, latitudes)) > 90:
        corner = f"({longitudes[0]:g}, {latitudes[0]:g})"
        raise DeepSoilError("area_not_degrees", "The corner {corner} is not a longitude and latitude in degrees.",
                            "Give the area in EPSG:4326, longitude first.", field,
                            corner=corner)
    # A real field is never wider than half the Earth; corners on both sides of 180° are.
    if max(map(abs, longitudes)) > 180 or max(longitudes) - min(longitudes) > 180:
        raise DeepSoilError("area_date_line", "The area crosses the date line (180° of longitude).",
                            "Split it there and request the two parts one after the other.", field)
    if max(map(abs, latitudes)) > MAX_LATITUDE:
        raise DeepSoilError("area_invalid", "The area reaches beyond {max_latitude:.2f}° of latitude.",
                            "The grid of DeepSoil ends there; choose an area nearer to the equator.", field,
                            max_latitude=MAX_LATITUDE)
    _check_shape(geometry, field)


def _check_shape(geometry: dict[str, Any], field: str) -> None:
    # Imported late: shapely is needed only for this check, and a service must start quickly.
    from shapely import is_valid_reason
    from shapely.geometry import shape

    outline = shape(geometry)
    if outline.convex_hull.area <= 0:
        raise DeepSoilError("area_invalid", "The area has no size: its corners lie on one line.",
                            "Draw a field of at least three corners that do not.", field)
    if not outline.is_valid:
        reason = is_valid_reason(outline)
        what = ("The outline of the area crosses itself" if "Self-intersection" in reason
                else "The outline of the area is not a valid polygon")
        where = reason[reason.find("["):] if "[" in reason else f"({reason})"
        raise DeepSoilError("area_invalid", "{what} at {where}.", "Move the corners so that no two edges cross, "
                            "or run 'Fix geometries' on the layer.", field,
                            what=what, where=where)
