"""Georeferenced rasters (`DRIVERS`) onto a window of the grid.

Classes are sampled by nearest neighbour; numbers by bilinear interpolation, or by area average if the source is
finer than the grid. Missing pixels are ignored: a pixel of the grid is missing only if no source pixel is
known.
"""

from __future__ import annotations

import glob
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import rasterio
import rasterio.errors
import rasterio.transform
import rasterio.warp
import rasterio.windows
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import PIXEL_M, Window
from deepsoil.sources.legend import Legend

Method = Literal["auto", "nearest", "bilinear", "average"]

DRIVERS = ("GTiff", "HFA", "netCDF", "HDF5", "HDF5Image", "AAIGrid", "EHdr", "ENVI", "PNG", "JPEG", "JP2OpenJPEG")
"""GDAL's names of the formats that are read: all keep their pixels in the file itself. What only describes data that
lies elsewhere (VRT, WMS, WMTS, …) would be fetched from the network, whatever the file is called."""
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

GRID_CRS = CRS.from_epsg(3857)
BLOCK = 2048
_MARGIN_PIXELS = 3
_FINER = 0.75
"""A source whose pixels are smaller than this share of the grid's is averaged."""


@dataclass(frozen=True)
class RasterOptions:
    """The settings of a raster in a recipe. ``crs`` and ``bounds`` (west, south, east, north) replace the file's own;
    ``nodata`` add to it; values become ``value * scale + offset``; ``crosswalk`` maps codes (None = missing).

    ``legend`` are the codes that may occur (None: not checked, or those of the crosswalk). Others are missing where
    they are at most the share ``unknown_share`` of the known pixels, which ``on_note`` is told; more are an error."""

    classes: bool = False
    method: Method = "auto"
    band: int = 1
    nodata: tuple[float, ...] = ()
    scale: float = 1.0
    offset: float = 0.0
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    crosswalk: Mapping[int, int | None] | None = None
    legend: Collection[int] | None = None
    unknown_share: float = 0.0
    on_note: Callable[[str], None] = lambda note: None


def read_map(path: Path, window: Window, options: RasterOptions, field: str) -> NDArray[np.float32]:
    """A raster on ``window`` as (H, W) float32, NaN where it has no data.

    Raises DeepSoilError naming ``field``: ``source_invalid`` (unreadable, no georeference, codes without a class),
    ``source_outside`` (it does not touch the window).
    """
    result = np.full(window.shape, np.nan, np.float32)
    found, codes = False, Legend(options.crosswalk, options.legend, options.unknown_share)
    try:
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), opened(path, field) as source:
            transform, crs = georeference(source, options, path, field)
            if not 1 <= options.band <= source.count:
                raise DeepSoilError("source_invalid", "{file} has {count} band(s); the recipe asks for "
                                    "band {band}.", "Correct the band.", field,
                                    file=path.name, count=source.count, band=options.band)
            for block in blocks(window):
                part = read_part(source, block, transform, crs, options)
                if part is not None:
                    found = True
                    values, part_transform = part
                    result[block.slices_in(window)] = warp(codes.translated(values), part_transform, crs, block,
                                                                    options)
    except rasterio.errors.RasterioError as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read: {error}.",
                            "Check that the file is whole and is a raster: {formats}.", field,
                            file=path.name, error=error, formats=", ".join(DRIVERS)) from error
    if not found:
        raise DeepSoilError("source_outside", "{file} does not touch the area.",
                            "Check the area, and the CRS of the file.", field,
                            file=path.name)
    if note := codes.note(path, field):
        options.on_note(note)
    return result


def on_window(values: NDArray[np.float64], transform: Affine, crs: CRS, window: Window,
              options: RasterOptions | None = None) -> NDArray[np.float32] | None:
    """A raster in memory, NaN missing, on ``window`` as (H, W) float32; None where it does not touch it."""
    if area_of(values.shape, transform, crs, window) is None:
        return None
    result = np.full(window.shape, np.nan, np.float32)
    for block in blocks(window):
        part = area_of(values.shape, transform, crs, block)
        if part is not None:
            result[block.slices_in(window)] = warp(
                values[part.toslices()], rasterio.windows.transform(part, transform), crs, block,
                options or RasterOptions())
    return result


def opened(path: Path, field: str) -> rasterio.DatasetReader:
    """The raster, by a driver of `DRIVERS`. GDAL itself opens masks and overviews beside it with any driver."""
    for beside in path.parent.glob(f"{glob.escape(path.name)}.*"):
        if beside.suffix.lower() in (".msk", ".ovr") and not _is_tiff(beside):
            raise DeepSoilError("source_invalid", "{beside} beside {file} is not a GeoTIFF.",
                                "Remove it, or replace it by one.", field,
                                beside=beside.name, file=path.name)
    with warnings.catch_warnings():  # a raster without georeference is handled by _georeference
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        # An absolute path: a relative one could be taken for the name of a data set such as NETCDF:…
        return rasterio.DatasetReader(path.absolute(), driver=list(DRIVERS))


