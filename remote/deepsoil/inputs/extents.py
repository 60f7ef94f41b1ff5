"""Extents: 3 × 3 tiles, and the features by which they are alike (paper §3.3).

A feature describes what makes ground wet in its own way: climate (mean and season of temperature, precipitation and
reference evapotranspiration), shares of land cover, elevation and slope, SMAP by season, texture and other soil
properties. A feature that a store cannot give, because a channel or a month is missing, is NaN everywhere. The paper
names the data sets and not the features; these are ours. What a tile gives is read once and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import COVER_CLASSES
from deepsoil.grid import LEVEL, TILE, Window, quadkey, tile_of_quadkey
from deepsoil.inputs.upsample import neighbours
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import Store

Array = NDArray[np.float64]
Tile = tuple[int, int]
"""(tile column, tile row) on the level of 14-character quadkeys."""

SIDE = 3
"""Tiles along an extent."""
LEAST_KNOWN = 0.25
"""Share of an extent's pixels that must have a value for its mean to count."""

_SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
_MEANS = {"elevation": "m", "slope": "degree", "sand": "%", "clay": "%", "bulk_density": "g/cm3", "organic_matter": "%",
          "available_water_content": "m3/m3"}
_CLIMATE = {"temperature": "degC", "precipitation": "mm/day", "pet": "mm/day"}
_WATER = (11,)

UNITS: dict[str, str] = {
    **{f"{name}_{part}": unit for name, unit in _CLIMATE.items() for part in ("mean", "season")},
    **{f"smap_{season}": "m3/m3" for season in _SEASONS},
    **{f"{name}_share": "-" for name in (*COVER_CLASSES, "cover_water")},
    **{f"{name}_mean": unit for name, unit in _MEANS.items()},
}
"""Every feature with its unit. ``…_season``: the mean of the highest month less that of the lowest."""


def tile_of(key: str) -> Tile:
    """The tile of a 14-character quadkey."""
    column, row, _ = tile_of_quadkey(key)
    return column, row


def key_of(tile: Tile) -> str:
    """The 14-character quadkey of a tile."""
    return quadkey(*tile, LEVEL)


