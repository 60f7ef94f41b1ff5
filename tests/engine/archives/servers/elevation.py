"""3DEP as its archive serves it: tiles of 1/3 arc second over HTTP ranges, and the map service's exportImage.

What it imitates, and where that is known from (facts on public archives, November 2026, §1; public scripts):
- ``/StagedProducts/Elevation/13/TIFF/current/n40w097/USGS_13_n40w097.tif``: 10812 × 10812 pixels of 1/10800 degree, one
  degree with 6 pixels more at each side, blocks of 512, float32, EPSG:4269, nodata -999999, some 375 MB (sparse here);
- a tile that is all sea or abroad does not exist (404 of S3);
- ``/arcgis/rest/services/3DEPElevation/ImageServer/exportImage``: bbox, bboxSR, imageSR, size, format, pixelType,
  adjustAspectRatio, f (Esri, "Export Image"); at most 8 million pixels; errors are JSON with status 200.
Not known, and assumed: that no-data pixels of the service come as the asked ``noData``.
"""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds, from_origin
from rasterio.windows import Window
from servers.ranges import RangeServer

STEP = 1 / 10800
SIZE, OVERLAP = 10812, 6
NODATA = -999999.0
REAL_BYTES = 375 << 20
SERVICE = "/arcgis/rest/services/3DEPElevation/ImageServer/exportImage"
Bounds = tuple[float, float, float, float]


def path_of(tile: str) -> str:
    return f"/StagedProducts/Elevation/13/TIFF/current/{tile}/USGS_13_{tile}.tif"


def serve_elevation(server: RangeServer, folder: Path, values: NDArray[np.float32], bounds: Bounds) -> str:
    """Serve (H, W) metres over ``bounds`` (degrees; row 0 in the north, NaN: no value) in the tiles that they touch.

    A pixel of 1/3 arc second takes the value in which its middle lies. Elsewhere the tiles are empty. A tile
    that is in ``folder`` is served as it is. The base address.
    """
    west, south, east, north = bounds
    for latitude in range(math.floor(south), math.ceil(north)):
        for longitude in range(math.floor(west), math.ceil(east)):
            tile = f"n{latitude + 1:02d}w{-longitude:03d}"
            path = folder / f"USGS_13_{tile}.tif"
            if path.is_file() or _write_tile(path, longitude, latitude + 1, values, bounds):
                server.serve(path_of(tile), path, etag=f'"{tile}-1"')
    return server.address


def serve_pictures(server: RangeServer, values: NDArray[np.float32], bounds: Bounds) -> str:
    """Answer exportImage from the same kind of array. The base address."""
    def answer(query: str) -> bytes:
        asked = {name: one[0] for name, one in parse_qs(query).items()}
        wide, high = (int(part) for part in asked["size"].split(","))
        if wide * high > 8_000_000 or asked["f"] != "image" or asked["adjustAspectRatio"] != "false":
            return json.dumps({"error": {"code": 400, "message": "Unable to complete operation.", "details": []}}
                              ).encode()
        west, south, east, north = (float(part) for part in asked["bbox"].split(","))
        transform = from_bounds(west, south, east, north, wide, high)
        x = west + (np.arange(wide) + 0.5) * (east - west) / wide
        y = north - (np.arange(high) + 0.5) * (north - south) / high
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", width=wide, height=high, count=1, dtype="float32",
                             crs=f"EPSG:{asked['imageSR']}", transform=transform, nodata=NODATA) as picture:
                picture.write(sampled(values, bounds, x, y), 1)
            return bytes(memory.read())

    server.answer(SERVICE, answer)
    return server.address


def sampled(values: NDArray[np.float32], bounds: Bounds, x: NDArray[np.float64], y: NDArray[np.float64],
            ) -> NDArray[np.float32]:
    """The values at places; ``NODATA`` outside and where there is none."""
    west, south, east, north = bounds
    column = np.floor((x - west) / (east - west) * values.shape[1] + 1e-9).astype(int)
    row = np.floor((north - y) / (north - south) * values.shape[0] + 1e-9).astype(int)
    found = np.full((len(y), len(x)), NODATA, np.float32)
    rows, columns = (row >= 0) & (row < values.shape[0]), (column >= 0) & (column < values.shape[1])
    found[np.ix_(rows, columns)] = values[np.ix_(row[rows], column[columns])]
    return np.where(np.isfinite(found), found, np.float32(NODATA))


def _write_tile(path: Path, west: int, north: int, values: NDArray[np.float32], bounds: Bounds) -> bool:
    """False where the tile would be empty."""
    left, top = west - OVERLAP * STEP, north + OVERLAP * STEP
    x, y = left + (np.arange(SIZE) + 0.5) * STEP, top - (np.arange(SIZE) + 0.5) * STEP
    columns = np.flatnonzero((x > bounds[0]) & (x < bounds[2]))
    rows = np.flatnonzero((y > bounds[1]) & (y < bounds[3]))
    if not len(columns) or not len(rows):
        return False
    part = sampled(values, bounds, x[columns], y[rows])
    if (part == NODATA).all():
        return False
    draft = path.with_suffix(".draft.tif")
    with rasterio.open(draft, "w", driver="GTiff", width=SIZE, height=SIZE, count=1, dtype="float32", crs="EPSG:4269",
                       transform=from_origin(left, top, STEP, STEP), nodata=NODATA, tiled=True, blockxsize=512,
                       blockysize=512, sparse_ok=True) as dataset:
        dataset.write(part, 1, window=Window(columns[0], rows[0], len(columns), len(rows)))
    rasterio.shutil.copy(draft, path, driver="COG", sparse_ok=True, overviews="NONE", compress="deflate",
                         predictor=3, blocksize=512)
    draft.unlink()
    with path.open("r+b") as file:
        file.seek(0, io.SEEK_END)
        file.truncate(max(file.tell(), REAL_BYTES))
    return True
