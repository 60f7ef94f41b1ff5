"""A map on the grid → a product: Cloud-Optimised GeoTIFF, 16 bits in steps of its quantity, on the target's grid.

Band 1 is the quantity: θ in steps of 1e-4 m³/m³, or the water of the root zone in steps of 0.1 mm or %. A
product with intervals has a second band: the half-width of the 90 % interval.
"""

from __future__ import annotations

import errno
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window as Block

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inference import machine
from deepsoil.inference.quantities import SOIL_MOISTURE, Quantity
from deepsoil.inference.target import Target
from deepsoil.io import disk

NODATA = 65535
HALF_WIDTH_TITLE = "Half-width of the 90 % interval"
"""The description of band 2, before the unit."""

COG_BLOCK = 512
# The default is 6. With 4, files are 1 % larger and take less than half the time.
_DEFLATE_LEVEL = 4
# For a moment the plain raster, the COG and its overviews are all on the disk.
_DISK_FACTOR = 3.4
_TOLERANCE_PIXELS = 0.01
REACH_PIXELS = 2


@dataclass(frozen=True)
class Mosaic:
    """θ (H, W) of a window of the grid, or what else ``quantity`` says, in its unit; NaN where there is none.

    half_width  (H, W) of the 90 % interval in the same unit, NaN where it is not known; None: no intervals
    interval    how the intervals were made, e.g. ``ensemble`` or ``conformal, 10 groups``
    """

    window: Window
    theta: NDArray[np.float32]
    half_width: NDArray[np.float32] | None = None
    interval: str = ""
    quantity: Quantity = SOIL_MOISTURE

    @property
    def bands(self) -> int:
        """Of its product."""
        return 1 if self.half_width is None else 2


def file_name(depth_cm: int, day: str, field: int | None = None) -> str:
    """``field``: the number of one of several fields."""
    which = "" if field is None else f"_field{field:04d}"
    return f"soil_moisture_{depth_cm:02d}cm_{day}{which}.tif"


def water_file_name(quantity: Quantity, day: str, field: int | None = None) -> str:
    """``field``: the number of one of several fields."""
    return f"{quantity.name}_{day}{'' if field is None else f'_field{field:04d}'}.tif"


def needed_bytes(target: Target, bands: int = 1) -> int:
    """The most space on the disk that writing one product takes."""
    return int(_DISK_FACTOR * bands * target.raw_bytes) + (1 << 20)


def check_disk(folder: Path, bytes_needed: int) -> None:
    """DeepSoilError ``disk_full`` where the disk of a folder (which need not exist yet) has less space."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < bytes_needed:
        raise _disk_full(folder, bytes_needed, free)


def write_product(path: Path, mosaic: Mosaic, target: Target, *, title: str, tags: Mapping[str, str]) -> Path:
    """Write a product; if that fails, nothing is left at ``path``.

    ``title`` becomes the description of band 1, ``tags`` the file's metadata; those of the intervals are added. A pixel
    holds θ where it lies in the target's outline and the pixel of the grid under its centre has a value. Raises
    ``disk_full``.
    """
    needed = needed_bytes(target, mosaic.bands)
    plain = path.with_name(f"{path.stem}.plain.tif")
    try:
        check_disk(path.parent, needed)
        sums = _write_plain(plain, mosaic, target, title, tags)
        rasterio.shutil.copy(plain, path, driver="COG", compress="DEFLATE", level=_DEFLATE_LEVEL, predictor="STANDARD",
                             blocksize=COG_BLOCK, overview_resampling="AVERAGE", bigtiff="IF_SAFER",
                             num_threads="ALL_CPUS")
        _verify(path, target, sums)
    except (OSError, RasterioError) as error:
        _remove(path)
        free = shutil.disk_usage(path.parent).free
        full = isinstance(error, OSError) and disk.is_full(error)
        if full or free < needed or disk.takes_no_files(path.parent):  # e.g. a quota
            raise _disk_full(path.parent, needed, free) from error
        raise DeepSoilError("product_failed", "The map {name} could not be written: {error}.",
                            "Check that the disk works and has free space, then try again.",
                            name=path.name, error=error) from error
    except BaseException:
        _remove(path)
        raise
    finally:
        _remove(plain)
    return path


def resample(mosaic: Mosaic, target: Target, block: Block) -> Iterator[NDArray[np.float32]]:
    """By band the values (H, W) of a block of the target, bilinear.

    NaN outside the outline and where the grid has no θ. Neighbours without a value have no weight, so that nothing
    bleeds; they do not shrink the map either.
    """
    source = _source_window(mosaic, target, block)
    outside = ~target.mask(block)
    for grid in (mosaic.theta, mosaic.half_width)[:mosaic.bands]:
        values = np.full((block.height, block.width), np.nan, np.float32)
        if grid is not None and source is not None and not outside.all():
            # GDAL leaves out a pixel whose centre lies in a missing one, and gives missing neighbours no weight.
            reproject(np.ascontiguousarray(grid[source.slices_in(mosaic.window)]), values,
                      src_transform=rasterio.Affine(*source.affine), src_crs="EPSG:3857",
                      dst_transform=target.block_transform(block), dst_crs=f"EPSG:{target.epsg}", src_nodata=np.nan,
                      dst_nodata=np.nan, resampling=Resampling.bilinear, tolerance=_TOLERANCE_PIXELS,
                      num_threads=machine.cores())
            values[outside] = np.nan
            outside = np.isnan(values)  # no interval where there is no θ
        yield values


def quantise(values: NDArray[np.float32], quantity: Quantity = SOIL_MOISTURE) -> NDArray[np.uint16]:
    """Steps of the quantity's scale; a value never becomes nodata, NaN does."""
    there = np.isfinite(values)
    steps = np.clip(np.rint(np.where(there, values, 0.0) / quantity.scale), quantity.least, quantity.most)
    return np.where(there, steps, NODATA).astype(np.uint16)


