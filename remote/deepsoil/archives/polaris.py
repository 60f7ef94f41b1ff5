"""POLARIS: soil properties and hydraulic parameters of the lower 48 states, 1 arc second (Chaney et al. 2019).

Windows of the tiles of one degree below ``/POLARIS/PROPERTIES/v1.0`` of ``hydrology.cee.duke.edu`` by HTTP ranges (no
https); the files are organised in strips, so a window costs some 2.5 MB a property. Its licence is CC BY-NC 4.0, so it
is off until that is agreed to. Sources: facts on public archives, November 2026, §2c. Not verified live.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

from deepsoil.archives import clips, failures, lower48, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.coverage_grid import outside
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic
from deepsoil.sources import polaris

PUBLIC = "http://hydrology.cee.duke.edu"
ROOT = "POLARIS/PROPERTIES/v1.0"
STATISTIC, DEPTH = "mean", "5-15"
"""Its middle lies between the depths of the two maps, 5 and 20 cm."""
_BYTES = 2_500_000
_LIMITS = {"sand": (0, 100), "silt": (0, 100), "clay": (0, 100), "bd": (0.01, 3), "theta_r": (0, 0.6),
           "theta_s": (0.05, 1), "alpha": (-5, 3), "n": (1, 10), "ksat": (-6, 4), "om": (-4, 2.1)}
"""Property → values that can be, in POLARIS's units."""


class Polaris:
    name = "polaris"
    title = "POLARIS soil properties"
    provides = frozenset(polaris.VARIABLES)
    licence = "CC BY-NC 4.0"
    attribution = ("POLARIS: Chaney et al. (2019), doi:10.1029/2018WR022797, licence CC BY-NC 4.0: what was made with "
                   "it may not be used commercially")
    terms: str | None = ("POLARIS is licensed CC BY-NC 4.0: it may not be used for commercial purposes, and neither "
                         "may maps that were made with it.")
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        lower48.require(ask.outline.bounds, self.title)
        return [self._piece(variable, corner, ask) for variable, _ in polaris.VARIABLES.values()
                for corner in polaris.corners(ask.bounds)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The window of a tile. Where there is no tile, all of it is sea or another country: a tile without values."""
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        details = piece.details
        notes: tuple[str, ...] = ()
        try:
            got = network.window(self.title, piece.address, tuple(details["bounds"]), path)
            address, size = got.address, got.size
        except DeepSoilError as error:
            if not failures.is_missing(error):
                raise
            address, size = piece.address, 0
            notes = (f"there is no tile {path.stem}: the sea or another country",)
            _write_empty(path, tuple(details["corner"]))
        try:
            self._check(path, str(details["variable"]), tuple(details["field"]), tuple(details["corner"]))
        except DeepSoilError:
            path.unlink()
            raise
        return Got(piece, (piece.name,), address, datetime.now(UTC), size, notes)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        note = f"POLARIS, {STATISTIC}, {DEPTH} cm (CC BY-NC 4.0)"
        return Entries({name: {"kind": "polaris", "folder": self.name, "statistic": STATISTIC, "depth": DEPTH,
                               "note": note} for name in polaris.VARIABLES},
                       notes=tuple(sorted({note for one in got for note in one.notes})))

    def _piece(self, variable: str, corner: tuple[int, int], ask: Ask) -> Piece:
        south, west = corner
        place = f"{variable}/{STATISTIC}/{DEPTH.replace('-', '_')}/{polaris.tile_name(south, west)}.tif"
        west_, south_, east_, north_ = ask.bounds
        part = (max(west_, west), max(south_, south), min(east_, west + 1), min(north_, south + 1))
        return Piece(self.name, f"{self.name}/{place}", f"{address_of('polaris', PUBLIC)}/{ROOT}/{place}", _BYTES,
                     {"bounds": list(part), "field": list(ask.outline.bounds), "variable": variable,
                      "corner": [south, west]})

    def _check(self, path: Path, variable: str, field: Bounds, corner: tuple[int, int]) -> None:
        """Raise ``archive_outside`` where the tile has the whole field but no value of it, ``archive_implausible``."""
        with rasterio.DatasetReader(path.absolute(), driver=["GTiff"]) as source:
            values, transform, crs = source.read(1), source.transform, source.crs
        known = np.isfinite(values) & ~np.isclose(values, polaris.NODATA)
        low, high = _LIMITS[variable]
        wrong = known & ((values < low) | (values > high))
        problem = None
        if crs is None or not crs.is_geographic:
            problem = Text("it lies in another coordinate system")
        elif wrong.any():
            problem = Text("{name} is {value:g} in it", name=variable, value=float(values[wrong][0]))
        elif values.dtype != np.float32:
            problem = Text("its data type is {dtype}", dtype=str(values.dtype))
        if problem:
            raise wrong_answers.other_map(self.title, problem)
        south, west = corner
        if not (west <= field[0] and field[2] <= west + 1 and south <= field[1] and field[3] <= south + 1):
            return
        if not clips.under(known, transform, field).any():
            raise outside(self.title)


def _write_empty(path: Path, corner: tuple[int, int]) -> None:
    """A tile of one degree without a value."""
    south, west = corner
    values = np.full((10, 10), polaris.NODATA, np.float32)
    with atomic.replacing_path(path) as draft, rasterio.open(
            draft, "w", driver="GTiff", height=10, width=10, count=1, dtype="float32", crs="EPSG:4326",
            nodata=polaris.NODATA, transform=Affine(0.1, 0, west, 0, -0.1, south + 1)) as out:
        out.write(values, 1)


POLARIS = Polaris()
