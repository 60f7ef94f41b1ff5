"""Small files in the layouts that archives document, for the tests of the readers. Nothing of an archive is in them.

SMAP: JPL D-72551 (L3 product specification), EASE-Grid 2.0 of Brodzik et al. 2012. LAI: MODIS C6.1 and VIIRS LAI/FPAR
user's guides, MODIS sinusoidal tiles. Landsat: USGS LSDS-1618 and LSDS-1619. POLARIS: its README. gNATSGO: SSURGO table
column descriptions. HydroBlocks: the post-processing that Vergopolan et al. publish.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import rasterio
import xarray as xr
from affine import Affine
from deepsoil.ease_grid import EaseGrid
from deepsoil.sources.lai_files import SINUSOIDAL, tile_transform
from pyproj import Transformer

Values = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(longitude, latitude) in degrees → values."""
LAI_TILE = "h10v05"


def smap(folder: Path, day: date, grid: EaseGrid, am: float, pm: float | None = None, *, flag: int = 0,
         release: str = "R19240_001", shift: float = 0.0, fill: float = -9999.0) -> Path:
    """A daily file whose cells within 0.5 degrees of the window have one value; all others are fill."""
    enhanced = "_E" if grid.columns > 2000 else ""
    path = folder / f"SMAP_L3_SM_P{enhanced}_{day:%Y%m%d}_{release}.h5"
    rows = np.flatnonzero(np.abs(grid.latitudes - 39.1) < 0.5)
    columns = np.flatnonzero(np.abs(grid.longitudes + 96.6) < 0.5)
    part = np.s_[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    with h5py.File(path, "w") as file:
        for name, suffix, value in (("AM", "", am), ("PM", "_pm", -9999.0 if pm is None else pm)):
            group = file.create_group(f"Soil_Moisture_Retrieval_Data_{name}")
            for field, kind, missing, inside in (
                    ("soil_moisture", "f4", fill, value), ("latitude", "f4", -9999.0, grid.latitudes[rows][:, None]),
                    ("longitude", "f4", -9999.0, grid.longitudes[columns][None, :] + shift),
                    ("retrieval_qual_flag", "u2", 65534, flag)):
                data = group.create_dataset(field + suffix, grid.shape, kind, chunks=(64, 64), fillvalue=missing)
                data.attrs["_FillValue"] = np.array(missing, kind)
                data[part] = np.broadcast_to(inside, (rows.size, columns.size))
    return path


def lai_arrays(values: Values, flags: int | np.ndarray = 0) -> tuple[np.ndarray, np.ndarray]:
    """Stored LAI (tenths) and flags of the tile; fill (253, barren) away from the window."""
    transform = tile_transform(LAI_TILE)
    x, y = transform @ (np.arange(2400) + 0.5, np.arange(2400) + 0.5)
    lon, lat = Transformer.from_crs(SINUSOIDAL, 4326, always_xy=True).transform(*np.meshgrid(x, y))
    near = (np.abs(lon + 96.6) < 0.4) & (np.abs(lat - 39.1) < 0.4)
    stored = np.where(near, np.round(values(lon, lat) * 10), 253).astype(np.uint8)
    return stored, np.broadcast_to(np.asarray(flags, np.uint8), stored.shape).copy()


def lai_hdf5(path: Path, lai: np.ndarray, flags: np.ndarray, scale: float = 0.1) -> Path:
    with h5py.File(path, "w") as file:
        group = file.create_group("HDFEOS/GRIDS/VNP_Grid_VNP15A2H/Data Fields")
        for name, values in (("Lai", lai), ("FparLai_QC", flags)):
            group.create_dataset(name, data=values, compression="gzip").attrs["scale_factor"] = \
                scale if name == "Lai" else 1.0
    return path


def lai_hdf4(path: Path, lai: np.ndarray, flags: np.ndarray, scale: float = 0.1) -> Path:
    from pyhdf.SD import SD, SDC

    file = SD(str(path), SDC.WRITE | SDC.CREATE)
    for name, values in (("Lai_500m", lai), ("FparLai_QC", flags)):
        data = file.create(name, SDC.UINT8, values.shape)
        data[:] = values
        if name == "Lai_500m":
            data.scale_factor = scale
        data.endaccess()
    file.end()
    return path


def lai_geotiffs(folder: Path, stem: str, lai: np.ndarray, flags: np.ndarray) -> Path:
    """A pair as AppEEARS gives it, cut out of the tile; the path of the leaf area."""
    rows, columns = np.s_[100:500], np.s_[1000:1400]
    transform = tile_transform(LAI_TILE) @ Affine.translation(1000, 100)
    for name, values in ((stem, lai), (stem.replace("_Lai_500m_", "_FparLai_QC_"), flags)):
        geotiff(folder / name, values[rows, columns], transform, SINUSOIDAL)
    return folder / stem


def geotiff(path: Path, values: np.ndarray, transform: Affine, crs: object, nodata: float | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
                       dtype=values.dtype, crs=crs, transform=transform, nodata=nodata) as out:
        out.write(values, 1)
    return path


def landsat(folder: Path, day: date, red: Values, nir: Values, qa: Values | None = None, *, sensor: str = "LC08",
            level: str = "L2SP", collection: str = "02") -> list[Path]:
    """The red, near infrared and QA files of a scene in UTM zone 14; 21824 is clear land."""
    transform = Affine(30, 0, 700000, 0, -30, 4335000)
    x, y = np.meshgrid(700015 + 30.0 * np.arange(500), 4334985 - 30.0 * np.arange(400))
    lon, lat = Transformer.from_crs(32614, 4326, always_xy=True).transform(x, y)
    bands = {"SR_B4": red, "SR_B5": nir} if sensor in ("LC08", "LC09") else {"SR_B3": red, "SR_B4": nir}
    layers = {name: np.round((make(lon, lat) + 0.2) / 2.75e-5).astype(np.uint16) for name, make in bands.items()}
    layers["QA_PIXEL"] = np.broadcast_to(qa(lon, lat) if qa else 21824, lon.shape).astype(np.uint16)
    scene = f"{sensor}_{level}_028033_{day:%Y%m%d}_20240101_{collection}_T1"
    return [geotiff(folder / f"{scene}_{name}.TIF", values, transform, "EPSG:32614", 0 if name != "QA_PIXEL" else 1)
            for name, values in layers.items()]


def polaris(root: Path, variable: str, values: Values, tile: str = "lat3940_lon-97-96", west: float = -97.0,
            north: float = 40.0, depth: str = "0_5") -> Path:
    """A tile of one degree, at a tenth of the published resolution."""
    step = 1 / 360
    lon, lat = np.meshgrid(west + step * (np.arange(360) + 0.5), north - step * (np.arange(360) + 0.5))
    return geotiff(root / variable / "mean" / depth / f"{tile}.tif", values(lon, lat).astype(np.float32),
                   Affine(step, 0, west, 0, -step, north), "EPSG:4326", -9999.0)


def gnatsgo(root: Path, *, dtype: str = "int32", nodata: float = 2147483647) -> None:
    """Two map units, west and east of the window's middle, and their tables as a release exports them."""
    x, y = Transformer.from_crs(4326, 5070, always_xy=True).transform(-96.585, 39.085)
    keys = np.full((600, 600), 1483100, dtype)
    keys[:, 300:] = 1483200
    keys[:20] = nodata
    geotiff(root / "mukey.tif", keys, Affine(30, 0, x - 9000, 0, -30, y + 9000), "EPSG:5070", nodata)
    pd.DataFrame({"MUKEY": ["1483100", "1483200"], "aws0_5": [9.5, 4.0], "tk0_150a": [150.0, 60.0],
                  }).to_csv(root / "valu1.csv", index=False)
    pd.DataFrame({"mukey": ["1483100", "1483100", "1483200"], "cokey": ["1", "2", "3"], "comppct_r": [60, 30, 100],
                  }).to_csv(root / "component.csv", index=False)
    pd.DataFrame({"cokey": ["1", "1", "2", "3"], "hzdept_r": [0, 3, 0, 0], "hzdepb_r": [3, 50, 50, 200],
                  "wthirdbar_r": [30.0, 20.0, 10.0, None], "awc_r": [0.2, 0.1, 0.1, 0.15],
                  "wsatiated_r": [50.0, 40.0, None, None], "dbthirdbar_r": [1.2, 1.3, 1.4, 1.59],
                  }).to_csv(root / "chorizon.csv", index=False)


def hydroblocks(path: Path, first: str, values: np.ndarray, *, north_first: bool = False,
                variable: str = "SMAPHB", units: str = "m3/m3") -> Path:
    """Steps (T, ny, nx) of 6 hours from ``first`` on the 1 arc second grid around the window; given north first."""
    step = 1 / 3600
    lon = -96.63 + step * (np.arange(values.shape[2]) + 0.5)
    lat = 39.12 - step * (np.arange(values.shape[1]) + 0.5)
    times = np.datetime64(first, "ns") + np.arange(values.shape[0]) * np.timedelta64(6, "h")
    data = xr.DataArray(values, {"time": times, "lat": lat, "lon": lon}, ("time", "lat", "lon"),
                        attrs={"units": units})
    data = data if north_first else data[:, ::-1]
    data.to_dataset(name=variable).to_netcdf(path, engine="h5netcdf",
                                             encoding={variable: {"_FillValue": -9999.0, "dtype": "float32"}})
    return path
