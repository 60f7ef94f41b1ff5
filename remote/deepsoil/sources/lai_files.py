"""Leaf area of MODIS and VIIRS as published: one tile from HDF-EOS 2 (.hdf), HDF-EOS 5 (.h5) or a pair of GeoTIFFs.

Layout: MODIS Collection 6.1 and VIIRS LAI/FPAR user's guides. Scale 0.1; 249 to 255 are fill values (unclassified,
urban, wetland, snow, barren, water). ``FparLai_QC`` of MODIS: bits 3-4 cloud state, bits 5-7 the algorithm
(``SCF_QC``); of VIIRS: bits 0-2 the algorithm; its cloud bits are not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import rasterio.errors
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from deepsoil.contract.errors import DeepSoilError
from deepsoil.extras import require
from deepsoil.sources import geotiff, hdf5

Quality = Literal["main", "all"]

SCALE, LARGEST = 0.1, 100
SINUSOIDAL = CRS.from_proj4("+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs")
_TILE_M, _TILE_PIXELS = 1111950.5196666666, 2400
_WEST_M, _NORTH_M = -20015109.354, 10007554.677
_MAIN, _EMPIRICAL, _CLOUDY = 1, 3, 1
_GROUPS = {"VNP15A2H": ("VNP_Grid_VNP15A2H", "VIIRS_Grid_LAIFPAR"), "VJ115A2H": ("VJ1_Grid_VJ115A2H",
                                                                               "VIIRS_Grid_LAIFPAR")}


@dataclass(frozen=True)
class LaiTile:
    """Leaf area (H, W) in m²/m², NaN missing, and where it lies."""

    values: NDArray[np.float64]
    transform: Affine
    crs: CRS


def read_tile(path: Path, product: str, tile: str, quality: Quality, field: str) -> LaiTile:
    """One tile. ``main`` keeps retrievals of the main algorithm without cloud, ``all`` also the empirical ones.

    Raises ``source_invalid`` for what is not the documented layout, ``extra_missing`` for HDF-EOS 2 without pyhdf.
    """
    if path.suffix.lower() == ".tif":
        return _geotiff(path, product, quality, field)
    read = _hdf4 if path.suffix.lower() == ".hdf" else _hdf5
    lai, flags = read(path, product, field)
    for name, data in (("Lai", lai), ("FparLai_QC", flags)):
        if data.shape != (_TILE_PIXELS, _TILE_PIXELS):
            raise DeepSoilError("source_invalid", "{file}: {name} has the shape {shape}, a tile has {size} × {size} "
                                "pixels.", "Use the 500 m product as published.", field,
                                file=path.name, name=name, shape=str(data.shape), size=_TILE_PIXELS)
    return LaiTile(decoded(lai, flags, product, quality), tile_transform(tile), SINUSOIDAL)


def tile_transform(tile: str) -> Affine:
    """Transform of a tile of the sinusoidal grid, from its name such as h10v05."""
    column, row = int(tile[1:3]), int(tile[4:6])
    size = _TILE_M / _TILE_PIXELS
    return Affine(size, 0.0, _WEST_M + column * _TILE_M, 0.0, -size, _NORTH_M - row * _TILE_M)


def decoded(lai: NDArray[Any], flags: NDArray[Any], product: str, quality: Quality) -> NDArray[np.float64]:
    """Leaf area (H, W) in m²/m² from stored values and flags of the same shape; NaN where it is not used. Pure."""
    bits = flags.astype(np.int64)
    viirs = product.startswith("V")
    algorithm = bits & 7 if viirs else (bits >> 5) & 7
    usable = (lai >= 0) & (lai <= LARGEST) & (algorithm <= (_MAIN if quality == "main" else _EMPIRICAL))
    if quality == "main" and not viirs:
        usable &= ((bits >> 3) & 3) != _CLOUDY
    return np.where(usable, lai.astype(np.float64) * SCALE, np.nan)


def _hdf5(path: Path, product: str, field: str) -> tuple[NDArray[Any], NDArray[Any]]:
    with hdf5.opened(path, field) as file:
        groups = _GROUPS.get(product, _GROUPS["VNP15A2H"])
        group = next((name for name in groups if f"HDFEOS/GRIDS/{name}" in file), groups[0])
        lai, flags = (hdf5.dataset(file, f"HDFEOS/GRIDS/{group}/Data Fields/{name}", path, field)
                      for name in ("Lai", "FparLai_QC"))
        hdf5.expect(lai, path, field, scale_factor=SCALE)
        return lai[:], flags[:]


def _hdf4(path: Path, product: str, field: str) -> tuple[NDArray[Any], NDArray[Any]]:
    require("hdf4")
    from pyhdf.error import HDF4Error
    from pyhdf.SD import SD, SDC

    try:
        file = SD(str(path), SDC.READ)
        try:
            found = [file.select(name) for name in ("Lai_500m", "FparLai_QC")]
            scale = found[0].attributes().get("scale_factor", SCALE)
            values = [np.asarray(data[:]) for data in found]
        finally:
            file.end()
    except (HDF4Error, ValueError, IndexError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as HDF-EOS 2 with Lai_500m and FparLai_QC: "
                            "{error}.",
                            "The download may have been cut off. Fetch the file again.", field,
                            file=path.name, error=error) from error
    if not np.isclose(scale, SCALE):
        raise DeepSoilError("source_invalid", "{file}: {dataset} has {attribute} {found}, but {wanted} is documented.",
                            "It is a file of another version. Use one that this kind of source knows, or the kind "
                            "netcdf or raster, which say everything.", field,
                            file=path.name, dataset="Lai_500m", attribute="scale_factor", found=scale, wanted=SCALE)
    return values[0], values[1]


def _geotiff(path: Path, product: str, quality: Quality, field: str) -> LaiTile:
    """A GeoTIFF of leaf area, with that of its flags beside it (AppEEARS, Planetary Computer)."""
    other = path.with_name(re.sub(r"_Lai(_500m)?_|_Lai(_500m)?(?=\.)", _flags_name, path.name))
    if other == path or not other.is_file():
        raise DeepSoilError("source_missing", "The quality flags of {file} are missing: there is no {other} beside it.",
                            "Fetch the layer FparLai_QC too.", field,
                            file=path.name, other=other.name)
    try:
        with geotiff.opened(path, field) as lai, geotiff.opened(other, field) as flags:
            if lai.shape != flags.shape or not lai.transform.almost_equals(flags.transform, 1e-3) or not lai.crs:
                raise DeepSoilError("source_invalid", "{file} and {other} lie on different grids.",
                                    "Fetch both layers in one request.", field,
                                    file=path.name, other=other.name)
            _check_scale(lai, path, field)
            return LaiTile(decoded(lai.read(1), flags.read(1), product, quality), lai.transform, lai.crs)
    except rasterio.errors.RasterioError as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read: {error}.",
                            "The download may have been cut off. Fetch the file again.", field,
                            file=path.name, error=error) from error


def _flags_name(found: re.Match[str]) -> str:
    return "_FparLai_QC_" if found[0].endswith("_") else "_FparLai_QC"


def _check_scale(source: rasterio.DatasetReader, path: Path, field: str) -> None:
    """Values as stored are wanted; a file that has been scaled already would become ten times too small."""
    scale = source.scales[0]
    if not np.issubdtype(source.dtypes[0], np.integer) or not (np.isclose(scale, SCALE) or scale == 1.0):
        raise DeepSoilError("source_invalid", "{file} holds {type} with the scale {scale}; leaf area is published as "
                            "whole numbers with the scale {wanted}.", "Use the file as published, or the kind raster.",
                            field, file=path.name, type=source.dtypes[0], scale=scale, wanted=SCALE)
