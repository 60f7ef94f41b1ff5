"""How much each cluster's network counts at every pixel, so that maps have no seam where clusters meet.

A tile is in the cluster whose centroid is nearest to the extent round it. A cluster's share at the middle of a tile is
its share of the 5 × 5 tiles round it, and between the middles shares are interpolated. So from pixel to pixel a share
changes by at most 1 / (5 · 64), and the blend of two maps by that part of their difference. Shares depend on the place
alone, never on the window.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.clusters import NO_CLUSTER, Clusters
from deepsoil.grid import TILE, Window
from deepsoil.inputs.cluster_of_tile import clusters_of, require_features
from deepsoil.inputs.extents import ExtentFeatures, Tile
from deepsoil.store.store import Store

REACH = 2
"""Tiles on either side whose clusters count at the middle of a tile."""
_KEPT_WINDOWS = 4

Shares = NDArray[np.float32]


class ClusterField:
    """The clusters of the tiles of one store. DeepSoilError ``cluster_features_missing`` when it is made."""

    def __init__(self, store: Store, clusters: Clusters) -> None:
        self.clusters, self.store = clusters, store
        self._features = ExtentFeatures(store)
        require_features(clusters, self._features)
        self._known: dict[Tile, tuple[int, float]] = {}
        self._kept: OrderedDict[Window, Shares] = OrderedDict()

    def of_tiles(self, tiles: Iterable[Tile]) -> dict[Tile, tuple[int, float]]:
        """Cluster and distance of tiles; 0 and NaN outside the store and where a feature is missing."""
        wanted = list(tiles)
        new = [tile for tile in wanted if tile not in self._known]
        inside = [tile for tile in new if self._holds(tile)]
        self._known |= dict.fromkeys(new, (NO_CLUSTER, np.nan))
        if inside:
            number, distance = clusters_of(self.clusters, self._features, inside)
            self._known |= dict(zip(inside, zip(number.tolist(), distance.tolist(), strict=True), strict=True))
        return {tile: self._known[tile] for tile in wanted}

    def shares(self, window: Window) -> Shares:
        """(K, H, W) shares of the clusters, which sum to 1; NaN where no tile near by is in a cluster."""
        if window not in self._kept:
            self._kept[window] = self._shares(window)
            while len(self._kept) > _KEPT_WINDOWS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(window)
        return self._kept[window]

    def _holds(self, tile: Tile) -> bool:
        return self.store.window.contains(Window(tile[0] * TILE, tile[1] * TILE, TILE, TILE))

    def _shares(self, window: Window) -> Shares:
        """Counts of each cluster in the 5 × 5 tiles round every tile, bilinear between the middles, over their sum."""
        left, top = (window.column - TILE // 2) // TILE, (window.row - TILE // 2) // TILE
        right, bottom = (window.right + TILE // 2) // TILE, (window.bottom + TILE // 2) // TILE
        columns, rows = (range(first - REACH, last + REACH + 1) for first, last in ((left, right), (top, bottom)))
        found = self.of_tiles((column, row) for row in rows for column in columns)
        numbers = np.array([[found[column, row][0] for column in columns] for row in rows])
        member = numbers == np.arange(1, self.clusters.count + 1)[:, None, None]
        around = np.lib.stride_tricks.sliding_window_view(member, (2 * REACH + 1, 2 * REACH + 1), axis=(1, 2))
        counts = around.sum(axis=(3, 4)).astype(np.float64)
        by_row, by_column = (_interpolation(np.arange(start, start + length), first, size)
                             for start, length, first, size in ((window.row, window.height, top, counts.shape[1]),
                                                                (window.column, window.width, left, counts.shape[2])))
        blended = by_row @ counts @ by_column.T
        total = blended.sum(axis=0)
        with np.errstate(invalid="ignore"):
            return np.where(total > 0, blended / total, np.nan).astype(np.float32)


def _interpolation(pixels: NDArray[np.int64], first: int, tiles: int) -> NDArray[np.float64]:
    """Matrix (pixels, tiles) of linear interpolation between the middles of tiles ``first`` and following."""
    position = (pixels + 0.5) / TILE - 0.5 - first
    lower = np.clip(np.floor(position).astype(int), 0, tiles - 2)
    share = position - lower
    matrix = np.zeros((pixels.size, tiles))
    at = np.arange(pixels.size)
    matrix[at, lower], matrix[at, lower + 1] = 1 - share, share
    return matrix
