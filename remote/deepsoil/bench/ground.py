"""An artificial store with every channel, for benchmarks and tests: smooth random fields, not realistic."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, WEATHER
from deepsoil.depths import DEPTHS
from deepsoil.grid import TILE, Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.store.store import Stations, Store
from deepsoil.store.writer import StoreWriter

WEST, NORTH = -98.0, 36.5
FIRST_DAY = date(2023, 5, 1)
_LAND_COVER = np.array([31, 21, 42, 52, 71, 81, 82], np.float32)
_KNOT_PIXELS = 16
_CELL_DEGREES = 1 / 24


def make_store(path: Path, side: int = 512, days: int = 60, seed: int = 0, *,
               stations: Stations | None = None) -> Store:
    """A finished store of ``side`` × ``side`` pixels (a multiple of 512) at 98° W, 36.5° N, from 1 May 2023 on."""
    rng = np.random.default_rng(seed)
    column, row = (int(value) // 512 * 512 for value in lonlat_to_pixel(WEST, NORTH))
    store = StoreWriter.create(path, name="made-up", title="Made-up ground", window=Window(column, row, side, side),
                               synthetic=True)
    dates = [FIRST_DAY + timedelta(days=n) for n in range(days)]
    for name in sorted({name for depth in DEPTHS.values() for name in depth.channels}):
        channel = CHANNELS[name]
        if channel.kind == "static":
            store.write_static(name, _field(rng, side, name), "random")
        elif channel.kind == "dated":
            store.write_dated(name, dates[::16], (_field(rng, side, name) for _ in dates[::16]), "random")
    west, south, east, north = store.window.bounds_lonlat
    longitudes = np.arange(west - _CELL_DEGREES, east + 2 * _CELL_DEGREES, _CELL_DEGREES)
    latitudes = np.arange(south - _CELL_DEGREES, north + 2 * _CELL_DEGREES, _CELL_DEGREES)[::-1]
    for name in (*WEATHER, "smap"):
        channel = CHANNELS[name]
        share = rng.random((days, latitudes.size, longitudes.size)) ** (4 if name == "precipitation" else 1)
        values = channel.minimum + (channel.maximum - channel.minimum) * share
        store.write_coarse(name, dates, longitudes, latitudes, values, "random")
    if stations is not None:
        store.write_stations(stations)
    return coverage.finish(store)


def _field(rng: np.random.Generator, side: int, name: str) -> NDArray[np.float32]:
    """Smooth values over the range of a channel; for classes, patches of a quarter of a tile."""
    channel = CHANNELS[name]
    if channel.classes:
        count = side // (TILE // 4)
        codes = _LAND_COVER if name == "land_cover" else np.arange(1, 31, dtype=np.float32)
        return np.kron(rng.choice(codes, (count, count)), np.ones((TILE // 4, TILE // 4), np.float32))
    knots = rng.random((side // _KNOT_PIXELS + 1,) * 2)
    position = np.arange(side) / _KNOT_PIXELS
    lower, share = position.astype(int), (position % 1)[:, None]
    rows = knots[lower] * (1 - share) + knots[lower + 1] * share
    values = rows[:, lower] * (1 - share.T) + rows[:, lower + 1] * share.T
    return (channel.minimum + (channel.maximum - channel.minimum) * values).astype(np.float32)
