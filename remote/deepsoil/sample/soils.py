"""Soils of the sample region: map units of named textures laid out by landform. No I/O.

As on a soil survey map, each map unit is one series with sharp, ragged boundaries; within a unit texture varies
by a few per cent. The true soil columns use the series that is there (`Soils.true_series`), which within a map unit may
be another one: an inclusion, as soil surveyors call it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.sample.noise import Field, fractal, ramp, stream
from deepsoil.sample.terrain import Terrain


@dataclass(frozen=True)
class Series:
    """One soil series: texture in per cent, organic matter in per cent, landforms."""

    name: str
    sand: float
    clay: float
    organic_matter: float
    parent: str

    @property
    def silt(self) -> float:
        return 100.0 - self.sand - self.clay


SERIES: tuple[Series, ...] = (
    Series("Sandbar loamy sand", 84, 5, 0.6, "river bars"),
    Series("Cottonwood sandy loam", 66, 13, 1.6, "floodplain"),
    Series("Oxbow loam", 44, 22, 3.2, "floodplain, old channels"),
    Series("Ditchrider loam", 43, 24, 2.0, "low terrace"),
    Series("Bench clay loam", 33, 32, 2.2, "low terrace"),
    Series("Terrace sandy clay loam", 56, 24, 1.7, "high terrace"),
    Series("Homestead clay loam", 35, 34, 1.9, "high terrace"),
    Series("Stubble silt loam", 24, 20, 2.1, "upland, loess"),
    Series("Section loam", 39, 22, 1.8, "upland, loess"),
    Series("Windbreak fine sandy loam", 63, 15, 1.2, "upland, wind-blown"),
    Series("Blowout sand", 90, 4, 0.5, "dunes"),
    Series("Yucca loamy sand", 80, 8, 0.8, "dunes"),
    Series("Gumbo clay", 20, 47, 1.6, "shale"),
    Series("Apron cobbly clay loam", 40, 30, 1.8, "fans below the front"),
    Series("Outwash gravelly sandy loam", 67, 12, 1.3, "fans below the front"),
    Series("Hogback channery loam", 47, 19, 1.5, "hogbacks and foothills"),
    Series("Ponderosa gravelly sandy loam", 70, 11, 2.6, "mountain slopes"),
    Series("Granite rocky loamy sand", 81, 6, 1.4, "mountain crests"),
    Series("Park loam", 50, 16, 4.5, "mountain valleys"),
)


def legend_of(sand: float, clay: float) -> tuple[Series, ...]:
    """The series of a region whose soils have so many per cent more sand and clay than those of the sample region."""
    changed = []
    for series in SERIES:
        finer = min(max(series.clay + clay, 3.0), 60.0)
        changed.append(replace(series, clay=finer, sand=min(max(series.sand + sand, 3.0), 95.0 - finer)))
    return tuple(changed)


_PATCH_M, _NEIGHBOUR_M = 900.0, 500.0
_INDEX = {series.name.split()[0]: number for number, series in enumerate(SERIES)}


@dataclass(frozen=True)
class Soils:
    """Fields (H, W): index into ``legend`` on the map and in truth; texture in per cent that sums to 100; g/cm³; per
    cent."""

    series: NDArray[np.int16]
    true_series: NDArray[np.int16]
    sand: Field
    silt: Field
    clay: Field
    bulk_density: Field
    organic_matter: Field
    dunes: NDArray[np.bool_]
    legend: tuple[Series, ...] = SERIES


def _pedotransfer_bulk_density(sand: Field, clay: Field, organic_matter: Field) -> Field:
    """Bulk density in g/cm³: mineral packing by texture, loosened by organic matter."""
    return 1.33 + 0.0030 * sand - 0.0010 * clay - 0.045 * organic_matter


def _map_units(terrain: Terrain, seed: int) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Series of every pixel and the area of the dunes."""
    rng = stream(seed, "map units")
    frame = terrain.frame
    pixel = frame.pixel_m
    broad = fractal(frame.shape, 3600 / pixel, 5, rng, gain=0.55)
    second = fractal(frame.shape, 2200 / pixel, 5, rng, gain=0.6)
    fine = fractal(frame.shape, 520 / pixel, 4, rng)
    river_m = terrain.river_distance_m * np.exp(0.30 * second)
    stream_m = terrain.stream_distance_m * np.exp(0.35 * fine)
    into_m = terrain.into_mountains_m + 90 * fine

    def unit(name: str) -> int:
        return _INDEX[name]

    series = np.where(broad > 0.75, unit("Stubble"), np.where(broad > -0.35, unit("Section"), unit("Windbreak")))
    # Wind-blown sand forms lobes on the south-eastern upland, elongated by the north-westerly wind.
    lee = frame.x_m / frame.width_m + 0.9 * frame.y_m / frame.height_m
    drift = 1.5 * (lee - 1.47) + 0.32 * fractal(frame.shape, 4200 / pixel, 4, rng)
    dunes = (drift > 0) & (river_m > 2600)
    series = np.where(dunes, np.where(drift + 0.20 * fine > 0.34, unit("Blowout"), unit("Yucca")), series)
    series = np.where(~dunes & (second < -1.25) & (terrain.into_mountains_m > -11000), unit("Gumbo"), series)
    series = np.where((into_m > -2600 + 900 * broad), np.where(second > 0.1, unit("Apron"), unit("Outwash")), series)
    series = np.where(river_m < 3000, np.where(broad > 0.1, unit("Homestead"), unit("Terrace")), series)
    series = np.where(river_m < 1750, np.where(second > -0.2, unit("Bench"), unit("Ditchrider")), series)
    floodplain = (river_m < 560) | ((stream_m < 150) & (terrain.height_above_stream_m < 12))
    series = np.where(floodplain, np.where(fine > 0.5, unit("Oxbow"), unit("Cottonwood")), series)
    series = np.where(terrain.river_distance_m * np.exp(0.5 * fine) < 95, unit("Sandbar"), series)

    rise = terrain.slope + 2 * fine
    mountains = into_m > 150
    hogback = (into_m > -1500) & (rise > 6.5)
    series = np.where(hogback | ((into_m > -100) & (into_m < 900)), unit("Hogback"), series)
    series = np.where(mountains & (into_m >= 900),
                      np.where(rise > 27, unit("Granite"), unit("Ponderosa")), series)
    series = np.where(mountains & ((stream_m < 110) | (rise < 9)), unit("Park"), series)
    return series.astype(np.int16), dunes


