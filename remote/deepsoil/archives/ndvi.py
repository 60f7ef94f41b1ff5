"""NDVI by day of one catalogue: at most one scene for each 16 days of the year, the one that shows most of the field.

Its mask is read first, so that a cloudy scene costs a few tens of kB. ``ndvi_catalogues`` has the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar

import numpy as np
import shapely

from deepsoil.archives import ndvi_scenes, periods, stac
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.ndvi_choice import Chooser, Reader
from deepsoil.archives.ndvi_scenes import Look
from deepsoil.archives.network import Network
from deepsoil.archives.stac import Item, Searched
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import KM_PER_DEGREE
from deepsoil.io import json_files

PERIOD_DAYS = 16
"""Days of which at most one scene is taken; a year begins a period. Each is a piece, so that a new day is little."""
_OUTLINE_DEGREES = 1e-4
_BLOCK_KM = 7.7
_BLOCK_BYTES = 90_000
_TILE = re.compile(r"(?<![A-Z0-9])T?(\d{1,2}[C-X][A-Z]{2})(?![A-Z])")


class NdviArchive:
    """Scenes of one catalogue. A subclass says where they are and how they are read."""

    name: str
    title: str
    public: str
    looks: ClassVar[Mapping[str, Look]]
    first: date
    provides = frozenset({"ndvi"})
    licence: str
    attribution: str
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """A piece for every period of 16 days. Raises ``archive_no_days``."""
        start, end = max(ask.start, self.first), min(ask.end, ask.today)
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has no scenes of these days; it begins on {first}.",
                                "Ask for other days.", archive=self.title, first=self.first)
        place = {"bounds": list(ask.bounds),
                 "outline": shapely.to_wkt(ask.outline.simplify(_OUTLINE_DEGREES), rounding_precision=6)}
        pieces = []
        for begins, ends in periods.periods(start, end, PERIOD_DAYS):
            first, last = max(begins, start), min(ends, end)
            size = _scene_bytes(ask.bounds) * ((last - first).days + 1) / PERIOD_DAYS
            pieces.append(Piece(self.name, f"{self.name}/{periods.label(begins)}.json", self.address(), round(size),
                                {**place, "start": first.isoformat(), "end": last.isoformat()}))
        return pieces

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The best scene of the period as NDVI, and a file that says which it is."""
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        bounds: Bounds = tuple(piece.details["bounds"])  # type: ignore[assignment]
        outline = shapely.from_wkt(piece.details["outline"])
        cost = Searched()
        items = list(stac.search(network, self.title, self.address(), list(self.looks), bounds, start, end, cost))
        usable = [one for one in items if one.collection in self.looks and start <= one.day <= end]
        said = [one for one in usable if self.looks[one.collection].offset(one) is not None]
        notes = [] if len(said) == len(usable) else [
            f"{len(usable) - len(said)} scenes of {start} to {end} do not say whether their offset is applied, and "
            "are not used."]
        scenes = ndvi_scenes.scenes_of(said, bounds, tile_of)
        chooser = Chooser(Reader(self, network, bounds), outline, folder / self.name)
        chosen = chooser.best(scenes)
        days = [] if chosen is None else [chosen]
        notes += [f"A scene is left out: {problem}" for problem in chooser.problems]
        files = [piece.name, *(f"{self.name}/{day['file']}" for day in days)]
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"start": start.isoformat(), "end": end.isoformat(), "scenes": len(scenes),
                                "days": days})
        size = cost.size + chooser.reader.size
        return Got(piece, tuple(files), self.address(), datetime.now(UTC), size, tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """NDVI by day."""
        days = [day for one in got for day in json_files.read(folder / one.piece.name)["days"]]
        notes = tuple(note for one in got for note in one.notes)
        if len(days) < len(got):
            notes = (*notes, f"{self.title}: {len(got) - len(days)} of {len(got)} periods of 16 days had no clear "
                             "scene.")
        if not days:
            return Entries(notes=(*notes, f"{self.title} had no clear scene of the field."))
        return Entries({"ndvi": {
            "kind": "raster", "unit": "-", "scale": ndvi_scenes.SCALE,
            "files": {day["day"]: f"{self.name}/{day['file']}" for day in days},
            "note": f"{self.title}, the clearest scene of each 16 days"}}, notes=notes)

    def signed(self, network: Network, item: Item, *, anew: bool = False) -> Mapping[str, str] | None:
        """Query parameters that a file of an item needs; None: it is open."""
        return None

    def address(self) -> str:
        """Of the catalogue."""
        return address_of(self.name, self.public)


def tile_of(item: Item) -> str:
    """The tile of the military grid, such as 14SPJ."""
    found = _TILE.search(str(item.properties.get("grid:code", "")).removeprefix("MGRS-")) or _TILE.search(
        item.id.replace("_", "."))
    return found[1].lstrip("0") if found else item.id


def _scene_bytes(bounds: Bounds) -> float:
    """About what a scene costs: a mask and two bands, and the masks of cloudier ones before it."""
    west, south, east, north = bounds
    high = (north - south) * KM_PER_DEGREE
    wide = (east - west) * KM_PER_DEGREE * np.cos(np.radians((south + north) / 2))
    blocks = (1 + high / _BLOCK_KM) * (1 + wide / _BLOCK_KM)
    return float(3 * blocks * _BLOCK_BYTES)
