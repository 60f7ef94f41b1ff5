"""NDVI by day: Harmonized Landsat Sentinel-2 of the Planetary Computer, and Sentinel-2 of Earth Search in its place.

At most one scene for each 8 days of the year is taken, the one that shows most of the field without cloud. Its mask is
read first, so that a cloudy scene costs a few tens of kB.

Facts: public_data.md §7. HLS v2.0: reflectance × 10 000, fill −9999, ``Fmask`` bits 1 cloud, 2 next to cloud or shadow,
3 shadow, 4 snow, fill 255; red is ``B04``, near infrared ``B05`` (L30) or ``B8A`` (S30). Sentinel-2 of Earth Search:
numbers with ``earthsearch:boa_offset_applied`` have the offset of −1000 in them already, whatever ``raster:bands`` says.
Not verified live: sizes of blocks, and that the footprints of items are those of the pixels.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

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
from deepsoil.archives.stac import Item, Searched, Tokens
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import KM_PER_DEGREE
from deepsoil.io import json_files

PERIOD_DAYS, PERIODS = 8, 4
"""Days of which at most one scene is taken, and how many such periods are one piece. A year begins a period."""
LEAST_CLEAR, CLEAR_ENOUGH = 0.25, 0.99
"""Share of the field that a scene must show; and from which on no better one is looked for."""
LEAST_KNOWN = 0.98
"""Share of the clear pixels that must have a value in both bands: what the mask saw cannot be absent from them."""
SCALE = 1e-4
_OUTLINE_DEGREES = 1e-4
_BLOCK_KM = 7.7
_BLOCK_BYTES = 90_000
_TILE = re.compile(r"(?<![A-Z0-9])T?(\d{1,2}[C-X][A-Z]{2})(?![A-Z])")


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
    if applied is True:
        return 0.0
    if baseline is None or applied is None:
        return 0.0 if baseline is not None and int(baseline[1]) < 4 else None
    return -1000.0 if int(baseline[1]) >= 4 else 0.0


class NdviArchive:
    """Scenes of one catalogue. A subclass says where they are and how they are read."""

    name: str
    title: str
    public: str
    looks: Mapping[str, Look]
    first: date
    provides = frozenset({"ndvi"})
    licence: str
    attribution: str
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """A piece for every four periods of 8 days. Raises ``archive_no_days``."""
        start, end = max(ask.start, self.first), min(ask.end, ask.today)
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has no scenes of these days; it begins on {first}.",
                                "Ask for other days.", archive=self.title, first=self.first)
        place = {"bounds": list(ask.bounds),
                 "outline": shapely.to_wkt(ask.outline.simplify(_OUTLINE_DEGREES), rounding_precision=6)}
        pieces = []
        for begins, ends in _stretches(start, end, PERIOD_DAYS * PERIODS):
            first, last = max(begins, start), min(ends, end)
            share = ((last - first).days + 1) / (PERIOD_DAYS * PERIODS)
            pieces.append(Piece(self.name, f"{self.name}/{begins:%Y-%j}.json", self._search(),
                                round(PERIODS * share * _scene_bytes(ask.bounds)),
                                {**place, "start": first.isoformat(), "end": last.isoformat()}))
        return pieces

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The best scene of each period as NDVI, and a file that says which they are."""
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
        days, files = [], [piece.name]
        for first, last in _stretches(start, end, PERIOD_DAYS):
            chosen = self._best([one for one in scenes if first <= one.day <= last], outline, reader, folder / self.name)
            if chosen is None:
                continue
            files.append(f"{self.name}/{chosen['file']}")
            days.append(chosen)
        periods = sum(1 for _ in _stretches(start, end, PERIOD_DAYS))
        if len(days) < periods:
            notes.append(f"{periods - len(days)} of {periods} periods of 8 days from {start} on had no clear scene.")
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"start": start.isoformat(), "end": end.isoformat(), "scenes": len(scenes),
                                "days": days})
        return Got(piece, tuple(files), self._search(), datetime.now(UTC), cost.size + reader.size, tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """NDVI by day."""
        days = [day for one in got for day in json_files.read(folder / one.piece.name)["days"]]
        notes = tuple(note for one in got for note in one.notes)
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
                clear = reader.checked(scene, look.mask, lambda: ndvi_scenes.clear_pixels(masks, grid, look))  # noqa: B023
                share = float(clear[ndvi_scenes.inside(outline, grid)].mean())
                if share >= LEAST_CLEAR and (best is None or share > best[0]):
                    best = share, scene, grid, clear
                if share >= CLEAR_ENOUGH:
                    break
            if best is None:
                return None
            share, scene, grid, clear = best
            values = self._ndvi(scene, grid, clear, reader, work)
        name = f"ndvi_{scene.day}.tif"
        ndvi_scenes.write(folder / name, values, grid, {"SCENES": " ".join(one.id for one in scene.items)})
        return {"day": scene.day.isoformat(), "file": name, "clear": round(share, 3), "collection": scene.collection,
                "scenes": [one.id for one in scene.items]}

    def _ndvi(self, scene: Scene, grid: ndvi_scenes.Grid, clear: NDArray[np.bool_], reader: _Reader, work: Path,
              ) -> NDArray[np.float64]:
        look = self.looks[scene.collection]
        offsets = {look.offset(one) for one in scene.items}
        if len(offsets) != 1:  # two tiles of one day that were processed differently: those of the best one alone
            scene = Scene(scene.day, scene.collection, scene.items[:1])
        bands = [reader.checked(scene, band, lambda band=band: ndvi_scenes.on_grid(  # type: ignore[misc]
            reader.cut(scene, band, work), grid, look.fill)) for band in (look.red, look.nir)]
        known = np.isfinite(bands[0]) & np.isfinite(bands[1])
        if len(offsets) == 1 and known[clear].mean() < LEAST_KNOWN:
            raise replies.implausible(self.title, reader.address_of(scene.items[0], look.red),
                                      f"only {known[clear].mean():.0%} of the pixels that its mask calls clear are there")
        return ndvi_scenes.ndvi_of(*bands, clear, look.offset(scene.items[0]) or 0.0, SCALE)


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

    def checked(self, scene: Scene, asset: str, read: Any) -> NDArray[Any]:
        """What ``read`` gives; numbers of another form are ``archive_implausible``."""
        try:
            return np.asarray(read())
        except (ValueError, rasterio.errors.RasterioError) as error:
            raise replies.implausible(self._archive.title, self.address_of(scene.items[0], asset),
                                      str(error)) from error


class Hls(NdviArchive):
    """HLS v2.0 on the Planetary Computer, with its tokens."""

    name = "hls"
    title = "Harmonized Landsat Sentinel-2 (Planetary Computer)"
    public = "https://planetarycomputer.microsoft.com/api/stac/v1"
    first = date(2020, 1, 1)
    licence = "public domain"
    attribution = ("NDVI from Harmonized Landsat Sentinel-2 (HLS) v2.0, NASA LP DAAC, by the Microsoft Planetary "
                   "Computer; contains modified Copernicus Sentinel data")
    looks = {"hls2-s30": Look("Fmask", "B04", "B8A", _fmask, 255, -9999, _no_offset),
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
    looks = {"sentinel-2-l2a": Look("scl", "red", "nir", _scl, 0, 0, boa_offset)}


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


def _stretches(start: date, end: date, step: int) -> Iterator[tuple[date, date]]:
    """Stretches of ``step`` days of the year, the last of a year shorter, from the one with ``start`` to ``end``."""
    first = date(start.year, 1, 1) + timedelta(days=(start.timetuple().tm_yday - 1) // step * step)
    while first <= end:
        last = min(first + timedelta(days=step - 1), date(first.year, 12, 31))
        yield first, last
        first = last + timedelta(days=1)


HLS, SENTINEL_2 = Hls(), Sentinel2()
