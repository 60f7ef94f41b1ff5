"""The kind ``polaris``: soil properties of POLARIS (Chaney et al. 2019, doi:10.1029/2018WR022797), tiles of one degree.

Layout: ``VARIABLE/STATISTIC/DEPTH/lat3940_lon-97-96.tif``, 1 arc second, EPSG:4326, nodata −9999. Units as published:
alpha is log10(1/kPa), ksat log10(cm/h), om log10(%); the first paper's "1/cm" of alpha is a mistake of its text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from deepsoil.channels import CHANNELS, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import geotiff, units
from deepsoil.sources.source import Bounds, Ingestion, Map, Source
from deepsoil.sources.value_range import check_range

NODATA = -9999.0
VARIABLES: dict[str, tuple[str, str]] = {
    "sand": ("sand", "%"), "silt": ("silt", "%"), "clay": ("clay", "%"), "bulk_density": ("bd", "g/cm3"),
    "theta_r": ("theta_r", "m3/m3"), "theta_s": ("theta_s", "m3/m3"), "log10_vg_alpha": ("alpha", "log10(1/kPa)"),
    "vg_n": ("n", "-"), "log10_ks": ("ksat", "log10(cm/h)"), "organic_matter": ("om", "log10(%)"),
}
"""Channel → POLARIS's name and unit."""
_ALPHA_MEDIAN_PER_CM = (0.001, 0.05)
"""Between these the median of alpha lies in soils; ten times more means that it was taken for 1/cm already."""


class PolarisSource(Source):
    """One property at one depth, from the tiles of one degree below ``folder``."""

    gives: ClassVar[tuple[Kind, ...]] = ("static",)

    kind: Literal["polaris"]
    folder: str
    statistic: Literal["mean", "mode", "p5", "p50", "p95"] = "mean"
    depth: Literal["0-5", "5-15", "15-30", "30-60", "60-100", "100-200"] = "0-5"

    def problem(self, name: str, channels: object) -> str | None:
        return None if name in VARIABLES else f"a polaris source gives {', '.join(VARIABLES)}"

    def description(self) -> str:
        return f"POLARIS, {self.statistic}, {self.depth.replace('-', ' to ')} cm (CC BY-NC 4.0)"

    def read(self, ingestion: Ingestion, name: str) -> Map:
        field = f"channels.{name}"
        variable, unit = VARIABLES[name]
        result = np.full(ingestion.window.shape, np.nan, np.float32)
        for tile in tile_names(ingestion.bounds):
            path = self._file(ingestion, variable, tile, field)
            part = geotiff.read_map(path, ingestion.window, geotiff.RasterOptions(nodata=(NODATA,)), field)
            np.copyto(result, part, where=np.isnan(result))
        result = units.convert(result, unit, CHANNELS[name].unit)
        if name == "log10_vg_alpha":
            _check_alpha(result, field)
        return check_range(name, result, field)

    def _file(self, ingestion: Ingestion, variable: str, tile: str, field: str) -> Path:
        depth = self.depth.replace("-", "_")  # YAML reads 0_5 as the number 5
        name = f"{self.folder}/{variable}/{self.statistic}/{depth}/{tile}.tif"
        return ingestion.files.file(name, f"{field}.folder")


def corners(bounds: Bounds) -> Iterator[tuple[int, int]]:
    """(south, west) in whole degrees of the tiles of one degree that an area (west, south, east, north) touches."""
    for south in range(math.floor(bounds[1]), math.ceil(bounds[3])):
        for west in range(math.floor(bounds[0]), math.ceil(bounds[2])):
            yield south, west


def tile_name(south: int, west: int) -> str:
    """The name of a tile, such as lat3940_lon-97-96."""
    return f"lat{south}{south + 1}_lon{west}{west + 1}"


def tile_names(bounds: Bounds) -> Iterator[str]:
    """Names of the tiles that an area (west, south, east, north) touches."""
    return (tile_name(*corner) for corner in corners(bounds))


def _check_alpha(values: Map, field: str) -> None:
    known = values[np.isfinite(values)]
    if not known.size:
        return
    median = 10.0 ** float(np.median(known))
    if not _ALPHA_MEDIAN_PER_CM[0] <= median <= _ALPHA_MEDIAN_PER_CM[1]:
        raise DeepSoilError("source_invalid", "The median of POLARIS's alpha would be {median:.4f} 1/cm, which no soil "
                            "has.", "The tiles are not in log10(1/kPa). Give them by the kind raster with their unit.",
                            field, median=median)
