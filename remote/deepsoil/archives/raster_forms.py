"""CRS, data type and nodata of the rasters of each archive, as the tests' servers answer.

From facts on public archives, November 2026; no archive was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rasterio

from deepsoil.archives.archive import Got


@dataclass(frozen=True)
class Form:
    """What rasters look like. ``epsg``: None where a CRS without a code may come, or that of the place."""

    epsg: int | None
    dtypes: tuple[str, ...]
    nodata: tuple[float | None, ...]


ASSUMED: dict[str, Form] = {
    "3dep": Form(4269, ("float32",), (-999999.0,)),
    "3dep_service": Form(4269, ("float32",), (-999999.0,)),
    "soil_survey": Form(5070, ("int32", "uint32", "float32"), (2147483647.0, -2147483648.0, -9999.0, 0.0, None)),
    "nlcd": Form(None, ("uint8", "uint32"), (250.0, 0.0, None)),
    "cdl": Form(3857, ("uint8",), (0.0, None)),
    "koppen": Form(4326, ("uint8",), (0.0, None)),
    "hls": Form(None, ("int16",), (-32768.0,)),
    "sentinel2": Form(None, ("int16",), (-32768.0,)),
}
"""Archives that give no rasters are not here."""


def differences(archive: str, got: Sequence[Got], folder: Path) -> list[str]:
    """What is other than assumed in the GeoTIFF files of an archive, in sentences."""
    assumed, found = ASSUMED.get(archive), []
    if assumed is None:
        return []
    for file in (file for one in got for file in one.files if file.endswith(".tif")):
        with rasterio.open(folder / file, driver="GTiff") as raster:
            epsg, dtype, nodata = raster.crs.to_epsg() if raster.crs else None, raster.dtypes[0], raster.nodata
        if assumed.epsg is not None and epsg != assumed.epsg:
            found.append(f"{file} is in EPSG:{epsg}, where it is EPSG:{assumed.epsg}")
        if dtype not in assumed.dtypes:
            found.append(f"{file} has the data type {dtype}, where it is {' or '.join(assumed.dtypes)}")
        if nodata not in assumed.nodata:
            found.append(f"{file} has the nodata value {nodata}, where it is one of {assumed.nodata}")
    return found
