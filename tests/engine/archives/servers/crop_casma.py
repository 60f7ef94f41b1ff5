"""Crop-CASMA's WCS 2.0.1 over made soil moisture of 1 km.

What it imitates, and where that is known from (facts on public archives, November 2026, §8): MapServer's
``/smap_server/cgi-bin/mapserv`` with MAP of the year, COVERAGEID of the day, SUBSET x and y in EPSG:5070; float32,
m³/m³, −9999; days that do not exist; many holes. Made here: the answer for an absent day, an exception report of OGC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import numpy as np
import rasterio.warp
from servers.plain import Made, Reply, Request, serving
from servers.stac import cog

Moisture = Callable[[date, np.ndarray, np.ndarray], np.ndarray]


@contextmanager
def crop_casma(theta: Moisture, absent: frozenset[date] = frozenset(), status: int = 200,
               epsg: int = 5070) -> Iterator[Made]:
    """``theta``: (day, longitudes (H, W), latitudes (H, W)) → m³/m³, NaN is written as −9999."""
    def answer(request: Request, base: str) -> Reply:
        found = re.fullmatch(r"SMAP-HYB-1KM-DAILY_(\d{4}\.\d\d\.\d\d)_PM", request.query["COVERAGEID"])
        assert found is not None and request.path == "/smap_server/cgi-bin/mapserv"
        day = datetime.strptime(found[1], "%Y.%m.%d").date()
        assert request.query["MAP"] == f"/WMS/SMAP-HYB-1KM-DAILY_{day.year}.map"
        if day in absent:
            return Reply(b'<?xml version="1.0"?><ows:ExceptionReport version="2.0.1"><ows:Exception '
                         b'exceptionCode="NoSuchCoverage" locator="coverageid"/></ows:ExceptionReport>', status,
                         "text/xml")
        part = {name: (float(low), float(high)) for name, low, high in re.findall(
            r"SUBSET=(x|y)\((-?[\d.]+),(-?[\d.]+)\)", request.raw)}
        left, top = (np.floor(part["x"][0] / 1000) * 1000, np.ceil(part["y"][1] / 1000) * 1000)
        columns = int(np.ceil((part["x"][1] - left) / 1000))
        rows = int(np.ceil((top - part["y"][0]) / 1000))
        xs, ys = np.meshgrid(left + (np.arange(columns) + 0.5) * 1000, top - (np.arange(rows) + 0.5) * 1000)
        lon, lat = rasterio.warp.transform("EPSG:5070", "EPSG:4326", xs.ravel().tolist(), ys.ravel().tolist())
        values = theta(day, np.reshape(lon, xs.shape), np.reshape(lat, xs.shape))
        stored = np.where(np.isfinite(values), values, -9999).astype(np.float32)
        return Reply(cog(stored, left, top, 1000, epsg, None), kind="image/tiff")

    with serving(answer) as made:
        yield made
