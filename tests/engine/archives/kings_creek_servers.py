"""Kings Creek's own data, taken from the store of its recipe, in the form of the public archives, on local servers.

Every archive's grid is filled with the value of the store's pixel under it, so that only the archives' own grids and
packing stand between what was put in and what is gathered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio.warp
from affine import Affine
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.short_gaps import fill_short_gaps
from deepsoil.store.store import Store
from servers.awdb import MadeStation, awdb
from servers.crop_casma import crop_casma
from servers.elevation import STEP, serve_elevation
from servers.figshare import figshare
from servers.gridmet import MadeWeather, gridmet
from servers.image_server import image_server
from servers.mrlc import mrlc
from servers.ornl import ornl
from servers.ranges import range_server
from servers.rasters import Raster, geotiff
from servers.soil_data_access import soil_data_access
from servers.soilweb import soilweb
from servers.stac import MadeScene, Tokens, cog, stac

IMAGES = "/image/rest/services/CDL_WM/ImageServer"
UTM, UNIT = 32614, 1501100
SPREAD_K = 5.0
THETA = 0.31


@dataclass
class Held:
    """``store`` of the recipe; ``addresses``: server → base address."""

    store: Store
    addresses: dict[str, str]

    def at(self, channel: str, longitudes: np.ndarray, latitudes: np.ndarray, layer: int | None = None) -> np.ndarray:
        """The values of the store's pixels under positions; NaN outside."""
        window = self.store.window
        values = self.store.read_static(channel, window) if layer is None else self.store.read_layer(channel, layer,
                                                                                                     window)
        columns, rows = (np.floor(one).astype(int) for one in lonlat_to_pixel(longitudes, latitudes))
        x, y = columns - window.column, rows - window.row
        inside = (x >= 0) & (x < window.width) & (y >= 0) & (y < window.height)
        found = np.full(np.shape(longitudes), np.nan)
        found[inside] = values[y[inside], x[inside]]
        return found


@contextmanager
def kings_creek(store: Store, box: tuple[float, float, float, float], folder: Path) -> Iterator[Held]:
    """All servers, with what the recipe's ``store`` has in ``box`` (degrees) and a margin."""
    held, margin = Held(store, {}), 0.03
    bounds = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    with ExitStack() as stack:
        tiles = stack.enter_context(range_server())
        held.addresses["3dep"] = held.addresses["3dep_service"] = serve_elevation(tiles, folder, *_land(held, bounds))
        for name, server in (
                ("soilweb", soilweb(Raster.around(bounds, lambda x, y: np.full(np.shape(x), UNIT), dtype="int32",
                                                  nodata=2147483647))),
                ("soil_data_access", soil_data_access(_soil(store))),
                ("mrlc", mrlc({2022: Raster.around(bounds, lambda x, y: _classes(held, "land_cover", x, y))})),
                ("cdl", image_server(IMAGES, {2023: Raster.around(
                    bounds, lambda x, y: _classes(held, "crop", x, y), crs="EPSG:3857")})),
                ("figshare", figshare(_climate(store))), ("gridmet", gridmet(_weather(store, box)))):
            held.addresses[name] = stack.enter_context(server).base
        held.addresses["gridmet_yearly"] = f"{held.addresses['gridmet']}/metdata/data"
        held.addresses["gridmet"] += "/thredds"
        for name, plain in (
                ("awdb", awdb([_station(store), _far_station()])),
                ("hls", stac(list(_scenes(held, bounds)), tokens=Tokens())),
                ("ornl", ornl([date(2023, 6, day) for day in (2, 10, 18)], lambda day, x, y: np.full(x.shape, 21),
                              lambda day, x, y: np.zeros(x.shape))),
                ("crop_casma", crop_casma(lambda day, x, y: np.full(x.shape, 0.25)))):
            held.addresses[name] = stack.enter_context(plain).url
        held.addresses["planetary_computer_tokens"] = held.addresses["hls"]
        yield held


def _land(held: Held, bounds: tuple[float, ...]) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    west, south, east, north = (round(value / STEP) for value in bounds)
    longitudes, latitudes = np.meshgrid(STEP * (np.arange(west, east) + 0.5),
                                        STEP * (np.arange(north, south, -1) - 0.5))
    return (held.at("elevation", longitudes, latitudes).astype(np.float32),
            (west * STEP, south * STEP, east * STEP, north * STEP))


def _classes(held: Held, channel: str, longitudes: np.ndarray, latitudes: np.ndarray) -> np.ndarray:
    return np.nan_to_num(held.at(channel, longitudes, latitudes)).astype(np.uint8)


