"""NDVI by day of one catalogue: at most one scene for each 8 days of the year, the one that shows most of the field.

Its mask is read first, so that a cloudy scene costs a few tens of kB. ``ndvi_catalogues`` has the catalogues.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import rasterio.errors
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from deepsoil.archives import failures, ndvi_scenes, replies, stac
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.ndvi_scenes import Look, Scene
from deepsoil.archives.network import Network
from deepsoil.archives.stac import Item, Searched
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import KM_PER_DEGREE
from deepsoil.io import json_files

PERIOD_DAYS = 8
"""Days of which at most one scene is taken; a year begins a period. Each is a piece, so that a new day is little."""
LEAST_CLEAR, CLEAR_ENOUGH = 0.25, 0.99
"""Share of the field that a scene must show; and from which on no better one is looked for."""
LEAST_KNOWN = 0.98
"""Share of the clear pixels that must have a value in both bands: what the mask saw cannot be absent from them."""
SCALE = 1e-4
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
        """A piece for every period of 8 days. Raises ``archive_no_days``."""
        start, end = max(ask.start, self.first), min(ask.end, ask.today)
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has no scenes of these days; it begins on {first}.",
                                "Ask for other days.", archive=self.title, first=self.first)
        place = {"bounds": list(ask.bounds),
                 "outline": shapely.to_wkt(ask.outline.simplify(_OUTLINE_DEGREES), rounding_precision=6)}
        pieces = []
        for begins, ends in _periods(start, end):
            pieces.append(Piece(self.name, f"{self.name}/{begins:%Y-%j}.json", self._search(),
                                round(_scene_bytes(ask.bounds)),
                                {**place, "start": max(begins, start).isoformat(),
                                 "end": min(ends, end).isoformat()}))
        return pieces

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The best scene of the period as NDVI, and a file that says which it is."""
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        bounds: Bounds = tuple(piece.details["bounds"])  # type: ignore[assignment]
        outline = shapely.from_wkt(piece.details["outline"])
        cost = Searched()
        items = list(stac.search(network, self.title, self._search(), list(self.looks), bounds, start, end, cost))
        usable = [one for one in items if one.collection in self.looks and start <= one.day <= end]
        said = [one for one in usable if self.looks[one.collection].offset(one) is not None]
        notes = [] if len(said) == len(usable) else [
            f"{len(usable) - len(said)} scenes of {start} to {end} do not say whether their offset is applied, and "
            "are not used."]
        scenes = ndvi_scenes.scenes_of(said, bounds, tile_of)
        reader = _Reader(self, network, bounds)
        chosen = self._best(scenes, outline, reader, folder / self.name)
        days = [] if chosen is None else [chosen]
        files = [piece.name, *(f"{self.name}/{day['file']}" for day in days)]
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"start": start.isoformat(), "end": end.isoformat(), "scenes": len(scenes),
                                "days": days})
        return Got(piece, tuple(files), self._search(), datetime.now(UTC), cost.size + reader.size, tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """NDVI by day."""
        days = [day for one in got for day in json_files.read(folder / one.piece.name)["days"]]
        notes = tuple(note for one in got for note in one.notes)
        if len(days) < len(got):
            notes = (*notes, f"{self.title}: {len(got) - len(days)} of {len(got)} periods of 8 days had no clear "
                             "scene.")
        if not days:
            return Entries(notes=(*notes, f"{self.title} had no clear scene of the field."))
        return Entries({"ndvi": {
            "kind": "raster", "unit": "-", "scale": ndvi_scenes.SCALE,
            "files": {day["day"]: f"{self.name}/{day['file']}" for day in days},
            "note": f"{self.title}, the clearest scene of each 8 days"}}, notes=notes)

    def signed(self, network: Network, item: Item, *, anew: bool = False) -> Mapping[str, str] | None:
        """Query parameters that a file of an item needs; None: it is open."""
        return None

    def _search(self) -> str:
        return address_of(self.name, self.public)

    def _best(self, scenes: Sequence[Scene], outline: BaseGeometry, reader: _Reader, folder: Path,
              ) -> dict[str, Any] | None:
        """NDVI of the scene that shows most of the field, written; None where none shows enough."""
        best: tuple[float, Scene, ndvi_scenes.Grid, NDArray[np.bool_]] | None = None
        with tempfile.TemporaryDirectory(prefix="deepsoil-ndvi-") as temporary:
            work = Path(temporary)
            for scene in sorted(scenes, key=lambda one: (one.cloud, one.day)):
                look = self.looks[scene.collection]
                masks = reader.cut(scene, look.mask, work)
                if not masks:
                    continue
                grid = ndvi_scenes.grid_of(masks[0], reader.bounds)
                clear = reader.checked(scene, look.mask, partial(ndvi_scenes.clear_pixels, masks, grid, look))
                share = float(clear[ndvi_scenes.inside(outline, grid)].mean())
                if share >= LEAST_CLEAR and (best is None or share > best[0]):
                    best = share, scene, grid, clear
                if share >= CLEAR_ENOUGH:
                    break
            if best is None:
                return None
            share, scene, grid, clear = best
            name = f"ndvi_{scene.day}.tif"
            tags = {"SCENES": " ".join(one.id for one in scene.items), "BOUNDS": str(reader.bounds)}
            if not ndvi_scenes.is_there(folder / name, tags):  # as before a new day, or before it was killed
                ndvi_scenes.write(folder / name, self._ndvi(scene, grid, clear, reader, work), grid, tags)
        return {"day": scene.day.isoformat(), "file": name, "clear": round(share, 3), "collection": scene.collection,
                "scenes": [one.id for one in scene.items]}

    def _ndvi(self, scene: Scene, grid: ndvi_scenes.Grid, clear: NDArray[np.bool_], reader: _Reader, work: Path,
              ) -> NDArray[np.float64]:
        look = self.looks[scene.collection]
        offsets = {look.offset(one) for one in scene.items}
        if len(offsets) != 1:  # two tiles of one day that were processed differently: those of the best one alone
            scene = Scene(scene.day, scene.collection, scene.items[:1])
        red, nir = (reader.checked(scene, band, partial(ndvi_scenes.on_grid, reader.cut(scene, band, work), grid,
                                                        look.fill)) for band in (look.red, look.nir))
        known = np.isfinite(red) & np.isfinite(nir)
        share = known[clear].mean()
        if len(offsets) == 1 and share < LEAST_KNOWN:
            raise replies.implausible(self.title, reader.address_of(scene.items[0], look.red),
                                      f"only {share:.0%} of the pixels that its mask calls clear are there")
        return ndvi_scenes.ndvi_of(red, nir, clear, look.offset(scene.items[0]) or 0.0, SCALE)


class _Reader:
    """Cuts assets of one catalogue around one place."""

    def __init__(self, archive: NdviArchive, network: Network, bounds: Bounds) -> None:
        self._archive, self._network, self.bounds = archive, network, bounds
        self.size = 0

    def address_of(self, item: Item, asset: str) -> str:
        """Where an asset is, without its token. Raises ``archive_implausible``."""
        found = item.assets.get(asset) or {}
        href = str(found.get("href", ""))
        if not href.startswith(("http://", "https://")):
            raise replies.implausible(self._archive.title, self._archive._search(), f"{item.id} has no file {asset}")
        bands = found.get("raster:bands") or [{}]
        scale = bands[0].get("scale") if isinstance(bands[0], dict) else None
        if asset not in (self._archive.looks[item.collection].mask,) and scale is not None and not np.isclose(
                float(scale), SCALE):
            raise replies.implausible(self._archive.title, href, f"its numbers have the scale {scale}, not {SCALE}")
        return href

    def cut(self, scene: Scene, asset: str, work: Path) -> list[Path]:
        """The clips of an asset of all tiles of a scene; of a tile that does not touch the place there is none."""
        clips = []
        for number, item in enumerate(scene.items):
            path = work / f"{scene.day}_{scene.collection}_{number}_{asset}.tif"
            try:
                self._window(item, asset, path)
            except DeepSoilError as error:
                if error.code != "archive_outside":
                    raise
                continue
            clips.append(path)
        return clips

    def _window(self, item: Item, asset: str, path: Path) -> None:
        address = self.address_of(item, asset)
        archive, network = self._archive, self._network
        if archive.signed(network, item) is None:
            self.size += network.window(archive.title, address, self.bounds, path).size
            return
        for last in (False, True):
            try:
                done = network.window(archive.title, address, self.bounds, path,
                                      secret=lambda: archive.signed(network, item) or {})
            except DeepSoilError as error:
                if error.code != "archive_account" or error.values.get("status") == 407:
                    raise
                if last:
                    raise DeepSoilError(
                        "archive_failed", "{archive} refuses {address} with the token that it gave for it.",
                        failures.LATER, archive=archive.title, address=address) from None
                archive.signed(network, item, anew=True)  # it may have ended in the middle
            else:
                self.size += done.size
                return

    def checked(self, scene: Scene, asset: str, read: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What ``read`` gives; numbers of another form are ``archive_implausible``."""
        try:
            return np.asarray(read())
        except (ValueError, rasterio.errors.RasterioError) as error:
            raise replies.implausible(self._archive.title, self.address_of(scene.items[0], asset),
                                      str(error)) from error


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


def _periods(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The periods of the year, the last of a year shorter, from the one with ``start`` to the one with ``end``."""
    first = date(start.year, 1, 1) + timedelta(days=(start.timetuple().tm_yday - 1) // PERIOD_DAYS * PERIOD_DAYS)
    while first <= end:
        last = min(first + timedelta(days=PERIOD_DAYS - 1), date(first.year, 12, 31))
        yield first, last
        first = last + timedelta(days=1)
