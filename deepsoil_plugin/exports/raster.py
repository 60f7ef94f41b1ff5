"""One map as it is wanted: copied as it is, or written anew by GDAL as a Cloud-Optimised GeoTIFF.

Another unit changes the scale alone, so that the stored whole numbers stay what they are. Where pixels become coarser,
each is the mean of those inside it; else each has the value of the nearest, since smoothing would pretend detail. The
half-width of the interval is treated alike: the errors of neighbouring pixels go together, so that the mean of several
is about as uncertain as each.
"""

from __future__ import annotations

import errno
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from ..text.quantities import sign
from ..text.translate import tr
from .gdal_errors import Check, opened, progress, strict
from .wishes import Wishes

SCALE = 1e-4  # of soil moisture, where a file does not say it
NODATA = 65535
_PIECE = 4 * 1024 * 1024
_ROWS_AT_ONCE = 512
_COARSER = 1.5  # times as large: then a pixel is a mean
_ALIKE = 0.005  # sizes that differ by less are the same: UTM's scale is up to 0.04 % off
_COG = ["COMPRESS=DEFLATE", "LEVEL=6", "PREDICTOR=STANDARD", "BLOCKSIZE=512", "BIGTIFF=IF_SAFER",
        "OVERVIEW_RESAMPLING=AVERAGE"]


def write_map(source: Path, target: Path, wishes: Wishes, what: str, check: Check) -> None:
    """Write a product as it is wanted. ``what``: see ``quantities``. OSError where it cannot be written; ValueError
    where the CRS does not reach the map.
    """
    with strict(source, check):
        dataset = opened(source)
        grid = _grid(dataset, wishes)
    unit, factor = wishes.unit_of(what)
    bands = list(range(1, dataset.RasterCount + 1)) if wishes.interval else [1]
    if grid is None and factor == 1.0 and len(bands) == dataset.RasterCount:
        copy_whole(source, target, check)
        return
    draft = target.with_name(f"{target.stem}.draft.tif")
    tags = dict(dataset.GetMetadata())
    if len(bands) < dataset.RasterCount:
        tags = {name: value for name, value in tags.items() if not name.startswith("DEEPSOIL_INTERVAL")}
    try:
        with strict(target, check):
            plain = gdal.Translate("", dataset, options=gdal.TranslateOptions(format="VRT", bandList=bands))
            if grid is not None:
                share = wishes.resolution_m / ground_m(dataset)
                parts = math.ceil(share) if share > _COARSER else 1
                tags["DEEPSOIL_RESAMPLING"] = "average" if parts > 1 else "nearest"
                warped = _warped(plain, draft, grid, parts, check)
                x, y, width, height = _valid_window(warped, parts, check)
                plain = gdal.Translate("", warped, options=gdal.TranslateOptions(
                    format="VRT", srcWin=[x * parts, y * parts, width * parts, height * parts], width=width,
                    height=height, resampleAlg=tags["DEEPSOIL_RESAMPLING"]))
            for number in bands:
                band, old = plain.GetRasterBand(number), dataset.GetRasterBand(number)
                band.SetScale((old.GetScale() or SCALE) * factor)
                band.SetOffset(0)
                band.SetUnitType(unit)
                band.SetDescription(old.GetDescription().replace(f"({sign(old.GetUnitType())})", f"({sign(unit)})"))
            plain.SetMetadata(tags)
            made = gdal.GetDriverByName("COG").CreateCopy(str(target), plain, 0, _COG, progress(check))
            check()
            del made
            _verify(plain, target, check)
    finally:
        plain = warped = None
        draft.unlink(missing_ok=True)


def copy_whole(source: Path, target: Path, check: Check) -> None:
    """Copy a file. ``check`` is called between pieces; what it raises ends the copy."""
    with source.open("rb") as read, target.open("wb") as write:
        while piece := read.read(_PIECE):
            check()
            write.write(piece)
    shutil.copystat(source, target)


def _grid(dataset: gdal.Dataset, wishes: Wishes) -> tuple[osr.SpatialReference, float, float] | None:
    """The CRS and the width and height of pixels in its unit; None where the map's own grid is wanted."""
    own, transform = dataset.GetSpatialRef(), dataset.GetGeoTransform()
    crs = crs_of(wishes.crs) if wishes.crs else own
    if own.IsSame(crs):
        if abs(wishes.resolution_m / ground_m(dataset) - 1) < _ALIKE:
            return None
        size = wishes.resolution_m / (own.GetLinearUnits() or 1.0)
        return own, size, size
    middle = (transform[0] + transform[1] * dataset.RasterXSize / 2,
              transform[3] + transform[5] * dataset.RasterYSize / 2)
    return crs, *_pixel_size(own, crs, middle, wishes.resolution_m)


