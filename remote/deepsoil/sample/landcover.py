"""Land cover of the sample region: NLCD classes, and what grows in each field. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from deepsoil.sample.noise import Field, fractal, ramp, smooth_noise, stream
from deepsoil.sample.parcels import CORNER, SUB_FIELDS, Layout, Quarters, farmsteads, field_numbers, roads
from deepsoil.sample.soils import Soils
from deepsoil.sample.terrain import Terrain


class Cover(IntEnum):
    """What grows: determines greenness, roots and irrigation. Wheat is grown every other year."""

    WATER = 0
    TOWN = 1
    RANGE = 2
    PASTURE = 3
    WHEAT_EVEN = 4
    WHEAT_ODD = 5
    CORN = 6
    ALFALFA = 7
    BEETS = 8
    SHRUB = 9
    FOREST = 10
    RIPARIAN = 11
    ROCK = 12


# Default NLCD class of each cover.
_NLCD = {Cover.WATER: 11, Cover.TOWN: 21, Cover.RANGE: 71, Cover.PASTURE: 81, Cover.WHEAT_EVEN: 82,
         Cover.WHEAT_ODD: 82, Cover.CORN: 82, Cover.ALFALFA: 81, Cover.BEETS: 82, Cover.SHRUB: 52,
         Cover.FOREST: 42, Cover.RIPARIAN: 90, Cover.ROCK: 31}

BSK, DFB, DFC = 7, 26, 27   # Köppen-Geiger codes of Beck et al.


@dataclass(frozen=True)
class Zones:
    """Köppen-Geiger codes from the plain upwards, the elevations in m where they change, and where trees begin."""

    plain: int = BSK
    cool: int = DFB
    cold: int = DFC
    cool_above_m: float = 1820.0
    cold_above_m: float = 2350.0
    trees_above_m: float = 1900.0


HIGH_PLAINS = Zones()


@dataclass(frozen=True)
class LandCover:
    """Fields (H, W): cover, NLCD class, field number, Köppen code; vigour and earliness of each pixel's vegetation."""

    cover: NDArray[np.int8]
    nlcd: NDArray[np.int16]
    koppen: NDArray[np.int16]
    vigour: Field               # factor on greenness, about 1
    earliness: Field            # -1 late to 1 early


def _wild(terrain: Terrain, zones: Zones, rng: Generator) -> NDArray[np.int64]:
    """Natural cover: forest on high and northern slopes, shrub on foothills, grass on the plain."""
    shape, pixel = terrain.frame.shape, terrain.frame.pixel_m
    patch = fractal(shape, 1100 / pixel, 5, rng, gain=0.6)
    speck = fractal(shape, 160 / pixel, 3, rng, gain=0.7)
    into_m = terrain.into_mountains_m
    cover = np.full(shape, int(Cover.RANGE))
    wooded = 0.0016 * (terrain.elevation - zones.trees_above_m) + 2.6 * terrain.northness + 0.45 * patch + 0.40 * speck
    foothills = into_m > -250
    cover = np.where(foothills & (wooded > -0.75), Cover.SHRUB, cover)
    cover = np.where((into_m > 100) & (wooded > 0.02), Cover.FOREST, cover)
    cover = np.where((into_m > 100) & (terrain.slope > 31) & (terrain.northness < 0.1) & (speck > 0.25),
                     Cover.ROCK, cover)
    cover = np.where((into_m <= -250) & (into_m > -2500) & (terrain.slope > 5) & (speck > -0.2), Cover.SHRUB, cover)
    # Cottonwoods and willows grow along the river; the creeks have thinner, broken belts.
    belt_m = 70 + 170 * ramp(fractal(shape, 900 / pixel, 3, rng), -1.0, 1.2)
    creek_m = 20 + 55 * ramp(fractal(shape, 600 / pixel, 3, rng), -0.6, 1.2)
    # On the plain only: the height test keeps the belt out of the canyon's walls.
    damp = (terrain.river_distance_m < belt_m) | (terrain.stream_distance_m < creek_m)
    return np.where(damp & (terrain.height_above_stream_m < 14), Cover.RIPARIAN, cover)


