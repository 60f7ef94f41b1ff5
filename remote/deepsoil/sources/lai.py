"""The kind ``satellite_lai``: leaf area index of MODIS (MCD15A3H and its like) and VIIRS (VNP15A2H, VJ115A2H)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources import geotiff, granules
from deepsoil.sources.granules import Granule
from deepsoil.sources.lai_files import Quality, read_tile
from deepsoil.sources.source import DatedMaps, Ingestion, Map, Source

PRODUCTS = {"MCD15A3H": 4, "MCD15A2H": 8, "MOD15A2H": 8, "MYD15A2H": 8, "VNP15A2H": 8, "VJ115A2H": 8}
"""Product → days of a composite."""
_PRODUCT = rf"(?P<product>{'|'.join(PRODUCTS)})"
_GRANULE = re.compile(_PRODUCT + r"\.A(?P<doy>\d{7})\.(?P<tile>h\d\dv\d\d)\.(?P<version>\d{3}\.\d+).*\.(hdf|h5|tif)$")
_APPEEARS = re.compile(_PRODUCT + r"\.(?P<version>\d{3})_Lai(_500m)?_doy(?P<doy>\d{7})\w*\.tif$")
_EXAMPLE = "MCD15A3H.A2023181.h10v05.061.2023186034211.hdf or MCD15A3H.061_Lai_500m_doy2023181_aid0001.tif"


class LaiSource(Source):
    """Leaf area by day. A composite counts from the last of its days on: before it, some scans had not been made.

    ``quality``: ``main`` takes retrievals of the main algorithm without cloud, ``all`` also the empirical ones.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("dated",)

    kind: Literal["satellite_lai"]
    files: list[str] = Field(min_length=1)
    quality: Quality = "main"

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))

    def problem(self, name: str, channels: object) -> str | None:
        return None if name == "lai" else "a satellite_lai source gives lai"

    def read(self, ingestion: Ingestion, name: str) -> DatedMaps:
        field = f"channels.{name}"
        paths = [path for pattern, where in self.named_files(field) for path in ingestion.files.glob(pattern, where)]
        product, found = composites(paths, field)
        days = granules.by_day(found, lambda day: last_day(day, PRODUCTS[product]))
        if ingestion.period is not None:
            days = {day: tiles for day, tiles in days.items() if ingestion.period.start <= day <= ingestion.period.end}
        if not days:
            raise DeepSoilError("source_invalid", "The source of {channel} has nothing within the dates of the recipe; "
                                "it covers {first} to {last}.", "Correct the dates or the files.", field,
                                channel=name, first=found[0].day, last=found[-1].day)

        def layers() -> Iterator[Map]:
            for day, tiles in days.items():
                ingestion.on_day(day)
                yield mosaic(tiles, product, ingestion.window, self.quality, field)

        return DatedMaps(list(days), layers())


def composites(paths: Sequence[Path], field: str) -> tuple[str, list[Granule]]:
    """The product of the files, and the newest granule of each day and tile. Raises ``source_invalid``."""
    chosen = [path for path in paths if "_FparLai_QC" not in path.name]
    found = [granule for path in chosen for granule in granules.parsed(
        [path], _APPEEARS if _APPEEARS.search(path.name) else _GRANULE, "MODIS or VIIRS LAI", _EXAMPLE, field)]
    products = sorted({_product(path) for path in chosen})
    if len(products) != 1:
        raise DeepSoilError("source_invalid", "The files of one channel are of {products}.",
                            "Give files of one product: composites of 4 and of 8 days cannot be mixed.", field,
                            products=", ".join(products) or "no product that is known")
    return products[0], granules.newest(found)


def last_day(first: date, length: int) -> date:
    """The last day of a composite; the last one of a year ends with it."""
    return min(first + timedelta(days=length - 1), date(first.year, 12, 31))


def mosaic(tiles: Sequence[Granule], product: str, window: Window, quality: Quality, field: str) -> Map:
    """Leaf area (H, W) of a day on ``window``, NaN missing. Raises ``source_outside`` where no tile touches it."""
    result = np.full(window.shape, np.nan, np.float32)
    for granule in tiles:
        tile = read_tile(granule.path, product, granule.tile, quality, field)
        found = geotiff.on_window(tile.values, tile.transform, tile.crs, window)
        if found is not None:
            np.copyto(result, found, where=np.isnan(result))
    return result


def _product(path: Path) -> str:
    found = re.search(_PRODUCT, path.name)
    assert found is not None  # the names have been read
    return found["product"]
