"""The extents that clusters are made of: round the stations of a store, or on a grid over it. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, lonlat_to_pixel
from deepsoil.inputs.extents import SIDE, ExtentFeatures, Tile, extent_tiles, tiles_with_data, window_of
from deepsoil.store.series import Stations
from deepsoil.store.store import Store

Where = Literal["stations", "grid"]
LEAST_EXTENTS_WITH_FEATURE = 0.9
"""A feature that fewer of the training extents have is not used: it would put the others into no cluster."""


@dataclass(frozen=True)
class Extents:
    """N extents: the tile in the middle of each, the ids of the stations inside that tile, and whether it is for
    training. ``values`` (N, F) are features by name; NaN missing."""

    tiles: list[Tile]
    stations: list[list[str]]
    training: NDArray[np.bool_]
    names: list[str]
    values: NDArray[np.float64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.tiles)


def station_tiles(stations: Stations) -> list[Tile]:
    """The tile of each station."""
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    return [(int(column // TILE), int(row // TILE)) for column, row in zip(columns, rows, strict=True)]


def extents_of(store: Store, where: Where = "stations", training: NDArray[np.bool_] | None = None) -> Extents:
    """The extents of a store.

    ``where``: ``stations``, round every station inside the store, those in one tile share one; ``grid``, side by side.
    ``training`` (S,): the stations that may be learnt from; an extent is for training if none of the stations in its
    3 × 3 tiles is held out. Default: all. Raises DeepSoilError ``no_extents`` where there is none.
    """
    chosen: dict[Tile, list[str]] = {}
    held_out: set[Tile] = set()
    stations = store.stations()
    for number, tile in enumerate(station_tiles(stations)):
        if store.window.contains(window_of(tile)):
            chosen.setdefault(tile, []).append(stations.ids[number])
            if training is not None and not training[number]:
                held_out.update(extent_tiles(tile))
    if where == "grid":
        chosen = {tile: chosen.get(tile, []) for tile in tiles_with_data(store, SIDE)}
    if not chosen:
        raise DeepSoilError("no_extents", "The region '{title}' has no {what}, so there is no extent to cluster.",
                            "Take another region, or make the extents on a grid (clusters.extents: grid).",
                            "clusters.extents", title=store.title,
                            what="stations" if where == "stations" else "ground with texture")
    tiles = list(chosen)
    features = ExtentFeatures(store)
    mask = np.array([tile not in held_out for tile in tiles])
    values = features.of(tiles, features.names)
    return Extents(tiles, list(chosen.values()), mask, features.names, values)


def usable_features(extents: Extents) -> list[str]:
    """Names of the features by which extents can be told apart: known at nearly all training extents, not constant."""
    values = extents.values[extents.training]
    if not len(values):
        return []
    known = np.isfinite(values).mean(axis=0) >= LEAST_EXTENTS_WITH_FEATURE
    used = []
    for number, name in enumerate(extents.names):
        column = values[:, number][np.isfinite(values[:, number])]
        if known[number] and np.ptp(column) > 1e-6 * (1.0 + np.abs(column).max()):
            used.append(name)
    return used


def columns_of(extents: Extents, names: Sequence[str]) -> NDArray[np.float64]:
    """The features (N, F) with these names."""
    return extents.values[:, [extents.names.index(name) for name in names]]

