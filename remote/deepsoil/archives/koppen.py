"""The Köppen-Geiger climate of 1991–2020 in 30 arc seconds (Beck et al. 2023, CC BY 4.0), and its stand-in.

Where the package has the map of the lower 48 states (``koppen_conus.npz``, made by ``python -m tools.koppen_crop``),
nothing is fetched. Else the window of the one member of figshare's ZIP file is read by HTTP ranges. Sources:
facts on public archives, November 2026, §4. Not verified live; in particular how the member is packed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

from deepsoil.archives import clips, lower48, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.coverage_grid import outside
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic, json_files

PUBLIC = "https://figshare.com"
FILE = "ndownloader/files/45057352"
MEMBER = "1991_2020/koppen_geiger_0p00833333.tif"
PACKAGED = Path(__file__).with_name("koppen_conus.npz")
"""uint8 ``classes`` (rows, columns) from the north; ``west``, ``north``, ``step`` in degrees; 0: sea."""
_MARGIN = 0.05
_DEFLATED_BYTES = 8_000_000
"""Guess of what lies before the lower 48 states in a deflated member: it is read through."""


@dataclass(frozen=True)
class Packaged:
    """The map in the package. ``path``: its file, which need not exist."""

    path: Path

    @cached_property
    def _content(self) -> tuple[NDArray[np.uint8], float, float, float]:
        with np.load(self.path) as file:
            return file["classes"], float(file["west"]), float(file["north"]), float(file["step"])

    def there(self) -> bool:
        return self.path.is_file()

    def window(self, bounds: Bounds) -> tuple[NDArray[np.uint8], Affine]:
        """Whole pixels over bounds in degrees, as far as the map goes, and their transform."""
        classes, west, north, step = self._content
        left, right = (int(np.floor((x - west) / step)) for x in (bounds[0], bounds[2]))
        top, bottom = (int(np.floor((north - y) / step)) for y in (bounds[3], bounds[1]))
        left, top = max(left, 0), max(top, 0)
        return (classes[top:max(bottom + 1, 0), left:max(right + 1, 0)],
                Affine(step, 0, west + left * step, 0, -step, north - top * step))


class Koppen:
    name = "koppen"
    title = "Köppen-Geiger climate (Beck et al. 2023)"
    provides = frozenset({"koppen"})
    licence = "CC BY 4.0"
    attribution = "Köppen-Geiger climate 1991–2020: Beck et al. (2023), doi:10.1038/s41597-023-02549-6, CC BY 4.0"
    terms: str | None = None
    account: str | None = None

    def __init__(self, packaged: Packaged) -> None:
        self.packaged = packaged

    def plan(self, ask: Ask) -> list[Piece]:
        lower48.require(ask.outline.bounds, self.title)
        west, south, east, north = ask.bounds
        details = {"bounds": [west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN],
                   "field": list(ask.outline.bounds)}
        size = 0 if self.packaged.there() else _DEFLATED_BYTES
        return [Piece(self.name, f"{self.name}/koppen.tif", _address(), size, details)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        if self.packaged.there():
            values, transform = self.packaged.window(tuple(piece.details["bounds"]))
            if not values.size:
                raise outside(self.title)
            _write(path, values, transform)
            address = "the map that comes with DeepSoil"
        else:
            got = network.window(self.title, _address(), tuple(piece.details["bounds"]), path, member=MEMBER)
            address, size = got.address, got.size
        try:
            self._check(path, tuple(piece.details["field"]))
        except DeepSoilError:
            path.unlink()
            raise
        return Got(piece, (piece.name,), address, datetime.now(UTC), size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        return Entries({"koppen": {"kind": "raster", "file": got[0].piece.name, "unit": "Koeppen class", "nodata": 0,
                                   "note": "Köppen-Geiger climate 1991–2020, 30 arc seconds (Beck et al. 2023)"}})

    def _check(self, path: Path, field: Bounds) -> None:
        """Raise ``archive_implausible`` for what is no such map, ``archive_outside`` where the field has no class."""
        with rasterio.DatasetReader(path.absolute(), driver=["GTiff"]) as source:
            values, transform, crs = source.read(1), source.transform, source.crs
        if crs is None or not crs.is_geographic:
            raise wrong_answers.other_map(self.title, Text("it lies in another coordinate system"))
        if values.dtype != np.uint8 or int(values.max(initial=0)) > 30:
            raise wrong_answers.other_map(self.title, Text(
                "its values are {low:g} to {high:g}", low=float(values.min()), high=float(values.max())))
        if not clips.under(values, transform, field).any():
            raise outside(self.title)


class KoppenOfWeather:
    """The class computed from the region's own weather: no archive is asked."""

    name = "koppen_weather"
    title = "Köppen-Geiger climate of the region's own weather"
    provides = frozenset({"koppen"})
    licence = ""
    attribution = ""
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        return [Piece(self.name, f"{self.name}/rule.json", "computed on this computer", 0)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {
            "rule": "Köppen-Geiger classes of monthly means of the region's weather, Beck et al. (2018), Table 2"})
        return Got(piece, (piece.name,), piece.address, datetime.now(UTC), 0)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        return Entries({"koppen": {"kind": "koppen_climate"}})


def _address() -> str:
    return f"{address_of('figshare', PUBLIC)}/{FILE}"


def _write(path: Path, values: NDArray[np.uint8], transform: Affine) -> None:
    with atomic.replacing_path(path) as draft, rasterio.open(
            draft, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype="uint8",
            crs="EPSG:4326", transform=transform, nodata=0, compress="deflate") as out:
        out.write(values, 1)


KOPPEN = Koppen(Packaged(PACKAGED))
KOPPEN_OF_WEATHER = KoppenOfWeather()