def _is_tiff(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _TIFF_STARTS


def blocks(window: Window) -> Iterator[Window]:
    """Parts of a window that fit in memory."""
    for top in range(window.row, window.bottom, BLOCK):
        for left in range(window.column, window.right, BLOCK):
            yield Window(left, top, min(BLOCK, window.right - left), min(BLOCK, window.bottom - top))


def georeference(source: rasterio.DatasetReader, options: RasterOptions, path: Path,
                 field: str) -> tuple[Affine, CRS]:
    """Transform and CRS of a raster, those of the recipe first. Raises ``source_invalid`` where there are none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        transform: Affine = source.transform
    if options.bounds is not None:
        transform = rasterio.transform.from_bounds(*options.bounds, source.width, source.height)
    crs = CRS.from_user_input(options.crs) if options.crs else source.crs
    if not crs or transform.is_identity:
        raise DeepSoilError("source_invalid", "{file} does not say where on the earth it lies.",
                            "Give its `crs`, and for a plain image its `bounds`.", field,
                            file=path.name)
    return transform, crs


def read_part(source: rasterio.DatasetReader, block: Window, transform: Affine, crs: CRS,
              options: RasterOptions) -> tuple[NDArray[np.float64], Affine] | None:
    """Source pixels around ``block`` with NaN for missing, and their transform; None if there are none."""
    part = area_of(source.shape, transform, crs, block)
    if part is None:
        return None
    raw = source.read(options.band, window=part, masked=True)
    missing = np.ma.getmaskarray(raw).copy()
    for value in options.nodata:
        missing |= np.isclose(raw.data.astype(np.float64), value, rtol=1e-6, atol=0.0)
    values = raw.data.astype(np.float64)
    values[missing | ~np.isfinite(values)] = np.nan
    return values * options.scale + options.offset, rasterio.windows.transform(part, transform)


def area_of(shape: tuple[int, int], transform: Affine, crs: CRS, block: Window) -> rasterio.windows.Window | None:
    """The pixels of a raster of ``shape`` (rows, columns) under ``block`` with some around them; None without any."""
    west, north = block.affine[2], block.affine[5]
    bounds = rasterio.warp.transform_bounds(GRID_CRS, crs, west, north - block.height * PIXEL_M,
                                            west + block.width * PIXEL_M, north, densify_pts=21)
    rows, columns = rasterio.transform.rowcol(transform, [bounds[0], bounds[2], bounds[0], bounds[2]],
                                              [bounds[1], bounds[3], bounds[3], bounds[1]], op=float)
    left, top = max(0, int(min(columns)) - _MARGIN_PIXELS), max(0, int(min(rows)) - _MARGIN_PIXELS)
    right = min(shape[1], int(max(columns)) + 1 + _MARGIN_PIXELS)
    bottom = min(shape[0], int(max(rows)) + 1 + _MARGIN_PIXELS)
    if right <= left or bottom <= top:
        return None
    return rasterio.windows.Window(left, top, right - left, bottom - top)


def warp(values: NDArray[np.float64], transform: Affine, crs: CRS, block: Window,
         options: RasterOptions) -> NDArray[np.float32]:
    """Values of a raster on ``block`` as (H, W), NaN missing; a pixel takes what is known of what lies under it."""
    result = np.full(block.shape, np.nan, np.float64)
    rasterio.warp.reproject(values, result, src_transform=transform, src_crs=crs, src_nodata=np.nan,
                            dst_transform=Affine(*block.affine), dst_crs=GRID_CRS, dst_nodata=np.nan,
                            resampling=_resampling(transform, crs, block, options))
    return result.astype(np.float32)


def _resampling(transform: Affine, crs: CRS, block: Window, options: RasterOptions) -> Resampling:
    if options.classes:
        return Resampling.nearest
    if options.method != "auto":
        return Resampling[options.method]
    x, y = block.affine[2] + block.width / 2 * PIXEL_M, block.affine[5] - block.height / 2 * PIXEL_M
    xs, ys = rasterio.warp.transform(GRID_CRS, crs, [x, x + PIXEL_M, x], [y, y, y + PIXEL_M])
    across = max(abs((xs[1] - xs[0]) / transform.a), abs((ys[2] - ys[0]) / transform.e)) if transform.a else 1.0
    return Resampling.average if across > 1.0 / _FINER else Resampling.bilinear
