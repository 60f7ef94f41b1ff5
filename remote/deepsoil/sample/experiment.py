"""The generated regions of the 5 cm experiment: a store each, and beside it what is true at the places that are scored.

    FOLDER/NAME          the store: covariates, SMAP of 36 km, stations, the dense product (channel ``hydroblocks``)
    FOLDER/NAME.npz      the truth for scoring alone:
        station   (P,) number of the station in the middle of a window, -1 for a random place
        place     (P, 2) column and row of the middle pixel
        days      (D,) datetime64[D] in the last year
        truth     (P, D, S, S) float32 θ at 5 cm in m³/m³ round the place, NaN on open water; the middle is S // 2

A training reads the stores, in which the group ``truth`` is never opened (`deepsoil.experiments`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.io import atomic
from deepsoil.sample.build import build_sample
from deepsoil.sample.dense_product import CHANNEL, DEPTH_CM
from deepsoil.sample.noise import stream
from deepsoil.sample.settings import REGION_SIZE, REGIONS, Setting
from deepsoil.sample.truth import Truth
from deepsoil.store.store import Store

START, END = date(2021, 12, 1), date(2023, 12, 31)
SIDE = 32                   # pixels of a scored window
RANDOM_PLACES = 8           # in a region, beside its stations
EVERY = 2                   # maps of the product: days that are scored

Say = Callable[[str], None]


def build_regions(folder: Path, say: Say, settings: Sequence[Setting] = REGIONS, *, size: int = REGION_SIZE,
                  start: date = START, end: date = END, seed: int = 0) -> list[Path]:
    """Build what is missing of the regions under ``folder`` and return their stores. DeepSoilError as `build_sample`.
    """
    stores = []
    for number, setting in enumerate(settings):
        store, scored = folder / setting.name, folder / f"{setting.name}.npz"
        if not scored.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            built = Store.open(store) if (store / "zarr.json").is_file() else build_sample(
                store, 1000 * seed + number, size=size, start=start, end=end, setting=setting)
            write_scored(built, scored, seed)
        stores.append(store)
        say(f"{setting.title}: {store}")
    return stores


def write_scored(store: Store, target: Path, seed: int) -> None:
    """Write the truth round the stations and at random places of a region on days of its last year."""
    truth, stations = Truth.open(store), store.stations()
    days = store.dates_of(CHANNEL)
    days = days[days >= days[-1].astype("datetime64[Y]").astype("datetime64[D]")][::EVERY]
    columns, rows = (np.floor(values).astype(np.int64)
                     for values in lonlat_to_pixel(stations.longitudes, stations.latitudes))
    random = _random_places(store, truth, stream(seed, f"scored places of {store.title}"))
    place = np.concatenate([np.stack([columns, rows], 1), random])
    windows = [window_round(int(column), int(row)) for column, row in place]
    maps = np.stack([np.stack([truth.theta(DEPTH_CM, day.item(), window) for day in days]) for window in windows])
    station = np.concatenate([np.arange(len(stations)), np.full(len(random), -1)])
    with atomic.replacing(target) as draft:
        np.savez(draft, station=station, place=place, days=days, truth=maps)


def window_round(column: int, row: int) -> Window:
    """The scored window whose middle pixel is given."""
    return Window(column - SIDE // 2, row - SIDE // 2, SIDE, SIDE)


def _random_places(store: Store, truth: Truth, rng: np.random.Generator) -> NDArray[np.int64]:
    """Pixels (P, 2) of land, column and row."""
    whole = store.window
    found: list[tuple[int, int]] = []
    while len(found) < RANDOM_PLACES:
        column, row = (first + SIDE // 2 + int(rng.integers(length - SIDE))
                       for first, length in ((whole.column, whole.width), (whole.row, whole.height)))
        if truth.landscape(Window(column, row, 1, 1))[0, 0] >= 0:
            found.append((column, row))
    return np.array(found, np.int64)
