"""The part of a remote raster that covers an area, as a GeoTIFF of its own: whole pixels, nothing resampled."""

from __future__ import annotations

import io
import math
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import rasterio
from rasterio import warp
from rasterio.errors import RasterioError
from rasterio.windows import Window

from deepsoil.archives import failures, zip_member
from deepsoil.archives.archive import Bounds
from deepsoil.archives.cache import Cache
from deepsoil.archives.network import Download
from deepsoil.archives.remote_file import Changed, RemoteFile
from deepsoil.archives.transport import Call, Transport
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic, hashing

_TIMES = 3  # a file that is replaced, or has holes, is opened anew


def fetch(transport: Transport, cache: Cache | None, call: Call, bounds: Bounds, path: Path, least_known: float,
          member: str | None = None) -> Download:
    """See `network.Network.window`; OSError of the disk passes through."""
    received = 0
    for time in range(1, _TIMES + 1):
        remote = RemoteFile(transport, call, "GeoTIFF" if member is None else "ZIP", cache)
        try:
            values, profile, extras = _read(remote, call, bounds, member)
        except Changed:
            if time == _TIMES:
                raise failures.failed(call.archive, call.shown, Text("the file is replaced again and again")) from None
            continue
        finally:
            received += remote.received
        known = 1.0 - float(np.ma.getmaskarray(values).mean())
        if known >= least_known:
            break
        if time >= 2:
            raise _holes(call, known, least_known)
    with atomic.replacing_path(path) as draft:
        _write(draft, values, profile, extras)
    return Download(remote.address, hashing.sha256_of_file(path), received, remote.version)


def _read(remote: RemoteFile, call: Call, bounds: Bounds,
          member: str | None) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    name = "/deepsoil/" + (PurePosixPath(member or urlsplit(call.address).path).name or "raster.tif")

    def opener(asked: str, mode: str = "rb") -> io.RawIOBase:
        if asked != name:  # GDAL looks for side files
            raise FileNotFoundError(asked)
        file = remote if found is None else found.opened()
        file.seek(0)
        return file

    remote.begin()
    found = None if member is None else zip_member.find(remote, member, call)
    try:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(
                name, driver="GTiff", opener=opener) as dataset:
            window = _window(dataset, call, bounds)
            if found is None:
                remote.fetch(_parts(dataset, window))
            values = dataset.read(window=window, masked=True)
            profile = {"crs": dataset.crs, "dtype": dataset.dtypes[0], "nodata": dataset.nodata,
                       "count": dataset.count, "width": window.width, "height": window.height,
                       "transform": dataset.window_transform(window), "compress": "deflate"}
            extras = {"tags": dataset.tags(), "scales": dataset.scales, "offsets": dataset.offsets,
                      "units": dataset.units, "descriptions": dataset.descriptions}
    except (RasterioError, OSError, ValueError):
        if remote.problem is not None:
            raise remote.problem from None
        raise failures.failed(call.archive, call.shown, Text("it cannot be read as a raster")) from None
    if remote.problem is not None:
        raise remote.problem
    return values, profile, extras


def _window(dataset: Any, call: Call, bounds: Bounds) -> Window:
    """Whole pixels that cover the bounds, as far as the raster goes."""
    transform = dataset.transform
    if dataset.crs is None or transform.b or transform.d:
        raise failures.failed(call.archive, call.shown, Text("the raster has no CRS, or is rotated"))
    west, south, east, north = warp.transform_bounds("EPSG:4326", dataset.crs, *bounds)
    columns = sorted((x - transform.c) / transform.a for x in (west, east))
    rows = sorted((y - transform.f) / transform.e for y in (south, north))
    left, right = _whole(columns, dataset.width)
    top, bottom = _whole(rows, dataset.height)
    if right <= left or bottom <= top:
        raise DeepSoilError("archive_outside", "{address} of {archive} does not touch the area.",
                            "Draw the field inside the archive's area, or switch this archive off.",
                            archive=call.archive, address=call.shown)
    return Window(left, top, right - left, bottom - top)


def _whole(ends: list[float], size: int) -> tuple[int, int]:
    tolerance = 1e-6  # of a pixel: rounding of coordinates
    return max(0, math.floor(ends[0] + tolerance)), min(size, math.ceil(ends[1] - tolerance))


def _parts(dataset: Any, window: Window) -> list[tuple[int, int]]:
    """The bytes of the file that the window needs, where it says so; a block without bytes is empty on purpose."""
    parts = []
    for band in dataset.indexes:
        high, wide = dataset.block_shapes[band - 1]
        for row in range(window.row_off // high, (window.row_off + window.height - 1) // high + 1):
            for column in range(window.col_off // wide, (window.col_off + window.width - 1) // wide + 1):
                start, size = (dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=band)
                               for what in ("OFFSET", "SIZE"))
                if start is not None and size is not None:
                    parts.append((int(start), int(start) + int(size)))
    return parts


def _write(path: Path, values: Any, profile: dict[str, Any], extras: dict[str, Any]) -> None:
    with rasterio.open(path, "w", driver="GTiff", **profile) as clip:
        clip.write(values.data)
        clip.update_tags(**{name: value for name, value in extras["tags"].items() if name != "AREA_OR_POINT"})
        clip.scales, clip.offsets = extras["scales"], extras["offsets"]
        clip.units = [unit or "" for unit in extras["units"]]
        for band, text in enumerate(extras["descriptions"], start=1):
            if text:
                clip.set_band_description(band, text)


def _holes(call: Call, known: float, least_known: float) -> DeepSoilError:
    return DeepSoilError("archive_implausible", "{address} of {archive} has a value on {known:.0%} of the area's "
                         "pixels; at least {least:.0%} are expected.", failures.LATER,
                         archive=call.archive, address=call.shown, known=known, least=least_known)
