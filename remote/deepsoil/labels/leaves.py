"""The plants of a region's pixels for its labels: cover or crop, class of greenness, and leaf area where it was seen.

A cover number is a kind (a group of land cover or a crop of the map of crops) times ``MOST_CLASSES``, plus the class of
greenness of the pixel among those of its kind. One course of leaf area stands for all pixels of a cover in the region;
where it was not seen, each weather cell has the phenology of its own climate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window
from deepsoil.inputs.greenness import GreennessClasses, Sightings, leaf_area_seen, median_ndvi, sightings_of
from deepsoil.labels.column_weather import ColumnWeather
from deepsoil.labels.settings import ASSUMED_COVER, MOST_CLASSES, LabelSettings
from deepsoil.soil.crops import CROPS, OF_CDL
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import leaf_area_of
from deepsoil.soil.vegetation import GROUPS, group_lookup
from deepsoil.store.shards import SHARD
from deepsoil.store.store import Store

CROP_MAP = "crop"
LOOKED_AT = 30_000
"""Pixels from which classes and their courses are found, evenly from the whole region."""
STRIP = SHARD

_PLANTED = tuple(number for number, group in enumerate(GROUPS) if group.name in ("grass", "crop"))


@dataclass(frozen=True)
class RegionLeaves:
    """Classes of greenness of a region, None where it has neither NDVI nor leaf area.

    lai (covers, T): leaf area on the days of the weather; rows of NaN for covers that were not seen or are not there.
    """

    sightings: Sightings | None
    classes: GreennessClasses | None
    lai: NDArray[np.float32]
    present: tuple[int, ...] = field(default=())

    def notes(self, settings: LabelSettings) -> dict[str, Any]:
        """For the attributes of the labels."""
        seen: NDArray[np.bool_] = np.asarray(np.isfinite(self.lai).all(axis=1))
        return {"channel": self.sightings.channel if self.sightings else None,
                "maps": len(self.sightings.days) if self.sightings else 0,
                "seen": [settings.covers[number] for number in self.present if seen[number]],
                "assumed": [settings.covers[number] for number in self.present if not seen[number]]}


def kinds_of(store: Store, window: Window, settings: LabelSettings) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Kind (H, W) of every pixel, -1 where there is no soil, and where it was assumed for lack of land cover."""
    if "land_cover" in store.channels():
        classes = np.nan_to_num(store.read_static("land_cover", window), nan=0.0).astype(np.uint8)
    else:
        classes = np.zeros(window.shape, np.uint8)
    kind = np.asarray(group_lookup()[classes])
    assumed = np.asarray(kind < -1)
    kind[assumed] = next(number for number, group in enumerate(GROUPS) if group.name == ASSUMED_COVER)
    if settings.fallow:
        return np.minimum(kind, np.int16(0)), np.zeros(window.shape, bool)
    if CROP_MAP in store.channels():
        codes = np.nan_to_num(store.read_static(CROP_MAP, window), nan=0.0).astype(np.uint8)
        crop = crop_lookup()[codes]
        named = (crop >= 0) & (np.isin(kind, _PLANTED) | assumed)
        kind[named], assumed[named] = crop[named], False
    return kind, assumed


def crop_lookup() -> NDArray[np.int16]:
    """(256,) kind of every class of the Cropland Data Layer; -1 for what is no crop of the table."""
    kinds = np.full(256, -1, np.int16)
    keys = list(CROPS)
    for code, key in OF_CDL.items():
        kinds[code] = len(GROUPS) + keys.index(key)
    return kinds


def covers_of(store: Store, window: Window, settings: LabelSettings, leaves: RegionLeaves,
              ) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Cover number (H, W), -1 where there is no soil, and where land cover was assumed."""
    kind, assumed = kinds_of(store, window, settings)
    if settings.fallow:
        return kind, assumed
    cover = np.where(kind >= 0, kind * MOST_CLASSES, -1).astype(np.int16)
    if leaves.sightings is not None and leaves.classes is not None:
        land = kind >= 0
        cover[land] += leaves.classes.assign(leaves.sightings.quarters(window)[land], kind[land]).astype(np.int16)
    return cover, assumed


def find_leaves(store: Store, settings: LabelSettings, weather: ColumnWeather) -> RegionLeaves:
    """Classes of greenness of the region's pixels and their leaf area on the days of the weather."""
    nothing = np.full((len(settings.covers), weather.dates.size), np.nan, np.float32)
    sightings = None if settings.fallow else sightings_of(store)
    if sightings is None:
        return RegionLeaves(None, None, nothing)
    step = max(1, store.window.width * store.window.height // LOOKED_AT)
    pieces, found = [], []
    for window in strips(store):
        quarters, kind = sightings.quarters(window), kinds_of(store, window, settings)[0]
        kind = np.where(_some(window, step) & np.isfinite(quarters).any(axis=-1), kind, np.int16(-1))
        pieces.append((window, kind))
        found.append(quarters[kind >= 0])
    quarters, kinds = np.concatenate(found), np.concatenate([kind[kind >= 0] for _, kind in pieces])
    classes = GreennessClasses.find(quarters, kinds, len(settings.kinds), MOST_CLASSES)
    number = kinds.astype(np.int64) * MOST_CLASSES + classes.assign(quarters, kinds)
    present, of_present = np.unique(number, return_inverse=True)
    seen = median_ndvi(sightings, _numbered(pieces, of_present), len(present))
    mean = Forcing(*(np.tile(values.mean(axis=0), (len(present), 1)) for values in
                     (weather.forcing.precipitation, weather.forcing.pet, weather.forcing.temperature)))
    plants = [settings.plant(int(cover)) for cover in present]
    expected = leaf_area_of(plants, mean, weather.dates, np.full(len(present), weather.latitude_of_row.mean()))
    if len(present):
        nothing[present] = leaf_area_seen(sightings.days, seen, weather.dates, expected)
    return RegionLeaves(sightings, classes, nothing, tuple(int(cover) for cover in present))


def strips(store: Store) -> Iterator[Window]:
    """The store's window in strips of whole rows of shards."""
    for row in range(store.window.row, store.window.bottom, STRIP):
        yield Window(store.window.column, row, store.window.width, min(STRIP, store.window.bottom - row))


def _some(window: Window, step: int) -> NDArray[np.bool_]:
    """One in ``step`` pixels (H, W) of a window, spread over rows and columns."""
    rows, columns = np.arange(window.row, window.bottom), np.arange(window.column, window.column + window.width)
    return np.asarray(np.add.outer(rows * 7919, columns) % step == 0)


def _numbered(pieces: list[tuple[Window, NDArray[np.int16]]], number: NDArray[np.int64],
              ) -> list[tuple[Window, NDArray[np.int64]]]:
    """The pieces with the number of every pixel that has a kind, -1 elsewhere."""
    result, start = [], 0
    for window, kind in pieces:
        used = kind >= 0
        numbers = np.full(window.shape, -1, np.int64)
        numbers[used] = number[start:start + int(used.sum())]
        start += int(used.sum())
        result.append((window, numbers))
    return result
