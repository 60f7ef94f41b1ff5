"""Outlines of fields with their crops of eight years, to pick a field from instead of drawing it.

Crop Sequence Boundaries of USDA NASS: made from the Cropland Data Layer, edges simplified to 60 m, so they are no legal
and no exact borders. A feature service is asked for an area, 2,000 features a page; USDA's own is often down, the copy
on ArcGIS Online is asked then. Public domain. Sources: facts on public archives, November 2026, §10. Not verified live.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
import shapely.geometry

from deepsoil.archives import image_service, lower48, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Bounds
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.grid import KM_PER_DEGREE

TITLE = "Crop Sequence Boundaries (USDA)"
ATTRIBUTION = "USDA National Agricultural Statistics Service, Crop Sequence Boundaries"
PAGE = 2000
MOST = 10_000
"""Outlines of one answer; more is more than anybody can pick from."""
LARGEST_KM = 60.0
_CROP = re.compile(r"(?:CDL|R)(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class _Service:
    name: str
    public: str
    path: str

    @property
    def query(self) -> str:
        return f"{address_of(self.name, self.public)}/{self.path}/query"


SERVICES = (
    _Service("field_outlines", "https://pdi.scinet.usda.gov",
             "hosting/rest/services/Hosted/Crop_Sequence_Boundaries_2024/FeatureServer/2"),
    _Service("field_outlines_copy", "https://services3.arcgis.com",
             # The id of a public service.
             "g6eV2CrSSwCZj8Mc/arcgis/rest/services/"  # pragma: allowlist secret
             "NASS_Crop_Sequence_Boundaries_2025/FeatureServer/0"),
)


def outlines(network: Network, bounds: Bounds) -> dict[str, Any]:
    """The fields that touch a box (west, south, east, north in degrees), as a GeoJSON FeatureCollection.

    Properties of a feature: ``id``; ``hectares``; ``crops``, from year ("2024") to the CDL class; a member of the
    collection ``attribution``.

    Raises
    ------
    DeepSoilError
        ``archive_outside``; ``area_too_large``; those of the network when every service fails.
    """
    lower48.require(bounds, TITLE)
    west, south, east, north = bounds
    if max(east - west, north - south) * KM_PER_DEGREE > LARGEST_KM:
        raise DeepSoilError("area_too_large", "Outlines of fields are given for areas of up to {largest:g} km.",
                            "Zoom in.", "area", largest=LARGEST_KM)
    problem: DeepSoilError | None = None
    for service in SERVICES:
        try:
            return {"type": "FeatureCollection", "attribution": ATTRIBUTION,
                    "features": _features(network, service.query, bounds)}
        except DeepSoilError as error:
            if error.code not in ("archive_failed", "archive_implausible", "archive_offline"):
                raise
            problem = problem or error
    assert problem is not None
    raise problem


def _features(network: Network, query: str, bounds: Bounds) -> list[dict[str, Any]]:
    """Every page of a service. A page may have fewer features than asked for although more follow."""
    found: dict[str, dict[str, Any]] = {}
    start = 0
    while True:
        answer = image_service.answer_of(network.answer(TITLE, query, params={
            "where": "1=1", "geometry": ",".join(f"{value:.6f}" for value in bounds),
            "geometryType": "esriGeometryEnvelope", "inSR": "4326", "spatialRel": "esriSpatialRelIntersects",
            "outFields": "*", "outSR": "4326", "returnGeometry": "true", "geometryPrecision": "6",
            "resultOffset": str(start), "resultRecordCount": str(PAGE), "f": "geojson"}), TITLE)
        page = answer.get("features")
        if not isinstance(page, list):
            raise wrong_answers.not_understood(TITLE, Text("there are no features in it"))
        for feature in page:
            one = _feature(feature)
            if one is not None:
                found[one["properties"]["id"]] = one
        if len(found) > MOST:
            raise DeepSoilError("area_too_large", "There are more than {most} fields in the area.", "Zoom in.", "area",
                                most=MOST)
        more = answer.get("exceededTransferLimit") or (answer.get("properties") or {}).get("exceededTransferLimit")
        if not page or not (more or len(page) >= PAGE):
            return sorted(found.values(), key=lambda one: str(one["properties"]["id"]))
        start += len(page)


def _feature(feature: Any) -> dict[str, Any] | None:
    """One outline; None where it has no area. Raises ``archive_implausible``."""
    try:
        properties: Mapping[str, Any] = feature["properties"]
        geometry = feature.get("geometry")
        shape = shapely.geometry.shape(geometry) if geometry else None
        by_name = {name.upper(): value for name, value in properties.items()}
        name = str(by_name.get("CSBID") or feature.get("id"))
        crops = {year[1]: int(value) for key, value in by_name.items()
                 if (year := _CROP.fullmatch(key)) and isinstance(value, (int, float)) and value > 0}
        acres = by_name.get("CSBACRES")
    except (KeyError, TypeError, AttributeError, ValueError, shapely.errors.ShapelyError) as error:
        raise wrong_answers.not_understood(TITLE, str(error)) from error
    if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
        parts: Sequence[Any] = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        shape = shapely.union_all(parts)
        if shape.is_empty:
            return None
    hectares = round(float(acres) * 0.40468564, 2) if isinstance(acres, (int, float)) else None
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape),
            "properties": {"id": name, "hectares": hectares, "crops": dict(sorted(crops.items()))}}
