"""Leaves that a region's store has seen: classes of greenness among its pixels, and the daily leaf area of each class.

Pixels of one cover differ in when they are green: winter wheat and corn are one class of land cover. A class is a
cluster of mean NDVI by quarter of the year; its course is the median of its pixels on every day with a map. Where the
store has leaf area it is used, put on NDVI's scale, else its NDVI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from deepsoil.channels import CHANNELS
from deepsoil.grid import Window
from deepsoil.soil.seen_leaves import CLOUD_NDVI, daily_ndvi
from deepsoil.soil.vegetation import lai_of_ndvi, ndvi
from deepsoil.store.series import Days
from deepsoil.store.store import Store

Array = NDArray[np.float64]

QUARTERS = 4
ALIKE_NDVI = 0.06
"""Pixels of a class differ by this from its middle (root mean square of the quarters); more classes are made until they
do, up to the most that are asked for."""
FEWEST_PIXELS = 50
LEAST_CLEAR = 0.2
"""Share of the pixels of a class that must be seen on a day."""
SEED = 11


@dataclass(frozen=True)
class Sightings:
    """Maps of leaves in a store: ``days`` (n,) ascending; `read` gives one as NDVI (H, W), NaN where cloud or fill."""

    store: Store
    channel: str
    days: Days

    def read(self, number: int, window: Window) -> NDArray[np.float32]:
        values = self.store.read_layer(self.channel, number, window)
        known = CHANNELS[self.channel]
        with np.errstate(invalid="ignore"):
            values[(values < known.minimum) | (values > known.maximum)] = np.nan
            if self.channel == "lai":
                return np.asarray(ndvi(values), np.float32)
            values[values < CLOUD_NDVI] = np.nan
        return values

    def quarters(self, window: Window) -> NDArray[np.float32]:
        """Mean NDVI (H, W, 4) of every quarter of the year, NaN where none was seen."""
        total = np.zeros((*window.shape, QUARTERS), np.float32)
        count = np.zeros((*window.shape, QUARTERS), np.int32)
        for number, quarter in enumerate(_quarter(self.days)):
            values = self.read(number, window)
            seen = np.isfinite(values)
            total[..., quarter] += np.where(seen, values, 0.0)
            count[..., quarter] += seen
        return np.where(count > 0, total / np.maximum(count, 1), np.float32(np.nan))


def sightings_of(store: Store) -> Sightings | None:
    """The store's leaf area, else its NDVI; None where it has neither."""
    for channel in ("lai", "ndvi"):
        if channel in store.channels():
            return Sightings(store, channel, store.dates_of(channel))
    return None


@dataclass(frozen=True)
class GreennessClasses:
    """Classes of each kind of cover (K): ``centres`` by kind (C, 4), mean NDVI by quarter, the commonest first."""

    centres: tuple[NDArray[np.float32], ...]

    @classmethod
    def find(cls, quarters: NDArray[np.float32], kind: NDArray[np.integer], kinds: int, most: int,
             ) -> GreennessClasses:
        """From pixels: quarters (P, 4) with NaN, kind (P,). A kind with few pixels, or without any seen, has one."""
        return cls(tuple(_centres(quarters[kind == number], most) for number in range(kinds)))

    def assign(self, quarters: NDArray[np.float32], kind: NDArray[np.integer]) -> NDArray[np.int64]:
        """Class (P,) of pixels: the nearest by the quarters that were seen; the commonest where none was."""
        result = np.zeros(kind.shape, np.int64)
        for number, centres in enumerate(self.centres):
            here = kind == number
            if len(centres) > 1 and here.any():
                apart = np.nan_to_num((quarters[here][:, None] - centres) ** 2, nan=0.0).sum(axis=-1)
                result[here] = apart.argmin(axis=1)
        return result


def median_ndvi(sightings: Sightings, parts: Sequence[tuple[Window, NDArray[np.int64]]], count: int) -> Array:
    """NDVI (count, n) of every class and map: the median of its pixels, NaN where fewer than a fifth are clear.

    ``parts``: windows with the number of the class of every pixel (H, W), negative for none.
    """
    found = np.full((count, len(sightings.days)), np.nan)
    number = np.concatenate([numbers[numbers >= 0] for _, numbers in parts])
    order = np.argsort(number, kind="stable")
    edges = np.searchsorted(number[order], np.arange(count + 1))
    for day in range(len(sightings.days)):
        values = np.concatenate([sightings.read(day, window)[numbers >= 0] for window, numbers in parts])[order]
        for one in range(count):
            some = values[edges[one]:edges[one + 1]]
            clear = some[np.isfinite(some)]
            if clear.size and clear.size >= LEAST_CLEAR * some.size:
                found[one, day] = np.median(clear)
    return found


def leaf_area_seen(seen_days: Days, seen_ndvi: Array, dates: Days, expected_lai: Array,
                   other_years: Sequence[bool] | None = None, lag_days: int | None = None) -> Array:
    """Leaf area (K, T) from the NDVI (K, n) of K classes on some days (n,); rows of NaN where too little was seen.

    dates (T,) consecutive; expected_lai (K, T): what the phenology says, which fills what no season has shown.
    other_years (K,): whether a season is filled by what other years showed (default: it is). lag_days: as in
    `daily_ndvi`; days on which too little had been seen are NaN.
    """
    days = (seen_days - dates[0]).astype(np.int64)
    expected = ndvi(expected_lai)
    rows = [daily_ndvi(days, values, usual, other_years=other, lag_days=lag_days)
            for values, usual, other in zip(seen_ndvi, expected, other_years or [True] * len(expected), strict=True)]
    return np.stack([np.full(dates.size, np.nan) if row is None else lai_of_ndvi(row) for row in rows])


def _quarter(days: Days) -> NDArray[np.int64]:
    """Quarter of the year (n,): December to February is 0."""
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return month % 12 // 3


def _centres(quarters: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    seen = quarters[np.isfinite(quarters).any(axis=1)]
    if len(seen) < FEWEST_PIXELS or most == 1:
        return np.zeros((1, QUARTERS), np.float32)
    missing = np.isnan(seen)
    known = ~missing.all(axis=0)
    mean = np.where(known, np.nanmean(np.where(known, seen, 0.0), axis=0), 0.0)
    filled = np.where(missing, mean, seen).astype(np.float64)
    for count in range(1, most + 1):
        centres, label = kmeans2(filled, count, minit="++", seed=SEED)
        spread = np.sqrt(((filled - centres[label]) ** 2)[:, known].mean())
        if spread <= ALIKE_NDVI:
            break
    number, size = np.unique(label, return_counts=True)
    return np.asarray(centres[number[np.argsort(-size, kind="stable")]], np.float32)
