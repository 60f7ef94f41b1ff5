"""SMAP's daily soil moisture in files of the user: HDF5 as published, or GeoTIFFs with the day in their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.errors import RasterioError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.coarse_cells import Array
from deepsoil.evaluation.smap_days import SmapDays
from deepsoil.sources import smap_l3
from deepsoil.sources.geotiff import opened
from deepsoil.sources.recognise.names import day_of
from deepsoil.store.series import CoarseSeries

MOST_FILES = 2000
_HDF5, _TIFF = (".h5", ".hdf5"), (".tif", ".tiff")
_THETA, _FLAG = "_soil_moisture", "_retrieval_qual_flag"
_FIELD = "path"
_STRAIGHT = 0.02
"""Share of a cell by which the longitudes of a column, and the latitudes of a row, may differ."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Layer:
    """One file around a place: axes in degrees, ascending and descending, and its values (ny, nx), NaN missing."""

    longitudes: Array
    latitudes: Array
    values: Array


def read_files(files: Sequence[Path], title: str, bounds: Bounds) -> SmapDays:
    """The cells around ``bounds`` (west, south, east, north) of files as `files_of` gives them.

    Files whose names differ only by ``_soil_moisture`` and ``_retrieval_qual_flag`` belong together: the second has the
    flags of the first. Several of a day, such as morning and evening, are averaged cell by cell. DeepSoilError
    ``source_invalid``, ``source_outside``.
    """
    published = [file for file in files if file.suffix.lower() in _HDF5]
    if published:
        recommended, flagged = (smap_l3.read_days(published, bounds, _FIELD, flags=flags)
                                for flags in smap_l3.BOTH_KINDS)
        return SmapDays.of_series(title, recommended, flagged)
    return _of_rasters(title, files, bounds)


def files_of(path: Path, first: date, last: date) -> list[Path]:
    """A file, or those of a folder; without those whose names say that they are of a day before ``first`` or after
    ``last``. DeepSoilError ``source_invalid`` where there is no file of SMAP, or too many; ``no_smap`` of these days.
    """
    if not path.exists():
        raise DeepSoilError("source_invalid", "There is no file or folder {path}.",
                            "Choose a folder with SMAP's files on the computer that has the map.", _FIELD, path=path)
    found = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    usable = [file for file in found if file.suffix.lower() in (*_HDF5, *_TIFF)]
    if not usable:
        raise DeepSoilError("source_invalid", "{path} has no file of SMAP's soil moisture.",
                            "Choose HDF5 files of SPL3SMP or SPL3SMP_E as published, or GeoTIFFs with the day in their "
                            "names.", _FIELD, path=path)
    near = [file for file in usable if (day := day_of(file.name)) is None or first <= day <= last]
    if not near:
        raise DeepSoilError("no_smap", "{path} has no file of SMAP from {start} to {end}.",
                            "Choose a folder with files of the map's days.", _FIELD, path=path, start=first, end=last)
    if len(near) > MOST_FILES:
        raise DeepSoilError("source_invalid", "{path} has {count:,} files of SMAP for the days of the map.",
                            "Choose a folder with at most {most:,}.", _FIELD, path=path, count=len(near),
                            most=MOST_FILES)
    return near


def _of_rasters(title: str, files: Sequence[Path], bounds: Bounds) -> SmapDays:
    names = {file.name for file in files}
    theta = [file for file in files if _FLAG not in file.name]
    days: dict[date, list[tuple[Array, Array]]] = {}
    grid, with_flags = None, False
    for file in theta:
        day = day_of(file.name)
        if day is None:
            raise DeepSoilError("source_invalid", "The name of {file} does not say its day.",
                                "Name it with the day as 20230701, 2023-07-01 or doy2023182.", _FIELD, file=file.name)
        layer = _read(file, bounds)
        _check_values(file, layer.values)
        if grid is None:
            grid = layer
        elif not _same_axes(grid, layer):
            raise DeepSoilError("source_invalid", "{file} has other cells than {first}.", "Choose a folder with files "
                                "of one product and one area.", _FIELD, file=file.name, first=theta[0].name)
        beside = file.name.replace(_THETA, _FLAG)
        good = np.ones(layer.values.shape, bool)
        if beside != file.name and beside in names:
            with_flags, flag = True, _read(file.with_name(beside), bounds)
            if not _same_axes(grid, flag):
                raise DeepSoilError("source_invalid", "{file} has other cells than {first}.", "Choose a folder with "
                                    "files of one product and one area.", _FIELD, file=beside, first=file.name)
            bits = np.where(np.isfinite(flag.values), flag.values, 65534).astype(np.int64)
            recommended, flagged = (smap_l3.wanted(bits, kind) for kind in smap_l3.BOTH_KINDS)
        else:
            recommended, flagged = good, ~good
        days.setdefault(day, []).append((np.where(recommended, layer.values, np.nan),
                                         np.where(flagged, layer.values, np.nan)))
    if grid is None:
        raise DeepSoilError("source_invalid", "{path} has flags of SMAP, but no soil moisture.",
                            "Add the files of soil moisture.", _FIELD, path=title)
    order = sorted(days)
    series = [CoarseSeries.regular(order, grid.longitudes, grid.latitudes,
                                   np.stack([_mean([pair[kind] for pair in days[day]]) for day in order]))
              for kind in (0, 1)]
    return SmapDays.of_series(title, series[0], series[1], with_flags)


