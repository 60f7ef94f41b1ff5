"""A small store of known texture, cover and weather, and an own way to a pixel's label, for the tests of labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import Plant, leaf_area_of
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

COLUMN, ROW = (int(value) // 512 * 512 for value in lonlat_to_pixel(-98.0, 36.5))
HERE = Window(COLUMN, ROW, 512, 512)
DATES = np.arange("2022-12-01", "2023-01-26", dtype="datetime64[D]")
SPINUP_DAYS = 20
WEATHER = ("precipitation", "pet", "temperature")
# sand, silt, clay of the quarters; the second does not quite sum to 100, the last is on an edge of the triangle
TEXTURES = np.array([[60.3, 30.1, 9.6], [19.0, 59.0, 20.0], [33.3, 33.3, 33.4], [92.6, 7.4, 0.0]], np.float32)
COVERS = (71, 82, 41, 95)
WATER, NO_TEXTURE, BAD_TEXTURE, NO_COVER = ((slice(a, a + 20), slice(a, a + 30)) for a in (40, 150, 300, 420))


def maps() -> dict[str, np.ndarray]:
    """Static maps (512, 512): quarters of texture, stripes of cover across them, and four rectangles of trouble."""
    quarter = np.add.outer(2 * (np.arange(512) // 256), np.arange(512) // 256)
    texture = TEXTURES[quarter].copy()
    texture[(*NO_TEXTURE, 0)] = np.nan
    texture[BAD_TEXTURE] = 20.0
    cover = np.broadcast_to(np.array(COVERS, np.float32)[np.arange(512) // 64 % 4], (512, 512)).copy()
    cover[WATER], cover[NO_COVER] = 11, np.nan
    return {"sand": texture[..., 0], "silt": texture[..., 1], "clay": texture[..., 2], "land_cover": cover,
            "koppen": np.where(np.arange(512)[:, None] < 200, 7.0, 14.0) * np.ones((512, 512)),
            "elevation": np.add.outer(np.arange(512.0), np.arange(512.0))}


def axes(cells: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the weather cells, of which a single one is possible: longitudes ascending, latitudes descending."""
    west, south, east, north = HERE.bounds_lonlat
    inner = (np.arange(cells) + 0.5) / cells
    return west + inner * (east - west), north - inner * (north - south)


def weather(cells: int = 3) -> dict[str, np.ndarray]:
    """Daily fields (T, ny, nx)."""
    rng = np.random.default_rng(3)
    shape = (DATES.size, cells, cells)
    return {"precipitation": 14 * np.maximum(rng.random(shape) - 0.6, 0), "pet": 1 + 3 * rng.random(shape),
            "temperature": 6 + 8 * rng.random(shape)}


def make(path: Path, *, static: dict[str, np.ndarray] | None = None, coarse: dict[str, np.ndarray] | None = None,
         cells: int = 3) -> Store:
    """A finished store of HERE; ``static`` and ``coarse`` stand for all that would be there otherwise."""
    store = StoreWriter.create(path, name="labelled", title="Labelled ground", window=HERE, synthetic=True)
    for name, values in (maps() if static is None else static).items():
        store.write_static(name, values, "made up")
    for name, values in (coarse or weather(cells)).items():
        store.write_coarse(name, DATES, *axes(cells), values, "made up")
    return Store.open(coverage.finish(store).path)


def labelled() -> np.ndarray:
    """Where `maps` has soil (512, 512)."""
    mask = np.ones((512, 512), bool)
    for place in (WATER, NO_TEXTURE, BAD_TEXTURE):
        mask[place] = False
    return mask


def nearest_texture(texture: np.ndarray, step: int) -> np.ndarray:
    """The point of the lattice next to a texture, by looking at all of them."""
    nodes = np.array([(a, b, 100 - a - b) for a in range(0, 101, step) for b in range(0, 101 - a, step)])
    return nodes[np.argmin(((nodes - 100 * texture / texture.sum()) ** 2).sum(axis=1))]


LITTER = {"grass": 0.7, "crop": 0.3, "forest": 0.9, "shrub": 0.3, "bare": 0.0, "wetland": 0.0}


def own_water_use(cover: str, rain: np.ndarray, pet: np.ndarray, temperature: np.ndarray, lai: np.ndarray,
                  ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rain that reaches the ground, demand, share of the roots), each (T,), day by day from the formulas alone."""
    ground, demand, share = np.empty(pet.shape), np.empty(pet.shape), np.empty(pet.shape)
    for day in range(pet.size):
        leaves = min(0.95, 1 - np.exp(-0.55 * lai[day]))
        liquid = rain[day] * min(max((temperature[day] - 0.6) / 1.9, 0.0), 1.0)
        room = 0.25 * lai[day]
        kept = min(room - room / (1 + leaves * liquid / room), pet[day] * leaves)
        kept += min(liquid - kept, 2.0 * LITTER[cover], (pet[day] - kept) * (1 - leaves))
        used = leaves + (1 - leaves) * (1 - LITTER[cover]) ** 0.44
        ground[day], demand[day], share[day] = rain[day] - kept, (pet[day] - kept) * used, leaves / used
    return ground, demand, share


def own_label(row: int, column: int, *, step: int = 1, fallow: bool = False, cells: int = 3) -> np.ndarray:
    """θ (depths, T) of a pixel of `maps`, from simulations of its own texture and cover in the cells round it."""
    here, fields = maps(), weather(cells)
    sand, silt, clay = nearest_texture(np.array([here[name][row, column] for name in ("sand", "silt", "clay")]), step)
    code = here["land_cover"][row, column]
    group = next(group for group in GROUPS if (71 if np.isnan(code) else int(code)) in group.classes)
    lon, lat = (axis[index] for axis, index in zip(HERE.lonlat_centres(), (column, row), strict=True))
    longitudes, latitudes = axes(cells)
    east = np.array([np.interp(lon, longitudes, unit) for unit in np.eye(cells)])
    north = np.array([np.interp(lat, latitudes[::-1], unit[::-1]) for unit in np.eye(cells)])
    total = np.zeros((2, DATES.size))
    for j, i in zip(*np.nonzero(np.outer(north, east)), strict=True):
        forcing = Forcing(*(fields[name].astype(np.float32)[:, j, i] for name in WEATHER))
        more: dict[str, Any] = {"root_depth_cm": group.root_depth_cm, "irrigation": forcing.pet if group.wet else None}
        if not fallow:
            lai = leaf_area_of([Plant(group)], forcing, DATES, latitudes[[j]])[0]
            rain, demand, share = own_water_use(group.name, forcing.precipitation[0], forcing.pet[0],
                                                forcing.temperature[0], lai)
            forcing = replace(forcing, precipitation=np.maximum(rain, 0.0), pet=demand)
            more |= {"transpiration_fraction": share[None],
                     "settings": ColumnSettings(matching_point=True, rain_hours=6.0)}
        result = simulate_columns(parameters([sand], [silt], [clay]), forcing, np.array([0]), depths_cm=(5.0, 20.0),
                                  spinup_days=SPINUP_DAYS, **({} if fallow else more))
        total += north[j] * east[i] * result.theta[0]
    return total
