"""Opens the GeoTIFFs of results, and nothing else under their name.

GDAL and QGIS take a file for what it contains: a VRT or WMS description named ``map.tif``, or a mask, overview or
``.aux.xml`` beside a map, would fetch data from wherever it says.
"""

from __future__ import annotations

import os
from pathlib import Path

from osgeo import gdal

_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_whole(path: str) -> bool:
    """Whether this is a GeoTIFF that keeps all of its data in itself, or in GeoTIFFs beside it."""
    file = Path(path)
    try:
        companions = {f"{file.name}{suffix}".lower() for suffix in (".msk", ".ovr")}
        beside = [one.name for one in os.scandir(file.parent) if one.name.lower() in companions]
        if not all(_is_tiff(file.parent / name) for name in (file.name, *beside)):
            return False
    except OSError:
        return False
    dataset = opened(path)
    return dataset is not None and not dataset.GetMetadataItem("OVERVIEW_FILE", "OVERVIEWS")


def opened(path: str) -> gdal.Dataset | None:
    """The file by GDAL's driver for GeoTIFF, for its tags and pixels; None where that cannot open it."""
    try:
        return gdal.OpenEx(str(Path(path).absolute()), gdal.OF_RASTER | gdal.OF_READONLY, allowed_drivers=["GTiff"])
    except RuntimeError:  # where GDAL's exceptions are on
        return None


def _is_tiff(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _STARTS
