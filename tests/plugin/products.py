"""Small products and job summaries as the contract describes them, for the tests of what shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from deepsoil_plugin.contract import LOCAL
from deepsoil_plugin.text.quantities import UNITS, WATER, sign

ORIGIN = (500_000.0, 4_300_000.0)
JOB = "3f0c" * 8


def write_product(path: Path, theta: np.ndarray, *, depth_cm: int = 5, day: str = "2023-07-15", epsg: int = 32614,
                  synthetic: bool = True, half_width: np.ndarray | None = None, water: str = "", **tags: str) -> Path:
    """A COG of ``theta`` ((H, W), m³/m³, NaN outside) with the contract's scale, nodata and tags.

    ``half_width``: of the interval, which makes a second band. ``water``: a map of the root zone, of which ``theta``
    holds the values, in the place of soil moisture at a depth.
    """
    scale, unit = (0.1, UNITS[water]) if water else (1e-4, "m3/m3")
    what = {"DEEPSOIL_PRODUCT": water} if water else {"DEEPSOIL_DEPTH_CM": str(depth_cm)}
    height, width = theta.shape
    bands = [theta] if half_width is None else [theta, half_width]
    raster = gdal.GetDriverByName("MEM").Create("", width, height, len(bands), gdal.GDT_UInt16)
    raster.SetGeoTransform((ORIGIN[0], 30, 0, ORIGIN[1], 0, -30))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    raster.SetProjection(crs.ExportToWkt())
    for number, values in enumerate(bands, start=1):
        band = raster.GetRasterBand(number)
        band.WriteArray(np.where(np.isfinite(values), np.round(np.nan_to_num(values) / scale), 65535).astype(np.uint16))
        band.SetNoDataValue(65535)
        band.SetScale(scale)
        band.SetOffset(0)
        band.SetUnitType(unit)
        band.SetDescription(f"{('Soil moisture', 'Half-width')[number - 1]} ({sign(unit)}), {day}")
    if half_width is not None:
        tags = {"DEEPSOIL_INTERVAL": "90%", "DEEPSOIL_INTERVAL_METHOD": "conformal, 10 groups", **tags}
    raster.SetMetadata({**what, "DEEPSOIL_DATE": day, "DEEPSOIL_MODEL": "deepsoil-5cm",
                        "DEEPSOIL_MODEL_VERSION": "1.0", "DEEPSOIL_ENGINE": "0.1.0", "DEEPSOIL_JOB": JOB,
                        "DEEPSOIL_REGION": "sample", "DEEPSOIL_SYNTHETIC": "yes" if synthetic else "no",
                        "DEEPSOIL_ATTRIBUTION": "Soil: USDA",
                        "DEEPSOIL_MISSING": "lai, smap", **tags})
    gdal.GetDriverByName("COG").CreateCopy(str(path), raster)
    return path


def output(path: Path, depth_cm: int | None, day: str) -> dict[str, Any]:
    return {"path": str(path), "name": path.name, "kind": "map", "depth_cm": depth_cm, "date": day,
            "size": path.stat().st_size, "sha256": "0" * 64}


def summary(outputs: Sequence[Mapping[str, Any]], *, job: str = JOB, name: str = "North quarter",
            start: str = "2023-07-15", end: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"id": job, "kind": "predict", "name": name, "state": "succeeded", "reason": None, "message": "",
            "progress": 1.0, "seconds_left": None, "created": None, "started": None, "ended": None, "host": LOCAL,
            "specification": {"region": "sample", "dates": {"start": start, "end": end or start}, "depths_cm": [5, 20]},
            "folder": "", "outputs": list(outputs), **changes}


def maps(folder: Path, days: Sequence[str], depths: Sequence[int] = (5, 20), half_width: float | None = None,
         **tags: Any) -> list[dict[str, Any]]:
    """One small product per day and depth, wetter from day to day; with a second band of one ``half_width``."""
    made = []
    for number, day in enumerate(days):
        for depth in depths:
            theta = np.full((20, 30), 0.15 + 0.002 * number + depth * 0.002)
            theta[:3, :3] = np.nan
            path = folder / f"soil_moisture_{depth:02d}cm_{day}.tif"
            half = None if half_width is None else np.where(np.isfinite(theta), half_width, np.nan)
            write_product(path, theta, depth_cm=depth, day=day, half_width=half, **tags)
            made.append(output(path, depth, day))
    return made


def water_maps(folder: Path, days: Sequence[str], names: Sequence[str] = WATER, half_width: float = 12.0,
               **tags: Any) -> list[dict[str, Any]]:
    """One small product with two bands per day and water of the root zone, 0 to 59.9 in its unit."""
    made = []
    for day in days:
        for name in names:
            values = np.arange(600, dtype=float).reshape(20, 30) / 10
            values[:3, :3] = np.nan
            half = np.where(np.isfinite(values), half_width, np.nan)
            path = write_product(folder / f"{name}_{day}.tif", values, day=day, half_width=half, water=name, **tags)
            made.append(output(path, None, day))
    return made


def days_from(first: str, count: int) -> list[str]:
    start = dt.date.fromisoformat(first)
    return [(start + dt.timedelta(days=n)).isoformat() for n in range(count)]
