"""The kind ``netcdf``: daily fields as published (gridMET, PRISM, TerraClimate, SMAP on a lon/lat grid)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from deepsoil.channels import CHANNELS, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import units
from deepsoil.sources.daily_fields import within
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import DayEnd
from deepsoil.sources.source import Ingestion, Source
from deepsoil.store.series import CoarseSeries, Days

LATITUDES, LONGITUDES = ("lat", "latitude", "y"), ("lon", "longitude", "x")
TIMES = ("time", "day", "date")
_MARGIN_CELLS = 1
_DAY_END = re.compile(r"\b(\d{1,2}) UTC the next calendar day")

Fields = tuple[Days, NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]


class NetcdfSource(Source):
    """A variable of NetCDF files; ``files`` may contain wildcards; ``day`` dates a file without a time axis.

    ``day_ends_utc`` says when the days end; without it a file of gridMET says it itself, and others have UTC days.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("coarse",)

    kind: Literal["netcdf"]
    unit: str
    files: list[str] = Field(min_length=1)
    variable: str
    day: date | None = None
    day_ends_utc: DayEnd | None = None

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        units.check(name, self.unit, CHANNELS[name].unit, f"{field}.unit")

    def read(self, ingestion: Ingestion, name: str) -> CoarseSeries:
        field = f"channels.{name}"
        paths = [path for pattern, where in self.named_files(field) for path in ingestion.files.glob(pattern, where)]
        dates, lon, lat, values = read_fields(paths, self.variable, ingestion.bounds, field, day=self.day,
                                              unit=self.unit)
        ends = day_ends_utc(paths[0]) if self.day_ends_utc is None else self.day_ends_utc
        made = CoarseSeries.regular(dates, lon, lat, units.convert(values, self.unit, CHANNELS[name].unit), ends)
        return within(ingestion.period, name, made)


def read_fields(paths: Sequence[Path], variable: str, bounds: tuple[float, float, float, float], field: str, *,
                day: date | None = None, unit: str | None = None) -> Fields:
    """dates (T,), longitudes (nx,), latitudes (ny,) and values (T, ny, nx) of a variable around an area.

    bounds (west, south, east, north) in degrees; the surrounding cells are read too. ``day`` dates a file
    without a time axis. ``unit`` is the unit in the recipe; a file with another unit is refused.
    Raises DeepSoilError ``source_invalid``, ``source_outside`` or ``unit_wrong``.
    """
    parts = [_read_one(path, variable, bounds, field, day, unit) for path in paths]
    lon, lat = parts[0][1], parts[0][2]
    for path, part in zip(paths, parts, strict=True):
        if not (np.array_equal(part[1], lon) and np.array_equal(part[2], lat)):
            raise DeepSoilError("source_invalid", "{file} lies on another grid than {first}.",
                                "Give files of one data set to one channel.", field,
                                file=path.name, first=paths[0].name)
    dates = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[3] for part in parts])
    _, first = np.unique(dates, return_index=True)
    return dates[first], lon, lat, values[first]


def day_ends_utc(path: Path) -> int:
    """The hour at which the days of a file end by its own notes, as gridMET writes it; 0 where there is none."""
    with xr.open_dataset(path, engine=engine(path), decode_times=False) as dataset:
        found = _DAY_END.search(" ".join(str(text) for text in dataset.attrs.values()))
    return int(found[1]) if found else 0


def _read_one(path: Path, variable: str, bounds: tuple[float, float, float, float], field: str, day: date | None,
              unit: str | None) -> Fields:
    try:
        with xr.open_dataset(path, engine=engine(path), decode_timedelta=False) as dataset:
            return _read_variable(dataset, path, variable, bounds, field, day, unit)
    except (OSError, ValueError, RuntimeError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as NetCDF: {error}.",
                            "Check that the file is whole.", field,
                            file=path.name, error=error) from error


