"""The distinct soil columns of an area: which soil, cover and weather its pixels have, in as few columns as are needed.

Pixels with a texture in one class of the lattice, under one kind of cover of one greenness, or under one crop of the
region's map of crops, irrigated or not by its map, in one part of the area, share a column. The lattice is the finest
with which a part has at most ``MOST_COLUMNS``; the column has the mean texture of its pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inference.area import to_pixels
from deepsoil.inference.windows import EDGE_PIXELS, covering_window
from deepsoil.inputs.greenness import GreennessClasses, Sightings, median_ndvi, sightings_of
from deepsoil.inputs.watered import IRRIGATED_MAP
from deepsoil.labels.distinct_columns import TEXTURE, snap
from deepsoil.labels.leaves import kinds_of
from deepsoil.labels.settings import MOST_CLASSES, LabelSettings
from deepsoil.soil.rosetta import normalise_texture, texture_is_valid

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]

NONE = -1
MOST_COLUMNS = 32
"""Of one part of an area: its textures are then told apart to a few per cent."""

PART_PIXELS = 128
"""A part has one weather: at most some 4 km wide, the cells of the weather."""

_KINDS = LabelSettings()
"""What may grow: the same kinds as in labels."""

_STEPS = (1, 2, 4, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Columns:
    """Distinct columns (N,): textures (N, 3) sand, silt, clay in per cent; cover (N,) the kind of
    what grows, an index into ``GROUPS`` and then into the crops of the table (`labels.leaves.kinds_of`); irrigated
    (N,) by the region's map; place (N,) index of the weather position, with longitude and latitude (P,) in degrees.

    greenness (N,): class of greenness among the pixels of its cover (``inputs.greenness``); ndvi (N, n): NDVI of each
    column on the days ``ndvi_days`` (n,), NaN under cloud; None in a region without NDVI and leaf area.
    """

    textures: Array
    cover: NDArray[np.int64]
    irrigated: NDArray[np.bool_]
    place: NDArray[np.int64]
    longitudes: Array
    latitudes: Array
    greenness: NDArray[np.int64] | None = None
    ndvi: Array | None = None
    ndvi_days: NDArray[np.datetime64] | None = None

    def __len__(self) -> int:
        return len(self.cover)

    def select(self, some: NDArray[np.integer]) -> Columns:
        """Some of the columns, at the same places."""
        seen = {name: values[some] for name in ("greenness", "ndvi") if (values := getattr(self, name)) is not None}
        return replace(self, textures=self.textures[some], cover=self.cover[some], irrigated=self.irrigated[some],
                       place=self.place[some], **seen)

    def under(self, sightings: Sightings | None, parts: Sequence[tuple[Window, NDArray[np.int64]]]) -> Columns:
        """The same columns with their NDVI, from windows with the column of every pixel (H, W), negative for none."""
        if sightings is None or not len(self):
            return self
        return replace(self, ndvi=median_ndvi(sightings, parts, len(self)), ndvi_days=sightings.days)


@dataclass(frozen=True)
class FieldGround:
    """The columns of one outline, and the column (H, W) of every pixel of ``window``, NONE where there is none.

    Counts of the pixels inside: all, those of open water or ice, those without a usable texture.
    """

    window: Window
    columns: Columns
    column_of_pixel: NDArray[np.int32]
    inside: int
    water: int
    no_soil: int

    def values(self, of_columns: NDArray[np.floating]) -> NDArray[np.float32]:
        """(H, W) from a value of each column (N,); NaN where there is none."""
        padded = np.append(np.asarray(of_columns, np.float32), np.float32(np.nan))
        return np.asarray(padded[self.column_of_pixel])


def ground_of(store: Store, outline: shapely.Geometry) -> FieldGround:
    """The ground of an outline in degrees. A field without any soil has no columns.

    Raises ``channel_missing`` where the region has no texture.
    """
    _require_texture(store)
    pixels = to_pixels(outline)
    window = covering_window(pixels, 1)
    columns, rows = _middles(window)
    inside = _inside(pixels, window)
    # Resampling to the product looks at neighbours outside: they are the field's own ground, with its own water.
    used = np.asarray(shapely.contains_xy(pixels.buffer(EDGE_PIXELS), columns, rows))
    cover, textures, valid, irrigated = _pixels(store, window)
    usable = used & valid & (cover >= 0)
    part, places = _parts(window)
    found = Columns(np.empty((0, 3)), np.empty(0, np.int64), np.empty(0, bool), np.empty(0, np.int64), *places)
    number = np.full(window.shape, NONE, np.int32)
    if (usable & inside).any():
        sightings = sightings_of(store)
        greenness = _greenness(sightings, window, cover, usable)
        found, number[usable] = _distinct(textures[:, usable], cover[usable] * 2 + irrigated[usable],
                                          greenness[usable], part[usable], places)
        found = found.under(sightings, [(window, number.astype(np.int64))])
    return FieldGround(window, found, number, int(inside.sum()), int((inside & (cover < 0)).sum()),
                       int((inside & ~valid & (cover >= 0)).sum()))


def shares_of(ground: FieldGround, outline: shapely.Geometry) -> Array:
    """(N,) of the ground inside an outline in degrees: how much of it each of its columns has. They sum to 1, unless
    nothing inside has soil: then all are 0."""
    number = ground.column_of_pixel[_inside(to_pixels(outline), ground.window)]
    counts = np.bincount(number[number != NONE], minlength=len(ground.columns)).astype(np.float64)
    return counts / max(1.0, counts.sum())


def columns_at(store: Store, longitudes: Array, latitudes: Array, pixels: Sequence[tuple[int, int]],
               ) -> tuple[Columns, NDArray[np.int32]]:
    """One column for each global pixel (column, row) with soil, with its own texture and weather; its number (S,), NONE
    without soil. Raises ``channel_missing``."""
    _require_texture(store)
    number = np.full(len(pixels), NONE, np.int32)
    textures: list[Array] = []
    covers: list[int] = []
    wet: list[bool] = []
    for index, (column, row) in enumerate(pixels):
        cover, texture, valid, irrigated = _pixels(store, Window(column, row, 1, 1))
        if valid[0, 0] and cover[0, 0] >= 0:
            number[index] = len(covers)
            textures.append(_normalised(texture[:, 0])[0])
            covers.append(int(cover[0, 0]))
            wet.append(bool(irrigated[0, 0]))
    have = number >= 0
    found = Columns(np.array(textures).reshape(-1, 3), np.array(covers, np.int64), np.array(wet, bool),
                    np.arange(len(covers)), np.asarray(longitudes)[have], np.asarray(latitudes)[have])
    parts = [(Window(column, row, 1, 1), np.full((1, 1), number[index], np.int64))
             for index, (column, row) in enumerate(pixels)]
    return found.under(sightings_of(store), parts), number


def _middles(window: Window) -> tuple[Array, Array]:
    """Columns and rows (H, W) of the middles of the pixels."""
    columns, rows = np.meshgrid(np.arange(window.width) + window.column + 0.5,
                                np.arange(window.height) + window.row + 0.5)
    return columns, rows


def _inside(pixels: shapely.Geometry, window: Window) -> NDArray[np.bool_]:
    """(H, W) the pixels whose middle lies in an outline in global pixels; in one narrower than a pixel, those near."""
    columns, rows = _middles(window)
    inside = np.asarray(shapely.contains_xy(pixels, columns, rows))
    return inside if inside.any() else np.asarray(shapely.contains_xy(pixels.buffer(1.0), columns, rows))


def _greenness(sightings: Sightings | None, window: Window, cover: NDArray[np.int16], usable: NDArray[np.bool_],
               ) -> NDArray[np.int64]:
    """Class of greenness (H, W) of the usable pixels, among those of their cover in the window; else 0."""
    result = np.zeros(window.shape, np.int64)
    if sightings is not None:
        quarters, kind = sightings.quarters(window)[usable], cover[usable].astype(np.int64)
        result[usable] = GreennessClasses.find(quarters, kind, len(_KINDS.kinds), MOST_CLASSES).assign(quarters, kind)
    return result


def _require_texture(store: Store) -> None:
    lacking = [name for name in TEXTURE if name not in store.channels()]
    if lacking:
        raise DeepSoilError("channel_missing", "The region {title!r} has no {lacking}, which the simulation of soil "
                            "columns needs.", "Add it to the recipe and ingest again.", "region",
                            title=store.title, lacking=" and no ".join(lacking))


def _pixels(store: Store, window: Window,
            ) -> tuple[NDArray[np.int16], NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Cover (H, W), -1 on water and ice; texture (3, H, W) in per cent; where it is usable, and irrigated (H, W)."""
    cover = kinds_of(store, window, _KINDS)[0]
    textures = np.stack([store.read_static(name, window) for name in TEXTURE])
    irrigated = np.zeros(window.shape, bool)
    if IRRIGATED_MAP in store.channels():
        irrigated = np.nan_to_num(store.read_static(IRRIGATED_MAP, window), nan=0.0) == 1
    return cover, textures, texture_is_valid(*textures), irrigated


