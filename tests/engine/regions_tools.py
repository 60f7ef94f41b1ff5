"""Small regions of a truth that is known, laid out as `deepsoil sample DIR --regions` does, for the experiment's tests.

θ follows clay, the time of the year and a slow wave, and is higher by `WETTER` where the land cover is wetland; the
product is too wet by `TOO_WET` and stations are right. There may be a pond, where nothing is known of θ.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml
from deepsoil.experiments.regions_plan import RegionsPlan, read_regions_plan
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.store.series import Stations
from deepsoil.store.writer import StoreWriter

NAMES = ("east", "north", "west")
HELD_OUT = "west"
CORNERS = {"east": (-90.0, 36.5), "north": (-98.0, 44.0), "west": (-106.0, 36.5)}
SIZE, SIDE = 512, 16
DATES = np.arange("2021-12-01", "2024-01-01", dtype="datetime64[D]")
DAYS = np.arange("2022-01-01", "2024-01-01", 16, dtype="datetime64[D]")
LAST_YEAR = np.datetime64("2023-01-01")
SCORED = DAYS[DAYS >= LAST_YEAR]
TOO_WET, WETTER = 0.05, 0.08
GRASS, WETLAND, OPEN_WATER = 71, 90, 11
WET = np.s_[45:55, 116:140], np.s_[44:47, 44:47]   # rows and columns: at a random place, and near a station
POND = np.s_[98:103, 104:107]
ROWS, COLUMNS = (20, 40, 40, 170, 165), (20, 20, 40, 165, 30)
RANDOM = ((100, 100), (120, 50))
SHIPPED = Path(__file__).parents[2] / "resources" / "training" / "tables-regions.yaml"
FULL = "MSE + suction of stations"


def plan_file(folder: Path, **changes: object) -> Path:
    """The shipped plan, made small, for the regions in ``folder``."""
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(SHIPPED.read_text()) | {
        "base": str(SHIPPED.with_name("deepsoil-5cm.yaml")), "regions": "regions", "held_out": [HELD_OUT],
        "one_station_in": 3, "network": {"kind": "surface_unet", "width": 4}, "clusters": 2, "random_windows": 30,
        "variants": {FULL: {"suction_of": "stations", "weight_decay": {"factor": 0.8, "epochs": 1}},
                     "MSE": {"suction_of": "product"}}, "steps": 4, "epochs": 2, "batch": 2,
        "causes": {"variant": "MSE"}} | changes))
    return path


def small_plan(folder: Path, **changes: object) -> RegionsPlan:
    return read_regions_plan(plan_file(folder, **changes))


def cover_of(wet: bool) -> np.ndarray:
    """NLCD (H, W)."""
    cover = np.full((SIZE, SIZE), float(GRASS))
    if wet:
        for part in WET:
            cover[part] = WETLAND
        cover[POND] = OPEN_WATER
    return cover


def window_of(name: str) -> Window:
    column, row = (int(value) // 512 * 512 for value in lonlat_to_pixel(*CORNERS[name]))
    return Window(column, row, SIZE, SIZE)


def clay_of(name: str) -> np.ndarray:
    """Per cent (H, W), alike within blocks of 64 pixels."""
    blocks = np.random.default_rng(NAMES.index(name)).uniform(8, 40, (8, 8))
    return np.kron(blocks, np.ones((SIZE // 8, SIZE // 8)))


def truth_of(clay: np.ndarray, days: np.ndarray) -> np.ndarray:
    """θ (..., T) m³/m³ of grass."""
    number = (days - DATES[0]).astype(float)
    wave = 0.04 * np.cos(2 * np.pi * number / 365.25) + 0.02 * np.sin(number / 9)
    return (0.06 + 0.007 * clay)[..., None] + wave


def truth_maps(name: str, days: np.ndarray, wet: bool) -> np.ndarray:
    """θ (H, W, T) m³/m³ of a whole region, NaN on the pond."""
    cover = cover_of(wet)[..., None]
    theta = truth_of(clay_of(name), days) + WETTER * (cover == WETLAND)
    return np.where(cover == OPEN_WATER, np.nan, theta)


def _weather(name: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(10 + NAMES.index(name))
    season = np.cos(2 * np.pi * (np.arange(DATES.size) - 200) / 365.25)[:, None, None]
    shape = (DATES.size, 2, 2)
    fields = {"precipitation": 6 * np.maximum(rng.random((DATES.size, 1, 1)) - 0.6, 0), "pet": 3.5 + 2 * season,
              "temperature": 12 + 8 * season, "vpd": np.ones((DATES.size, 1, 1)), "smap": 0.25 - 0.03 * season}
    return {channel: np.broadcast_to(values, shape).copy() for channel, values in fields.items()}


def make_regions(folder: Path, wet: bool = False) -> Path:
    """The stores and the files of their truth in ``folder``, which is returned; ``wet``: with wetland and a pond."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        window, clay = window_of(name), clay_of(name)
        store = StoreWriter.create(folder / name, name=name, title=name, window=window, synthetic=True)
        statics = {"clay": clay, "sand": 90 - 1.5 * clay, "silt": 10 + 0.5 * clay,
                   "land_cover": cover_of(wet),
                   "elevation": 300 + np.add.outer(np.arange(SIZE), np.arange(SIZE)), "slope": 1 + 0.01 * clay}
        for channel, values in statics.items():
            store.write_static(channel, values, "made up")
        west, south, east, north = window.bounds_lonlat
        for channel, values in _weather(name).items():
            store.write_coarse(channel, DATES, np.array([west, east]), np.array([north, south]), values, "made up")
        store.write_dated("hydroblocks", [day.item() for day in DAYS],
                          (truth_maps(name, np.array([day]), wet)[..., 0] + TOO_WET for day in DAYS), "made up")
        longitudes, latitudes = (axis[list(at)] for axis, at in zip(window.lonlat_centres(), (COLUMNS, ROWS),
                                                                    strict=True))
        theta = truth_of(clay[list(ROWS), list(COLUMNS)], DATES)[:, None].astype(np.float32)
        ids = [f"s{n}" for n in range(len(ROWS))]
        store.write_stations(Stations(ids, ids, ["A", "B", "A", "B", "A"], longitudes, latitudes, np.array([5.0]),
                                      DATES, theta, np.full_like(theta, 12.0)))
        coverage.finish(store)
        places = [*zip(COLUMNS, ROWS, strict=True), *RANDOM]
        half = SIDE // 2
        whole = truth_maps(name, SCORED, wet).transpose(2, 0, 1)
        maps = [whole[:, row - half:row + half, column - half:column + half] for column, row in places]
        np.savez(folder / f"{name}.npz", station=np.array([*range(len(ROWS)), -1, -1]), days=SCORED,
                 place=np.array(places) + np.array([window.column, window.row]), truth=np.array(maps, np.float32))
    return folder