def engine(path: Path) -> str:
    """The reader for what the file is, so that no other package that xarray knows opens it. ValueError for others."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == b"\x89HDF\r\n\x1a\n":
        return "h5netcdf"
    if start[:3] == b"CDF":
        return "scipy"
    raise ValueError("it is neither NetCDF 3 nor NetCDF 4")


def _read_variable(dataset: xr.Dataset, path: Path, variable: str, bounds: tuple[float, float, float, float],
                   field: str, day: date | None, unit: str | None) -> Fields:
    if variable not in dataset.data_vars:
        raise DeepSoilError("source_invalid", "{file} has no variable {variable!r}.",
                            "It has: {variables}.", field,
                            file=path.name, variable=variable, variables=", ".join(map(str, dataset.data_vars)))
    array = dataset[variable]
    check_unit(array, path, unit, field)
    lat_name, lon_name = (axis(array, names, path, field) for names in (LATITUDES, LONGITUDES))
    time_name = next((name for name in TIMES if name in array.dims), None)
    if time_name is None and day is None:
        raise DeepSoilError("source_invalid", "{file}: {variable!r} has no time axis.",
                            "Give the `day` of the file.", field,
                            file=path.name, variable=variable)
    extra = set(array.dims) - {lat_name, lon_name, time_name}
    if extra:
        raise DeepSoilError("source_invalid", "{file}: {variable!r} has the further dimension(s) "
                            "{dimensions}.", "Give a file with time, latitude and longitude.", field,
                            file=path.name, variable=variable, dimensions=", ".join(map(str, extra)))
    lon, lat = np.asarray(array[lon_name], np.float64), np.asarray(array[lat_name], np.float64)
    lon = np.where(lon > 180.0, lon - 360.0, lon)
    columns, rows = near(lon, bounds[0], bounds[2]), near(lat, bounds[1], bounds[3])
    if not columns.size or not rows.size:
        raise DeepSoilError("source_outside", "{file} does not touch the area.", "Check the area.", field,
                            file=path.name)
    order = (lat_name, lon_name) if time_name is None else (time_name, lat_name, lon_name)
    values = np.asarray(array.transpose(*order).isel({lon_name: columns, lat_name: rows}), np.float32)
    values = values[None] if time_name is None else values
    return _days(array, time_name, day), lon[columns], lat[rows], values


def _days(array: xr.DataArray, time_name: str | None, day: date | None) -> Days:
    if time_name is None:
        return np.array([day], dtype="datetime64[D]")
    return np.asarray(array[time_name]).astype("datetime64[D]")


def axis(array: xr.DataArray, names: Sequence[str], path: Path, field: str) -> str:
    """The name of the axis of ``array`` that is one of ``names``. Raises ``source_invalid`` without one."""
    for name in array.dims:
        if str(name).lower() in names:
            return str(name)
    raise DeepSoilError("source_invalid", "{file} has no {axis} axis; its axes are "
                        "{axes}.", "Give a file on a longitude-latitude grid.", field,
                        file=path.name, axis=names[1], axes=", ".join(map(str, array.dims)))


def near(centres: NDArray[np.float64], low: float, high: float) -> NDArray[np.intp]:
    """Indices of the cells that surround [low, high], and one more on either side; none if it lies outside."""
    step = float(np.median(np.abs(np.diff(centres)))) if centres.size > 1 else 1.0
    if centres.min() - step / 2 > high or centres.max() + step / 2 < low:
        return np.empty(0, np.intp)
    margin = (_MARGIN_CELLS + 0.5) * step
    return np.flatnonzero((centres >= low - margin) & (centres <= high + margin))


def check_unit(array: xr.DataArray, path: Path, unit: str | None, field: str) -> None:
    """Raise ``unit_wrong`` for another unit than the recipe's; a file of daily sums may have "mm" for "mm/day"."""
    says = units.canonical(str(array.attrs.get("units", "")))
    if not says or unit is None or says in (units.canonical(unit), "1", "none", "unitless"):
        return
    if f"{says}/day" == units.canonical(unit):
        return
    raise DeepSoilError("unit_wrong", "{file} gives {variable!r} in {says!r}, the recipe in {unit!r}.",
                        "Set the unit to {says!r}, or, if the file is wrong, correct its attribute `units`.", field,
                        file=path.name, variable=array.name, says=says, unit=unit)
