"""SoilWeb's Web Coverage Service of map unit keys (MapServer, WCS 2.0.1), imitated.

Facts collected on public archives, November 2026, §2a (soilDB R/mukey-WCS.R): path, parameters, EPSG:5070, 30 m, at
most 5000 pixels a side, a 1 × 1 window is a corrupt file, fewer rows than asked at the edge; FY24's INT32, its value
for nothing and its other origin are what the caller gives. Form of DescribeCoverage and of exceptions: WCS 2.0.1 (OGC
09-110r4) as MapServer writes them. Not compared with the live service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from servers.rasters import Raster
from servers.serving import Reply, Request, Server, serving

LARGEST = 5000


@contextmanager
def soilweb(keys: Raster, *, spoilt: int = 0, served: Raster | None = None,
            surveyed: Raster | None = None) -> Iterator[Server]:
    """Serve the map unit keys; ``server.base`` stands for https://casoilresource.lawr.ucdavis.edu.

    ``spoilt``: so many first windows have a hole in their southern half. ``served``: what windows are really cut from,
    as after a new release that the description does not tell of. ``surveyed``: the coverage gssurgo.
    """
    hole = replace(keys, values=np.where(np.indices(keys.values.shape)[0] * 2 > len(keys.values), 0, keys.values))
    left = iter(range(spoilt))
    with serving(lambda request: _answer(
            request, surveyed if surveyed and request.get("coverageid") == "gssurgo" else keys,
            surveyed if surveyed and request.get("coverageid") == "gssurgo" else served or keys, hole, left)) as server:
        yield server


def _answer(request: Request, keys: Raster, whole: Raster, hole: Raster, left: Iterator[int]) -> Reply:
    if request.path != "/cgi-bin/mapserv" or request.get("map") != "mukey-wcs":
        return Reply(b"<html>not found</html>", "text/html", 404)
    if request.get("coverageid") not in ("gnatsgo", "gssurgo") or request.get("version") != "2.0.1":
        return _exception("NoSuchCoverage", "There is no such coverage")
    if request.get("request") == "DescribeCoverage":
        return Reply(_description(keys).encode(), "text/xml")
    sides = {side[1]: (float(side[2]), float(side[3])) for side in
             (re.fullmatch(r"([xy])\((.+),(.+)\)", text) for text in request.every("subset")) if side}
    if set(sides) != {"x", "y"} or request.get("subsettingcrs") != "EPSG:5070":
        return _exception("InvalidSubsetting", "The subset is not understood")
    (west, east), (south, north) = sides["x"], sides["y"]
    if max(east - west, north - south) / keys.step > LARGEST:
        return _exception("InvalidParameterValue", "Raster size out of range")
    if round((east - west) / keys.step) == 1 and round((north - south) / keys.step) == 1:
        return Reply(b"II*\0damaged", "image/tiff")
    served = whole if next(left, None) is None else hole
    return Reply(served.cut(west, south, east, north, compress="deflate"), "image/tiff")


def _exception(code: str, text: str) -> Reply:
    return Reply(f"""<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/2.0">
<ows:Exception exceptionCode="{code}"><ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception>
</ows:ExceptionReport>""".encode(), "text/xml", 404)


def _description(keys: Raster) -> str:
    crs = f"http://www.opengis.net/def/crs/EPSG/0/{keys.crs.partition(':')[2]}"
    half = keys.step / 2
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<wcs:CoverageDescriptions xmlns:wcs="http://www.opengis.net/wcs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">
<wcs:CoverageDescription gml:id="gnatsgo"><gml:boundedBy>
<gml:Envelope srsName="{crs}" axisLabels="x y" uomLabels="m m" srsDimension="2">
<gml:lowerCorner>{keys.west} {keys.south}</gml:lowerCorner><gml:upperCorner>{keys.east} {keys.north}</gml:upperCorner>
</gml:Envelope></gml:boundedBy><wcs:CoverageId>gnatsgo</wcs:CoverageId><gml:domainSet>
<gml:RectifiedGrid dimension="2" gml:id="grid_gnatsgo"><gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low>
<gml:high>{keys.values.shape[1] - 1} {keys.values.shape[0] - 1}</gml:high></gml:GridEnvelope></gml:limits>
<gml:axisLabels>x y</gml:axisLabels><gml:origin><gml:Point gml:id="o" srsName="{crs}">
<gml:pos>{keys.west + half} {keys.north - half}</gml:pos></gml:Point></gml:origin>
<gml:offsetVector srsName="{crs}">{keys.step} 0</gml:offsetVector>
<gml:offsetVector srsName="{crs}">0 -{keys.step}</gml:offsetVector></gml:RectifiedGrid></gml:domainSet>
</wcs:CoverageDescription></wcs:CoverageDescriptions>"""