def extent_tiles(tile: Tile) -> list[Tile]:
    """The 3 × 3 tiles of the extent round a tile."""
    reach = range(-(SIDE // 2), SIDE // 2 + 1)
    return [(tile[0] + column, tile[1] + row) for row in reach for column in reach]


def window_of(tile: Tile) -> Window:
    """The pixels of a tile."""
    return Window(tile[0] * TILE, tile[1] * TILE, TILE, TILE)


def tiles_with_data(store: Store, every: int = 1) -> list[Tile]:
    """Each ``every``-th tile of a store along both axes, in row order, that is not wholly without texture."""
    offset = every // 2
    first = store.window.column // TILE, store.window.row // TILE
    found = []
    for column, row in store.window.tiles():
        if (column - first[0] - offset) % every or (row - first[1] - offset) % every:
            continue
        if np.isfinite(store.read_static("sand", window_of((column, row)))).any():
            found.append((column, row))
    return found


@dataclass(frozen=True)
class _Fields:
    """Values (ny, nx) of a climate feature on the grid of its series."""

    series: CoarseSeries
    values: Array

    def at(self, longitude: float, latitude: float) -> float:
        """Bilinear, over the cells with a value; NaN where none of the four has one."""
        cells: list[tuple[int, int]] = []
        shares: list[Array] = []
        for centres, position in ((self.series.latitudes, latitude), (self.series.longitudes, longitude)):
            (lower,), (upper_share,) = neighbours(centres, np.array([position]))
            cells.append((int(lower), min(int(lower) + 1, centres.size - 1)))
            shares.append(np.array([1.0 - upper_share, upper_share]))
        around = self.values[np.ix_(*cells)]
        weight = np.outer(shares[0], shares[1]) * np.isfinite(around)
        total = float(weight.sum())
        return float((weight * np.nan_to_num(around)).sum() / total) if total > 1e-6 else np.nan


class ExtentFeatures:
    """The features of extents of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        channels = set(store.channels())
        self._maps = [name for name in _MEANS if name in channels]
        self._cover = "land_cover" in channels
        self._sums: dict[Tile, Array] = {}
        self._climate: dict[str, _Fields] = {}
        for name in _CLIMATE:
            if name in channels:
                self._climate |= _mean_and_season(name, store.coarse(name))
        if "smap" in channels:
            self._climate |= _by_season("smap", store.coarse("smap"))

    @property
    def names(self) -> list[str]:
        """The features that this store gives at least somewhere, in the order of ``UNITS``."""
        covers = {f"{name}_share" for name in (*COVER_CLASSES, "cover_water")} if self._cover else set()
        known = {*self._climate, *covers, *(f"{name}_mean" for name in self._maps)}
        return [name for name in UNITS if name in known]

    def of(self, tiles: Iterable[Tile], names: Sequence[str]) -> Array:
        """Features (N, F) of the extents round ``tiles``; NaN where one is not known there or in this store."""
        return np.array([[self._value(tile, name, total) for name in names]
                         for tile, total in ((tile, self._total(tile)) for tile in tiles)],
                        np.float64).reshape(-1, len(names))

    def _value(self, tile: Tile, name: str, total: dict[str, float]) -> float:
        if name in self._climate:
            longitudes, latitudes = window_of(tile).lonlat_centres()
            return self._climate[name].at(float(longitudes.mean()), float(latitudes.mean()))
        return total.get(name, np.nan)

    def _total(self, tile: Tile) -> dict[str, float]:
        """The features from maps of an extent, of the part of it that lies in the store."""
        parts = [self._of_tile(one) for one in extent_tiles(tile)]
        known = [part for part in parts if part is not None]
        if not known:
            return {}
        sums = np.sum(known, axis=0)
        pixels, found, at = len(parts) * TILE * TILE, {}, 0
        for name in self._maps:
            if sums[at] >= LEAST_KNOWN * pixels:
                found[f"{name}_mean"] = sums[at + 1] / sums[at]
            at += 2
        if self._cover and sums[at] >= LEAST_KNOWN * pixels:
            for offset, name in enumerate((*COVER_CLASSES, "cover_water"), 1):
                found[f"{name}_share"] = sums[at + offset] / sums[at]
        return found

    def _of_tile(self, tile: Tile) -> Array | None:
        """Of each map the number of known pixels and their sum, of the cover the known pixels and those of each group;
        None outside the store."""
        window = window_of(tile)
        if not self.store.window.contains(window):
            return None
        if tile not in self._sums:
            numbers: list[float] = []
            for name in self._maps:
                values = self.store.read_static(name, window)
                known = np.isfinite(values)
                numbers += [int(known.sum()), float(values[known].sum(dtype=np.float64))]
            if self._cover:
                codes = self.store.read_static("land_cover", window)
                groups = (*COVER_CLASSES.values(), _WATER)
                numbers += [int(np.isfinite(codes).sum()), *(int(np.isin(codes, group).sum()) for group in groups)]
            self._sums[tile] = np.array(numbers, np.float64)
        return self._sums[tile]


def _monthly(series: CoarseSeries) -> dict[int, Array]:
    """Mean field (ny, nx) of each month of the year over all its known days, of those with any."""
    months = series.dates.astype("datetime64[M]").astype(int) % 12 + 1
    found = {}
    for month in range(1, 13):
        fields = series.values[months == month]
        known = np.isfinite(fields)
        if known.any():
            count = known.sum(axis=0)
            total = np.where(known, fields, 0.0).sum(axis=0, dtype=np.float64)
            found[month] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found


def _mean_and_season(name: str, series: CoarseSeries) -> dict[str, _Fields]:
    """Mean of the twelve months and their range; nothing where a month is missing, as a mean of some would mislead."""
    monthly = _monthly(series)
    if len(monthly) < 12:
        return {}
    fields = np.stack(list(monthly.values()))
    return {f"{name}_mean": _Fields(series, fields.mean(axis=0)),
            f"{name}_season": _Fields(series, fields.max(axis=0) - fields.min(axis=0))}


def _by_season(name: str, series: CoarseSeries) -> dict[str, _Fields]:
    """Mean of the months of each season that has one."""
    monthly, found = _monthly(series), {}
    for season, months in _SEASONS.items():
        there = [monthly[month] for month in months if month in monthly]
        if there:
            fields = np.stack(there)
            known = np.isfinite(fields)
            mean = np.where(known, fields, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
            found[f"{name}_{season}"] = _Fields(series, np.where(known.any(axis=0), mean, np.nan))
    return found


