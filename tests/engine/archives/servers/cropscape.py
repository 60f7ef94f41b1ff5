"""CropScape's GetCDLFile, imitated.

Facts collected on public archives, November 2026, §3b: path, year, box in EPSG:5070, an XML answer with the address of
a GeoTIFF under ``/webservice/nass_data_cache/``. Not compared with the live service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from servers.rasters import Raster
from servers.serving import Reply, Request, Server, serving


@contextmanager
def cropscape(years: Mapping[int, Raster]) -> Iterator[Server]:
    """Serve maps of years in EPSG:5070; ``base`` stands for https://nassgeodata.gmu.edu."""
    made: dict[str, bytes] = {}

    def answer(request: Request) -> Reply:
        if request.path in made:
            return Reply(made[request.path], "image/tiff")
        raster = years.get(int(request.get("year") or 0))
        if request.path != "/axis2/services/CDLService/GetCDLFile" or raster is None:
            return Reply(b"<soapenv:Reason>No data for the year.</soapenv:Reason>", "application/xml")
        name = f"/webservice/nass_data_cache/CDL_{len(made)}.tif"
        made[name] = raster.cut(*(float(part) for part in request.get("bbox").split(",")))
        return Reply(f"""<ns1:GetCDLFileResponse xmlns:ns1="http://cropscape.csiss.gmu.edu/CDLService/"><returnURL>
https://nassgeodata.gmu.edu{name}</returnURL></ns1:GetCDLFileResponse>""".encode(), "application/xml")

    with serving(answer) as server:
        yield server