def _read(path: Path, bounds: Bounds) -> _Layer:
    """The pixels of a GeoTIFF that touch ``bounds``, and one more on every side."""
    try:
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), opened(path, _FIELD) as source:
            if not source.crs:
                raise DeepSoilError("source_invalid", "{file} does not say where on the earth it lies.",
                                    "Choose a GeoTIFF with a CRS.", _FIELD, file=path.name)
            to_degrees = Transformer.from_crs(source.crs, 4326, always_xy=True).transform
            longitudes = _axis(source, to_degrees, along=True, path=path)
            latitudes = _axis(source, to_degrees, along=False, path=path)
            columns, rows = _near(longitudes, bounds[0], bounds[2]), _near(latitudes, bounds[1], bounds[3])
            if not columns.size or not rows.size:
                raise DeepSoilError("source_outside", "{file} does not touch the map.",
                                    "Choose files of SMAP that cover it.", _FIELD, file=path.name)
            part = ((int(rows[0]), int(rows[-1]) + 1), (int(columns[0]), int(columns[-1]) + 1))
            raw = source.read(1, window=part, masked=True).astype(np.float64)
            values = raw.filled(np.nan) * source.scales[0] + source.offsets[0]
    except RasterioError as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read: {error}.",
                            "The download may have been cut off. Fetch the file again.", _FIELD,
                            file=path.name, error=error) from error
    values[values == smap_l3.FILL] = np.nan
    return _Layer(longitudes[columns], latitudes[rows], values)


def _axis(source: rasterio.DatasetReader, to_degrees: object, *, along: bool, path: Path) -> Array:
    """Degrees of the middles of the columns (``along``) or rows; they must be the same in every row or column."""
    count, across = (source.width, source.height) if along else (source.height, source.width)
    middles, ends = np.arange(count) + 0.5, (0.5, across - 0.5)
    found = []
    for end in ends:
        other = np.full(count, end)
        x, y = source.transform @ ((middles, other) if along else (other, middles))
        found.append(np.asarray(to_degrees(x, y)[0 if along else 1]))  # type: ignore[operator]
    steps = np.diff(found[0])
    cell = float(np.abs(steps).max(initial=0.0)) or 1.0
    straight = np.isfinite(found).all() and (np.abs(found[0] - found[1]) <= _STRAIGHT * cell).all()
    if not straight or not ((steps > 0).all() if along else (steps < 0).all()):
        raise DeepSoilError("source_invalid", "The rows and columns of {file} do not follow longitude and latitude.",
                            "Choose SMAP's own grid (EPSG:6933) or degrees (EPSG:4326), with north up.", _FIELD,
                            file=path.name)
    return found[0]


def _near(middles: Array, low: float, high: float) -> NDArray[np.intp]:
    """Indices of the cells that touch [low, high] and one more on either side; none if it lies outside."""
    half = float(np.abs(np.diff(middles)).max(initial=0.0)) / 2
    touched = np.flatnonzero((middles + half > low) & (middles - half < high))
    return np.arange(max(0, touched[0] - 1), min(middles.size, touched[-1] + 2)) if touched.size else touched


def _check_values(path: Path, values: Array) -> None:
    known = values[np.isfinite(values)]
    wrong = known[(known < 0.0) | (known > 1.0)]
    if wrong.size:
        raise DeepSoilError("source_invalid", "{file} has the value {value:g}, which cannot be soil moisture in m³/m³.",
                            "Choose files of soil moisture (0 to 1 m³/m³), and leave other layers out of the folder.",
                            _FIELD, file=path.name, value=float(wrong[0]))


def _same_axes(one: _Layer, other: _Layer) -> bool:
    return (one.values.shape == other.values.shape and np.allclose(one.longitudes, other.longitudes, atol=1e-4)
            and np.allclose(one.latitudes, other.latitudes, atol=1e-4))


def _mean(layers: Sequence[Array]) -> NDArray[np.float32]:
    """Mean (ny, nx) of what a cell has."""
    known = np.isfinite(layers)
    total, count = np.where(known, layers, 0.0).sum(0), known.sum(0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
