"""The feature service of Crop Sequence Boundaries (ArcGIS FeatureServer), imitated.

Facts collected on public archives, November 2026, §10: path, pages of 2000; fields CSBID, CSBACRES, CDL2017 … by the
clients that read it. Form of ``query`` with ``f=geojson``, of ``exceededTransferLimit`` and of errors (JSON with status
200): ArcGIS REST API. Not compared with the live services.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import shapely
from servers.serving import Reply, Request, Server, serving
from shapely.geometry import box, mapping

OWN = "/hosting/rest/services/Hosted/Crop_Sequence_Boundaries_2024/FeatureServer/2"
COPY = ("/g6eV2CrSSwCZj8Mc/arcgis/rest/services/NASS_Crop_Sequence_Boundaries_2025/FeatureServer/0")


@contextmanager
def crop_boundaries(fields: Sequence[tuple[shapely.Geometry, dict[str, object]]], *, path: str = OWN, page: int = 2000,
                    down: bool = False) -> Iterator[Server]:
    """Serve outlines with their properties; ``base`` stands for the host of the service."""
    with serving(lambda request: _answer(request, fields, path, page, down)) as server:
        yield server


def _answer(request: Request, fields: Sequence[tuple[shapely.Geometry, dict[str, object]]], path: str, page: int,
            down: bool) -> Reply:
    if down:
        return _json({"error": {"code": 500, "message": "Service Crop_Sequence_Boundaries_2024 not started"}})
    if request.path != f"{path}/query" or request.get("f") != "geojson":
        return _json({"error": {"code": 400, "message": "Invalid URL"}})
    assert request.get("geometrytype") == "esriGeometryEnvelope" and request.get("insr") == "4326"
    area = box(*(float(part) for part in request.get("geometry").split(",")))
    found = [(shape, about) for shape, about in fields if shape.intersects(area)]
    start = int(request.get("resultoffset") or 0)
    part = found[start:start + min(page, int(request.get("resultrecordcount")))]
    document: dict[str, object] = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": number, "geometry": mapping(shape) if shape else None, "properties": about}
        for number, (shape, about) in enumerate(part, start)]}
    if start + len(part) < len(found):
        document["properties"] = {"exceededTransferLimit": True}
    return _json(document)


def _json(document: object) -> Reply:
    return Reply(json.dumps(document).encode(), "application/geo+json")
