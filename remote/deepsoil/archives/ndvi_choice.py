"""The best scene of a period over a field: what is read of which, and what happens where one of them is damaged."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import rasterio.errors
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from deepsoil.archives import failures, ndvi_scenes, replies
from deepsoil.archives.archive import Bounds
from deepsoil.archives.ndvi_scenes import Look, Scene
from deepsoil.archives.network import Download, Network
from deepsoil.archives.stac import Item
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

Result = TypeVar("Result")

LEAST_CLEAR, CLEAR_ENOUGH = 0.25, 0.99
"""Share of the field that a scene must show; and from which on no better one is looked for."""
LEAST_KNOWN = 0.98
"""Share of the clear pixels that must have a value in both bands: what the mask saw cannot be absent from them."""
SCALE = 1e-4
"""Of stored reflectance, in every catalogue here."""


class Catalogue(Protocol):
    """What reading needs to know of an archive."""

    title: str

    @property
    def looks(self) -> Mapping[str, Look]: ...

    def address(self) -> str: ...

    def signed(self, network: Network, item: Item, *, anew: bool = False) -> Mapping[str, str] | None: ...


@dataclass(frozen=True)
class Seen:
    """A scene whose mask was read: where it is clear, and the share of the field that it shows."""

    scene: Scene
    grid: ndvi_scenes.Grid
    clear: NDArray[np.bool_]
    share: float


class Chooser:
    """Writes the NDVI of the best scene of one period into a folder. ``problems``: of scenes that were left out."""

    def __init__(self, reader: Reader, outline: BaseGeometry, folder: Path) -> None:
        self.reader, self._outline, self._folder = reader, outline, folder
        self.problems: list[DeepSoilError] = []

    def best(self, scenes: Sequence[Scene]) -> dict[str, Any] | None:
        """What was written: the scene that shows most of the field; None where none shows enough.

        A scene that is damaged or gone stands aside for the next. Raises its error where it is so with all of them.
        """
        with tempfile.TemporaryDirectory(prefix="deepsoil-ndvi-") as temporary:
            work = Path(temporary)
            waiting, seen = sorted(scenes, key=lambda one: (one.cloud, one.day)), list[Seen]()
            while True:
                while waiting and max((one.share for one in seen), default=0.0) < CLEAR_ENOUGH:
                    one = self._tried(partial(self._seen, waiting.pop(0), work))
                    seen += [one] if one is not None and one.share >= LEAST_CLEAR else []
                if not seen:
                    if self.problems and len(self.problems) == len(scenes):
                        raise self.problems[0]
                    return None
                best = max(seen, key=lambda one: one.share)
                written = self._tried(partial(self._written, best, work))
                if written is not None:
                    return written
                seen.remove(best)

    def _tried(self, work: Callable[[], Result | None]) -> Result | None:
        """The result; None for an error that is about this scene alone, which is kept."""
        try:
            return work()
        except DeepSoilError as error:
            if error.code != "archive_implausible" and not failures.is_missing(error):
                raise
            self.problems.append(error)
            return None

    def _seen(self, scene: Scene, work: Path) -> Seen | None:
        look = self.reader.look(scene)
        masks = self.reader.cut(scene, look.mask, work)
        if not masks:
            return None
        grid = ndvi_scenes.grid_of(masks[0], self.reader.bounds)
        clear = self.reader.checked(scene, look.mask, partial(ndvi_scenes.clear_pixels, masks, grid, look))
        return Seen(scene, grid, clear, float(clear[ndvi_scenes.inside(self._outline, grid)].mean()))

    def _written(self, seen: Seen, work: Path) -> dict[str, Any]:
        scene = seen.scene
        names = [one.id for one in scene.items]
        path = self._folder / f"ndvi_{scene.day}.tif"
        tags = {"SCENES": " ".join(names), "BOUNDS": str(self.reader.bounds)}
        if not ndvi_scenes.is_there(path, tags):  # as before a new day, or before it was killed
            ndvi_scenes.write(path, self._ndvi(seen, work), seen.grid, tags)
        return {"day": scene.day.isoformat(), "file": path.name, "clear": round(seen.share, 3),
                "collection": scene.collection, "scenes": names}

    def _ndvi(self, seen: Seen, work: Path) -> NDArray[np.float64]:
        scene, look, reader = seen.scene, self.reader.look(seen.scene), self.reader
        offsets = {look.offset(one) for one in scene.items}
        if len(offsets) != 1:  # two tiles of one day that were processed differently: the better one alone
            scene = Scene(scene.day, scene.collection, scene.items[:1])

        def band(name: str) -> NDArray[np.float64]:
            return reader.checked(scene, name, lambda: ndvi_scenes.on_grid(reader.cut(scene, name, work), seen.grid,
                                                                           look.fill))

        with ThreadPoolExecutor(2, "deepsoil-band") as pool:
            red, nir = pool.map(band, (look.red, look.nir))
        known = np.isfinite(red) & np.isfinite(nir)
        share = known[seen.clear].mean()
        if len(offsets) == 1 and share < LEAST_KNOWN:
            raise replies.implausible(reader.title, reader.address_of(scene.items[0], look.red),
                                      Text("only {share:.0%} of the pixels that its mask calls clear are there",
                                           share=float(share)))
        return ndvi_scenes.ndvi_of(red, nir, seen.clear, look.offset(scene.items[0]) or 0.0, SCALE)


class Reader:
    """Cuts assets of one catalogue around one place."""

    def __init__(self, archive: Catalogue, network: Network, bounds: Bounds) -> None:
        self._archive, self._network, self.bounds = archive, network, bounds
        self.size = 0
        self._lock = threading.Lock()

    @property
    def title(self) -> str:
        return self._archive.title

    def look(self, scene: Scene) -> Look:
        """How the collection of a scene is read."""
        return self._archive.looks[scene.collection]

    def address_of(self, item: Item, asset: str) -> str:
        """Where an asset is, without its token. Raises ``archive_implausible``."""
        found = item.assets.get(asset) or {}
        href = str(found.get("href", ""))
        if not href.startswith(("http://", "https://")):
            raise replies.implausible(self._archive.title, self._archive.address(), Text(
                "{scene} has no file {asset}", scene=item.id, asset=asset))
        bands = found.get("raster:bands") or [{}]
        scale = bands[0].get("scale") if isinstance(bands[0], dict) else None
        is_band = asset != self._archive.looks[item.collection].mask
        if is_band and scale is not None and not np.isclose(float(scale), SCALE):
            raise replies.implausible(self._archive.title, href, Text(
                "its numbers have the scale {scale}, not {wanted}", scale=scale, wanted=SCALE))
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
            self._count(network.window(archive.title, address, self.bounds, path))
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
                self._count(done)
                return

    def _count(self, done: Download) -> None:
        with self._lock:
            self.size += done.size

    def checked(self, scene: Scene, asset: str, read: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What ``read`` gives; numbers of another form are ``archive_implausible``."""
        try:
            return np.asarray(read())
        except (ValueError, rasterio.errors.RasterioError) as error:
            raise replies.implausible(self._archive.title, self.address_of(scene.items[0], asset),
                                      str(error)) from error
