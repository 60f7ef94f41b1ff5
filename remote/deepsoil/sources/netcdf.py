"""The kind ``netcdf``: daily fields as published (gridMET, PRISM, TerraClimate, SMAP on a lon/lat grid)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from deepsoil.sources.calendar_days import days_of
from deepsoil.sources.daily_fields import within
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import DayEnd, Period, Strict
from deepsoil.sources.source import Ingestion, Source
from deepsoil.store.series import STATUSES, UNKNOWN_STATUS, CoarseSeries, Days, Status, status_code

LATITUDES, LONGITUDES = ("lat", "latitude", "y"), ("lon", "longitude", "x")
TIMES = ("time", "day", "date")
_MARGIN_CELLS = 1
_DAY_END = re.compile(r"\b(\d{1,2}) UTC the next calendar day")


@dataclass(frozen=True)
class Fields:
    """Daily fields of a variable around an area.

    dates (T,) ascending, longitudes (nx,), latitudes (ny,), values (T, ny, nx); status (T,) codes of
    ``series.status_code``, None where the files do not say it
    """

    dates: Days
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    values: NDArray[np.float32]
    status: Status | None = None


class Other(Strict):
    """Another variable of the same grid and unit."""

    files: list[str] = Field(min_length=1)
    variable: str


class NetcdfSource(Source):
    """A variable of NetCDF files; ``files`` may contain wildcards; ``day`` dates a file without a time axis.

    A day that several files hold is taken from the first of them. ``mean_with`` is a second variable: the channel is
    the mean of both, as the mean temperature of gridMET is that of its minimum and maximum. ``nodata`` are values that
    stand for nothing, beside those that the file itself names. ``status`` is the variable (T,) that says how settled a
    day is, in codes that its attributes ``flag_values`` and ``flag_meanings`` explain in words of
    ``series.STATUSES``. ``days`` cuts the source to a part of the recipe's dates.
    ``day_ends_utc`` says when the days end; without it a file of gridMET says it itself, and others have UTC days.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("coarse",)

    kind: Literal["netcdf"]
    unit: str
    files: list[str] = Field(min_length=1)
    variable: str
    day: date | None = None
    day_ends_utc: DayEnd | None = None
    mean_with: Other | None = None
    nodata: float | list[float] | None = None
    status: str | None = None
    days: Period | None = None

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))
        if self.mean_with is not None:
            yield from ((pattern, f"{field}.mean_with.files.{i}") for i, pattern in enumerate(self.mean_with.files))

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        units.check(name, self.unit, CHANNELS[name].unit, f"{field}.unit")

    def read(self, ingestion: Ingestion, name: str) -> CoarseSeries:
        field = f"channels.{name}"
        fields = self._fields(ingestion, self.files, self.variable, f"{field}.files", field)
        if self.mean_with is not None:
            other = self._fields(ingestion, self.mean_with.files, self.mean_with.variable, f"{field}.mean_with.files",
                                 field)
            fields = _mean(fields, other, field)
        ends = day_ends_utc(self._paths(ingestion, self.files, f"{field}.files")[0]) if self.day_ends_utc is None \
            else self.day_ends_utc
        made = CoarseSeries.regular(fields.dates, fields.longitudes, fields.latitudes,
                                    units.convert(fields.values, self.unit, CHANNELS[name].unit), ends, fields.status)
        return within(self.days, name, within(ingestion.period, name, made))

    def _fields(self, ingestion: Ingestion, files: Sequence[str], variable: str, where: str, field: str) -> Fields:
        nodata = () if self.nodata is None else tuple(self.nodata if isinstance(self.nodata, list) else [self.nodata])
        return read_fields(self._paths(ingestion, files, where), variable, ingestion.bounds, field, day=self.day,
                           unit=self.unit, nodata=nodata, status=self.status)

    @staticmethod
    def _paths(ingestion: Ingestion, files: Sequence[str], where: str) -> list[Path]:
        return [path for i, pattern in enumerate(files) for path in ingestion.files.glob(pattern, f"{where}.{i}")]


