"""A made-up field of 65 ha with soils, weather and crops, for the benchmarks of the simulated field; not realistic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from deepsoil.grid import Window, lonlat_to_pixel, pixel_to_lonlat
from deepsoil.inputs import coverage
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

FIELD_HA = 65.0
FIRST_DAY, DAYS = np.datetime64("2020-01-01"), 3 * 365
_SIDE = 512
_CORN, _GRASS = 82.0, 71.0


def make_farm(path: Path, seed: int = 0) -> Store:
    """A store with texture that changes by some tens of per cent over a kilometre, two covers, and three years."""
    rng = np.random.default_rng(seed)
    column, row = (int(value) // _SIDE * _SIDE for value in lonlat_to_pixel(-98.0, 36.5))
    store = StoreWriter.create(path, name="farm", title="Made-up farm", window=Window(column, row, _SIDE, _SIDE),
                               synthetic=True)
    down, across = np.mgrid[:_SIDE, :_SIDE]
    clay = 22 + 8 * np.sin(across / 11.0) * np.cos(down / 13.0)
    sand = 40 + 12 * np.cos(across / 17.0 + down / 23.0)
    for name, values in (("sand", sand), ("clay", clay), ("silt", 100 - sand - clay),
                         ("land_cover", np.where(across % 64 < 48, _CORN, _GRASS))):
        store.write_static(name, values.astype(np.float32), "made up")
    days = np.arange(DAYS)
    shape = (DAYS, 3, 3)
    rain = np.where(rng.random((DAYS, 1, 1)) < 0.25, rng.exponential(9.0, shape), 0.0)
    season = -np.cos(2 * np.pi * days / 365)[:, None, None]
    west, south, east, north = store.window.bounds_lonlat
    axes = np.linspace(west, east, 3), np.linspace(north, south, 3)
    for name, fields in (("precipitation", rain), ("pet", 3.2 + 2.6 * season), ("temperature", 12 + 14 * season)):
        store.write_coarse(name, FIRST_DAY + days, *axes, np.broadcast_to(fields, shape).astype(np.float32), "made up")
    return Store.open(coverage.finish(store).path)


def outline(store: Store) -> shapely.Geometry:
    """The field, in degrees: a square in the middle of the store."""
    lon, lat = pixel_to_lonlat(*(np.array([start + _SIDE / 2 + 0.5])
                                 for start in (store.window.column, store.window.row)))
    half_degrees = 0.5 * np.sqrt(FIELD_HA * 1e4) / 111_195.0
    wide = half_degrees / np.cos(np.radians(lat[0]))
    return shapely.box(lon[0] - wide, lat[0] - half_degrees, lon[0] + wide, lat[0] + half_degrees)
