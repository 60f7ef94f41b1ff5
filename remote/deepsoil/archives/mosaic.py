"""Clips of neighbouring tiles of one national grid become one GeoTIFF: pasted, nothing resampled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.features import geometry_mask
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from deepsoil.archives import failures
from deepsoil.archives.archive import Bounds
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic

_NEAR = 0.01  # of a pixel: rounding of the tiles' own coordinates


@dataclass(frozen=True)
class Share:
    """The shares of pixels with a value: of the whole, and of those under an outline."""

    whole: float
    outline: float


def paste(archive: str, clips: Sequence[Path], bounds: Bounds, path: Path, nodata: float,
          others: Sequence[float] = ()) -> None:
    """Write ``path``: the pixels of the first clip's grid that cover ``bounds`` (in the clips' CRS).

    What no clip has is ``nodata``, and so are the values ``others``; where clips overlap, a known value of an earlier
    one stays.

    Raises
    ------
    DeepSoilError
        ``archive_implausible``: a clip is on another grid or in another CRS, or it cannot be read.
    """
    try:
        with rasterio.open(clips[0], driver="GTiff") as first:
            crs, step_x, step_y = first.crs, first.transform.a, first.transform.e
            left = math.floor((bounds[0] - first.transform.c) / step_x + _NEAR)
            top = math.floor((bounds[3] - first.transform.f) / step_y + _NEAR)
            right = math.ceil((bounds[2] - first.transform.c) / step_x - _NEAR)
            bottom = math.ceil((bounds[1] - first.transform.f) / step_y - _NEAR)
            transform = first.window_transform(Window(left, top, right - left, bottom - top))
            profile = {"crs": crs, "dtype": first.dtypes[0], "nodata": nodata, "count": 1,
                       "width": right - left, "height": bottom - top, "transform": transform, "compress": "deflate",
                       "bigtiff": "if_safer"}
        values = np.full((bottom - top, right - left), nodata, profile["dtype"])
        for clip in clips:
            with rasterio.open(clip, driver="GTiff") as dataset:
                _paste_one(archive, dataset, transform, crs, values, (nodata, *others))
    except RasterioError as error:
        raise _other_grid(archive, clips[0]) from error
    with atomic.replacing_path(path) as draft, rasterio.open(draft, "w", driver="GTiff", **profile) as whole:
        whole.write(values, 1)


def known(path: Path, outline: BaseGeometry, least: float, most: float, archive: str) -> Share:
    """How much of a raster has a value, in all and under an outline in its CRS (every pixel that it touches).

    Raises
    ------
    DeepSoilError
        ``archive_implausible``: a value lies outside of [least, most].
    """
    with rasterio.open(path, driver="GTiff") as dataset:
        values = dataset.read(1, masked=True)
        inside = geometry_mask([outline], values.shape, dataset.transform, all_touched=True, invert=True)
    there = ~np.ma.getmaskarray(values) & np.isfinite(values.data)
    if there.any() and not least <= values.data[there].min() <= values.data[there].max() <= most:
        raise DeepSoilError("archive_implausible", "{archive} gave values from {low:g} to {high:g}; values from "
                            "{least:g} to {most:g} can be.",
                            failures.LATER, archive=archive, low=float(values.data[there].min()),
                            high=float(values.data[there].max()), least=least, most=most)
    return Share(float(there.mean()), float(there[inside].mean()) if inside.any() else 1.0)


def _paste_one(archive: str, dataset: Any, transform: Any, crs: Any, values: NDArray[Any],
               missing: Sequence[float]) -> None:
    column, row = (dataset.transform.c - transform.c) / transform.a, (dataset.transform.f - transform.f) / transform.e
    drift = max(abs(dataset.transform.a / transform.a - 1) * dataset.width,
                abs(dataset.transform.e / transform.e - 1) * dataset.height)
    if dataset.crs != crs or max(drift, abs(column - round(column)), abs(row - round(row))) > _NEAR:
        raise _other_grid(archive, Path(dataset.name))
    left, top = max(0, round(column)), max(0, round(row))
    right = min(values.shape[1], round(column) + dataset.width)
    bottom = min(values.shape[0], round(row) + dataset.height)
    if right <= left or bottom <= top:
        return
    part = dataset.read(1, masked=True, window=Window(left - round(column), top - round(row), right - left,
                                                      bottom - top))
    target = values[top:bottom, left:right]
    fresh = (target == missing[0]) & ~np.ma.getmaskarray(part) & np.isfinite(part.data)
    for value in missing:
        fresh &= ~np.isclose(part.data, value, rtol=1e-6, atol=0.0)
    target[fresh] = part.data[fresh]


def _other_grid(archive: str, clip: Path) -> DeepSoilError:
    return DeepSoilError("archive_implausible", "The tile {tile} of {archive} is on another grid than its neighbours.",
                         "It may have been published again a moment ago. Try again later, or switch this archive off "
                         "so that another one stands in for it.", tile=clip.stem, archive=archive)
