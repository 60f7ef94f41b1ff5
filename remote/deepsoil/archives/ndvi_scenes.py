"""Scenes of surface reflectance: which are clear over a field, and their NDVI on one grid.

A catalogue cuts what a satellite saw on a day into tiles that overlap; a scene here is all of them that a place needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.features
import rasterio.transform
import rasterio.warp
import shapely.geometry
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling
from shapely.geometry.base import BaseGeometry

from deepsoil.archives.archive import Bounds
from deepsoil.archives.stac import Item
from deepsoil.io import atomic
from deepsoil.sources.landsat import ndvi

SCALE, NODATA = 1e-4, -32768
"""Of the NDVI that is written, as 16-bit numbers."""
_WGS84 = CRS.from_epsg(4326)


@dataclass(frozen=True)
class Grid:
    """The pixels that NDVI of a place is written on: those of the mask of the scene that covers it best."""

    crs: CRS
    transform: Affine
    shape: tuple[int, int]


@dataclass(frozen=True)
class Scene:
    """What one satellite saw of a place on one day."""

    day: date
    collection: str
    items: tuple[Item, ...]

    @property
    def cloud(self) -> float:
        """Per cent of its tiles, mean; what a catalogue knows before anything is read."""
        return sum(one.cloud for one in self.items) / len(self.items)


@dataclass(frozen=True)
class Look:
    """How a collection is read.

    mask, red, nir   names of the assets
    unclear          (H, W) codes of the mask → where it cannot be used
    mask_fill        code of the mask where there is no scene
    fill             value of a band where there is none
    offset           item → what is added to a stored number; None: the item does not say, and is not used
    """

    mask: str
    red: str
    nir: str
    unclear: Callable[[NDArray[Any]], NDArray[np.bool_]]
    mask_fill: int
    fill: int
    offset: Callable[[Item], float | None]


def scenes_of(items: Sequence[Item], bounds: Bounds, tile_of: Callable[[Item], str]) -> list[Scene]:
    """Items as scenes, by day: of a tile the newest processing, and one tile alone where it holds the whole place."""
    box = shapely.geometry.box(*bounds)
    newest: dict[tuple[str, date, str], Item] = {}
    for one in sorted(items, key=lambda one: (str(one.properties.get("s2:processing_baseline", "")),
                                              str(one.properties.get("updated", "")), one.id)):
        if one.footprint.intersects(box):
            newest[one.collection, one.day, tile_of(one)] = one
    grouped: dict[tuple[date, str], list[Item]] = {}
    for (collection, day, _), one in newest.items():
        grouped.setdefault((day, collection), []).append(one)
    scenes = []
    for (day, collection), found in sorted(grouped.items()):
        whole = [one for one in found if one.footprint.contains(box)]
        best = sorted(found, key=lambda one: (-one.footprint.intersection(box).area, one.id))
        scenes.append(Scene(day, collection, tuple(sorted(whole, key=lambda one: one.id)[:1] or best)))
    return scenes


def grid_of(clip: Path, bounds: Bounds) -> Grid:
    """The pixels of a clip, on as far as the place goes where the clip ends before."""
    with rasterio.open(clip, driver="GTiff") as source:
        transform, crs = source.transform, source.crs
    west, south, east, north = rasterio.warp.transform_bounds(_WGS84, crs, *bounds, densify_pts=21)
    left, right = ((x - transform.c) / transform.a for x in (west, east))
    top, bottom = ((y - transform.f) / transform.e for y in (north, south))
    left, top = np.floor(left + 1e-6), np.floor(top + 1e-6)
    right, bottom = np.ceil(right - 1e-6), np.ceil(bottom - 1e-6)
    x, y = transform.c + left * transform.a, transform.f + top * transform.e
    return Grid(crs, Affine(transform.a, 0.0, x, 0.0, transform.e, y), (int(bottom - top), int(right - left)))


def on_grid(clips: Sequence[Path], grid: Grid, fill: int) -> NDArray[np.float64]:
    """Clips on one grid (H, W), NaN where none has a value: whole numbers as they are, finer pixels averaged."""
    made = np.full(grid.shape, np.nan)
    for clip in clips:
        with rasterio.open(clip, driver="GTiff") as source:
            raw = source.read(1)
            if not np.issubdtype(raw.dtype, np.integer):
                raise ValueError(f"it holds {raw.dtype} instead of whole numbers")
            values = np.where(raw == fill, np.nan, raw.astype(np.float64))
            finer = abs(grid.transform.a) > 1.5 * abs(source.transform.a)
            part = np.full(grid.shape, np.nan)
            rasterio.warp.reproject(values, part, src_transform=source.transform, src_crs=source.crs, src_nodata=np.nan,
                                    dst_transform=grid.transform, dst_crs=grid.crs, dst_nodata=np.nan,
                                    resampling=Resampling.average if finer else Resampling.nearest)
        np.copyto(made, part, where=np.isnan(made))
    return made


def inside(outline: BaseGeometry, grid: Grid) -> NDArray[np.bool_]:
    """(H, W) the pixels whose middle lies in a field (degrees); the one under it where the field is smaller."""
    moved = rasterio.warp.transform_geom(_WGS84, grid.crs, shapely.geometry.mapping(outline))
    found = rasterio.features.geometry_mask([moved], grid.shape, grid.transform, invert=True)
    if not found.any():
        found = rasterio.features.geometry_mask([moved], grid.shape, grid.transform, invert=True, all_touched=True)
    return np.asarray(found)


def clear_pixels(clips: Sequence[Path], grid: Grid, look: Look) -> NDArray[np.bool_]:
    """(H, W) where a scene can be used, by its masks."""
    codes = on_grid(clips, grid, look.mask_fill)
    known = np.isfinite(codes)
    return known & ~look.unclear(np.where(known, codes, 0).astype(np.int64))


def ndvi_of(red: NDArray[np.float64], nir: NDArray[np.float64], clear: NDArray[np.bool_], offset: float, scale: float,
            ) -> NDArray[np.float64]:
    """NDVI (H, W) of stored numbers, NaN where it is not clear."""
    reflectance = [np.clip((band + offset) * scale, 0.0, None) for band in (red, nir)]
    return np.where(clear, ndvi(*reflectance), np.nan)


def is_there(path: Path, tags: Mapping[str, str]) -> bool:
    """Whether a file that `write` made with these tags is there already."""
    try:
        with rasterio.open(path, driver="GTiff") as file:
            found = file.tags()
    except (OSError, rasterio.errors.RasterioError):
        return False
    return all(found.get(name) == value for name, value in tags.items())


def write(path: Path, values: NDArray[np.float64], grid: Grid, tags: Mapping[str, str]) -> None:
    """NDVI as a GeoTIFF of 16-bit numbers with `SCALE` and `NODATA`, whole or not at all."""
    stored = np.where(np.isfinite(values), np.round(np.nan_to_num(values) / SCALE), NODATA).astype(np.int16)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing_path(path) as draft, rasterio.open(
            draft, "w", driver="GTiff", width=grid.shape[1], height=grid.shape[0], count=1, dtype="int16", crs=grid.crs,
            transform=grid.transform, nodata=NODATA, compress="deflate", predictor=2, tiled=True, blockxsize=256,
            blockysize=256) as file:
        file.write(stored, 1)
        file.update_tags(**tags)
