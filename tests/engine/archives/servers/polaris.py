"""The tiles of POLARIS on one host, imitated: HTTP ranges of GeoTIFFs in strips.

Facts collected on public archives, November 2026, §2c:
``/POLARIS/PROPERTIES/v1.0/{var}/{statistic}/{depth}/lat{S}{N}_lon{W}{E}.tif``, EPSG:4326, 1 arc second, float32, nodata
−9999, alpha, ksat and om as log10, http only. Not compared with the live host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import numpy as np
from affine import Affine
from servers.rasters import geotiff
from servers.serving import Reply, Request, Server, ranged, serving

STEP = 1 / 3600
Make = Callable[[str, np.ndarray, np.ndarray], np.ndarray]
"""(property, longitudes, latitudes) → values in POLARIS's units, NaN for nothing."""


@contextmanager
def polaris(make: Make, bounds: tuple[float, float, float, float], missing: Collection[str] = ()) -> Iterator[Server]:
    """Serve tiles whose part over ``bounds`` has values; ``base`` stands for http://hydrology.cee.duke.edu.

    Only the rows over the bounds are in a tile, so that it is quick to make. ``missing``: tiles that are not there.
    """
    made: dict[str, bytes] = {}

    def answer(request: Request) -> Reply:
        found = re.fullmatch(r"/POLARIS/PROPERTIES/v1\.0/(\w+)/(\w+)/(\w+)/(lat(\d\d)\d\d_lon(-\d+)(-\d+))\.tif",
                             request.path)
        if found is None or found[4] in missing:
            return Reply(b"<html>404 Not Found</html>", "text/html", 404)
        if request.path not in made:
            made[request.path] = _tile(make, found[1], int(found[5]), int(found[6]), bounds)
        return ranged(request, made[request.path])

    with serving(answer) as server:
        yield server


def _tile(make: Make, name: str, south: int, west: int, bounds: tuple[float, float, float, float]) -> bytes:
    rows = np.arange(3600)
    lat = south + 1 - STEP * (rows + 0.5)
    kept = rows[(lat > bounds[1] - 0.02) & (lat < bounds[3] + 0.02)]
    lon, lat = np.meshgrid(west + STEP * (np.arange(3600) + 0.5), lat[kept])
    values = np.nan_to_num(make(name, lon, lat), nan=-9999.0).astype(np.float32)
    return geotiff(values, Affine(STEP, 0, west, 0, -STEP, south + 1 - STEP * kept[0]), crs="EPSG:4326",
                   nodata=-9999.0, compress="deflate", blockysize=4)
