"""Looks at the files of a folder: what each calls itself, and a sample of its values."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.warp
import xarray as xr
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.geotiff import opened
from deepsoil.sources.netcdf import LATITUDES, LONGITUDES, TIMES, engine
from deepsoil.sources.recognise import names
from deepsoil.sources.recognise.found import Bounds, Folder, Found, Unread
from deepsoil.sources.recognise.picture import LARGEST_PX, picture_of

RASTERS = (".tif", ".tiff", ".img", ".asc")
NETCDF = (".nc", ".nc4")
MOST_FILES = 2_000
MOST_BANDS = 40


def look_at(folder: Path, on_file: Callable[[int, int, str], None] = lambda done, total, name: None) -> Folder:
    """What is in a folder and the folders below it. ``on_file(done, total, name)`` before each file.

    DeepSoilError ``folder_missing``, or ``folder_large`` for more than `MOST_FILES` files.
    """
    if not folder.is_dir():
        raise DeepSoilError("folder_missing", "There is no folder {folder}.", "Choose the folder with your files.",
                            "path", folder=folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file()
                   and not any(part.startswith(".") for part in path.relative_to(folder).parts))
    if len(files) > MOST_FILES:
        raise DeepSoilError("folder_large", "The folder {folder} has {count:,} files.", "Choose the folder of one "
                            "region, with at most {most:,} files.", "path", folder=folder, count=len(files),
                            most=MOST_FILES)
    found: list[Found] = []
    unread: list[Unread] = []
    others = 0
    for number, path in enumerate(files):
        name = path.relative_to(folder).as_posix()
        on_file(number, len(files), name)
        reader = _reader_of(path)
        if reader is None:
            others += 1
            continue
        try:
            found += reader(path, name)
        except DeepSoilError as error:
            unread.append(Unread(name, error.to_dict()))
        except (OSError, ValueError, KeyError, RuntimeError, rasterio.errors.RasterioError,
                zipfile.BadZipFile) as error:
            unread.append(Unread(name, DeepSoilError(
                "source_invalid", "{file} cannot be read: {error}.", "Copy or download the file again, or take it out "
                "of the folder.", "path", file=name, error=str(error)[:200] or type(error).__name__).to_dict()))
    return Folder(tuple(found), tuple(unread), others)


_Reader = Callable[[Path, str], Iterator[Found]]


def _reader_of(path: Path) -> _Reader | None:
    suffix = path.suffix.lower()
    if suffix in RASTERS:
        return _bands
    if suffix in NETCDF:
        return _variables
    if suffix == ".zip":
        return _archive
    return None


def _bands(path: Path, name: str) -> Iterator[Found]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.Env(), opened(path, "path") as source:
            placed = source.crs is not None
            bounds = _degrees(source) if placed else None
            shape = _sample_shape(source.height, source.width)
            for band in range(1, min(source.count, MOST_BANDS) + 1):
                values = source.read(band, out_shape=shape, masked=True).astype(np.float64).filled(np.nan)
                unit = (source.units[band - 1] or "") or source.tags(band).get("units", "")
                description = source.descriptions[band - 1] or ""
                words = names.words_of(description) if source.count > 1 and description else \
                    names.words_of(Path(name).stem, description)
                yield Found(f"{name}#{band}" if source.count > 1 else name, name, "raster", band, source.count,
                            words=words, unit=str(unit),
                            nodata=source.nodatavals[band - 1] is not None or np.isnan(values).any(), crs=placed,
                            bounds=bounds, **_figures(values), day=names.day_of(Path(name).name))


def _variables(path: Path, name: str) -> Iterator[Found]:
    with xr.open_dataset(path, engine=engine(path), decode_timedelta=False) as data:
        for variable in map(str, data.data_vars):
            array = data[variable]
            latitude, longitude = (_axis(array, axes) for axes in (LATITUDES, LONGITUDES))
            if latitude is None or longitude is None:
                continue
            time = _axis(array, TIMES)
            days = None if time is None else _days(array[time].values)
            picked = array if time is None else array.isel({time: array.sizes[time] // 2})
            steps = {axis: slice(None, None, max(1, picked.sizes[axis] // LARGEST_PX))
                     for axis in (latitude, longitude)}
            values = np.asarray(picked.isel(steps).transpose(..., latitude, longitude).values, np.float64)
            values = values.reshape(-1, *values.shape[-2:])[0]
            rows = array[latitude].values
            attributes = array.attrs
            words = names.words_of(variable, *(str(attributes.get(key, "")) for key in
                                               ("long_name", "standard_name", "description")))
            yield Found(f"{name}:{variable}", name, "netcdf", variable=variable, words=words,
                        unit=str(attributes.get("units", "")),
                        nodata=bool({"_FillValue", "missing_value"} & {*array.encoding}) or np.isnan(values).any(),
                        bounds=_box(array[longitude].values, rows), **_figures(values if rows[0] > rows[-1]
                                                                              else values[::-1]), days=days)


def _archive(path: Path, name: str) -> Iterator[Found]:
    with zipfile.ZipFile(path) as archive:
        if any(member.endswith(".stm") for member in archive.namelist()):
            yield Found(name, name, "ismn", words=names.words_of(Path(name).stem))


def _figures(values: NDArray[np.float64]) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    if not known.size:
        return {"picture": b""}
    return {"least": float(known.min()), "most": float(known.max()), "whole": bool((known == np.rint(known)).all()),
            "picture": picture_of(values)}


def _sample_shape(height: int, width: int) -> tuple[int, int]:
    step = max(1.0, max(height, width) / LARGEST_PX)
    return max(1, round(height / step)), max(1, round(width / step))


def _degrees(source: Any) -> Bounds | None:
    try:
        west, south, east, north = rasterio.warp.transform_bounds(source.crs, "EPSG:4326", *source.bounds)
    except rasterio.errors.RasterioError:
        return None
    return float(west), float(south), float(east), float(north)


def _axis(array: xr.DataArray, names_: tuple[str, ...]) -> str | None:
    return next((str(axis) for axis in array.dims if str(axis).lower() in names_ and axis in array.coords), None)


def _box(longitudes: NDArray[Any], latitudes: NDArray[Any]) -> Bounds:
    return (float(longitudes.min()), float(latitudes.min()), float(longitudes.max()), float(latitudes.max()))


def _days(times: NDArray[Any]) -> tuple[date, date] | None:
    if not times.size or not np.issubdtype(times.dtype, np.datetime64):
        return None
    first, last = (np.datetime64(one, "D").astype(object) for one in (times.min(), times.max()))
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None
