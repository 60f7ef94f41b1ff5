"""A store of two kinds of country, side by side, whose features are known, for the tests of extents and clusters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

COLUMN, ROW = (int(value) // 512 * 512 for value in lonlat_to_pixel(-98.0, 36.5))
HERE = Window(COLUMN, ROW, 1024, 512)
DATES = np.arange("2021-01-01", "2023-01-01", dtype="datetime64[D]")
WEST, EAST = slice(0, 512), slice(512, 1024)
ROWS = (130, 260, 380)
COLUMNS = (100, 230, 330, 690, 800, 920)


def _halves(west: float, east: float) -> np.ndarray:
    values = np.full(HERE.shape, west, np.float32)
    values[:, EAST] = east
    return values


def maps() -> dict[str, np.ndarray]:
    """Static maps (512, 1024): dry sandy grassland in the west, wet clayey cropland in the east, with noise."""
    rng = np.random.default_rng(7)
    sand = _halves(70, 15) + rng.normal(0, 2, HERE.shape).astype(np.float32)
    clay = _halves(8, 40) + rng.normal(0, 1, HERE.shape).astype(np.float32)
    ramp = np.add.outer(np.arange(512.0), np.arange(1024.0)).astype(np.float32)
    cover = np.where(rng.random(HERE.shape) < 0.9, _halves(71, 82), 41).astype(np.float32)
    return {"sand": sand, "clay": clay, "silt": 100 - sand - clay, "land_cover": cover, "elevation": 400 + 0.1 * ramp,
            "slope": np.full(HERE.shape, 2.0, np.float32) + rng.normal(0, 0.2, HERE.shape).astype(np.float32)}


def weather() -> dict[str, np.ndarray]:
    """Daily fields (T, 1, 2), a cell for each half: twice the rain in the east."""
    rng = np.random.default_rng(3)
    season = np.cos(2 * np.pi * (np.arange(DATES.size) - 200) / 365.25)[:, None, None]
    halves = np.array([1.0, 2.0])[None, None]
    shape = (DATES.size, 1, 2)
    return {"precipitation": halves * 3 * np.maximum(rng.random(shape) - 0.5, 0), "pet": 3.5 + 2 * season + 0 * halves,
            "temperature": 10 + 12 * season + halves, "vpd": np.ones(shape),
            "smap": np.clip(0.1 * halves - 0.03 * season, 0, 0.6)}


def stations() -> Stations:
    """Eighteen, nine in each half, with a value of its own each that falls day by day."""
    rows, columns = (values.ravel() for values in np.meshgrid(ROWS, COLUMNS, indexing="ij"))
    longitudes, latitudes = (axis[i] for axis, i in zip(HERE.lonlat_centres(), (columns, rows), strict=True))
    level = np.where(columns < 512, 0.12, 0.30)[:, None, None] - 5e-5 * np.arange(DATES.size)
    names = [f"s{n:02d}" for n in range(rows.size)]
    return Stations(names, names, ["made up"] * rows.size, longitudes, latitudes, np.array([20.0]), DATES,
                    level.astype(np.float32), np.full(level.shape, 8.0, np.float32))


def make(path: Path, *, without: tuple[str, ...] = (), with_stations: bool = True) -> Store:
    """The finished store, without the channels named."""
    store = StoreWriter.create(path, name="halves", title="Two halves", window=HERE, synthetic=True)
    for name, values in maps().items():
        if name not in without:
            store.write_static(name, values, "made up")
    west, south, east, north = HERE.bounds_lonlat
    longitudes = np.array([west + 0.25 * (east - west), west + 0.75 * (east - west)])
    for name, values in weather().items():
        if name not in without:
            store.write_coarse(name, DATES, longitudes, np.array([(south + north) / 2]), values, "made up")
    if with_stations:
        store.write_stations(stations())
    return Store.open(coverage.finish(store).path)
