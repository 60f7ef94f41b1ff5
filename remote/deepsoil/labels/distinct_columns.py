"""Finds the soil units of a region and its distinct soil columns. Reads the store, writes nothing.

A soil unit is a texture, rounded to the lattice, under one kind of cover, with the water contents that were measured
there, if any; a column is a unit in a weather cell. A pixel uses the columns of the four weather cells around it, so
every unit has a column in every cell that has a weight for one of its pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.labels.column_weather import ColumnWeather
from deepsoil.labels.leaves import RegionLeaves, covers_of, find_leaves, strips
from deepsoil.labels.settings import LabelSettings
from deepsoil.soil.measured_retention import MeasuredRetention, parameters_or_texture
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters, texture_is_valid
from deepsoil.store.store import Store

NO_LABEL = -1
TEXTURE = ("sand", "silt", "clay")
RETENTION = ("field_capacity", "wilting_point")
RETENTION_STEPS = 100
"""Measured water contents are told apart to a hundredth; 0 of them is: not measured."""
LEAST_AVAILABLE = 0.03
"""m³/m³ between wilting point and field capacity; less is a faulty map."""

Step = Callable[[int, int], None]
"""(rows of pixels done, total rows)"""


@dataclass
class PixelCounts:
    """Counts of pixels with a label, and without by reason; ``assumed_cover``: labelled without land cover,
    ``bad_retention``: with the soil of its texture because the measured water contents cannot be."""

    labelled: int = 0
    no_texture: int = 0
    bad_texture: int = 0
    no_soil: int = 0
    no_weather: int = 0
    assumed_cover: int = 0
    bad_retention: int = 0


@dataclass(frozen=True)
class Units:
    """Soil units: textures (U, 3) sand, silt, clay in per cent; covers (U,) number of the cover; retention (U, 2)
    measured field capacity and wilting point in hundredths, 0 where there is none."""

    textures: NDArray[np.uint8]
    covers: NDArray[np.uint8]
    retention: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.covers)

    def soil(self) -> VanGenuchten:
        """Hydraulic parameters of each unit, from its rounded texture and what was measured."""
        if not self.retention.any():
            return parameters(*self.textures.T)
        waters = np.where(self.retention > 0, self.retention / RETENTION_STEPS, np.nan)
        sand, silt, clay = self.textures.T
        return parameters_or_texture(sand, silt, clay, MeasuredRetention(*waters.T))

    def select(self, some: NDArray[np.integer]) -> Units:
        return Units(self.textures[some], self.covers[some], self.retention[some])


@dataclass(frozen=True)
class DistinctColumns:
    """The distinct columns (N,), in order of their cell, then of their unit."""

    unit: NDArray[np.int32]
    cell: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class Ground:
    """Units and columns of a region; codes (U,), ascending, of pixels of each unit; ``leaves`` of its covers."""

    units: Units
    columns: DistinctColumns
    codes: NDArray[np.int64]
    leaves: RegionLeaves
    counts: PixelCounts = field(default_factory=PixelCounts)


def snap(sand: NDArray[np.floating], silt: NDArray[np.floating], clay: NDArray[np.floating], step: int,
         ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(sand, silt) in steps of ``step`` per cent: the lattice point nearest to each texture, which sums to 100."""
    total = (sand.astype(np.float64) + silt + clay) / (100 // step)
    parts = [fraction / total for fraction in (sand, silt, clay)]
    whole = [np.floor(part) for part in parts]
    a, b, c = (part - base for part, base in zip(parts, whole, strict=True))
    left = 100 // step - whole[0] - whole[1] - whole[2]
    # the remaining steps go to the largest remainders; of equal ones the first in order sand, silt, clay
    before_sand, before_silt = (b > a).astype(int) + (c > a), (a >= b).astype(int) + (c > b)
    return (whole[0] + (before_sand < left)).astype(np.int32), (whole[1] + (before_silt < left)).astype(np.int32)


def find_ground(store: Store, settings: LabelSettings, weather: ColumnWeather, on_step: Step | None = None) -> Ground:
    """Units and columns of all pixels.

    Raises ``channel_missing`` (no texture), ``bad_texture`` (no texture sums to 100) and ``no_soil`` (nothing to
    label).
    """
    lacking = [name for name in TEXTURE if name not in store.channels()]
    if lacking:
        raise DeepSoilError("channel_missing", "The region {title!r} has no {lacking}; soil "
                            "columns cannot be simulated without.", "Add it to the recipe and ingest again.", "region",
                            title=store.title, lacking=' and no '.join(lacking))
    leaves = find_leaves(store, settings, weather)
    counts = PixelCounts()
    pairs = np.empty(0, np.int64)
    for window in strips(store):
        codes, weights = _codes(store, window, settings, weather, leaves, counts)
        for offset, weight in zip(weights.offsets, weights.weights, strict=True):
            cell = weights.corner + offset
            used = (codes >= 0) & (weight > 0) & (weather.row_of_cell[cell] >= 0)
            pairs = np.union1d(pairs, cell[used].astype(np.int64) * _code_count(settings) + codes[used])
        if on_step is not None:
            on_step(window.bottom - store.window.row, store.window.height)
    if not pairs.size:
        _refuse_empty(store, counts)
    cell_of_pair, code_of_pair = np.divmod(pairs, _code_count(settings))
    codes, unit = np.unique(code_of_pair, return_inverse=True)
    steps = 100 // settings.texture_step
    ground_code, retention = np.divmod(codes, RETENTION_STEPS**2)
    lattice, covers = np.divmod(ground_code, len(settings.covers))
    sand, silt = np.divmod(lattice, steps + 1)
    textures = np.stack([sand, silt, steps - sand - silt], axis=1) * settings.texture_step
    # pairs are sorted by cell, then by code, and units are numbered in the order of their codes
    waters = np.stack(np.divmod(retention, RETENTION_STEPS), axis=1)
    return Ground(Units(textures.astype(np.uint8), covers.astype(np.uint8), waters.astype(np.uint8)),
                  DistinctColumns(unit.astype(np.int32), cell_of_pair.astype(np.int32)), codes, leaves, counts)


def unit_strips(store: Store, settings: LabelSettings, weather: ColumnWeather, ground: Ground,
                ) -> Iterator[tuple[Window, NDArray[np.int32]]]:
    """Soil unit (h, W) of every pixel, strip by strip; NO_LABEL where there is none."""
    for window in strips(store):
        codes, _ = _codes(store, window, settings, weather, ground.leaves, PixelCounts())
        yield window, np.where(codes < 0, NO_LABEL, np.searchsorted(ground.codes, codes)).astype(np.int32)


def _code_count(settings: LabelSettings) -> int:
    return (100 // settings.texture_step + 1) ** 2 * len(settings.covers) * RETENTION_STEPS**2


def _retention(store: Store, window: Window, good: NDArray[np.bool_], counts: PixelCounts) -> NDArray[np.int64]:
    """Code (n,) of what was measured of the ``good`` pixels; 0 where there is nothing; adds to ``counts``."""
    wet, dry = (store.read_static(name, window)[good].astype(np.float64) if name in store.channels()
                else np.full(int(good.sum()), np.nan) for name in RETENTION)
    bad = (wet <= 0.0) | (wet >= 1.0) | (dry <= 0.0) | (dry >= 1.0) | (wet - dry < LEAST_AVAILABLE)
    counts.bad_retention += int(bad.sum())
    steps = (np.where(bad | np.isnan(water), 0.0, np.clip(np.rint(water * RETENTION_STEPS), 1, RETENTION_STEPS - 1))
             for water in (wet, dry))
    first, second = (step.astype(np.int64) for step in steps)
    return first * RETENTION_STEPS + second


def _codes(store: Store, window: Window, settings: LabelSettings, weather: ColumnWeather, leaves: RegionLeaves,
           counts: PixelCounts) -> tuple[NDArray[np.int64], CellWeights]:
    """Code of texture, cover and measured water contents (H, W), NO_LABEL where there is none; adds to ``counts``."""
    sand, silt, clay = (store.read_static(name, window) for name in TEXTURE)
    missing = np.isnan(sand) | np.isnan(silt) | np.isnan(clay)
    bad = ~missing & ~texture_is_valid(sand, silt, clay)
    cover, assumed = covers_of(store, window, settings, leaves)
    weights = CellWeights.of(window, weather.longitudes, weather.latitudes)
    lit = np.zeros(window.shape, bool)
    for offset, weight in zip(weights.offsets, weights.weights, strict=True):
        lit |= (weight > 0) & (weather.row_of_cell[weights.corner + offset] >= 0)
    dry_land = ~missing & ~bad & (cover >= 0)
    good = dry_land & lit
    counts.labelled += int(good.sum())
    counts.no_texture += int((missing & (cover >= 0)).sum())
    counts.bad_texture += int((bad & (cover >= 0)).sum())
    counts.no_soil += int((cover < 0).sum())
    counts.no_weather += int((dry_land & ~lit).sum())
    counts.assumed_cover += int((good & assumed).sum())
    codes = np.full(window.shape, NO_LABEL, np.int64)
    first, second = snap(sand[good], silt[good], clay[good], settings.texture_step)
    lattice = (first * (100 // settings.texture_step + 1) + second).astype(np.int64)
    codes[good] = ((lattice * len(settings.covers) + cover[good]) * RETENTION_STEPS**2
                   + _retention(store, window, good, counts))
    return codes, weights


def _refuse_empty(store: Store, counts: PixelCounts) -> None:
    if counts.bad_texture:
        raise DeepSoilError("bad_texture", "None of the {bad_texture:,} textures of the region {title!r} "
                            "is in per cent and sums to 100 (the {unit} of sand, silt and clay).",
                            "Check the units and nodata values of its texture, and ingest again.", "region",
                            bad_texture=counts.bad_texture, title=store.title, unit=CHANNELS['sand'].unit)
    raise DeepSoilError("no_soil", "The region {title!r} has no pixel with texture, weather and soil "
                        "({no_texture:,} pixels without texture, {no_soil:,} of water or ice).",
                        "Check its texture and land cover.", "region",
                        title=store.title, no_texture=counts.no_texture, no_soil=counts.no_soil)