def _with_inclusions(series: NDArray[np.int16], terrain: Terrain, share: float, seed: int) -> NDArray[np.int16]:
    """The series that is there: on ``share`` of the land, in patches, that of some 500 m away."""
    rng = stream(seed, "inclusions")
    pixel = terrain.frame.pixel_m
    patches = fractal(series.shape, _PATCH_M / pixel, 3, rng)
    step = round(_NEIGHBOUR_M / pixel)
    there = np.where(patches > np.quantile(patches, 1 - share / 2), np.roll(series, step, axis=0), series)
    return np.where(patches < np.quantile(patches, share / 2), np.roll(series, -step, axis=1), there).astype(np.int16)


def make_soils(terrain: Terrain, seed: int, inclusions: float = 0.0, legend: tuple[Series, ...] = SERIES) -> Soils:
    """Soils of a terrain; deterministic in its arguments. ``inclusions``: the share of the land whose soil is not
    the one on the map."""
    series, dunes = _map_units(terrain, seed)
    rng = stream(seed, "soil variation")
    shape, pixel = terrain.frame.shape, terrain.frame.pixel_m
    sand_of, clay_of, organic_of = (np.array([getattr(s, name) for s in legend], dtype=np.float64)
                                    for name in ("sand", "clay", "organic_matter"))
    sand = sand_of[series] + 1.5 * fractal(shape, 420 / pixel, 3, rng)
    clay = clay_of[series] + 0.9 * fractal(shape, 420 / pixel, 3, rng)
    clay = np.clip(clay, 2, 60)
    sand = np.clip(sand, 3, 97 - clay)
    # Organic matter gathers in swales and is lost from crests.
    low = ramp(terrain.height_above_stream_m, 25, 0)
    organic = organic_of[series] * (0.9 + 0.25 * low) * np.exp(0.12 * fractal(shape, 700 / pixel, 4, rng))
    density = _pedotransfer_bulk_density(sand, clay, organic) + 0.02 * fractal(shape, 300 / pixel, 2, rng)
    true_series = _with_inclusions(series, terrain, inclusions, seed) if inclusions else series
    return Soils(series, true_series, sand, 100.0 - sand - clay, clay, np.clip(density, 0.9, 1.75),
                 np.clip(organic, 0.2, 12), dunes, legend)
