"""ArcGIS image services (CDL of USDA, Annual NLCD of the Living Atlas), imitated.

Facts collected on public archives, November 2026, §3: paths, ``exportImage`` with a box, a size, a year by mosaicRule
or time, at most 4097 pixels a side, 0 for nothing, EPSG:3857 and 30 m for CDL_WM. Form of ``?f=json`` and of errors
(JSON with status 200): ArcGIS REST API. Not compared with the live services.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from servers.rasters import Raster
from servers.serving import Reply, Request, Server, serving

CDL = "/image/rest/services/CDL_WM/ImageServer"
NLCD = "/arcgis/rest/services/USA_NLCD_Annual_LandCover/ImageServer"


@contextmanager
def image_server(path: str, years: Mapping[int, Raster], *, broken: bool = False) -> Iterator[Server]:
    """Serve maps of years on one grid at ``path``; ``base`` stands for the host of the service."""
    with serving(lambda request: _answer(request, path, years, broken)) as server:
        yield server


def _answer(request: Request, path: str, years: Mapping[int, Raster], broken: bool) -> Reply:
    if broken:
        return _json({"error": {"code": 500, "message": "Error performing export operation", "details": []}})
    raster = next(iter(years.values()))
    code = int(raster.crs.partition(":")[2])
    if request.path == path and request.get("f") == "json":
        return _json({
            "extent": {"xmin": raster.west, "ymin": raster.south, "xmax": raster.east, "ymax": raster.north,
                       "spatialReference": {"wkid": 102100 if code == 3857 else code, "latestWkid": code}},
            "pixelSizeX": raster.step, "pixelSizeY": raster.step, "pixelType": "U8", "maxImageHeight": 4097,
            "maxImageWidth": 4097, "timeInfo": {"timeExtent": [_moment(min(years)), _moment(max(years))]}})
    if request.path != f"{path}/exportImage" or request.get("f") != "image":
        return _json({"error": {"code": 400, "message": "Invalid URL"}})
    year = re.search(r"Year = (\d+)", request.get("mosaicrule"))
    moment = request.get("time")
    wanted = int(year[1]) if year else datetime.fromtimestamp(int(moment) / 1000, UTC).year
    served = years.get(wanted)
    box = [float(part) for part in request.get("bbox").split(",")]
    width, height = (int(part) for part in request.get("size").split(","))
    if served is None or max(width, height) > 4097 or request.get("imagesr") != str(code):
        return _json({"error": {"code": 400, "message": "Unable to complete operation."}})
    assert (width, height) == (round((box[2] - box[0]) / served.step), round((box[3] - box[1]) / served.step))
    return Reply(served.cut(*box, nodata=0), "image/tiff")


def _moment(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)


def _json(document: object) -> Reply:
    return Reply(json.dumps(document).encode(), "application/json")