def _parts(window: Window) -> tuple[NDArray[np.int64], tuple[Array, Array]]:
    """Part of every pixel (H, W), and longitudes and latitudes of the middles of the parts (P,)."""
    across, down = math.ceil(window.width / PART_PIXELS), math.ceil(window.height / PART_PIXELS)
    of_column = np.arange(window.width) * across // window.width
    of_row = np.arange(window.height) * down // window.height
    column = window.column + (np.arange(across) + 0.5) * window.width / across
    row = window.row + (np.arange(down) + 0.5) * window.height / down
    columns, rows = (axis.ravel() for axis in np.meshgrid(column, row))
    longitudes, latitudes = pixel_to_lonlat(columns, rows)
    return of_row[:, None] * across + of_column[None, :], (np.asarray(longitudes), np.asarray(latitudes))


def _distinct(textures: NDArray[np.float32], kind: NDArray[np.int16], greenness: NDArray[np.int64],
              part: NDArray[np.int64], places: tuple[Array, Array]) -> tuple[Columns, NDArray[np.int32]]:
    """Columns of pixels (3, n) whose ``kind`` is twice the cover, one more where irrigated; the column of each (n,)."""
    kinds_of_part = 2 * len(_KINDS.kinds) * MOST_CLASSES
    parts = np.unique(part).size
    for step in _STEPS:
        first, second = snap(textures[0], textures[1], textures[2], step)
        side = 100 // step + 1
        code = ((part * kinds_of_part + kind * MOST_CLASSES + greenness) * side + first) * side + second
        codes, number = np.unique(code, return_inverse=True)
        if codes.size <= MOST_COLUMNS * parts:
            break
    count = np.bincount(number)
    normalised = _normalised(textures)
    mean = np.stack([np.bincount(number, normalised[:, axis]) / count for axis in range(3)], axis=-1)
    places_of, kinds = np.divmod(codes // side**2, kinds_of_part)
    covers, classes = np.divmod(kinds, MOST_CLASSES)
    return Columns(mean, covers // 2, covers % 2 == 1, places_of, *places, classes), number.astype(np.int32)


def _normalised(textures: NDArray[np.float32]) -> Array:
    """(n, 3) in per cent that sum to 100; the difference that is the clay may be below 0 by a rounding."""
    return np.maximum(np.stack(normalise_texture(*textures), axis=-1), 0.0)
