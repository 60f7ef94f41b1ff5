"""Zarr arrays as the store uses them: tiles as chunks, quadkey prefixes as shards, checksums, named errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window
from deepsoil.store import shards
from deepsoil.store.shards import SHARD

TILES_FILE = "tiles.json"
"""In a part of a store (`parts`): the quadkeys of its tiles. A whole store has no such file."""
_COMPRESSOR = ZstdCodec(level=3, checksum=True)
_READ_ERRORS = (OSError, ValueError, RuntimeError, KeyError, TypeError, IndexError)


def corrupt(path: Path, what: str) -> DeepSoilError:
    """The error for a store that cannot be read; ``what`` names the file or channel and the fault."""
    return DeepSoilError("store_corrupt", "The covariate store {path} is damaged: {what}.",
                         "Copy it again, or build it again with `deepsoil ingest` or `deepsoil sample`.",
                         "region",
                         path=path, what=what)


@contextmanager
def guarded(path: Path, channel: str) -> Iterator[None]:
    """Turn any error of zarr on a damaged file into ``store_corrupt`` naming the channel."""
    try:
        yield
    except _READ_ERRORS as error:
        raise corrupt(path, f"channel {channel!r} cannot be read ({type(error).__name__}: {error})") from error


def write_map(group: zarr.Group, name: str, shape: tuple[int, ...], dtype: str, attributes: dict[str, Any],
              layers: Iterator[NDArray[Any]] | None) -> zarr.Array:
    """Create a map array of ``shape`` (…, H, W), one chunk per tile, and fill it layer by layer.

    Chunks without data are written too, so that a missing file is a fault and not an empty area.
    """
    lead = (1,) * (len(shape) - 2)
    fill = np.nan if np.dtype(dtype).kind == "f" else 0
    array = group.create_array(name, shape=shape, dtype=dtype, chunks=(*lead, TILE, TILE),
                               shards=(*lead, SHARD, SHARD), compressors=_COMPRESSOR, fill_value=fill,
                               attributes=attributes, config={"write_empty_chunks": True})
    for index, layer in enumerate(layers or ()):
        array[index if lead else ...] = layer
    return array


def write_table(group: zarr.Group, name: str, values: NDArray[Any]) -> None:
    """Create a small array of one chunk, to be read whole."""
    array = group.create_array(name, shape=values.shape, dtype=values.dtype, compressors=_COMPRESSOR,
                               chunks=tuple(max(1, n) for n in values.shape), config={"write_empty_chunks": True})
    if values.size:
        array[...] = values


def read_map(root: Path, array_path: str, array: zarr.Array, part: tuple[slice, slice], layer: int | None = None,
             into: NDArray[Any] | None = None) -> NDArray[Any]:
    """Pixels ``part`` = (rows, columns) of a map array (of one layer of it); ``store_corrupt`` on any fault.

    They are read into ``into``, with the shape of the part, if given.
    """
    folder, dtype = root / array_path / "c", np.dtype(array.dtype)
    values = np.empty([edge.stop - edge.start for edge in part], dtype) if into is None else into
    with guarded(root, array_path):
        try:
            shards.read_pixels(folder if layer is None else folder / str(layer), part, dtype, values)
        except (shards.TileAbsentError, FileNotFoundError) as error:
            if (root / TILES_FILE).is_file():
                raise _elsewhere(root, array_path) from error
            raise
    return values


def _elsewhere(root: Path, array_path: str) -> DeepSoilError:
    return DeepSoilError("tile_elsewhere", "{path} is a part of a store, and a tile that is wanted of {channel} is not "
                         "in it.", "Use the part that has the tile, or the whole store; `deepsoil store split` makes "
                         "parts.", "region", path=root, channel=array_path)


def read_table(root: Path, group: zarr.Group, name: str) -> NDArray[Any]:
    """A small array, whole."""
    with guarded(root, f"{group.path}/{name}"):
        array = group[name]
        if array.size and not root.joinpath(array.path, "c", *("0" * array.ndim)).is_file():
            raise OSError("its data file is missing")
        return np.asarray(array[...])


def read_window(store: Window, window: Window,
                read: Callable[[tuple[slice, slice], NDArray[np.float32]], NDArray[Any]], classes: bool,
                into: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """(H, W) float32 of ``window`` from a map that covers ``store``; NaN where missing and outside the map.

    ``read(part, values)`` reads pixels of the map into ``values``. The window is read into ``into`` if given.
    """
    values = np.empty(window.shape, np.float32) if into is None else into
    inside = store.intersect(window)
    if inside != window:
        values.fill(np.nan)
    if inside is not None:
        part = values[inside.slices_in(window)]
        read(inside.slices_in(store), part)
        if classes:
            part[part == 0] = np.nan
    return values
