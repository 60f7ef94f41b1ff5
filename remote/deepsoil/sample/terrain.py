"""Elevation of the sample region: a mountain front, its canyon, a river plain with terraces. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from deepsoil.grid import Window, ground_m
from deepsoil.inputs.slope import northness, slope_aspect
from deepsoil.sample.mountains import make_mountains
from deepsoil.sample.noise import Field, curve, fractal, ramp, ridged, smooth_noise, stream, warp

Mask = NDArray[np.bool_]

FRONT_SHARE = 0.24          # share of the region's width that lies west of the mountain front
RIVER_END_M = 1425.0        # river level where it leaves the region in the east
RIVER_GRADIENT = 0.0030     # fall of the river on the plain, m/m


@dataclass(frozen=True)
class Heights:
    """How high a region lies and how steep it is: metres where the river leaves it, and the share of the heights above
    that level which the sample region has."""

    lowest_m: float = RIVER_END_M
    share: float = 1.0

    def of(self, elevation: Field) -> Field:
        """Elevation in m of ground that in the sample region lies at ``elevation``."""
        return self.lowest_m + self.share * (elevation - RIVER_END_M)


STEEP = Heights()
"""That of the sample region."""


@dataclass(frozen=True)
class Frame:
    """Pixel positions in metres on the ground: x eastwards and y southwards from the north-western corner."""

    shape: tuple[int, int]
    pixel_m: float

    @classmethod
    def of(cls, window: Window) -> Frame:
        latitude = window.lonlat_centres()[1][window.height // 2]
        return cls(window.shape, float(ground_m(latitude)))

    @property
    def x_m(self) -> Field:
        return np.asarray((np.arange(self.shape[1]) + 0.5)[None, :] * self.pixel_m, dtype=np.float64)

    @property
    def y_m(self) -> Field:
        return np.asarray((np.arange(self.shape[0]) + 0.5)[:, None] * self.pixel_m, dtype=np.float64)

    @property
    def width_m(self) -> float:
        return self.shape[1] * self.pixel_m

    @property
    def height_m(self) -> float:
        return self.shape[0] * self.pixel_m


@dataclass(frozen=True)
class Terrain:
    """Landforms for soils, land cover and weather; fields (H, W)."""

    frame: Frame
    elevation: Field            # m
    into_mountains_m: Field     # distance west of the front, negative on the plain
    river_distance_m: Field     # to the main river's centreline
    stream_distance_m: Field    # to the nearest river or creek
    height_above_stream_m: Field
    river: Mask                 # open water of the river
    lakes: Mask                 # reservoirs and gravel pits
    slope: Field                # degree
    aspect: Field               # degree clockwise from north, downhill direction; NaN where flat
    northness: Field            # cos(aspect) sin(slope)


def _path(frame: Frame, start: tuple[float, float], end: tuple[float, float], bend_m: float, meander_m: float,
          rng: Generator) -> NDArray[np.intp]:
    """Pixels (n, 2) as (row, column) of a winding course between two points (x, y) in m; both ends are fixed."""
    length_m = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    count = int(4 * length_m / frame.pixel_m)
    share = np.linspace(0, 1, count)
    step_m = length_m / count
    taper = np.minimum(1, 9 * np.minimum(share, 1 - share))
    x = start[0] + share * (end[0] - start[0])
    y = start[1] + share * (end[1] - start[1])
    x += taper * (0.4 * bend_m * curve(count, 3500 / step_m, rng) + meander_m * curve(count, 430 / step_m, rng))
    y += taper * (bend_m * curve(count, 3500 / step_m, rng) + meander_m * curve(count, 430 / step_m, rng))
    rows, columns = (y / frame.pixel_m).astype(np.intp), (x / frame.pixel_m).astype(np.intp)
    inside = (rows >= 0) & (rows < frame.shape[0]) & (columns >= 0) & (columns < frame.shape[1])
    return np.stack([rows[inside], columns[inside]], axis=1)


def _distance_m(path: NDArray[np.intp], frame: Frame) -> Field:
    """Distance of every pixel to the nearest pixel of a course, m."""
    off = np.ones(frame.shape, dtype=bool)
    off[path[:, 0], path[:, 1]] = False
    distance: Field = ndimage.distance_transform_edt(off) * frame.pixel_m
    return distance


def _carve(elevation: Field, path: NDArray[np.intp], depth_m: float, width_m: float, side: Field, frame: Frame,
           ) -> tuple[Field, Field]:
    """Cut a valley along ``path`` with a steadily falling bed; returns (elevation, level of the nearest bed).

    ``side`` is the gradient of the valley's sides (m/m).
    """
    along = elevation[path[:, 0], path[:, 1]]
    along = ndimage.uniform_filter1d(along, max(3, along.size // 60), mode="nearest")
    level = np.full(frame.shape, np.nan)
    level[path[:, 0], path[:, 1]] = np.minimum.accumulate(along) - depth_m
    distance, (row, column) = ndimage.distance_transform_edt(np.isnan(level), return_indices=True)
    distance_m = distance * frame.pixel_m
    # The nearest course pixel changes abruptly inside bends: smooth its level.
    bed = ndimage.gaussian_filter(level[row, column], 4, mode="nearest")
    valley = bed + side * np.maximum(distance_m - 0.3 * width_m, 0) + 0.5 * depth_m * ramp(distance_m, 0, width_m)
    weight = 1 - ramp(distance_m, 0.6 * width_m, 4 * width_m)
    return elevation + weight * (np.minimum(valley, elevation) - elevation), bed


def _plain(frame: Frame, into_m: Field, river_distance_m: Field, rng: Generator) -> Field:
    """River plain: floodplain, two terraces, rolling upland, fans below the front; m."""
    pixel = frame.pixel_m
    level = RIVER_END_M + RIVER_GRADIENT * (frame.width_m - frame.x_m)
    ragged = river_distance_m * np.exp(0.28 * fractal(frame.shape, 2500 / pixel, 4, rng)) \
        + 120 * fractal(frame.shape, 500 / pixel, 3, rng)
    terraces = 7 * ramp(ragged, 350, 600) + 11 * ramp(ragged, 1500, 1900) + 34 * ramp(ragged, 2800, 8000)
    upland = ramp(ragged, 1800, 5000)
    swales = 1 - ridged(frame.shape, 1900 / pixel, 4, rng)
    swales = warp(swales, 18 * smooth_noise(frame.shape, 45, rng), 18 * smooth_noise(frame.shape, 45, rng))
    rolling = 9 * fractal(frame.shape, 3200 / pixel, 4, rng, gain=0.42) - 14 * (swales - 0.6)
    fans = 95 * np.exp(np.minimum(into_m, 0) / 2300)
    micro = 0.25 * fractal(frame.shape, 220 / pixel, 3, rng)
    return level + terraces + (0.12 + 0.88 * upland) * rolling + fans + micro


def _lakes(frame: Frame, window: Window, elevation: Field, into_m: Field, river_m: Field, rng: Generator,
           ) -> tuple[Field, Mask]:
    """Reservoirs on the upland and gravel pits along the river, cut level into the terrain."""
    area_km2 = frame.width_m * frame.height_m / 1e6
    ragged = fractal(frame.shape, 500 / frame.pixel_m, 4, rng)
    slope = ndimage.gaussian_filter(slope_aspect(elevation.astype(np.float32), window.ground_m())[0], 10)
    water = np.zeros(frame.shape, dtype=bool)

    def put(suitable: Mask, radius_m: float, rough: float) -> None:
        nonlocal water
        margin = int(1.2 * radius_m / frame.pixel_m)
        rows, columns = np.nonzero(suitable[margin:-margin, margin:-margin])
        if rows.size == 0:
            return
        pick = int(rng.integers(rows.size))
        row, column = rows[pick] + margin, columns[pick] + margin
        stretch, turn = rng.uniform(0.55, 0.95), rng.uniform(0, np.pi)
        dx, dy = frame.x_m - (column + 0.5) * frame.pixel_m, frame.y_m - (row + 0.5) * frame.pixel_m
        u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
        water |= np.hypot(u, v / stretch) + rough * radius_m * ragged < radius_m

    upland = (into_m < -1500) & (river_m > 3600) & (slope < 1.6)
    for _ in range(max(2, round(area_km2 / 130))):
        put(upland, rng.uniform(420, 950), 0.28)
    pits = (river_m > 120) & (river_m < 520) & (into_m < -3000)
    for _ in range(max(3, round(area_km2 / 60))):
        put(pits, rng.uniform(60, 190), 0.12)

    labels, count = ndimage.label(water)
    level = elevation.copy()
    for index, box in enumerate(ndimage.find_objects(labels), start=1):
        inside = labels[box] == index
        shore = np.percentile(elevation[box][inside], 15)
        level[box] = np.where(inside, shore, level[box])
    # Banks slope gently to the water.
    near = ndimage.gaussian_filter(level, 1.5)
    bank = ndimage.binary_dilation(water, iterations=4) & ~water
    return np.where(bank, near, level), water & (count > 0)


def make_terrain(window: Window, seed: int, heights: Heights = STEEP) -> Terrain:
    """Terrain of a window; deterministic in its arguments."""
    frame = Frame.of(window)
    pixel, width_m, height_m = frame.pixel_m, frame.width_m, frame.height_m
    rng = stream(seed, "terrain")
    front = FRONT_SHARE * width_m + 800 * smooth_noise((frame.shape[0], 1), (5500 / pixel, 1), rng)
    into_m = front - frame.x_m + 200 * fractal(frame.shape, 1300 / pixel, 3, rng)
    mountains = make_mountains(into_m, pixel, rng)

    mouth = mountains.canyon[-1][::-1] * pixel
    river_course = np.concatenate([mountains.canyon, _path(frame, (mouth[0], mouth[1]),
                                                           (1.12 * width_m, 0.60 * height_m), 700, 120, rng)])
    river_m = _distance_m(river_course, frame)
    elevation = _plain(frame, into_m, river_m, rng) + mountains.height
    # Valley sides are steep in the mountains, almost flat on the plain.
    side = 0.004 + 0.40 * ramp(into_m, -200, 900)
    elevation, bed = _carve(elevation, river_course, 4.0, 240, side, frame)
    stream_m = river_m
    springs = [(column * pixel, row * pixel) for row, column in mountains.creek_mouths]
    springs.append((0.47 * width_m, 0.03 * height_m))
    for spring, join in zip(springs, (0.62, 0.80, 0.90), strict=True):
        on_plain = river_course[np.argmin(np.abs(river_course[:, 1] - join * frame.shape[1]))]
        creek = _path(frame, spring, (on_plain[1] * pixel, on_plain[0] * pixel), 600, 75, rng)
        elevation, creek_bed = _carve(elevation, creek, 3.0, 130, 1.1 * side, frame)
        creek_m = _distance_m(creek, frame)
        bed = np.where(creek_m < stream_m, creek_bed, bed)
        stream_m = np.minimum(stream_m, creek_m)
    brook_m = _distance_m(mountains.creeks, frame)
    bed = np.where(brook_m < stream_m, ndimage.minimum_filter(elevation, 15), bed)
    stream_m = np.minimum(stream_m, brook_m)
    elevation, lakes = _lakes(frame, window, elevation, into_m, river_m, rng)
    if heights != STEEP:
        elevation, bed = heights.of(elevation), heights.of(bed)

    half_width = 22 + 20 * ramp(frame.x_m, FRONT_SHARE * width_m, width_m)
    river = (river_m < half_width) & (into_m < 1500)
    slope, aspect = slope_aspect(elevation.astype(np.float32), window.ground_m())
    return Terrain(frame, elevation, into_m, river_m, stream_m, np.maximum(elevation - bed, 0), river, lakes,
                   slope.astype(np.float64), aspect.astype(np.float64), northness(slope, aspect).astype(np.float64))
