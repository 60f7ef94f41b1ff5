"""An area in a GeoJSON file, as commands take it: a geometry, a feature, or several features, which are fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.terminal import read_document

_OTHER_FORMATS = frozenset({".shp", ".gpkg", ".kml", ".kmz", ".zip", ".dxf", ".gml"})


def area_of(path: Path) -> Any:
    """The area of a file; ``-`` is stdin. Members that are no polygons, such as points, are left out.

    Raises
    ------
    DeepSoilError
        ``area_invalid``, ``file_missing``, ``file_invalid``. Whether the outlines are good is not looked at here.
    """
    if path.suffix.lower() in _OTHER_FORMATS:
        raise DeepSoilError("area_invalid", "The file {area} is not GeoJSON.",
                            "Save its layer as GeoJSON in EPSG:4326: in QGIS, Export > Save Features As.", "area",
                            area=path)
    document = read_document(path)
    features = [feature for feature in _features(document) if _is_polygon(feature.get("geometry"))]
    if not features:
        raise DeepSoilError("area_invalid", "The file {area} has no polygons.",
                            "Give a GeoJSON file with the outline of the area.", "area", area=path)
    if len(features) == 1:
        return features[0]["geometry"]
    return {"type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {"name": _name(feature, number)},
                          "geometry": feature["geometry"]} for number, feature in enumerate(features, 1)]}


def _features(document: Any) -> list[dict[str, Any]]:
    """Whatever a document holds, as features."""
    if not isinstance(document, dict):
        return []
    if document.get("type") == "Feature":
        return [document]
    for members, as_feature in (("features", lambda one: one), ("geometries", lambda one: {"geometry": one})):
        if isinstance(document.get(members), list):
            return [as_feature(one) for one in document[members] if isinstance(one, dict)]
    return [{"geometry": document}]


def _is_polygon(geometry: Any) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") in ("Polygon", "MultiPolygon")


def _name(feature: dict[str, Any], number: int) -> str:
    """The property ``name`` of a feature, in any case; else its number."""
    given = feature.get("properties")
    properties = {str(key).lower(): value for key, value in given.items()} if isinstance(given, dict) else {}
    return str(properties.get("name") or "").strip()[:LONGEST_NAME] or f"Field {number}"