def crs_of(text: str) -> osr.SpatialReference:
    """ValueError for a text that is no CRS."""
    crs = osr.SpatialReference()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        failed = crs.SetFromUserInput(text) != 0
    except RuntimeError:
        failed = True
    finally:
        gdal.PopErrorHandler()
    if failed:
        raise ValueError(text)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def ground_m(dataset: gdal.Dataset) -> float:
    """The size of a map's pixels, metres; products are on a grid in metres."""
    return float(abs(dataset.GetGeoTransform()[1])) * (dataset.GetSpatialRef().GetLinearUnits() or 1.0)


def _pixel_size(own: osr.SpatialReference, crs: osr.SpatialReference, middle: tuple[float, float], size_m: float,
                ) -> tuple[float, float]:
    """How large a pixel of ``size_m`` on the ground is in another CRS, in its unit, at a place of the map.

    By carrying two short lines over, so that it is right for degrees, feet, and projections that stretch.
    """
    own = own.Clone()
    own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    carry = osr.CoordinateTransformation(own, crs)
    step = size_m / (own.GetLinearUnits() or 1.0)
    ends = [carry.TransformPoint(middle[0] + east, middle[1] + north) for east, north in ((0, 0), (step, 0), (0, step))]
    width, height = (math.hypot(end[0] - ends[0][0], end[1] - ends[0][1]) for end in ends[1:])
    if not all(math.isfinite(size) and size > 0 for size in (width, height)):
        raise ValueError(crs.GetName())
    round_size = size_m / (crs.GetLinearUnits() or 1.0)
    if not crs.IsGeographic() and all(abs(size / round_size - 1) < _ALIKE for size in (width, height)):
        return round_size, round_size
    return (width, height) if crs.IsGeographic() else ((width + height) / 2, (width + height) / 2)


def _warped(plain: gdal.Dataset, draft: Path, grid: tuple[osr.SpatialReference, float, float], parts: int, check: Check,
            ) -> gdal.Dataset:
    """The map on another grid, whose pixels are still cut into ``parts`` each way: each part has the value of the
    nearest pixel of the map. (GDAL's own mean loses what is smaller than a pixel.)
    """
    crs, width, height = grid
    reach = gdal.AutoCreateWarpedVRT(plain, None, crs.ExportToWkt())
    if reach is None:
        raise RuntimeError(gdal.GetLastErrorMsg())
    left, step, _, top, _, down = reach.GetGeoTransform()
    bounds = (math.floor(left / width) * width, math.floor((top + down * reach.RasterYSize) / height) * height,
              math.ceil((left + step * reach.RasterXSize) / width) * width, math.ceil(top / height) * height)
    made = gdal.Warp(str(draft), plain, options=gdal.WarpOptions(
        format="GTiff", dstSRS=crs.ExportToWkt(), outputBounds=bounds, resampleAlg="near",
        width=round((bounds[2] - bounds[0]) / width) * parts, height=round((bounds[3] - bounds[1]) / height) * parts,
        srcNodata=NODATA, dstNodata=NODATA, callback=progress(check),
        creationOptions=["TILED=YES", "COMPRESS=DEFLATE", "LEVEL=1", "BIGTIFF=IF_SAFER"]))
    check()
    if made is None:
        raise RuntimeError(gdal.GetLastErrorMsg())
    made.FlushCache()
    return made


def _valid_window(dataset: gdal.Dataset, parts: int, check: Check) -> tuple[int, int, int, int]:
    """Column, row, width and height, in pixels of several parts each way, of the smallest window with all that have a
    value; all of them, where none has.
    """
    columns, lines = np.zeros(dataset.RasterXSize, bool), np.zeros(dataset.RasterYSize, bool)
    for first, values in rows_of(dataset.GetRasterBand(1), check):
        there = values != NODATA
        columns |= there.any(axis=0)
        lines[first:first + len(values)] = there.any(axis=1)
    x, y = np.flatnonzero(columns) // parts, np.flatnonzero(lines) // parts
    if not len(x):
        return 0, 0, dataset.RasterXSize // parts, dataset.RasterYSize // parts
    return int(x[0]), int(y[0]), int(x[-1] - x[0] + 1), int(y[-1] - y[0] + 1)


def rows_of(band: gdal.Band, check: Check) -> Iterator[tuple[int, np.ndarray]]:
    """The stored values of a band, some rows at a time, each with the number of the first. OSError where they cannot
    be read.
    """
    for row in range(0, band.YSize, _ROWS_AT_ONCE):
        check()
        values = band.ReadAsArray(0, row, band.XSize, min(_ROWS_AT_ONCE, band.YSize - row))
        if values is None:
            raise OSError(errno.EIO, gdal.GetLastErrorMsg() or "GDAL")
        yield row, values


def _verify(plain: gdal.Dataset, target: Path, check: Check) -> None:
    """OSError unless the file holds what was written: on a full disk GDAL may fail without an error."""
    made = opened(target)
    for number in range(1, plain.RasterCount + 1):
        check()
        if made.GetRasterBand(number).Checksum() != plain.GetRasterBand(number).Checksum():
            raise OSError(errno.EIO, tr("the file does not hold what was written"), str(target))
