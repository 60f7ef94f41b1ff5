"""Parts of a store: folders that hold some of its tiles, so that a node keeps and reads only what it works on.

A part is a store: it opens like one, has the window of the whole, so that pixels are the same everywhere, and all
stations (a small table). It has the maps of its tiles only, byte for byte, as shards in which the other tiles are
absent, and of the daily fields the cells round them. Reading a tile of another part is the error ``tile_elsewhere``.
The paper partitions by quadkeys of 14 characters (a tile), coarse data by 12 (4 × 4 tiles). Simulated labels
(`deepsoil simulate`) and forecasts are not taken along.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import COARSE_LEVEL, LEVEL, TILE, Window, quadkey, tile_of_quadkey
from deepsoil.store.arrays import TILES_FILE
from deepsoil.store.coarse_tables import write_coarse
from deepsoil.store.series import CoarseSeries
from deepsoil.store.shards import SHARD_TILES, take_tiles
from deepsoil.store.store import Store

Tile = tuple[int, int]


def partition(tiles: Iterable[Tile], parts: int, level: int = LEVEL) -> list[list[Tile]]:
    """Tiles in ``parts`` groups of about equal number, along the curve of their quadkeys.

    With ``level`` 12 the 4 × 4 tiles of a 12-character quadkey stay together. Every tile is in exactly one group.
    Raises DeepSoilError ``too_few_tiles``.
    """
    groups: dict[str, list[Tile]] = {}
    for tile in tiles:
        groups.setdefault(quadkey(*tile, LEVEL)[:level], []).append(tile)
    if len(groups) < parts:
        raise DeepSoilError("too_few_tiles", "{groups} quadkeys of {level} characters cannot make {parts} parts.",
                            "Ask for fewer parts, or for quadkeys of 14 characters.", "parts",
                            groups=len(groups), level=level, parts=parts)
    keys = sorted(groups)
    sizes = np.cumsum([len(groups[key]) for key in keys])
    before = np.arange(parts - 1)
    cuts = np.searchsorted(sizes, (before + 1) * sizes[-1] / parts) + 1  # at the end of the group that reaches a share
    cuts = np.maximum.accumulate(np.clip(cuts - before, 1, len(groups) - parts + 1)) + before  # no part is empty
    edges = [0, *cuts.tolist(), len(groups)]
    return [[tile for key in keys[first:last] for tile in groups[key]]
            for first, last in pairwise(edges)]


def with_neighbours(tiles: Iterable[Tile], reach: int) -> set[Tile]:
    """Tiles and those up to ``reach`` tiles away: a window on the edge of a part reaches across it."""
    steps = range(-reach, reach + 1)
    return {(column + right, row + down) for column, row in tiles for right in steps for down in steps}


def split(store: Store, output: Path, parts: Mapping[str, Iterable[Tile]],
          on_part: Callable[[str, int], None] | None = None) -> list[Path]:
    """Write the parts of a store, each a folder of its name in ``output``; their paths. Tiles may be in several parts.

    A part that is there is not replaced: DeepSoilError ``store_exists``. One that was not finished is written anew.
    """
    written = []
    for name, tiles in parts.items():
        path = output / name
        if (path / TILES_FILE).exists() or (path.exists() and not (path / "zarr.json").exists()):
            raise DeepSoilError("store_exists", "{path} already exists.", "Choose another folder, or remove it first.",
                                "output", path=path)
        shutil.rmtree(path, ignore_errors=True)
        inside = {tile for tile in tiles if store.window.contains(_window([tile]))}
        if not inside:
            raise DeepSoilError("too_few_tiles", "No tile of the part {part} lies in the region '{title}'.",
                                "Make the parts of tiles of this region.", "parts", part=name, title=store.title)
        _write(store, path, inside)
        written.append(path)
        if on_part is not None:
            on_part(name, len(inside))
    return written


def tiles_of_part(path: Path) -> set[Tile]:
    """The tiles of a part that was written."""
    return {tile_of_quadkey(key)[:2] for key in json.loads((path / TILES_FILE).read_text("utf-8"))}


def _write(store: Store, path: Path, tiles: set[Tile]) -> None:
    by_shard = _by_shard(store.window, tiles)
    for source in sorted(store.path.rglob("*")):
        inner = source.relative_to(store.path)
        kind = inner.parts[0]
        if kind in ("labels", "forecasts") or (kind == "coarse" and len(inner.parts) > 1) or source.is_dir():
            continue
        target = path / inner
        if kind in ("static", "dated") and "c" in inner.parts:
            wanted = by_shard.get((int(inner.parts[-2]), int(inner.parts[-1])))
            if wanted is not None:
                take_tiles(source, target, wanted)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    group = zarr.open_group(path, mode="r+", zarr_format=3)
    box = _window(tiles)
    for channel in (name for name in store.channels() if store.kind(name) == "coarse"):
        write_coarse(group, channel, _cells_round(store.coarse(channel), box))
    keys = sorted(quadkey(*tile, LEVEL) for tile in tiles)
    (path / TILES_FILE).write_text(json.dumps(keys), "utf-8")


def _by_shard(window: Window, tiles: Iterable[Tile]) -> dict[tuple[int, int], set[int]]:
    """(row, column) of a shard → numbers of its wanted tiles."""
    found: dict[tuple[int, int], set[int]] = {}
    for column, row in tiles:
        down, right = row - window.row // TILE, column - window.column // TILE
        number = down % SHARD_TILES * SHARD_TILES + right % SHARD_TILES
        found.setdefault((down // SHARD_TILES, right // SHARD_TILES), set()).add(number)
    return found


def _window(tiles: Iterable[Tile]) -> Window:
    """The pixels of the box round tiles."""
    columns, rows = np.array(list(tiles)).T
    return Window(int(columns.min()) * TILE, int(rows.min()) * TILE, int(np.ptp(columns) + 1) * TILE,
                  int(np.ptp(rows) + 1) * TILE)


def _cells_round(series: CoarseSeries, box: Window) -> CoarseSeries:
    """The cells of a series that affect a box grown to whole 12-character quadkeys, with the next ones outside."""
    west, south, east, north = box.align(TILE << (LEVEL - COARSE_LEVEL)).bounds_lonlat
    columns, rows = _between(series.longitudes, west, east), _between(-series.latitudes, -north, -south)
    return replace(series, longitudes=series.longitudes[columns], latitudes=series.latitudes[rows],
                   values=series.values[:, rows, columns])


def _between(centres: NDArray[np.float64], low: float, high: float) -> slice:
    """Ascending centres from the last one below ``low`` to the first one above ``high``."""
    first = max(0, int(np.searchsorted(centres, low, side="right")) - 1)
    return slice(first, max(int(np.searchsorted(centres, high, side="left")) + 1, first + 1))
