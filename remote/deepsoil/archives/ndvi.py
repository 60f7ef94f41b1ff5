"""NDVI by day of one catalogue: at most one scene for each 16 days, the one that shows most of the field.

Outside of the season it is one for each 32 days, and none in the months that snow covers, see `stretches`.

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
from deepsoil.archives.network import HEAD_BYTES, Network
from deepsoil.archives.stac import Item, Searched
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import KM_PER_DEGREE, Window
from deepsoil.io import json_files

PERIOD_DAYS = 16
"""Days of which at most one scene is taken; a year begins a period. Each is a piece, so that a new day is little."""
DAYS_BEFORE_MAPS = 60
"""From which a scene still serves the first map. The years before, of which only the simulated columns need leaves,
have those of other years and of the coarser leaf area."""
SEEN_PIXELS = 64
"""Around a field: a network that takes NDVI sees no farther (`networks.surface_unet`), and every block costs."""
MILD, SNOWY = 35.0, 42.0
"""Degrees of latitude: to the south of the first there is growth all year; to the north of the second none in winter,
and what is clear is snow."""
_SEASON = range(6, 19)
_WINTER = frozenset({0, 1, 2, 3, 21, 22})
"""Numbers of periods in a year: 7 April to 31 October, and December to the beginning of March."""
_OUTLINE_DEGREES = 1e-4
_BLOCK_KM = 7.7
_BLOCK_BYTES, _MASK_BYTES = 90_000, 20_000
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
        """A piece for every period. Raises ``archive_no_days``."""
        start, end = max(ask.from_maps(DAYS_BEFORE_MAPS), self.first), min(ask.end, ask.today)
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has no scenes of these days; it begins on {first}.",
                                "Ask for other days.", archive=self.title, first=self.first)
        bounds = _needed(ask)
        place = {"bounds": list(bounds),
                 "outline": shapely.to_wkt(ask.outline.simplify(_OUTLINE_DEGREES), rounding_precision=6)}
        pieces = []
        for begins, ends in stretches(start, end, ask.outline.centroid.y):
            first, last = max(begins, start), min(ends, end)
            size = _scene_bytes(bounds) * min(1.0, ((last - first).days + 1) / PERIOD_DAYS)
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
            notes = (*notes, f"{self.title}: {len(got) - len(days)} of {len(got)} periods had no clear scene.")
        if not days:
            return Entries(notes=(*notes, f"{self.title} had no clear scene of the field."))
        return Entries({"ndvi": {
            "kind": "raster", "unit": "-", "scale": ndvi_scenes.SCALE,
            "files": {day["day"]: f"{self.name}/{day['file']}" for day in days},
            "note": f"{self.title}, the clearest scene of each 16 days (32 outside of the season)"}}, notes=notes)

    def signed(self, network: Network, item: Item, *, anew: bool = False) -> Mapping[str, str] | None:
        """Query parameters that a file of an item needs; None: it is open."""
        return None

    def address(self) -> str:
        """Of the catalogue."""
        return address_of(self.name, self.public)


def _needed(ask: Ask) -> Bounds:
    """The field with the pixels that its maps depend on, which is less than the whole tiles of the region."""
    window, whole = Window.around(*ask.outline.bounds).pad(SEEN_PIXELS), Window.around(*ask.bounds)
    return (window.intersect(whole) or whole).bounds_lonlat


def stretches(start: date, end: date, latitude: float) -> list[tuple[date, date]]:
    """The periods (first, last day) from the one with ``start`` to the one with ``end`` of which a scene is taken."""
    found: list[tuple[date, date]] = []
    for begins, ends in periods.periods(start, end, PERIOD_DAYS):
        number = (begins.timetuple().tm_yday - 1) // PERIOD_DAYS
        if latitude >= SNOWY and number in _WINTER:
            continue
        second = number % 2 == (1 if number < _SEASON.start else 0)
        if latitude >= MILD and number not in _SEASON and second and found and (begins - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found


def tile_of(item: Item) -> str:
    """The tile of the military grid, such as 14SPJ."""
    found = _TILE.search(str(item.properties.get("grid:code", "")).removeprefix("MGRS-")) or _TILE.search(
        item.id.replace("_", "."))
    return found[1].lstrip("0") if found else item.id


def _scene_bytes(bounds: Bounds) -> float:
    """About what a scene costs: two bands and the masks of two scenes, each with the head of its file."""
    west, south, east, north = bounds
    high = (north - south) * KM_PER_DEGREE
    wide = (east - west) * KM_PER_DEGREE * np.cos(np.radians((south + north) / 2))
    blocks = (1 + high / _BLOCK_KM) * (1 + wide / _BLOCK_KM)
    return float(2 * blocks * (_BLOCK_BYTES + _MASK_BYTES) + 4 * HEAD_BYTES)