def read_fields(paths: Sequence[Path], variable: str, bounds: tuple[float, float, float, float], field: str, *,
                day: date | None = None, unit: str | None = None, nodata: Sequence[float] = (),
                status: str | None = None) -> Fields:
    """A variable of files around an area; a day that several files hold is taken from the first.

    bounds (west, south, east, north) in degrees; the surrounding cells are read too. ``day`` dates a file
    without a time axis. ``unit`` is the unit in the recipe; a file with another unit is refused. ``nodata`` are further
    values that are missing, ``status`` is the variable that says how settled a day is.
    Raises DeepSoilError ``source_invalid``, ``source_outside`` or ``unit_wrong``.
    """
    parts = [_read_one(path, variable, bounds, field, day, unit, status) for path in paths]
    lon, lat = parts[0].longitudes, parts[0].latitudes
    for path, part in zip(paths, parts, strict=True):
        if not (np.array_equal(part.longitudes, lon) and np.array_equal(part.latitudes, lat)):
            raise DeepSoilError("source_invalid", "{file} lies on another grid than {first}.",
                                "Give files of one data set to one channel.", field,
                                file=path.name, first=paths[0].name)
    dates = np.concatenate([part.dates for part in parts])
    values = np.concatenate([part.values for part in parts])
    for value in nodata:
        values[np.isclose(values, value, rtol=1e-6, atol=0.0)] = np.nan
    _, first = np.unique(dates, return_index=True)
    settled = np.concatenate([part.status for part in parts])[first] if status is not None else None
    return Fields(dates[first], lon, lat, values[first], settled)


def _mean(one: Fields, other: Fields, field: str) -> Fields:
    """The mean of two variables on the days that both have; a day is as settled as the less settled of them."""
    if not (np.array_equal(one.longitudes, other.longitudes) and np.array_equal(one.latitudes, other.latitudes)):
        raise DeepSoilError("source_invalid", "The two variables of a mean lie on different grids.",
                            "Give files of one data set to one channel.", f"{field}.mean_with")
    days, first, second = np.intersect1d(one.dates, other.dates, return_indices=True)
    if not days.size:
        raise DeepSoilError("source_invalid", "The two variables of a mean have no day in common.",
                            "Give files of the same days.", f"{field}.mean_with")
    settled = None
    if one.status is not None and other.status is not None:
        both = np.stack([one.status[first], other.status[second]])
        settled = np.where((both == UNKNOWN_STATUS).any(axis=0), UNKNOWN_STATUS, both.max(axis=0)).astype(np.uint8)
    values = ((one.values[first] + other.values[second]) / 2).astype(np.float32)
    return Fields(days, one.longitudes, one.latitudes, values, settled)


def day_ends_utc(path: Path) -> int:
    """The hour at which the days of a file end by its own notes, as gridMET writes it; 0 where there is none."""
    with xr.open_dataset(path, engine=engine(path), decode_times=False) as dataset:
        found = _DAY_END.search(" ".join(str(text) for text in dataset.attrs.values()))
    return int(found[1]) if found else 0


def _read_one(path: Path, variable: str, bounds: tuple[float, float, float, float], field: str, day: date | None,
              unit: str | None, status: str | None) -> Fields:
    try:
        with xr.open_dataset(path, engine=engine(path), decode_times=False) as dataset:
            found = _read_variable(dataset, path, variable, bounds, field, day, unit)
            return found if status is None else replace(found, status=_status(dataset, status, path, found, field))
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
    return Fields(_days(array, time_name, day), lon[columns], lat[rows], values)


def _days(array: xr.DataArray, time_name: str | None, day: date | None) -> Days:
    if time_name is None:
        return np.array([day], dtype="datetime64[D]")
    return days_of(array[time_name])


def _status(dataset: xr.Dataset, variable: str, path: Path, fields: Fields, field: str) -> Status:
    """How settled the days of a file are, as codes of ``series.status_code``."""
    array = dataset.get(variable)
    meanings = str("" if array is None else array.attrs.get("flag_meanings", "")).split()
    if array is None or array.shape != fields.dates.shape or not meanings or not set(meanings) <= set(STATUSES):
        raise DeepSoilError("source_invalid", "{file} has no variable {variable!r} that says with `flag_meanings` how "
                            "settled each day is.", "Its words are: {words}.", field,
                            file=path.name, variable=variable, words=", ".join(STATUSES))
    table = np.zeros(256, np.uint8)
    table[np.atleast_1d(array.attrs["flag_values"]).astype(int)] = [status_code(word) for word in meanings]
    return table[np.asarray(array).astype(np.uint8)]


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
