"""Where NDVI comes from: Harmonized Landsat Sentinel-2 of the Planetary Computer, or Sentinel-2 of Earth Search.

Facts: public_data.md §7. HLS v2.0: reflectance × 10 000, fill −9999, ``Fmask`` bits 1 cloud, 2 next to cloud or shadow,
3 shadow, 4 snow, fill 255; red is ``B04``, near infrared ``B05`` (L30) or ``B8A`` (S30). Sentinel-2 of Earth Search:
numbers with ``earthsearch:boa_offset_applied`` have the offset of −1000 in them already, whatever ``raster:bands``
says. Not verified live: sizes of blocks, and that the footprints of items are those of the pixels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives.addresses import address_of
from deepsoil.archives.ndvi import NdviArchive
from deepsoil.archives.ndvi_scenes import Look
from deepsoil.archives.network import Network
from deepsoil.archives.stac import Item, Tokens


def _fmask(codes: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray((codes & 0b11110) != 0)


def _scl(codes: NDArray[Any]) -> NDArray[np.bool_]:
    return ~np.isin(codes, (4, 5, 6))  # vegetation, bare soil, water


def _no_offset(item: Item) -> float | None:
    return 0.0


def boa_offset(item: Item) -> float | None:
    """What is added to a stored number of Sentinel-2; None where the item does not say what was done to it.

    From processing baseline 04.00 on the numbers are published 1000 too high, unless Earth Search has corrected them.
    """
    applied = item.properties.get("earthsearch:boa_offset_applied")
    baseline = re.match(r"(\d+)\.(\d+)", str(item.properties.get("s2:processing_baseline", "")))
    if applied is True or (baseline is not None and int(baseline[1]) < 4):
        return 0.0
    return None if baseline is None or applied is None else -1000.0


class Hls(NdviArchive):
    """HLS v2.0 on the Planetary Computer, with its tokens."""

    name = "hls"
    title = "Harmonized Landsat Sentinel-2 (Planetary Computer)"
    public = "https://planetarycomputer.microsoft.com/api/stac/v1"
    first = date(2020, 1, 1)
    licence = "public domain"
    attribution = ("NDVI from Harmonized Landsat Sentinel-2 (HLS) v2.0, NASA LP DAAC, by the Microsoft Planetary "
                   "Computer; contains modified Copernicus Sentinel data")
    looks: ClassVar[Mapping[str, Look]] = {
        "hls2-s30": Look("Fmask", "B04", "B8A", _fmask, 255, -9999, _no_offset),
        "hls2-l30": Look("Fmask", "B04", "B05", _fmask, 255, -9999, _no_offset)}

    def __init__(self) -> None:
        self._tokens: dict[str, Tokens] = {}

    def signed(self, network: Network, item: Item, *, anew: bool = False) -> Mapping[str, str] | None:
        """The token of the collection."""
        address = address_of("planetary_computer_tokens", "https://planetarycomputer.microsoft.com/api/sas/v1")
        tokens = self._tokens.setdefault(address, Tokens(self.title, address))
        return tokens.of(network, item.collection, anew=anew)


class Sentinel2(NdviArchive):
    """Sentinel-2 Level 2A of Earth Search, open to everybody."""

    name = "sentinel2"
    title = "Sentinel-2 (Earth Search)"
    public = "https://earth-search.aws.element84.com/v1"
    first = date(2016, 11, 1)
    licence = "Copernicus Sentinel data, free and open"
    attribution = "NDVI: contains modified Copernicus Sentinel data, by Element 84 Earth Search"
    looks: ClassVar[Mapping[str, Look]] = {"sentinel-2-l2a": Look("scl", "red", "nir", _scl, 0, 0, boa_offset)}


HLS, SENTINEL_2 = Hls(), Sentinel2()
