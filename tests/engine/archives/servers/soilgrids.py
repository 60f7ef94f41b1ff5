"""SoilGrids's Web Coverage Service (MapServer, WCS 2.0.1), imitated.

Facts collected on public archives, November 2026, §2d, and clients that read it: path, a coverage a variable and depth,
subsets X and Y in degrees, GeoTIFF of 16 bit whole numbers, 0 or −32768 for nothing. Not compared with the live
service; the pixel size of an answer in degrees is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from affine import Affine
from servers.rasters import geotiff
from servers.serving import Reply, Request, Server, serving

STEP = 0.0024


@contextmanager
def soilgrids(make: Callable[[str, np.ndarray, np.ndarray], np.ndarray]) -> Iterator[Server]:
    """Serve ``make(variable, longitudes, latitudes)`` in SoilGrids's numbers; ``base``: https://maps.isric.org."""

    def answer(request: Request) -> Reply:
        variable = re.fullmatch(r"/map/(\w+)\.map", request.get("map"))
        sides = {side[1]: (float(side[2]), float(side[3])) for side in
                 (re.fullmatch(r"([XY])\((.+),(.+)\)", text) for text in request.every("subset")) if side}
        if request.path != "/mapserv" or variable is None or set(sides) != {"X", "Y"} or \
                request.get("coverageid") != f"{variable[1]}_5-15cm_mean":
            return Reply(b"<ows:ExceptionReport><ows:ExceptionText>no such coverage</ows:ExceptionText>"
                         b"</ows:ExceptionReport>", "text/xml")
        west, north = np.floor(sides["X"][0] / STEP) * STEP, np.ceil(sides["Y"][1] / STEP) * STEP
        columns, rows = int(np.ceil((sides["X"][1] - west) / STEP)), int(np.ceil((north - sides["Y"][0]) / STEP))
        lon, lat = np.meshgrid(west + STEP * (np.arange(columns) + 0.5), north - STEP * (np.arange(rows) + 0.5))
        values = np.round(make(variable[1], lon, lat)).astype(np.int16)
        return Reply(geotiff(values, Affine(STEP, 0, west, 0, -STEP, north), crs="EPSG:4326"), "image/tiff")

    with serving(answer) as server:
        yield server
