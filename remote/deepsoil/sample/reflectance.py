"""Red, green and blue surface reflectance of the sample region, like a midsummer Landsat composite. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.sample.landcover import Cover, LandCover
from deepsoil.sample.noise import Field, fractal, ramp, stream
from deepsoil.sample.soils import Soils
from deepsoil.sample.terrain import Terrain

_LEAVES = {"red": 0.036, "green": 0.072, "blue": 0.028}
_NEEDLES = {"red": 0.028, "green": 0.042, "blue": 0.024}
_STRAW = {"red": 0.235, "green": 0.190, "blue": 0.120}
_ROCK = {"red": 0.185, "green": 0.160, "blue": 0.135}
_WATER = {"red": 0.032, "green": 0.048, "blue": 0.046}
_STREETS = {"red": 0.175, "green": 0.165, "blue": 0.150}
_SUN_AZIMUTH, _SUN_HEIGHT = np.radians(135.0), np.radians(58.0)


def make_reflectance(terrain: Terrain, soils: Soils, land: LandCover, green_share: NDArray[np.float32], seed: int,
                     ) -> dict[str, Field]:
    """Reflectance (H, W) of ``red``, ``green`` and ``blue`` for a canopy cover ``green_share`` (0-1)."""
    rng = stream(seed, "reflectance")
    shape, pixel = terrain.frame.shape, terrain.frame.pixel_m
    # Sand and drought brighten a soil, organic matter and clay darken it.
    bright = 0.115 + 0.0013 * soils.sand - 0.013 * soils.organic_matter + 0.012 * fractal(shape, 260 / pixel, 4, rng)
    soil = {"red": 1.25 * bright, "green": 0.98 * bright, "blue": 0.70 * bright}
    dry_grass = np.isin(land.cover, [Cover.RANGE, Cover.PASTURE, Cover.SHRUB])
    stubble = np.isin(land.cover, [Cover.WHEAT_EVEN, Cover.WHEAT_ODD]) * ramp(land.vigour, 0.85, 1.1)
    litter = np.where(dry_grass, 0.55, 0.6 * stubble)
    street = np.select([land.nlcd == code for code in (24, 23, 22, 21)], [0.9, 0.75, 0.5, 0.35], 0.0)
    # Mountain meadows hold more litter, rock shadow and low shrubs than the bleached plain.
    light = _illumination(terrain) * (1 - 0.38 * ramp(terrain.into_mountains_m, -200, 1800))
    bands: dict[str, Field] = {}
    for name in ("red", "green", "blue"):
        ground = (1 - litter) * soil[name] + litter * _STRAW[name]
        ground = np.where(land.cover == Cover.ROCK, _ROCK[name], ground)
        ground = (1 - street) * ground + street * _STREETS[name] * (1 + 0.18 * rng.standard_normal(shape) * street)
        leaf = np.where(land.cover == Cover.FOREST, _NEEDLES[name], _LEAVES[name])
        value = ground + (leaf - ground) * np.clip(1.06 * green_share, 0, 1)
        value = value * light + 0.002 * rng.standard_normal(shape)
        bands[name] = np.clip(np.where(land.cover == Cover.WATER, _WATER[name], value), 0.004, 0.6)
    return bands


def _illumination(terrain: Terrain) -> Field:
    """Sunlight on a slope relative to flat ground, softened by the sky's light."""
    slope, aspect = np.radians(terrain.slope), np.radians(np.nan_to_num(terrain.aspect))
    direct = np.cos(slope) * np.sin(_SUN_HEIGHT) + np.sin(slope) * np.cos(_SUN_HEIGHT) * np.cos(aspect - _SUN_AZIMUTH)
    light: Field = 0.25 + 0.75 * np.maximum(direct, 0) / np.sin(_SUN_HEIGHT)
    return light