def _write_plain(path: Path, mosaic: Mosaic, target: Target, title: str, tags: Mapping[str, str]) -> list[list[int]]:
    """A plain tiled GeoTIFF with all metadata; returns the checksums of each block, by band."""
    sums, bands = [], mosaic.bands
    with rasterio.open(path, "w", driver="GTiff", width=target.width, height=target.height, count=bands,
                       dtype="uint16", crs=f"EPSG:{target.epsg}", transform=target.transform, nodata=NODATA, tiled=True,
                       blockxsize=COG_BLOCK, blockysize=COG_BLOCK, bigtiff="IF_SAFER") as raster:
        quantity = mosaic.quantity
        raster.scales, raster.offsets = (quantity.scale,) * bands, (0.0,) * bands
        raster.units = (quantity.unit,) * bands
        raster.descriptions = (title, f"{HALF_WIDTH_TITLE} ({quantity.sign})")[:bands]
        of_interval = {"DEEPSOIL_INTERVAL": "90%", "DEEPSOIL_INTERVAL_METHOD": mosaic.interval} if bands > 1 else {}
        raster.update_tags(AREA_OR_POINT="Area", **tags, **of_interval)
        for block in target.blocks():
            steps = np.stack([quantise(values, quantity) for values in resample(mosaic, target, block)])
            raster.write(steps, window=block)
            sums.append([zlib.crc32(band.tobytes()) for band in steps])
    return sums


def _verify(path: Path, target: Target, sums: list[list[int]]) -> None:
    """OSError unless the file holds what was written: on a full disk GDAL may fail without an error."""
    with rasterio.open(path, driver="GTiff") as raster:
        for block, expected in zip(target.blocks(), sums, strict=True):
            if [zlib.crc32(band.tobytes()) for band in raster.read(window=block)] != expected:
                raise OSError(errno.EIO, "the file does not hold what was written", str(path))


def _source_window(mosaic: Mosaic, target: Target, block: Block) -> Window | None:
    """The part of the mosaic that a block is computed from."""
    west, south, east, north = transform_bounds(f"EPSG:{target.epsg}", "EPSG:4326", *target.block_bounds(block))
    return Window.around(west, south, east, north).pad(REACH_PIXELS).intersect(mosaic.window)


def _remove(path: Path) -> None:
    """The file and what GDAL keeps beside it while it writes."""
    for file in [path, *path.parent.glob(f"{path.name}.*")]:
        with suppress(OSError):
            file.unlink()


def _disk_full(folder: Path, bytes_needed: int, free: int) -> DeepSoilError:
    return DeepSoilError("disk_full", "The disk with {folder} has {free:,.0f} MB left; the next map needs "
                         "{bytes_needed:,.0f} MB.",
                         "Free some space, for example by removing old jobs, and try again. Finished maps are kept.",
                         folder=folder, free=free / 1e6, bytes_needed=bytes_needed / 1e6)