def _plan(terrain: Terrain, soils: Soils, quarters: Quarters, rng: Generator,
          ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """(farmed, irrigated, layout) of each quarter: flat ground is farmed, low ground below the ditches irrigated."""
    frame = terrain.frame
    reach = ramp(quarters.mean(terrain.river_distance_m), 7500, 2200) + 0.5 * ramp(
        quarters.mean(terrain.stream_distance_m), 2500, 500)
    slope = quarters.mean(terrain.slope)
    sandy = quarters.mean(soils.dunes) > 0.5
    wild = smooth_noise(frame.shape, 4200 / frame.pixel_m, rng)
    draw = rng.random(quarters.count)
    flat = (slope < 2.3) & (quarters.mean(terrain.into_mountains_m) < -1100)
    # Dunes and a few large ranches remain grass, with single pivots in them.
    grass = sandy | (quarters.mean(wild) > 0.85) | ((slope > 1.5) & (draw < 0.5))
    irrigated = flat & np.where(grass, draw < 0.17, reach + 0.35 * rng.standard_normal(quarters.count) > 0.52)
    farmed = irrigated | (flat & ~grass & (draw < 0.90))
    pick = rng.random(quarters.count)
    near = quarters.mean(terrain.river_distance_m) < 2300
    pivot = irrigated & (grass | (pick < np.where(near, 0.22, 0.66)))
    layout = np.full(quarters.count, int(Layout.WHOLE))
    small = np.array([Layout.HALVES_ACROSS, Layout.HALVES_DOWN, Layout.QUADRANTS, Layout.QUADRANTS, Layout.THIRDS])
    layout = np.where(irrigated, small[rng.integers(0, small.size, quarters.count)], layout)
    layout = np.where(pivot, np.where(rng.random(quarters.count) < 0.22, Layout.SPLIT_PIVOT, Layout.PIVOT), layout)
    dry = farmed & ~irrigated
    # Neighbouring farms orient their strips in the same way.
    across = quarters.mean(smooth_noise(frame.shape, 2500 / frame.pixel_m, rng)) > 0
    strips = np.where(across, Layout.STRIPS_ACROSS, Layout.STRIPS_DOWN)
    halves = np.where(across, Layout.HALVES_ACROSS, Layout.HALVES_DOWN)
    layout = np.where(dry, np.where(pick < 0.45, strips, np.where(pick < 0.75, halves, Layout.WHOLE)), layout)
    return farmed, irrigated, layout


def _crops(fields: int, farmed: NDArray[np.bool_], irrigated: NDArray[np.bool_], layout: NDArray[np.int64],
           rng: Generator) -> NDArray[np.int64]:
    """Cover of each field; -1 where nothing is farmed."""
    quarter, sub = np.divmod(np.arange(fields), SUB_FIELDS)
    draw = rng.random(fields)
    circle = np.isin(layout, [Layout.PIVOT, Layout.SPLIT_PIVOT])[quarter]
    watered = np.select([draw < np.where(circle, 0.56, 0.38), draw < np.where(circle, 0.80, 0.70), draw < 0.88],
                        [Cover.CORN, Cover.ALFALFA, Cover.BEETS], default=Cover.PASTURE)
    corners = np.select([draw < 0.55, draw < 0.8], [Cover.PASTURE, Cover.WHEAT_EVEN], default=Cover.WHEAT_ODD)
    strips = np.isin(layout, [Layout.STRIPS_ACROSS, Layout.STRIPS_DOWN])[quarter]
    turn = np.where(strips, (sub + quarter) % 2, draw < 0.5)
    dryland = np.where(turn == 1, Cover.WHEAT_EVEN, Cover.WHEAT_ODD)
    dryland = np.where(~strips & (draw > 0.80), Cover.PASTURE, dryland)
    crop = np.where(irrigated[quarter], np.where(circle & (sub == CORNER), corners, watered), dryland)
    # Corners of pivots in open range are range.
    return np.where(farmed[quarter], crop, -1)


def _towns(terrain: Terrain, rng: Generator) -> Field:
    """Density of buildings: above 0 is settled, above 1 a centre."""
    frame = terrain.frame
    block = np.kron(rng.random((-(-frame.shape[0] // 5), -(-frame.shape[1] // 5))), np.ones((5, 5)))
    block = block[: frame.shape[0], : frame.shape[1]]
    ragged = fractal(frame.shape, 1300 / frame.pixel_m, 3, rng)
    density = np.full(frame.shape, -1.0)
    scale = min(1.0, frame.width_m / 25000)
    row = int(np.argmin(terrain.river_distance_m[:, int(0.40 * frame.shape[1])]))
    river_y = (row + 0.5) * frame.pixel_m
    for x, y, radius_m in ((0.40 * frame.width_m, river_y - 1900 * scale, 2100 * scale),
                           (0.80 * frame.width_m, 0.20 * frame.height_m, 750 * scale),
                           (0.62 * frame.width_m, 0.86 * frame.height_m, 600 * scale)):
        distance = np.hypot(frame.x_m - x, frame.y_m - y) / radius_m
        density = np.maximum(density, 1.35 * (1 - distance) + 0.30 * ragged * (distance < 1.6) + 0.35 * (block - 0.6))
    return density


def make_land_cover(terrain: Terrain, soils: Soils, seed: int, zones: Zones = HIGH_PLAINS) -> LandCover:
    """Land cover of a terrain; deterministic in its arguments."""
    rng = stream(seed, "land cover")
    frame = terrain.frame
    quarters = Quarters.of(frame, rng)
    farmed, irrigated, layout = _plan(terrain, soils, quarters, rng)
    fields = field_numbers(quarters, layout, rng)
    crops = _crops(quarters.count * SUB_FIELDS, farmed, irrigated, layout, rng)

    cover = _wild(terrain, zones, rng)
    crop = crops[fields]
    on_plain = terrain.into_mountains_m < -500
    cover = np.where((crop >= 0) & on_plain & (terrain.slope < 6) & (cover != Cover.RIPARIAN), crop, cover)
    nlcd = np.array([_NLCD[Cover(code)] for code in range(len(Cover))])[cover]

    yard = farmsteads(quarters, frame, farmed, rng) & on_plain
    road = roads(quarters, frame, rng) & (terrain.into_mountains_m < -700) & (terrain.slope < 7)
    density = np.where(terrain.river_distance_m > 200, _towns(terrain, rng), -1)
    built = (density > 0) & on_plain
    street = np.select([density > 0.95, density > 0.6, density > 0.22], [24, 23, 22], default=21)
    nlcd = np.where(built, street, np.where(yard | road, np.where(yard, 22, 21), nlcd))
    cover = np.where(built | yard, Cover.TOWN, np.where(road, Cover.RANGE, cover))

    shore = (terrain.height_above_stream_m < 3) & (cover == Cover.RIPARIAN)
    marsh = shore & (fractal(frame.shape, 300 / frame.pixel_m, 2, rng) > 0.9)
    nlcd = np.where(marsh, 95, nlcd)
    water = terrain.lakes | terrain.river
    cover, nlcd = np.where(water, Cover.WATER, cover), np.where(water, 11, nlcd)
    aspen = (cover == Cover.FOREST) & (terrain.elevation > 2150) & (fractal(frame.shape, 14, 3, rng) > 1.35)
    nlcd = np.where(aspen, 41, nlcd)

    cold_m = 60 * fractal(frame.shape, 1500 / frame.pixel_m, 3, rng)
    height_m = terrain.elevation + cold_m
    koppen = np.select([height_m > zones.cold_above_m, height_m > zones.cool_above_m], [zones.cold, zones.cool],
                       default=zones.plain)
    stand = np.clip(1 + 0.10 * rng.standard_normal(crops.size), 0.7, 1.25)[fields]
    early = np.clip(0.5 * rng.standard_normal(crops.size), -1, 1)[fields]
    tilled = (crop >= 0) & np.isin(cover, [Cover.WHEAT_EVEN, Cover.WHEAT_ODD, Cover.CORN, Cover.ALFALFA, Cover.BEETS,
                                           Cover.PASTURE])
    # Ranges are grazed quarter by quarter, some harder than others.
    grazed = np.clip(0.10 * rng.standard_normal(quarters.count), -0.2, 0.15)[quarters.number] * on_plain
    natural = 1 + grazed + 0.14 * fractal(frame.shape, 900 / frame.pixel_m, 5, rng, gain=0.75)
    within = 1 + 0.035 * fractal(frame.shape, 150 / frame.pixel_m, 3, rng, gain=0.8)
    vigour = np.where(tilled, stand, natural) * within
    return LandCover(cover.astype(np.int8), nlcd.astype(np.int16), koppen.astype(np.int16), vigour,
                     np.where(tilled, early, 0.25 * natural - 0.25))
