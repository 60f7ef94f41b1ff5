"""The Web Coverage Service of Annual NLCD (GeoServer, WCS 1.0.0), imitated.

Facts collected on public archives, November 2026, §3a: path, parameters, coverage name, times, EPSG:5070, 30 m, uint8
with 250 and 0 for nothing, rare codes off the legend, the file's Albers on WGS84, 2.0.1 that fails, refusals as
ServiceExceptionReport with status 200. Form of the documents: WCS 1.0.0 (OGC 03-065r6) as GeoServer writes them. Not
compared with the live service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from servers.rasters import Raster
from servers.serving import Reply, Request, Server, serving

PATH = "/geoserver/mrlc_Land-Cover-Native_conus_year_data/wcs"
NAME = "mrlc_Land-Cover-Native_conus_year_data:Land-Cover-Native_conus_year_data"
ALBERS_ON_WGS84 = ("+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=WGS84 +units=m "
                   "+no_defs")


@contextmanager
def mrlc(years: Mapping[int, Raster], *, name: str = NAME, busy: bool = False) -> Iterator[Server]:
    """Serve maps of years on one grid; ``base`` stands for https://dmsdata.cr.usgs.gov. ``busy``: windows fail."""
    with serving(lambda request: _answer(request, years, name, busy)) as server:
        yield server


def _answer(request: Request, years: Mapping[int, Raster], name: str, busy: bool) -> Reply:
    if request.path != PATH:
        return Reply(b"not found", "text/html", 404)
    if request.get("version") != "1.0.0":
        return _exception("java.lang.NullPointerException")
    if request.get("request") == "GetCapabilities":
        return Reply(_capabilities(name).encode(), "application/xml")
    if request.get("coverage") != name:
        return _exception("Could not find coverage")
    if request.get("request") == "DescribeCoverage":
        return Reply(_description(years, name).encode(), "application/xml")
    served = {f"{year}-01-01T00:00:00.000Z": raster for year, raster in years.items()}.get(request.get("time"))
    west, south, east, north = (float(part) for part in request.get("bbox").split(","))
    if busy or served is None or request.get("format") != "GeoTIFF" or request.get("crs") != served.crs:
        return _exception("Translator error: the server is busy")
    if round((east - west) / served.step) != int(request.get("width")):
        return _exception("the size is another one than that of the box")
    return Reply(served.cut(west, south, east, north, crs=ALBERS_ON_WGS84, nodata=None), "image/tiff")


def _exception(text: str) -> Reply:
    return Reply(f"""<?xml version="1.0" encoding="UTF-8"?><ServiceExceptionReport version="1.2.0">
<ServiceException>{text}</ServiceException></ServiceExceptionReport>""".encode(), "application/xml")


def _capabilities(name: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<wcs:WCS_Capabilities version="1.0.0" xmlns:wcs="http://www.opengis.net/wcs"><wcs:ContentMetadata>
<wcs:CoverageOfferingBrief><wcs:name>other:Land-Cover-Change-Native_conus_year_data</wcs:name>
</wcs:CoverageOfferingBrief><wcs:CoverageOfferingBrief><wcs:label>Land cover</wcs:label><wcs:name>{name}</wcs:name>
</wcs:CoverageOfferingBrief></wcs:ContentMetadata></wcs:WCS_Capabilities>"""


def _description(years: Mapping[int, Raster], name: str) -> str:
    raster = next(iter(years.values()))
    times = "".join(f"<gml:timePosition>{year}-01-01T00:00:00.000Z</gml:timePosition>" for year in sorted(years))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<wcs:CoverageDescription version="1.0.0" xmlns:wcs="http://www.opengis.net/wcs" xmlns:gml="http://www.opengis.net/gml">
<wcs:CoverageOffering><wcs:name>{name}</wcs:name>
<wcs:lonLatEnvelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>-128.9 22.0</gml:pos><gml:pos>-65.2 51.6</gml:pos>
</wcs:lonLatEnvelope><wcs:domainSet><wcs:spatialDomain>
<gml:Envelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>-128.9 22.0</gml:pos><gml:pos>-65.2 51.6</gml:pos>
</gml:Envelope><gml:Envelope srsName="{raster.crs}"><gml:pos>{raster.west} {raster.south}</gml:pos>
<gml:pos>{raster.east} {raster.north}</gml:pos></gml:Envelope>
<gml:RectifiedGrid dimension="2" srsName="{raster.crs}"><gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low>
<gml:high>{raster.values.shape[1] - 1} {raster.values.shape[0] - 1}</gml:high></gml:GridEnvelope></gml:limits>
<gml:axisName>x</gml:axisName><gml:axisName>y</gml:axisName>
<gml:origin><gml:pos>{raster.west + raster.step / 2} {raster.north - raster.step / 2}</gml:pos></gml:origin>
<gml:offsetVector>{raster.step} 0.0</gml:offsetVector><gml:offsetVector>0.0 -{raster.step}</gml:offsetVector>
</gml:RectifiedGrid></wcs:spatialDomain><wcs:temporalDomain>{times}</wcs:temporalDomain></wcs:domainSet>
</wcs:CoverageOffering></wcs:CoverageDescription>"""