def _soil(store: Store) -> dict[str, pd.DataFrame]:
    """One map unit of one component with one horizon: the recipe's soil is the same everywhere."""
    names = {"sandtotal_r": "sand", "silttotal_r": "silt", "claytotal_r": "clay", "dbthirdbar_r": "bulk_density",
             "om_r": "organic_matter"}
    values = {column: float(store.read_static(name, Window(store.window.column, store.window.row, 1, 1))[0, 0])
              for column, name in names.items()}
    return {"mapunit": pd.DataFrame({"mukey": [UNIT], "nationalmusym": ["x"], "muname": ["Florence"]}),
            "component": pd.DataFrame({"mukey": [UNIT], "cokey": [1], "compname": ["Florence"], "comppct_r": [100],
                                       "compkind": ["Series"]}),
            "chorizon": pd.DataFrame([{"cokey": 1, "hzdept_r": 0, "hzdepb_r": 150, **values, "ksat_r": 9.0,
                                       "awc_r": 0.15, "wthirdbar_r": 30.0, "wfifteenbar_r": 15.0,
                                       "wsatiated_r": None}])}


def _climate(store: Store) -> bytes:
    code = int(store.read_static("koppen", Window(store.window.column, store.window.row, 1, 1))[0, 0])
    classes = np.full((3120, 7200), code, np.uint8)
    classes[::7, ::5] = code
    return geotiff(classes, Affine(1 / 120, 0, -126, 0, -1 / 120, 50), crs="EPSG:4326", nodata=0, compress="lzw")


def _weather(store: Store, box: tuple[float, float, float, float]) -> MadeWeather:
    """The recipe's weather, the same on every cell; short gaps as they are filled at reading.

    gridMET has whole years, so the days before the recipe's first get the values of the year after.
    """
    cells = Cells.around(box)
    series = {name: fill_short_gaps(name, store.coarse(name).values)[0].mean(axis=(1, 2))
              for name in ("precipitation", "temperature", "vpd", "pet")}
    kelvin = series["temperature"] + 273.15
    of_variable = {"pr": series["precipitation"], "tmmn": kelvin - SPREAD_K, "tmmx": kelvin + SPREAD_K,
                   "vpd": series["vpd"], "pet": series["pet"]}
    first = store.coarse("precipitation").dates[0].item()
    before = (first - date(first.year, 1, 1)).days
    shape = (before + series["pet"].size, cells.bottom - cells.top, cells.right - cells.left)
    whole = {name: np.concatenate([values[365 - before:365], values]) for name, values in of_variable.items()}
    return MadeWeather(date(first.year, 1, 1), cells, {
        name: np.broadcast_to(values[:, None, None], shape).astype(float).copy() for name, values in whole.items()})


def _station(store: Store) -> MadeStation:
    hours = pd.date_range("2021-07-01", "2024-01-02", freq="h")
    lon, lat = -96.59, 39.09
    return MadeStation("2093:KS:SCAN", "Made of Kings Creek", lon, lat, -6.0, hours,
                       {2: np.full(hours.size, THETA), 8: np.full(hours.size, THETA + 0.02)},
                       {2: np.full(hours.size, 12.0)})


def _far_station() -> MadeStation:
    """The list of SNOTEL is never empty."""
    hours = pd.date_range("2023-01-01", "2023-01-02", freq="h")
    return MadeStation("1:CO:SNTL", "Far away", -105.0, 40.0, -8.0, hours, {2: np.full(hours.size, 0.2)})


def _scenes(held: Held, bounds: tuple[float, float, float, float]) -> Iterator[MadeScene]:
    """The recipe's NDVI as red and near infrared of HLS; where it has none, Fmask shows a cloud."""
    west, south, east, north = rasterio.warp.transform_bounds("EPSG:4326", f"EPSG:{UTM}", *bounds)
    left, top = 30 * (west // 30), 30 * (north // 30 + 1)
    columns, rows = int((east - left) / 30), int((top - south) / 30)
    x, y = np.meshgrid(left + 30 * (np.arange(columns) + 0.5), top - 30 * (np.arange(rows) + 0.5))
    lon, lat = rasterio.warp.transform(f"EPSG:{UTM}", "EPSG:4326", x.ravel().tolist(), y.ravel().tolist())
    places = np.reshape(lon, x.shape), np.reshape(lat, x.shape)
    for number, day in enumerate(held.store.dates_of("ndvi")):
        ndvi = held.at("ndvi", *places, layer=number)
        known = np.isfinite(ndvi)
        red = np.where(known, 1000, -9999).astype(np.int16)
        nir = np.where(known, np.rint(1000 * (1 + np.nan_to_num(ndvi)) / (1 - np.nan_to_num(ndvi))), -9999)
        grids = {"B04": (red, -9999), "B8A": (nir.astype(np.int16), -9999),
                 "Fmask": (np.where(known, 0, 0b10).astype(np.uint8), 255)}
        when = day.item()
        yield MadeScene(f"HLS.S30.T14SPJ.{when:%Y%j}T171859.v2.0", "hls2-s30", when, bounds,
                        {name: cog(values, left, top, 30, UTM, nodata) for name, (values, nodata) in grids.items()},
                        {"eo:cloud_cover": 5}, {"B04": {"scale": 0.0001}})
